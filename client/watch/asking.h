/* SPDX-License-Identifier: MIT */
#ifndef ASKING_H
#define ASKING_H

#include "client/watch/settings.h"
#include "proto/buf.h"

/* The requests of the dashboard.  Pure. */

/* Samples from a cursor on, or (after NULL) of the last last_ms and on. */
void asking_samples(struct buf *out, int64_t interval_ms, const char *after, int64_t last_ms);

/* The same of events. */
void asking_events(struct buf *out, const char *after, int64_t last_ms);

struct asking_processes {
	enum sort sort;
	const char *match; /* "" = all */
	unsigned limit;
	int64_t interval_ms;
};

/* No more of a subscription. */
void asking_stop(struct buf *out, const char *sub);
void asking_processes(struct buf *out, const struct asking_processes *p);

/* A stretch of history; id tells its rows from those of one that was asked for before. */
struct asking_past {
	unsigned id;
	int64_t since_ms, until_ms, step_ms;
	unsigned limit;
};

void asking_past(struct buf *out, const struct asking_past *p);

#endif
