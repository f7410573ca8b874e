/* SPDX-License-Identifier: MIT */
#include "daemon/history/query.h"

#include <string.h>

#include "proto/alloc.h"

struct query {
	struct archive *archive;
	struct tier *tier;
	uint64_t after; /* last sample of the row before */
	unsigned count;
	struct query_column *columns;

	/* The closed block under way: rows of it, the next one, and the streams asked for, one
	 * behind the other with rows places each. */
	unsigned rows, next;
	struct columns *names;
	struct span spans[BLOCK_ROWS_MAX];
	const struct column_kind **kinds; /* of each column asked for; NULL = not in there */
	int64_t *cells;
	struct block_slice *slices;
	unsigned slice_cap;
	struct buf bytes;

	struct gathered *values, *before; /* of the row given last, and of that before it */
};

struct query *query_new(struct archive *archive, unsigned tier, uint64_t after,
	const struct query_column *columns, unsigned count)
{
	struct query *q = xcalloc(1, sizeof(*q));

	q->archive = archive;
	q->tier = &archive->tiers[tier];
	q->after = after;
	q->count = count;
	q->columns = xcalloc(count ? count : 1, sizeof(*q->columns));
	memcpy(q->columns, columns, count * sizeof(*columns));
	q->kinds = xcalloc(count ? count : 1, sizeof(const struct column_kind *));
	q->values = xcalloc(count ? count : 1, sizeof(*q->values));
	q->before = xcalloc(count ? count : 1, sizeof(*q->before));
	buf_init(&q->bytes, BLOCK_BYTES_MAX);
	return q;
}

void query_free(struct query *q)
{
	if (!q)
		return;
	buf_fini(&q->bytes);
	free(q->columns);
	free(q->kinds);
	free(q->cells);
	free(q->slices);
	free(q->values);
	free(q->before);
	free(q);
}

/* ---- closed blocks ---- */

/* The streams of column i of the query; false when they cannot be read. */
static bool query_decode_column(struct query *q, unsigned i)
{
	int place = columns_place(q->names, q->archive->schema, q->columns[i].place);
	int64_t *cells = q->cells + (size_t)i * COLUMN_STREAMS * q->rows;
	const struct column_kind *c;
	unsigned streams;

	q->kinds[i] = NULL;
	if (place < 0)
		return true;
	c = q->kinds[i] = &q->names->items[place];
	streams = c->kind == KIND_COUNTER ? 1 : COLUMN_STREAMS;
	for (unsigned s = 0; s < streams; s++) {
		const struct block_slice *slice = &q->slices[c->stream + s];

		if (s != COLUMN_BASE && !(q->columns[i].needs & 1u << s))
			continue;
		if (!codec_get(slice->at, slice->size, cells + (size_t)s * q->rows, q->rows))
			return false;
	}
	return true;
}

static bool query_decode(struct query *q, const struct block *block)
{
	q->names = archive_columns(q->archive, block->head.columns);
	if (!block->head.coarse || !q->names || q->names->coarse_streams != block->head.streams)
		return false;
	if (q->slice_cap < block->head.streams) {
		q->slice_cap = block->head.streams;
		q->slices = xrealloc(q->slices, q->slice_cap, sizeof(*q->slices));
	}
	q->rows = block->head.rows;
	q->cells = xrealloc(
		q->cells, (size_t)q->count * COLUMN_STREAMS * q->rows + 1, sizeof(*q->cells));
	if (!block_get_spans(block, q->spans) || !block_get_slices(block, q->slices))
		return false;
	block_scale_ticks(block, q->spans, q->archive->base_ms);
	for (unsigned i = 0; i < q->count; i++)
		if (!query_decode_column(q, i))
			return false;
	return true;
}

static bool query_load(struct query *q, const struct shelf_block *where)
{
	const struct archive *a = q->archive;
	struct block block;
	const void *bytes = where->bytes;
	size_t size = where->size;

	if (!bytes) {
		buf_clear(&q->bytes);
		if (!a->fetch ||
			a->fetch(a->fetch_arg, q->tier->step_ms, where->first_seq, &q->bytes) <
				0)
			return false;
		bytes = q->bytes.data;
		size = q->bytes.len;
	}
	return bytes && block_open(&block, bytes, size) && query_decode(q, &block);
}

/* Loads the block with the rows behind after; those that cannot be read are passed over. */
static bool query_next_block(struct query *q)
{
	const struct shelf *shelf = &q->tier->shelf;
	unsigned place;

	for (;;) {
		const struct shelf_block *where;

		q->rows = q->next = 0;
		place = shelf_find(shelf, q->after);
		if (place == shelf->count)
			return false;
		where = shelf_at(shelf, place);
		if (query_load(q, where)) {
			while (q->next < q->rows && q->spans[q->next].last_seq <= q->after)
				q->next++;
			if (q->next < q->rows)
				return true;
		} else {
			q->archive->bad_blocks++;
		}
		q->after = where->last_seq;
	}
}

/* They wrap, as the differences did. */
static int64_t plus(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a + (uint64_t)b);
}

static int64_t minus(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a - (uint64_t)b);
}

/* The streams of a column in one row, and the weight of the row. */
struct query_cells {
	const int64_t *at;
	size_t stride;
	double weight;
};

static double query_part(const struct column_kind *c, const int64_t *cells, size_t stride,
	enum column_stream part)
{
	int64_t difference = cells[part * stride];

	return column_value(
		c, part == COLUMN_BELOW ? minus(*cells, difference) : plus(*cells, difference));
}

static void query_value(struct gathered *g, const struct column_kind *c, unsigned needs,
	const struct query_cells *cells)
{
	const int64_t *at = cells->at;
	double x;

	if (*at == CODEC_ABSENT) {
		*g = GATHERED_NOTHING;
		return;
	}
	x = column_value(c, *at);
	*g = (struct gathered){ x * cells->weight, cells->weight, x, x, x };
	if (c->kind == KIND_COUNTER)
		return;
	if (needs & 1u << COLUMN_BELOW)
		g->min = query_part(c, at, cells->stride, COLUMN_BELOW);
	if (needs & 1u << COLUMN_ABOVE)
		g->max = query_part(c, at, cells->stride, COLUMN_ABOVE);
	if (needs & 1u << COLUMN_LAST)
		g->last = query_part(c, at, cells->stride, COLUMN_LAST);
}

static void query_take_closed(struct query *q, struct query_row *row)
{
	unsigned r = q->next++;
	struct query_cells cells = { q->cells + r, q->rows, (double)q->spans[r].weight_us };

	row->span = q->spans[r];
	for (unsigned i = 0; i < q->count; i++) {
		if (q->kinds[i])
			query_value(&q->values[i], q->kinds[i], q->columns[i].needs, &cells);
		else
			q->values[i] = GATHERED_NOTHING;
		cells.at += (size_t)COLUMN_STREAMS * q->rows;
	}
}

/* ---- what is still open ---- */

static bool query_take_open(struct query *q, struct query_row *row)
{
	const struct tier *t = q->tier;
	struct query_cells cells = { .stride = TIER_BLOCK_ROWS };
	unsigned r = 0;

	while (r < t->rows && t->spans[r].last_seq <= q->after)
		r++;
	if (r == t->rows)
		return false;
	row->span = t->spans[r];
	cells.weight = (double)row->span.weight_us;
	for (unsigned i = 0; i < q->count; i++) {
		const struct column_kind *c;

		q->values[i] = GATHERED_NOTHING;
		if (q->columns[i].place >= t->columns->count)
			continue;
		c = &t->columns->items[q->columns[i].place];
		cells.at = t->cells + (size_t)c->stream * TIER_BLOCK_ROWS + r;
		query_value(&q->values[i], c, q->columns[i].needs, &cells);
	}
	return true;
}

/* The step under way: whole steps of the finer tiers are in it, the finest's own are behind. */
static bool query_take_step(struct query *q, struct query_row *row)
{
	const struct tier *tiers = q->archive->tiers;
	const struct tier *t = NULL;

	for (long i = q->tier - tiers; i >= 0 && !t; i--)
		if (tiers[i].step.last_seq > q->after)
			t = &tiers[i];
	if (!t)
		return false;
	row->span = t->step;
	for (unsigned i = 0; i < q->count; i++)
		q->values[i] = q->columns[i].place < t->columns->count
			? t->gathered[q->columns[i].place]
			: GATHERED_NOTHING;
	return true;
}

bool query_next(struct query *q, struct query_row *row)
{
	struct gathered *values = q->before;

	q->before = q->values;
	row->values = q->values = values;
	if (q->next < q->rows || query_next_block(q))
		query_take_closed(q, row);
	else if (!query_take_open(q, row) && !query_take_step(q, row))
		return false;
	q->after = row->span.last_seq;
	return true;
}
