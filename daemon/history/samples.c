/* SPDX-License-Identifier: MIT */
#include "daemon/history/samples.h"

#include <assert.h>
#include <errno.h>

#include "proto/alloc.h"

/* ---- writing ---- */

void tail_init(struct tail *t, unsigned base_ms)
{
	*t = (struct tail){ .base_ms = base_ms };
}

void tail_fini(struct tail *t)
{
	free(t->cells);
}

void tail_reset(struct tail *t, const struct columns *columns)
{
	if (t->columns != columns)
		t->cells = xrealloc(t->cells, (size_t)columns->count * SAMPLES_BLOCK_ROWS + 1,
			sizeof(*t->cells));
	t->columns = columns;
	t->rows = t->written = 0;
}

void tail_add(struct tail *t, const struct row *row)
{
	assert(t->rows < SAMPLES_BLOCK_ROWS);
	t->spans[t->rows] =
		(struct span){ row->seq, row->seq, row->tick, row->run, row->boot, row->flags,
			row->ts_ms, row->mono_ns / 1000, row->dt_ns / 1000, row->dt_ns / 1000 };
	for (unsigned i = 0; i < t->columns->count; i++)
		t->cells[(size_t)i * SAMPLES_BLOCK_ROWS + t->rows] =
			column_code(&t->columns->items[i], row->values[i]);
	t->rows++;
}

void tail_put(const struct tail *t, unsigned from, struct buf *out, struct shelf_block *block)
{
	struct block_head head = { false, t->columns->id, t->rows - from, t->columns->count,
		t->base_ms, t->base_ms };
	const struct span *first = &t->spans[from], *last = &t->spans[t->rows - 1];

	buf_clear(out);
	block_put(out, &head, first, t->cells + from, SAMPLES_BLOCK_ROWS);
	*block = (struct shelf_block){ .first_seq = first->first_seq,
		.last_seq = last->last_seq,
		.first_ts_ms = first->ts_ms,
		.last_ts_ms = last->ts_ms,
		.last_mono_us = last->mono_us,
		.last_boot = last->boot,
		.rows = head.rows,
		.size = out->len,
		.bytes = out->data };
}

/* ---- reading ---- */

struct samples {
	struct block block;
	struct span *spans;
	struct block_slice *slices;
	int64_t *column;
	double *values; /* row by row */
	unsigned width;
};

static int samples_fill(struct samples *s, struct archive *a, struct columns *names)
{
	unsigned rows = s->block.head.rows;

	if (!block_get_spans(&s->block, s->spans) || !block_get_slices(&s->block, s->slices))
		return -EBADMSG;
	block_scale_ticks(&s->block, s->spans, a->base_ms);
	for (unsigned i = 0; i < s->width; i++) {
		int place = i < a->schema->count ? columns_place(names, a->schema, i) : -1;

		for (unsigned r = 0; place < 0 && r < rows; r++)
			s->values[(size_t)r * s->width + i] = NAN;
		if (place < 0)
			continue;
		if (!codec_get(s->slices[place].at, s->slices[place].size, s->column, rows))
			return -EBADMSG;
		for (unsigned r = 0; r < rows; r++)
			s->values[(size_t)r * s->width + i] =
				column_value(&names->items[place], s->column[r]);
	}
	return 0;
}

static void samples_give(const struct samples *s, samples_take take, void *arg)
{
	for (unsigned r = 0; r < s->block.head.rows; r++) {
		const struct span *span = &s->spans[r];
		struct row row = { .seq = span->first_seq,
			.tick = span->tick,
			.run = span->run,
			.boot = span->boot,
			.flags = span->flags,
			.ts_ms = span->ts_ms,
			.mono_ns = span->mono_us * 1000,
			.dt_ns = span->dt_us * 1000,
			.values = s->values + (size_t)r * s->width };

		take(arg, &row);
	}
}

int samples_read(struct archive *a, unsigned width, const void *bytes, size_t size,
	samples_take take, void *arg)
{
	struct samples s = { .width = width };
	struct columns *names;
	int rc;

	if (!block_open(&s.block, bytes, size) || s.block.head.coarse)
		return -EBADMSG;
	names = archive_columns(a, s.block.head.columns);
	if (!names || names->count != s.block.head.streams)
		return -EBADMSG;
	s.spans = xcalloc(s.block.head.rows, sizeof(*s.spans));
	s.slices = xcalloc(s.block.head.streams + 1, sizeof(*s.slices));
	s.column = xcalloc(s.block.head.rows, sizeof(*s.column));
	s.values = xcalloc((size_t)s.block.head.rows * width, sizeof(*s.values));
	rc = samples_fill(&s, a, names);
	if (rc == 0)
		samples_give(&s, take, arg);
	free(s.spans);
	free(s.slices);
	free(s.column);
	free(s.values);
	return rc;
}
