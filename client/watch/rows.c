/* SPDX-License-Identifier: MIT */
#include "client/watch/rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "proto/alloc.h"

static unsigned rows_slot(const struct rows *r, unsigned row)
{
	unsigned slot = r->first + row;

	return slot < r->cap ? slot : slot - r->cap;
}

void rows_init(struct rows *r, unsigned columns, unsigned cap)
{
	rows_fini(r);
	r->columns = columns;
	r->cap = cap;
	r->ts_ms = xcalloc(cap, sizeof(*r->ts_ms));
	r->values = xcalloc((size_t)cap * columns + 1, sizeof(*r->values));
}

void rows_fini(struct rows *r)
{
	free(r->ts_ms);
	free(r->values);
	*r = (struct rows){ 0 };
}

void rows_clear(struct rows *r)
{
	r->count = 0;
	r->first = 0;
	r->added = 0;
}

void rows_grow(struct rows *r, unsigned cap)
{
	struct rows old = *r;

	if (cap <= r->cap)
		return;
	*r = (struct rows){ 0 };
	rows_init(r, old.columns, cap);
	for (unsigned i = 0; i < old.count; i++)
		memcpy(rows_add(r, rows_time(&old, i)),
			old.values + (size_t)rows_slot(&old, i) * old.columns,
			old.columns * sizeof(*old.values));
	r->added = old.added;
	rows_fini(&old);
}

double *rows_add(struct rows *r, int64_t ts_ms)
{
	unsigned slot;
	double *values;

	if (r->count == r->cap)
		r->first = rows_slot(r, 1);
	else
		r->count++;
	slot = rows_slot(r, r->count - 1);
	r->added++;
	r->ts_ms[slot] = ts_ms;
	values = r->values + (size_t)slot * r->columns;
	for (unsigned i = 0; i < r->columns; i++)
		values[i] = NAN;
	return values;
}

int64_t rows_time(const struct rows *r, unsigned row)
{
	return r->ts_ms[rows_slot(r, row)];
}

double rows_value(const struct rows *r, long row, int column)
{
	if (row < 0 || row >= (long)r->count || column < 0 || column >= (int)r->columns)
		return NAN;
	return r->values[(size_t)rows_slot(r, (unsigned)row) * r->columns + (unsigned)column];
}

/* Wall clocks may have been set back: the search is from the end. */
long rows_find(const struct rows *r, int64_t ts_ms)
{
	long row = (long)r->count - 1;

	while (row >= 0 && rows_time(r, (unsigned)row) > ts_ms)
		row--;
	return row;
}
