/* SPDX-License-Identifier: MIT */
#ifndef ROWS_H
#define ROWS_H

#include <stddef.h>
#include <stdint.h>

/* The newest samples, a row each: a ring.  Row 0 is the oldest that is there.  Pure. */

struct rows {
	unsigned columns, cap, count;
	unsigned first; /* where row 0 lies */
	uint64_t added; /* rows so far: the ordinal of the newest is added - 1 */
	int64_t *ts_ms;
	double *values;
};

/* Replaces what is there, which is zeroed at first. */
void rows_init(struct rows *r, unsigned columns, unsigned cap);
void rows_fini(struct rows *r);
void rows_clear(struct rows *r);

/* Room for more rows; those that are there stay. */
void rows_grow(struct rows *r, unsigned cap);

/* A new row, of columns values that are all unknown (NAN) yet; the oldest may go for it. */
double *rows_add(struct rows *r, int64_t ts_ms);

int64_t rows_time(const struct rows *r, unsigned row);

/* NAN too where there is no such row or column (-1). */
double rows_value(const struct rows *r, long row, int column);

/* The last row that is not after ts_ms; -1 = none. */
long rows_find(const struct rows *r, int64_t ts_ms);

#endif
