/* SPDX-License-Identifier: MIT */
#ifndef CHARTS_H
#define CHARTS_H

#include "client/plot.h"
#include "client/view.h"

/* The rows of a range as charts, one below the other, one for each column with numbers. */
struct charts {
	struct plot_point **points; /* [column][row] */
	unsigned columns;
	size_t rows, cap;
	struct holes holes;
};

void charts_init(struct charts *c, unsigned columns);
void charts_fini(struct charts *c);

/* Takes a row and its cells. */
void charts_take(struct charts *c, const struct message *m, const struct cell *cells);

/* Draws them into a terminal of that size, or as wide and high as that of 80 by 24. */
void charts_draw(const struct charts *c, struct view *v);

/* Dots that fit beside each other: more rows are not seen. */
unsigned charts_dots(const struct screen *screen);

#endif
