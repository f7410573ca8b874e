/* SPDX-License-Identifier: MIT */
#ifndef FEED_H
#define FEED_H

#include "client/talk.h"
#include "client/watch/asking.h"
#include "client/watch/model.h"

/*
 * The connection behind the dashboard: asks, and puts what comes into the model.  Where the
 * daemon goes away it goes on behind the last sample that came.
 */

/* What taking lines may come to, beside an exit code. */
enum { FEED_GO_ON = -1, FEED_LOST = -2 };

#define FEED_CURSOR_MAX 48

struct feed {
	const struct options *options;
	struct model *model;
	struct talk talk;
	struct message schema;
	char epoch[20];		 /* of the samples */
	int64_t seq, eseq;	 /* the newest of each; 0 = none */
	int64_t head_seq;	 /* the past is told when this one came */
	int64_t asked_ms;	 /* the interval that samples were asked for */
	unsigned span;		 /* rows to keep */
	bool bound;		 /* samples come on this connection */
	bool ever;		 /* they did on one */
	bool dirty;		 /* the model has changed */
	bool processes;		 /* they are subscribed to */
	unsigned past_id;	 /* of the stretch of history that is awaited */
	struct asking_past past; /* that stretch */
	struct rows coming;	 /* its rows so far */
};

/* Connects and asks; says on stderr what is wrong.  0 or an exit code. */
int feed_open(
	struct feed *f, const struct options *options, struct model *model, unsigned span);
void feed_close(struct feed *f);

/* After FEED_LOST: 0, or -1 while no daemon answers. */
int feed_reopen(struct feed *f);

/* Takes what has come, without waiting.  FEED_..., or an exit code. */
int feed_take(struct feed *f);

/* Whether the past is there, so that the first frame can be drawn. */
bool feed_is_ready(const struct feed *f);

/* Keeps that many rows from now on, and asks for those that are missing. */
void feed_widen(struct feed *f, unsigned span);

/* Samples of another interval from now on, and of the past. */
void feed_interval(struct feed *f, int64_t interval_ms);

/* Processes as the model's settings and filter say, at most limit; none without
 * settings.processes. */
void feed_processes(struct feed *f, unsigned limit);

/* History around a moment, with rows for a chart of span before it. */
void feed_past(struct feed *f, int64_t ts_ms, unsigned span);

void feed_mark(struct feed *f, const char *text);

/* Sends what was asked since; a connection that is lost shows when it is read. */
void feed_send(struct feed *f);

#endif
