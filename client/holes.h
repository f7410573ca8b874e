/* SPDX-License-Identifier: MIT */
#ifndef HOLES_H
#define HOLES_H

#include <stdbool.h>
#include <stdint.h>

#include "client/message.h"

/* Holes in time between rows, from their flags and times (PROTOCOL.md, decision 3).  Pure. */

struct holes {
	bool has_last;
	int64_t ts_ms, mono_ms; /* of the newest row */
};

struct hole {
	const char *why; /* "sleep", "restart" or "boot" */
	int64_t ms;	 /* 0 = not known */
};

/*
 * Takes the next row.  true, with *hole, when nothing was observed for a time before it.  The
 * first row has nothing before it.  Over a sleep or a restart the monotonic clock counts, over
 * a boot only the wall clock is left.
 */
bool holes_take(struct holes *holes, const struct message *row, struct hole *hole);

/* Whether a row has one of those flags: it is the first after a hole, or of everything. */
bool holes_has_flag(const struct message *row);

#endif
