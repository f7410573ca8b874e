/* SPDX-License-Identifier: MIT */
#include "daemon/history/query.h"

#include <string.h>

#include "daemon/history/cells.h"
#include "proto/alloc.h"

enum query_place { QUERY_CLOSED, QUERY_OPEN, QUERY_STEP };

struct query {
	struct archive *archive;
	struct tier *tier;
	uint64_t after; /* last sample of the row before */
	unsigned count;
	struct query_column *columns;

	/* The closed block under way: rows of it, the next one, the first one taken and not
	 * gathered yet, and the streams asked for, one behind the other with rows places each.
	 */
	unsigned rows, next, taken;
	struct columns *names;
	struct span spans[BLOCK_ROWS_MAX];
	double weights[BLOCK_ROWS_MAX];
	const struct column_kind **kinds; /* of each column asked for; NULL = not in there */
	int64_t *cells;
	struct block_slice *slices;
	unsigned slice_cap;
	struct buf bytes;

	enum query_place place; /* where the row peeked is */
	unsigned open;		/* which one of the open block it is */
	const struct tier *step;
	struct gathered *values; /* one per column: of rows taken */
	bool fresh;		 /* what is in there was given out: of no row yet */
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
	q->fresh = true;
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
	for (unsigned r = 0; r < q->rows; r++)
		q->weights[r] = (double)q->spans[r].weight_us;
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

		q->rows = q->next = q->taken = 0;
		place = shelf_find(shelf, q->after);
		if (place == shelf->count)
			return false;
		where = shelf_at(shelf, place);
		if (query_load(q, where)) {
			while (q->next < q->rows && q->spans[q->next].last_seq <= q->after)
				q->taken = ++q->next;
			if (q->next < q->rows)
				return true;
		} else {
			q->archive->bad_blocks++;
		}
		q->after = where->last_seq;
	}
}

/* ---- what is gathered ---- */

/* Where rows of column i are added; what was given out is forgotten first. */
static struct gathered *query_gathers(struct query *q, unsigned i)
{
	if (q->fresh)
		q->values[i] = GATHERED_NOTHING;
	return &q->values[i];
}

/* Rows of a closed block are gathered together: column by column is fastest. */
static void query_gather_closed(struct query *q)
{
	struct cells cells = { q->cells + q->taken, q->rows, q->weights + q->taken,
		q->next - q->taken };

	if (cells.count == 0)
		return;
	for (unsigned i = 0; i < q->count; i++) {
		struct gathered *g = query_gathers(q, i);

		if (q->kinds[i])
			cells_gather(g, q->kinds[i], q->columns[i].needs, &cells);
		cells.base += (size_t)COLUMN_STREAMS * q->rows;
	}
	q->fresh = false;
	q->taken = q->next;
}

/* What is open has the columns of the schema, as far as it has them. */
static const struct column_kind *query_column_of(
	const struct query *q, const struct columns *columns, unsigned i)
{
	return q->columns[i].place < columns->count ? &columns->items[q->columns[i].place]
						    : NULL;
}

static void query_gather_open(struct query *q)
{
	const struct tier *t = q->tier;
	double weight = (double)t->spans[q->open].weight_us;
	struct cells cells = { NULL, TIER_BLOCK_ROWS, &weight, 1 };

	for (unsigned i = 0; i < q->count; i++) {
		struct gathered *g = query_gathers(q, i);
		const struct column_kind *c = query_column_of(q, t->columns, i);

		if (!c)
			continue;
		cells.base = t->cells + (size_t)c->stream * TIER_BLOCK_ROWS + q->open;
		cells_gather(g, c, q->columns[i].needs, &cells);
	}
	q->fresh = false;
}

static void query_gather_step(struct query *q)
{
	for (unsigned i = 0; i < q->count; i++) {
		struct gathered *g = query_gathers(q, i);

		if (query_column_of(q, q->step->columns, i))
			gather_more(g, &q->step->gathered[q->columns[i].place]);
	}
	q->fresh = false;
}

/* ---- the next row ---- */

static const struct span *query_peek_open(struct query *q)
{
	const struct tier *t = q->tier;

	q->place = QUERY_OPEN;
	q->open = 0;
	while (q->open < t->rows && t->spans[q->open].last_seq <= q->after)
		q->open++;
	return q->open < t->rows ? &t->spans[q->open] : NULL;
}

/* The step under way: whole steps of the finer tiers are in it, the finest's own are behind. */
static const struct span *query_peek_step(struct query *q)
{
	const struct tier *tiers = q->archive->tiers;

	q->place = QUERY_STEP;
	q->step = NULL;
	for (long i = q->tier - tiers; i >= 0 && !q->step; i--)
		if (tiers[i].step.last_seq > q->after)
			q->step = &tiers[i];
	return q->step ? &q->step->step : NULL;
}

const struct span *query_peek(struct query *q)
{
	const struct span *open;

	q->place = QUERY_CLOSED;
	if (q->next < q->rows)
		return &q->spans[q->next];
	query_gather_closed(q);
	if (query_next_block(q))
		return &q->spans[q->next];
	open = query_peek_open(q);
	return open ? open : query_peek_step(q);
}

void query_take(struct query *q)
{
	switch (q->place) {
	case QUERY_CLOSED:
		q->after = q->spans[q->next++].last_seq;
		break;
	case QUERY_OPEN:
		query_gather_open(q);
		q->after = q->tier->spans[q->open].last_seq;
		break;
	case QUERY_STEP:
		query_gather_step(q);
		q->after = q->step->step.last_seq;
		break;
	}
}

void query_pass(struct query *q)
{
	switch (q->place) {
	case QUERY_CLOSED:
		query_gather_closed(q);
		q->after = q->spans[q->next++].last_seq;
		q->taken = q->next;
		break;
	case QUERY_OPEN:
		q->after = q->tier->spans[q->open].last_seq;
		break;
	case QUERY_STEP:
		q->after = q->step->step.last_seq;
		break;
	}
}

const struct gathered *query_gathered(struct query *q)
{
	query_gather_closed(q);
	q->fresh = true;
	return q->values;
}

bool query_next(struct query *q, struct query_row *row)
{
	const struct span *span = query_peek(q);

	if (!span)
		return false;
	row->span = *span;
	query_take(q);
	row->values = query_gathered(q);
	return true;
}
