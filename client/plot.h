/* SPDX-License-Identifier: MIT */
#ifndef PLOT_H
#define PLOT_H

#include "client/columns.h"
#include "proto/buf.h"

/*
 * Charts in Braille: 2 by 4 dots in a character (U+2800 to U+28FF; dot n of the cell is bit
 * n - 1).  Points are joined by lines; a hole in time and an unknown value break the line.
 * Pure.
 */

#define PLOT_WIDTH_MIN 24 /* characters, the labels at the left included */
#define PLOT_HEIGHT_MIN 2 /* rows of the canvas */

struct plot_point {
	int64_t ts_ms;
	double value; /* NaN = unknown */
	bool hole;    /* nothing was observed before it */
};

struct plot {
	const struct column *column; /* what it is called and how its values are written */
	unsigned width;		/* characters of the whole chart, at least PLOT_WIDTH_MIN */
	unsigned height;	/* rows of the canvas, at least PLOT_HEIGHT_MIN */
	int64_t from_ms, to_ms; /* Unix times of its edges */
	bool utc, color;
};

/*
 * Draws a title with the unit and the extremes, the canvas with its axis, and times below:
 * height + 3 lines.  The points are in order.
 */
void plot_draw(struct buf *out, const struct plot *plot, const struct plot_point *points,
	size_t count);

/* Where an axis begins and ends so that all values from low to high are on it, and the distance
 * of its marks: 1, 2 or 5 times a power of ten, of the unit. */
struct plot_axis {
	double low, high, step;
};

struct plot_axis plot_axis(double low, double high, double unit, unsigned marks);

#endif
