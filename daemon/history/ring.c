/* SPDX-License-Identifier: MIT */
#include "daemon/history/history.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "proto/alloc.h"

/* A ring in memory.  Pages that were never written cost nothing. */
struct history {
	size_t cap;
	unsigned width;
	uint64_t head, first; /* first: no row before it was ever there */
	struct row *rows;
	double *values;
};

struct history *history_new(size_t rows, unsigned width)
{
	struct history *h = xcalloc(1, sizeof(*h));

	assert(rows > 0 && width > 0);
	h->cap = rows;
	h->width = width;
	h->first = 1;
	h->rows = xcalloc(rows, sizeof(*h->rows));
	h->values = xcalloc(rows * width, sizeof(*h->values));
	return h;
}

void history_free(struct history *h)
{
	if (!h)
		return;
	free(h->rows);
	free(h->values);
	free(h);
}

uint64_t history_append(struct history *h, const struct row *row)
{
	size_t slot = (size_t)(h->head % h->cap);
	double *values = h->values + slot * h->width;

	memcpy(values, row->values, h->width * sizeof(*values));
	h->rows[slot] = *row;
	h->rows[slot].values = values;
	h->rows[slot].seq = ++h->head;
	return h->head;
}

void history_begin(struct history *h, uint64_t head)
{
	assert(h->head + 1 == h->first);
	h->head = head;
	h->first = head + 1;
}

void history_lose(struct history *h, uint64_t count)
{
	uint64_t shown = count < h->cap ? count : h->cap;
	struct row row = { .flags = ROW_LOST };

	if (count == 0)
		return;
	if (h->head >= history_oldest(h)) {
		row = *history_row(h, h->head);
		row.flags = ROW_LOST;
		row.run++;
		row.dt_ns = 0;
	}
	h->head += count - shown;
	while (shown-- > 0) {
		struct row *lost = &h->rows[(size_t)(h->head % h->cap)];
		double *values = h->values + (size_t)(h->head % h->cap) * h->width;

		for (unsigned i = 0; i < h->width; i++)
			values[i] = NAN;
		*lost = row;
		lost->values = values;
		lost->seq = ++h->head;
	}
}

uint64_t history_head(const struct history *h)
{
	return h->head;
}

uint64_t history_oldest(const struct history *h)
{
	uint64_t kept = h->head <= h->cap ? 1 : h->head - h->cap + 1;

	return kept > h->first ? kept : h->first;
}

const struct row *history_row(const struct history *h, uint64_t seq)
{
	assert(seq >= history_oldest(h) && seq <= h->head);
	return &h->rows[(size_t)((seq - 1) % h->cap)];
}

uint64_t history_since(const struct history *h, const struct moment *moment)
{
	uint64_t seq = history_oldest(h);

	for (; seq <= h->head; seq++) {
		const struct row *row = history_row(h, seq);

		if (moment_is_before(moment, row->boot, row->mono_ns, row->ts_ms))
			break;
	}
	return seq;
}

uint64_t history_before_wall(const struct history *h, int64_t ts_ms)
{
	uint64_t oldest = history_oldest(h), seq = h->head;

	while (seq >= oldest && history_row(h, seq)->ts_ms >= ts_ms)
		seq--;
	return seq;
}

uint64_t history_lost_until(const struct history *h, uint64_t seq)
{
	uint64_t last = 0;

	for (; seq <= h->head && history_row(h, seq)->flags & ROW_LOST; seq++)
		last = seq;
	return last;
}

size_t history_capacity(const struct history *h)
{
	return h->cap;
}

size_t history_bytes(const struct history *h)
{
	return sizeof(*h) + h->cap * (sizeof(*h->rows) + h->width * sizeof(*h->values));
}
