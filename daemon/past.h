/* SPDX-License-Identifier: MIT */
#ifndef PAST_H
#define PAST_H

#include "daemon/history/query.h"

/*
 * What counters did before the oldest row of the history: by the rows of the coarser tiers,
 * each moment by the finest one that reaches back to it.  Rows that follow each other make an
 * interval, and the last one ends with the oldest row of the history.  Pure.
 */

enum past_axis { PAST_NONE, PAST_SEQ, PAST_WALL, PAST_MONO };

/* Which part of it: nothing that is behind the oldest row of the history. */
struct past {
	enum past_axis axis;
	int64_t from, to;    /* numbers of samples, Unix times, or ms since this boot */
	int64_t until_ts_ms; /* PAST_SEQ: no rows behind this Unix time */
	unsigned boot;	     /* PAST_MONO: this boot, */
	int64_t offset_ms;   /* and Unix time less time since then, which places earlier ones */
};

enum past_kind {
	PAST_KNOWN, /* counters tell what happened from the one end to the other */
	PAST_HOLE,  /* a restart, a boot or a sleep */
	PAST_BEHIND /* what the first row behind a hole covers: only its gauges tell of it */
};

/* An interval, or what of it lies within the part asked for. */
struct past_interval {
	enum past_kind kind;
	double seconds;		      /* of the whole interval */
	double share;		      /* above 0 to 1 */
	int64_t from_ts_ms, to_ts_ms; /* Unix times of the share */
	/* Of the columns, at both ends of the whole interval; gauges: means over the row that
	 * it ends with.  NaN = not known. */
	const double *before, *values;
};

typedef void (*past_take)(void *arg, const struct past_interval *interval);

/* What is asked of the past. */
struct past_query {
	const struct past *past;
	struct archive *archive;
	const struct history *history;
	const struct query_column *columns;
	unsigned count;
};

/* Hands over the intervals in order. */
void past_walk(const struct past_query *query, past_take take, void *arg);

/* Number of the oldest sample that anything is known of. */
uint64_t past_oldest(const struct archive *archive, const struct history *history);

#endif
