/* SPDX-License-Identifier: MIT */
#include "client/watch/layout.h"

#include <math.h>

#define COLUMN_LEAST 38 /* columns of the terminal */
#define SHAPE 9.0	/* width of a panel that looks well, in heights */

/* Lines of the fullest column, each panel in a border. */
static unsigned layout_least(unsigned panels, unsigned columns)
{
	return BOX_LEAST * ((panels + columns - 1) / columns);
}

/* Without borders: as wide as possible, unless not all would be there. */
static unsigned layout_flat(unsigned panels, unsigned most, const struct rect *area)
{
	unsigned columns = (panels + area->height - 1) / area->height;

	return columns < most ? columns : most;
}

static double layout_score(unsigned panels, unsigned columns, const struct rect *area)
{
	double width = (double)area->width / columns;
	double height = (double)area->height * columns / panels;

	return fabs(log(width / (SHAPE * height)));
}

unsigned layout_columns(enum layout_kind kind, unsigned panels, const struct rect *area)
{
	unsigned most = area->width / COLUMN_LEAST, best = 0;

	if (kind == LAYOUT_STACK || panels < 2 || area->height == 0 || most < 2)
		return 1;
	most = most < LAYOUT_COLUMNS_MAX ? most : LAYOUT_COLUMNS_MAX;
	most = most < panels ? most : panels;
	for (unsigned n = kind == LAYOUT_GRID ? 2 : 1; n <= most; n++)
		if (layout_least(panels, n) <= area->height &&
			(best == 0 ||
				layout_score(panels, n, area) <
					layout_score(panels, best, area)))
			best = n;
	if (best > 0)
		return best;
	best = layout_flat(panels, most, area);
	return kind == LAYOUT_GRID && best < 2 ? 2 : best;
}

struct split {
	unsigned ends[LAYOUT_COLUMNS_MAX]; /* the panel behind the last one of each column */
};

/* Fills columns up to a sum of wishes and a number of panels; whether all of them fit. */
static bool layout_try(const struct need *needs, unsigned count, unsigned columns,
	unsigned wishes, unsigned panels, struct split *split)
{
	unsigned next = 0;

	for (unsigned k = 0; k < columns; k++) {
		unsigned sum = 0, n = 0;

		/* What is left must have a panel for each column that is left. */
		while (next < count && n < panels &&
			(n == 0 || sum + needs[next].wish <= wishes) &&
			(n == 0 || count - next > columns - 1 - k)) {
			sum += needs[next++].wish;
			n++;
		}
		split->ends[k] = next;
	}
	return next == count;
}

/* So that the fullest column asks for as little as possible. */
static void layout_split(const struct need *needs, unsigned count, unsigned columns,
	unsigned height, struct split *split)
{
	unsigned panels = height / BOX_LEAST, sum = 0;

	for (unsigned i = 0; i < count; i++)
		sum += needs[i].wish;
	if (panels * columns < count)
		panels = (count + columns - 1) / columns;
	for (unsigned wishes = sum / columns; wishes <= sum; wishes++)
		if (layout_try(needs, count, columns, wishes, panels, split))
			return;
	layout_try(needs, count, columns, sum, (count + columns - 1) / columns, split);
}

/* Gives lines in turn to the panels of a column until there are no more, or no takers. */
static unsigned layout_deal(const struct need *needs, unsigned count, unsigned spare,
	bool (*takes)(const struct need *need, unsigned height), struct place *places)
{
	bool taken = true;

	while (spare > 0 && taken) {
		taken = false;
		for (unsigned i = 0; i < count && spare > 0; i++) {
			if (!takes(&needs[i], places[i].rect.height))
				continue;
			places[i].rect.height++;
			spare--;
			taken = true;
		}
	}
	return spare;
}

static bool layout_wishes(const struct need *need, unsigned height)
{
	return height < need->wish;
}

static bool layout_grows(const struct need *need, unsigned height)
{
	(void)height;
	return need->grows;
}

static bool layout_any(const struct need *need, unsigned height)
{
	(void)need;
	(void)height;
	return true;
}

static void layout_column(const struct need *needs, unsigned count, const struct rect *area,
	bool boxed, struct place *places)
{
	unsigned least = boxed ? BOX_LEAST : 1, spare, y = area->y;

	for (unsigned i = 0; i < count; i++) {
		bool room = (i + 1) * least <= area->height;

		places[i].boxed = boxed;
		places[i].rect = *area;
		places[i].rect.height = room ? least : 0;
	}
	spare = area->height > count * least ? area->height - count * least : 0;
	if (boxed)
		spare = layout_deal(needs, count, spare, layout_wishes, places);
	spare = layout_deal(needs, count, spare, layout_grows, places);
	layout_deal(needs, count, spare, layout_any, places);
	for (unsigned i = 0; i < count; i++) {
		places[i].rect.y = y;
		y += places[i].rect.height;
	}
}

void layout_place(const struct need *needs, unsigned count, const struct rect *area,
	unsigned columns, struct place *places)
{
	bool boxed = layout_least(count, columns) <= area->height;
	unsigned from = 0, x = area->x;
	struct split split;

	layout_split(needs, count, columns, area->height, &split);
	for (unsigned k = 0; k < columns; k++) {
		unsigned width = area->width / columns + (k < area->width % columns);
		struct rect column = { x, area->y, width, area->height };

		if (!boxed && k + 1 < columns)
			column.width--;
		layout_column(
			needs + from, split.ends[k] - from, &column, boxed, places + from);
		from = split.ends[k];
		x += width;
	}
}
