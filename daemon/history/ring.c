/* SPDX-License-Identifier: MIT */
#include "daemon/history/history.h"

#include <assert.h>
#include <string.h>

#include "proto/alloc.h"

/* A ring in memory.  Pages that were never written cost nothing. */
struct history {
	size_t cap;
	unsigned width;
	uint64_t head;
	struct row *rows;
	double *values;
};

struct history *history_new(size_t rows, unsigned width)
{
	struct history *h = xcalloc(1, sizeof(*h));

	assert(rows > 0 && width > 0);
	h->cap = rows;
	h->width = width;
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

uint64_t history_head(const struct history *h)
{
	return h->head;
}

uint64_t history_oldest(const struct history *h)
{
	return h->head <= h->cap ? 1 : h->head - h->cap + 1;
}

const struct row *history_row(const struct history *h, uint64_t seq)
{
	assert(seq >= history_oldest(h) && seq <= h->head);
	return &h->rows[(size_t)((seq - 1) % h->cap)];
}

uint64_t history_since_wall(const struct history *h, int64_t ts_ms)
{
	uint64_t seq = history_oldest(h);

	while (seq <= h->head && history_row(h, seq)->ts_ms < ts_ms)
		seq++;
	return seq;
}

uint64_t history_since_mono(const struct history *h, uint64_t mono_ns)
{
	uint64_t seq = history_oldest(h);

	while (seq <= h->head && history_row(h, seq)->mono_ns < mono_ns)
		seq++;
	return seq;
}

size_t history_capacity(const struct history *h)
{
	return h->cap;
}

size_t history_bytes(const struct history *h)
{
	return sizeof(*h) + h->cap * (sizeof(*h->rows) + h->width * sizeof(*h->values));
}
