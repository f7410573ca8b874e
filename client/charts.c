/* SPDX-License-Identifier: MIT */
#include "client/charts.h"

#include <math.h>
#include <stdlib.h>

#include "proto/alloc.h"

#define CHARTS_WIDTH 80 /* where the width is not known */
#define CHARTS_LABEL 10 /* usual width of the labels */
#define CHART_LINES 3	/* of a chart, beside its canvas */
#define CHART_ROWS_MIN 4
#define CHART_ROWS_MAX 12
#define CHART_TEXT_MAX (1u << 20)

void charts_init(struct charts *c, unsigned columns)
{
	*c = (struct charts){ .columns = columns };
	c->points = xcalloc(columns + 1, sizeof(void *)); /* a pointer for each column */
}

void charts_fini(struct charts *c)
{
	for (unsigned i = 0; i < c->columns; i++)
		free(c->points[i]);
	free(c->points);
	*c = (struct charts){ NULL, 0, 0, 0, { false, 0, 0 } };
}

static void charts_grow(struct charts *c)
{
	c->cap = c->cap ? c->cap * 2 : 256;
	for (unsigned i = 0; i < c->columns; i++)
		c->points[i] = xrealloc(c->points[i], c->cap, sizeof(**c->points));
}

static double charts_value(const struct cell *cell)
{
	if (cell->kind == CELL_BOOL)
		return cell->flag;
	return cell->kind == CELL_NUMBER ? cell->number : NAN;
}

void charts_take(struct charts *c, const struct message *m, const struct cell *cells)
{
	struct hole hole;
	bool has_hole = holes_take(&c->holes, m, &hole);

	if (c->rows == c->cap)
		charts_grow(c);
	for (unsigned i = 0; i < c->columns; i++)
		c->points[i][c->rows] = (struct plot_point){ message_int(m, "ts_ms", 0),
			charts_value(&cells[i]), has_hole };
	c->rows++;
}

unsigned charts_dots(const struct screen *screen)
{
	unsigned width = screen->width > 0 ? screen->width : CHARTS_WIDTH;

	return width > 2 * CHARTS_LABEL ? 2 * (width - CHARTS_LABEL) : 2 * CHARTS_LABEL;
}

/* All charts at once where that is possible. */
static unsigned charts_height(const struct charts *c, const struct screen *screen)
{
	unsigned room = screen->height > 1 ? screen->height - 1 : 0;
	unsigned each = c->columns > 0 ? room / c->columns : 0;

	if (room == 0)
		return 2 * CHART_ROWS_MIN;
	if (each < CHART_ROWS_MIN + CHART_LINES)
		return CHART_ROWS_MIN;
	each -= CHART_LINES;
	return each > CHART_ROWS_MAX ? CHART_ROWS_MAX : each;
}

void charts_draw(const struct charts *c, struct view *v)
{
	struct plot plot = {
		.width = v->screen.width > 0 ? v->screen.width : CHARTS_WIDTH,
		.height = charts_height(c, &v->screen),
		.utc = v->options->utc,
		.color = v->screen.color,
	};
	struct buf text;

	if (c->rows == 0)
		return;
	if (plot.width < PLOT_WIDTH_MIN)
		plot.width = PLOT_WIDTH_MIN;
	buf_init(&text, CHART_TEXT_MAX);
	for (unsigned i = 0; i < c->columns; i++) {
		plot.column = &v->columns.items[i];
		plot.from_ms = c->points[i][0].ts_ms;
		plot.to_ms = c->points[i][c->rows - 1].ts_ms;
		buf_clear(&text);
		plot_draw(&text, &plot, c->points[i], c->rows);
		fwrite(text.data, 1, text.len, stdout);
	}
	buf_fini(&text);
}
