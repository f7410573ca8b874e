/* SPDX-License-Identifier: MIT */
#ifndef INTERVIEW_H
#define INTERVIEW_H

#include "client/dial.h"
#include "client/message.h"

/* What a daemon, if there is one, answers to the questions of the doctor.  Says nothing on
 * stderr: what goes wrong is a finding. */

enum question {
	QUESTION_HELLO,
	QUESTION_STATUS,
	QUESTION_SCHEMA,
	QUESTION_GET,
	QUESTION_COUNT
};

enum interview_end {
	INTERVIEW_DONE,	    /* every question was answered, be it by a refusal */
	INTERVIEW_NOBODY,   /* no connection: see dial.attempts */
	INTERVIEW_SILENT,   /* no answer in time */
	INTERVIEW_CLOSED,   /* it ended the connection; error may say why */
	INTERVIEW_STRANGER, /* what answers is no actopd */
};

struct answer {
	char *line;	  /* as it came, NUL behind it; NULL = none */
	struct message m; /* a reply; root NULL = none, or a refusal */
};

struct interview {
	struct dial dial;
	enum interview_end end;
	struct answer answers[QUESTION_COUNT];
	char *error;	 /* the message of the last error line; NULL = none */
	int64_t took_ms; /* until the last answer */
	int64_t wall_ms; /* this machine's clock when hello was answered */
};

void interview_hold(struct interview *i, const struct options *options);
void interview_fini(struct interview *i);

/* The answer to a question; its root is NULL where there is none. */
const struct message *interview_get(const struct interview *i, enum question question);

#endif
