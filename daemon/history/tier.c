/* SPDX-License-Identifier: MIT */
#include "daemon/history/tier.h"

#include <assert.h>
#include <string.h>

#include "proto/alloc.h"

void tier_init(struct tier *t, unsigned step_ms, unsigned base_ms, uint64_t rows, size_t bytes)
{
	*t = (struct tier){ .step_ms = step_ms, .base_ms = base_ms };
	t->ticks = step_ms / base_ms ? step_ms / base_ms : 1;
	shelf_init(&t->shelf, rows, bytes,
		(unsigned)(rows / TIER_BLOCK_ROWS) * 2 + TIER_BLOCKS_SHORT);
}

void tier_fini(struct tier *t)
{
	shelf_fini(&t->shelf);
	free(t->gathered);
	free(t->cells);
}

/* ---- blocks ---- */

static void tier_close_block(struct tier *t)
{
	struct block_head head = { true, t->columns->id, t->rows, t->columns->coarse_streams,
		t->base_ms, t->step_ms };
	const struct span *last = &t->spans[t->rows - 1];
	struct shelf_block block = { .first_seq = t->spans->first_seq,
		.last_seq = last->last_seq,
		.first_ts_ms = t->spans->ts_ms,
		.last_ts_ms = last->ts_ms,
		.last_mono_us = last->mono_us,
		.last_boot = last->boot,
		.rows = t->rows };
	struct buf bytes;

	buf_init(&bytes, BLOCK_BYTES_MAX);
	block_put(&bytes, &head, t->spans, t->cells, TIER_BLOCK_ROWS);
	block.size = bytes.len;
	block.bytes = xrealloc(bytes.data, bytes.len, 1);
	shelf_add(&t->shelf, &block);
	t->kept = last->last_seq;
	t->rows = 0;
}

/* Saturated: a difference of two numbers of 62 bits fits. */
static int64_t difference(int64_t a, int64_t b)
{
	return a == CODEC_ABSENT || b == CODEC_ABSENT ? 0 : a - b;
}

static void tier_put_column(
	int64_t *cells, const struct column_kind *c, const struct gathered *g)
{
	double mean = c->kind == KIND_GAUGE ? gathered_mean(g) : g->last;
	int64_t base = column_code(c, mean);

	cells += (size_t)c->stream * TIER_BLOCK_ROWS;
	cells[COLUMN_BASE * TIER_BLOCK_ROWS] = base;
	if (c->kind == KIND_COUNTER)
		return;
	cells[COLUMN_BELOW * TIER_BLOCK_ROWS] = difference(base, column_code(c, g->min));
	cells[COLUMN_ABOVE * TIER_BLOCK_ROWS] = difference(column_code(c, g->max), base);
	cells[COLUMN_LAST * TIER_BLOCK_ROWS] = difference(column_code(c, g->last), base);
}

/* Wall time never goes back within a block, so that its ends tell what it may hold. */
static void tier_put_step(struct tier *t)
{
	if (t->rows > 0 && t->step.ts_ms < t->spans[t->rows - 1].ts_ms)
		tier_close_block(t);
	t->spans[t->rows] = t->step;
	for (unsigned i = 0; i < t->columns->count; i++)
		tier_put_column(t->cells + t->rows, &t->columns->items[i], &t->gathered[i]);
	if (++t->rows == TIER_BLOCK_ROWS)
		tier_close_block(t);
}

/* ---- steps ---- */

static bool tier_continues(const struct tier *t, unsigned run, uint64_t tick, unsigned flags)
{
	return t->step.last_seq > 0 && t->step.run == run && !(flags & ROW_FIRST) &&
		(t->step.tick - 1) / t->ticks == (tick - 1) / t->ticks;
}

static void tier_take_step(
	struct tier *t, const struct span *step, const struct gathered *gathered);

/* The open step is over: it becomes a row here and part of a step of the coarser tier. */
static void tier_close_step(struct tier *t)
{
	if (t->step.last_seq == 0)
		return;
	if (t->step.last_seq > t->kept)
		tier_put_step(t);
	if (t->coarser)
		tier_take_step(t->coarser, &t->step, t->gathered);
	t->step = (struct span){ 0 };
}

static void tier_open_step(struct tier *t, uint64_t first_seq)
{
	tier_close_step(t);
	t->step.first_seq = first_seq;
	for (unsigned i = 0; i < t->columns->count; i++)
		t->gathered[i] = GATHERED_NOTHING;
}

static void tier_extend_step(struct tier *t, const struct span *more)
{
	struct span *s = &t->step;

	s->last_seq = more->last_seq;
	s->tick = more->tick;
	s->run = more->run;
	s->boot = more->boot;
	s->flags |= more->flags;
	s->ts_ms = more->ts_ms;
	s->mono_us = more->mono_us;
	s->dt_us += more->dt_us;
	s->weight_us += more->weight_us;
}

static void tier_take_step(
	struct tier *t, const struct span *step, const struct gathered *gathered)
{
	if (!tier_continues(t, step->run, step->tick, step->flags))
		tier_open_step(t, step->first_seq);
	tier_extend_step(t, step);
	for (unsigned i = 0; i < t->columns->count; i++)
		gather_more(&t->gathered[i], &gathered[i]);
}

void tier_add(struct tier *t, const struct row *row)
{
	uint64_t dt_us = row->dt_ns / 1000;
	uint64_t weight_us = dt_us ? dt_us : (uint64_t)t->base_ms * 1000;
	struct span span = { row->seq, row->seq, row->tick, row->run, row->boot, row->flags,
		row->ts_ms, row->mono_ns / 1000, dt_us, weight_us };

	if (!tier_continues(t, row->run, row->tick, row->flags))
		tier_open_step(t, row->seq);
	tier_extend_step(t, &span);
	for (unsigned i = 0; i < t->columns->count; i++)
		gather_value(&t->gathered[i], row->values[i], (double)weight_us);
}

void tier_set_columns(struct tier *t, struct columns *columns)
{
	if (t->columns) {
		tier_close_step(t);
		if (t->rows > 0)
			tier_close_block(t);
	}
	t->columns = columns;
	t->gathered = xrealloc(
		t->gathered, columns->count ? columns->count : 1, sizeof(*t->gathered));
	t->cells = xrealloc(t->cells, (size_t)columns->coarse_streams * TIER_BLOCK_ROWS + 1,
		sizeof(*t->cells));
}

uint64_t tier_oldest_seq(const struct tier *t)
{
	if (t->shelf.count > 0)
		return shelf_at(&t->shelf, 0)->first_seq;
	return t->rows > 0 ? t->spans->first_seq : t->step.first_seq;
}

int64_t tier_oldest_ts_ms(const struct tier *t)
{
	if (t->shelf.count > 0)
		return shelf_at(&t->shelf, 0)->first_ts_ms;
	return t->rows > 0 ? t->spans->ts_ms : t->step.ts_ms;
}

uint64_t tier_rows(const struct tier *t)
{
	return t->shelf.rows + t->rows;
}

size_t tier_bytes(const struct tier *t)
{
	size_t columns = t->columns ? t->columns->count : 0;
	size_t streams = t->columns ? t->columns->coarse_streams : 0;

	return sizeof(*t) + columns * sizeof(*t->gathered) +
		streams * TIER_BLOCK_ROWS * sizeof(*t->cells);
}
