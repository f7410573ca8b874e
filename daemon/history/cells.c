/* SPDX-License-Identifier: MIT */
#include "daemon/history/cells.h"

/* They wrap, as the differences did. */
static int64_t plus(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a + (uint64_t)b);
}

static int64_t minus(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a - (uint64_t)b);
}

/* A loop as short as can be: every answer goes through it. */
static void gather_mean(
	struct gathered *g, const struct column_kind *c, const struct cells *cells)
{
	double sum = 0, weight = 0;

	for (unsigned r = 0; r < cells->count; r++) {
		if (cells->base[r] == CODEC_ABSENT)
			continue;
		sum += (double)cells->base[r] * cells->weights[r];
		weight += cells->weights[r];
	}
	g->weighted += sum / c->power;
	g->weight += weight;
}

/* The last number, which is all that there is of what is no gauge. */
static void gather_base(
	struct gathered *g, const struct column_kind *c, const struct cells *cells)
{
	unsigned r = cells->count;

	while (r > 0 && cells->base[r - 1] == CODEC_ABSENT)
		r--;
	if (r == 0)
		return;
	g->last = column_value(c, cells->base[r - 1]);
	g->weight += cells->weights[r - 1];
}

static void gather_below(
	struct gathered *g, const struct column_kind *c, const struct cells *cells)
{
	const int64_t *below = cells->base + COLUMN_BELOW * cells->stride;

	for (unsigned r = 0; r < cells->count; r++) {
		double x = column_value(c, minus(cells->base[r], below[r]));

		if (cells->base[r] != CODEC_ABSENT && !(x >= g->min))
			g->min = x;
	}
}

static void gather_above(
	struct gathered *g, const struct column_kind *c, const struct cells *cells)
{
	const int64_t *above = cells->base + COLUMN_ABOVE * cells->stride;

	for (unsigned r = 0; r < cells->count; r++) {
		double x = column_value(c, plus(cells->base[r], above[r]));

		if (cells->base[r] != CODEC_ABSENT && !(x <= g->max))
			g->max = x;
	}
}

static void gather_last(
	struct gathered *g, const struct column_kind *c, const struct cells *cells)
{
	const int64_t *last = cells->base + COLUMN_LAST * cells->stride;
	unsigned r = cells->count;

	while (r > 0 && cells->base[r - 1] == CODEC_ABSENT)
		r--;
	if (r > 0)
		g->last = column_value(c, plus(cells->base[r - 1], last[r - 1]));
}

void cells_gather(struct gathered *g, const struct column_kind *c, unsigned needs,
	const struct cells *cells)
{
	if (c->kind == KIND_GAUGE)
		gather_mean(g, c, cells);
	else
		gather_base(g, c, cells);
	if (c->kind == KIND_COUNTER)
		return;
	if (needs & 1u << COLUMN_BELOW)
		gather_below(g, c, cells);
	if (needs & 1u << COLUMN_ABOVE)
		gather_above(g, c, cells);
	if (needs & 1u << COLUMN_LAST)
		gather_last(g, c, cells);
}
