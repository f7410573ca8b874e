/* SPDX-License-Identifier: MIT */
#ifndef TALK_H
#define TALK_H

#include "client/conn.h"
#include "client/dial.h"
#include "client/message.h"
#include "client/options.h"

/*
 * A conversation with the daemon: requests are collected in out and sent together; their
 * answers come in order.  Functions that return an exit code have said on stderr what went
 * wrong.
 */
struct talk {
	const struct options *options;
	struct dial dial;
	struct conn conn;
	struct buf out;	      /* see client/ask.h */
	struct message hello; /* the reply to hello; root NULL before */
};

/* Connects and begins out with hello.  0 or an exit code. */
int talk_open(struct talk *t, const struct options *options);

/* The same for a connection that was lost: silent, -1 while no daemon answers. */
int talk_reopen(struct talk *t, const struct options *options);
void talk_close(struct talk *t);

/* Sends what is in out.  0 or an exit code. */
int talk_send(struct talk *t);

/* The next line, whatever it is, within the timeout.  0 (free m) or an exit code. */
int talk_next(struct talk *t, struct message *m);

/* The answer to the oldest request not yet answered: m is a reply of op, or an error line.
 * Other lines are skipped.  0 (free m) or an exit code. */
int talk_answer(struct talk *t, const char *op, struct message *m);

/* The same, but an error line is reported: 0 only with a reply. */
int talk_reply(struct talk *t, const char *op, struct message *m);

/* Takes the reply to hello.  0 or an exit code. */
int talk_hello(struct talk *t);

/* The connection has ended before the answer: closes it and says so.  Returns the exit code. */
int talk_ended(struct talk *t);

/* An error line: says it in the words of the command line.  Returns the exit code. */
int talk_refusal(struct talk *t, const struct message *m);

#endif
