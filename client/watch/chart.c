/* SPDX-License-Identifier: MIT */
#include "client/watch/chart.h"

#include <math.h>

#include "client/watch/glyph.h"

#define CELL_LEVELS_DOTS 4
#define CELL_LEVELS_BLOCK 8

/* Dots of a Braille cell, from the ground up. */
static const unsigned char chart_left[CELL_LEVELS_DOTS] = { 0x40, 0x04, 0x02, 0x01 };
static const unsigned char chart_right[CELL_LEVELS_DOTS] = { 0x80, 0x20, 0x10, 0x08 };

unsigned chart_span(unsigned width, enum dots dots)
{
	return dots == DOTS_BRAILLE ? 2 * width : width;
}

/* Ordinal of a row, by which pairs are made: they stay pairs while the ring moves. */
static int64_t chart_ordinal(const struct chart *chart, long row)
{
	return (int64_t)chart->rows->added - chart->rows->count + row;
}

/* The first row of the pair in the cell that is back cells from the right. */
static long chart_row(const struct chart *chart, unsigned back)
{
	long row = chart->last;

	if (chart->dots == DOTS_BLOCK)
		return row - (long)back;
	return row - (long)(chart_ordinal(chart, row) & 1) - 2 * (long)back;
}

long chart_place(const struct chart *chart, unsigned width, long row)
{
	long back;

	if (row > chart->last)
		return -1;
	back = chart->last - row;
	if (chart->dots == DOTS_BRAILLE)
		back = (chart_row(chart, 0) + 1 - row + 1) / 2;
	return back < (long)width ? (long)width - 1 - back : -1;
}

static double chart_ratio(const struct chart *chart, long row)
{
	double value = row > chart->last ? NAN : rows_value(chart->rows, row, chart->column);

	if (isnan(value))
		return NAN;
	return fmin(fmax((value - chart->low) / (chart->high - chart->low), 0), 1);
}

/* Levels of a pole, of those that there are; -1 = unknown. */
static int chart_level(double ratio, int levels)
{
	int level;

	if (isnan(ratio))
		return -1;
	level = (int)lround(ratio * levels);
	return level == 0 && ratio > 0 ? 1 : level;
}

static int chart_part(int level, unsigned row, int cell)
{
	int part = level - (int)row * cell;

	return part < 0 ? 0 : part > cell ? cell : part;
}

static unsigned chart_bits(const unsigned char *dots, int level, bool hangs)
{
	unsigned bits = 0;

	for (int i = 0; i < level; i++)
		bits |= dots[hangs ? CELL_LEVELS_DOTS - 1 - i : i];
	return bits;
}

/* There is no block that hangs, but for these. */
static uint32_t chart_block(int level, bool hangs)
{
	static const uint32_t hanging[] = { ' ', 0x2594, 0x2594, 0x2580, 0x2580, 0x2580, 0x2580,
		0x2588, 0x2588 };

	if (level <= 0)
		return ' ';
	return hangs ? hanging[level] : 0x2580 + (uint32_t)level;
}

/* Where a known value draws nothing. */
static uint32_t chart_ground(const struct chart *chart)
{
	if (chart->dots == DOTS_BRAILLE)
		return GLYPH_BRAILLE + (chart->hangs ? 0x09 : 0xc0);
	return chart->hangs ? ' ' : 0x2581;
}

struct chart_cell {
	int left, right;  /* levels */
	enum style style; /* where the chart has one row */
};

/* Row counts from the ground. */
static void chart_put(struct canvas *c, const struct rect *at, const struct chart *chart,
	const struct chart_cell *cell, unsigned row)
{
	int levels = chart->dots == DOTS_BRAILLE ? CELL_LEVELS_DOTS : CELL_LEVELS_BLOCK;
	int left = chart_part(cell->left, row, levels);
	int right = chart_part(cell->right, row, levels);
	enum style style = at->height == 1 ? cell->style : style_heat((row + 0.5) / at->height);
	uint32_t glyph = chart->dots == DOTS_BLOCK
		? chart_block(left, chart->hangs)
		: GLYPH_BRAILLE + chart_bits(chart_left, left, chart->hangs) +
			chart_bits(chart_right, right, chart->hangs);
	unsigned y = chart->hangs ? at->y + row : at->y + at->height - 1 - row;

	if (left == 0 && right == 0) {
		glyph = row == 0 && (cell->left == 0 || cell->right == 0) ? chart_ground(chart)
									  : ' ';
		style = STYLE_EMPTY;
	}
	canvas_put(c, at->x, y, glyph, style);
}

static void chart_column(
	struct canvas *c, const struct rect *at, const struct chart *chart, long row)
{
	bool pairs = chart->dots == DOTS_BRAILLE;
	int levels = (int)at->height * (pairs ? CELL_LEVELS_DOTS : CELL_LEVELS_BLOCK);
	double a = chart_ratio(chart, row), b = pairs ? chart_ratio(chart, row + 1) : NAN;
	const struct chart_cell cell = { chart_level(a, levels), chart_level(b, levels),
		style_heat(fmax(a, b)) };

	for (unsigned i = 0; i < at->height; i++)
		chart_put(c, at, chart, &cell, i);
}

void chart_draw(struct canvas *c, const struct rect *r, const struct chart *chart)
{
	for (unsigned back = 0; back < r->width; back++) {
		const struct rect at = { r->x + r->width - 1 - back, r->y, 1, r->height };

		chart_column(c, &at, chart, chart_row(chart, back));
	}
}
