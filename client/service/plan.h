/* SPDX-License-Identifier: MIT */
#ifndef PLAN_H
#define PLAN_H

#include "client/service/service.h"

/* What is to be done for one verb, step by step, as data: nothing here does anything. */

#define PLAN_STEPS_MAX 12
#define PLAN_WORDS_MAX 10
#define PLAN_TEXT_MAX 8192 /* bytes of all texts of a plan */

enum verb {
#define VERB(id, ...) VERB_##id,
#include "client/service/verbs.def"
#undef VERB
	VERB_COUNT
};

enum step_kind {
	STEP_FOLDER, /* words[0] is to exist, for nobody else where it is new; words[1] is to
			own it (NULL = whoever runs this) */
	STEP_PLIST,  /* the template is to be filled into words[0] */
	STEP_REMOVE, /* the file words[0] goes */
	STEP_RUN,    /* the command words is to be run */
	STEP_TRY,    /* the same, but it may fail, and then says nothing */
	STEP_BECOME  /* the command takes the place of this program */
};

struct step {
	enum step_kind kind;
	const char *words[PLAN_WORDS_MAX + 1]; /* ended by NULL */
};

struct plan {
	struct step steps[PLAN_STEPS_MAX];
	unsigned count;
	const char *note; /* to say at the end; NULL = nothing */
	char text[PLAN_TEXT_MAX];
	size_t used;
};

/* Where the files of the job are that launchd gets. */
struct plan_paths {
	char plist[SELF_PATH_MAX], log[SELF_PATH_MAX], errors[SELF_PATH_MAX];
	char socket[SELF_PATH_MAX], state[SELF_PATH_MAX];
	const char *user; /* that the system's daemon runs as; NULL = the one who installs it */
};

void plan_paths(const struct service *s, struct plan_paths *paths);

/* 0, or -ENOTSUP where the machine has no service manager that is known, or -ENAMETOOLONG. */
int plan_make(struct plan *plan, const struct service *s, enum verb verb, bool follow);

/* The command that does it instead where somebody else owns the service; NULL where actopctl
 * may do it. */
const char *plan_refusal(const struct service *s, enum verb verb);

/* Index by name; VERB_COUNT = there is none. */
enum verb verb_find(const char *name);
const char *verb_name(enum verb verb); /* NULL beyond the last */

#endif
