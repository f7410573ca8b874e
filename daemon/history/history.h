/* SPDX-License-Identifier: MIT */
#ifndef HISTORY_H
#define HISTORY_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What was sampled, as numbers, in the order of the schema.  Rows are numbered by seq, dense
 * from 1; the oldest ones give way when the history is full.
 */

enum row_flag {
	ROW_START = 1 << 0,	 /* there was no earlier history */
	ROW_RESTART = 1 << 1,	 /* first row of a run of the daemon */
	ROW_BOOT = 1 << 2,	 /* first row after a boot */
	ROW_WAKE = 1 << 3,	 /* first row after the machine slept */
	ROW_LATE = 1 << 4,	 /* ticks were missed before it */
	ROW_CLOCK_STEP = 1 << 5, /* wall minus monotonic time moved by more than 500 ms */
	ROW_LOST = 1 << 6, /* no row: a number that may have been given and was not stored */
	ROW_FIRST = ROW_START | ROW_RESTART | ROW_BOOT | ROW_WAKE /* no rates, no dt */
};

struct row {
	uint64_t seq;
	uint64_t tick;	  /* number of the scheduled tick, from 1; windows align to it */
	unsigned run;	  /* runs of the daemon are numbered; no window spans two */
	unsigned boot;	  /* so are boots of the machine; mono_ns compares within one only */
	unsigned flags;	  /* enum row_flag */
	int64_t ts_ms;	  /* Unix time */
	uint64_t mono_ns; /* since boot, sleep included */
	uint64_t dt_ns;	  /* time that the row covers; 0 = not known */
	const double *values; /* NULL = packed; see history_value */
};

struct history;

/* The newest rows stay plain, older ones are packed 64 at a time; so many have values surely.
 */
#define HISTORY_PLAIN 64

/* Keeps the last rows rows of width values each; both at least 1. */
struct history *history_new(size_t rows, unsigned width);
void history_free(struct history *history);

/* Takes a copy of the row and its width values, gives it the next seq and returns that. */
uint64_t history_append(struct history *history, const struct row *row);

/* With nothing in it yet: the next row gets the number behind head. */
void history_begin(struct history *history, uint64_t head);

/* Passes over count numbers, which were lost with an unclean end; they stand as rows without
 * values, flagged ROW_LOST and of a run of their own. */
void history_lose(struct history *history, uint64_t count);

/* Number of the newest row; 0 = there is none yet. */
uint64_t history_head(const struct history *history);

/* Number of the oldest row still there; head + 1 when there is none. */
uint64_t history_oldest(const struct history *history);

/* The row of that number, which must be there.  Borrowed until the next append.  Its values are
 * there for the newest HISTORY_PLAIN rows only. */
const struct row *history_row(const struct history *history, uint64_t seq);

/* A value of any row, at any time. */
double history_packed_value(const struct history *history, uint64_t seq, unsigned column);
static inline double history_value(
	const struct history *history, const struct row *row, unsigned column)
{
	return row->values ? row->values[column]
			   : history_packed_value(history, row->seq, column);
}

/* All values of the row. */
void history_copy(const struct history *history, const struct row *row, double *values);

/*
 * A moment on both clocks: rows of that boot go by the monotonic one, rows of earlier boots by
 * wall time.  Wall time goes back where the clock is set: rows behind the first one that is not
 * before a moment may be before it again.
 */
struct moment {
	unsigned boot;
	uint64_t mono_ns;
	int64_t ts_ms;
};

#define MOMENT_NO_BOOT UINT_MAX /* as the boot of a moment: all rows go by wall time */

/* The first row not before the moment; head + 1 when there is none. */
uint64_t history_since(const struct history *history, const struct moment *moment);

/* The last row whose wall time is before the given one; oldest - 1 when there is none. */
uint64_t history_before_wall(const struct history *history, int64_t ts_ms);

static inline bool moment_is_before(
	const struct moment *m, unsigned boot, uint64_t mono_ns, int64_t ts_ms)
{
	return boot == m->boot ? m->mono_ns <= mono_ns : m->ts_ms <= ts_ms;
}

/* The last of the lost numbers that seq is one of; 0 when it is none. */
uint64_t history_lost_until(const struct history *history, uint64_t seq);

size_t history_capacity(const struct history *history);

/* Most bytes that it will ever take, and what it takes now. */
size_t history_bound(const struct history *history);
size_t history_bytes(const struct history *history);

#endif
