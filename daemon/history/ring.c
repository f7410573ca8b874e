/* SPDX-License-Identifier: MIT */
#include "daemon/history/history.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "daemon/history/packed.h"
#include "proto/alloc.h"

#define PLAIN_ROWS (2 * PACKED_ROWS)

/*
 * A ring in memory.  What numbers and times the rows have stays as it is; of the values only
 * the stretch of PACKED_ROWS under way and the one before do, the others are packed.  Stretches
 * begin at the same numbers whatever the first row is.
 */
struct history {
	size_t cap;
	unsigned width;
	uint64_t head, first; /* first: no row before it was ever there */
	struct row *rows;
	double *plain; /* PLAIN_ROWS rows */
	size_t stretches, packed_bytes;
	struct packed **packed; /* stretch n at n modulo stretches */
};

struct history *history_new(size_t rows, unsigned width)
{
	struct history *h = xcalloc(1, sizeof(*h));

	static_assert(HISTORY_PLAIN <= PACKED_ROWS, "a stretch stays plain behind the newest");
	assert(rows > 0 && width > 0);
	h->cap = rows;
	h->width = width;
	h->first = 1;
	h->rows = xcalloc(rows, sizeof(*h->rows));
	h->plain = xcalloc(PLAIN_ROWS * width, sizeof(*h->plain));
	h->stretches = rows / PACKED_ROWS + 2; /* the oldest and the newest are there in part */
	h->packed = xcalloc(h->stretches, sizeof(struct packed *));
	return h;
}

void history_free(struct history *h)
{
	if (!h)
		return;
	for (size_t i = 0; i < h->stretches; i++)
		free(h->packed[i]);
	free(h->packed);
	free(h->rows);
	free(h->plain);
	free(h);
}

static struct row *history_slot(const struct history *h, uint64_t seq)
{
	return &h->rows[(size_t)((seq - 1) % h->cap)];
}

static double *history_plain(const struct history *h, uint64_t seq)
{
	return h->plain + (size_t)((seq - 1) % PLAIN_ROWS) * h->width;
}

static struct packed **history_stretch(const struct history *h, uint64_t seq)
{
	return &h->packed[(size_t)((seq - 1) / PACKED_ROWS % h->stretches)];
}

/* Packs the stretch that begins with seq.  Of rows that are not in the history any more the
 * numbers may be anything. */
static void history_pack(struct history *h, uint64_t seq)
{
	struct packed **packed = history_stretch(h, seq);

	h->packed_bytes -= *packed ? packed_bytes(*packed) : 0;
	free(*packed);
	*packed = packed_new(history_plain(h, seq), h->width);
	h->packed_bytes += packed_bytes(*packed);
	for (uint64_t s = seq; s < seq + PACKED_ROWS; s++)
		if (history_slot(h, s)->seq == s)
			history_slot(h, s)->values = NULL;
}

/* The row behind the newest; where its values go is free. */
static struct row *history_next(struct history *h, const struct row *row)
{
	uint64_t seq = ++h->head;
	struct row *slot = history_slot(h, seq);

	if ((seq - 1) % PACKED_ROWS == 0 && seq > PLAIN_ROWS)
		history_pack(h, seq - PLAIN_ROWS);
	*slot = *row;
	slot->seq = seq;
	slot->values = history_plain(h, seq);
	return slot;
}

uint64_t history_append(struct history *h, const struct row *row)
{
	const struct row *next = history_next(h, row);

	memcpy(history_plain(h, next->seq), row->values, h->width * sizeof(*row->values));
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
		double *values = history_plain(h, history_next(h, &row)->seq);

		for (unsigned i = 0; i < h->width; i++)
			values[i] = NAN;
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
	return history_slot(h, seq);
}

double history_packed_value(const struct history *h, uint64_t seq, unsigned column)
{
	return packed_value(
		*history_stretch(h, seq), (size_t)((seq - 1) % PACKED_ROWS), column);
}

void history_copy(const struct history *h, const struct row *row, double *values)
{
	for (unsigned i = 0; i < h->width; i++)
		values[i] = history_value(h, row, i);
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

static size_t history_bytes_plain(const struct history *h)
{
	return sizeof(*h) + h->cap * sizeof(*h->rows) +
		PLAIN_ROWS * h->width * sizeof(*h->plain) +
		h->stretches * sizeof(struct packed *);
}

/* Numbers that no packing makes smaller, and one stretch more while it is packed. */
size_t history_bound(const struct history *h)
{
	return history_bytes_plain(h) + (h->stretches + 1) * packed_bytes_max(h->width);
}

size_t history_bytes(const struct history *h)
{
	return history_bytes_plain(h) + h->packed_bytes;
}
