/* SPDX-License-Identifier: MIT */
#ifndef CHART_H
#define CHART_H

#include "client/watch/canvas.h"
#include "client/watch/rows.h"
#include "client/watch/settings.h"

/* Filled charts of one series, the newest row at the right.  Pure. */

struct chart {
	const struct rows *rows;
	long last;	  /* the row at the right */
	int column;	  /* -1 = nothing */
	double low, high; /* values at the ground and at the top */
	enum dots dots;
	bool hangs; /* from the top, as the lower half of a mirrored one */
};

/*
 * The content moves by whole cells, two samples at once with DOTS_BRAILLE, so that most cells
 * stay as they were.  An unknown value leaves a blank; one that is not at the ground shows at
 * least one level.
 */
void chart_draw(struct canvas *c, const struct rect *r, const struct chart *chart);

/* How many rows a chart of that width shows. */
unsigned chart_span(unsigned width, enum dots dots);

/* The column of the row, counted from the left; -1 = it is not on the chart. */
long chart_place(const struct chart *chart, unsigned width, long row);

#endif
