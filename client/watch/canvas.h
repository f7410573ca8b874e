/* SPDX-License-Identifier: MIT */
#ifndef CANVAS_H
#define CANVAS_H

#include <stdbool.h>
#include <stdint.h>

#include "client/watch/style.h"

/* A grid of cells that is drawn on, and then shown by a screen.  What lies outside is dropped.
 * Pure. */

struct canvas_cell {
	uint32_t glyph; /* 0 = the right half of a wide character */
	uint32_t style; /* enum style */
};

struct canvas {
	struct canvas_cell *cells;
	unsigned width, height;
	bool ascii; /* there is nothing but ASCII */
};

struct rect {
	unsigned x, y, width, height;
};

/* Makes it of that size, empty.  A zeroed canvas has none. */
void canvas_size(struct canvas *c, unsigned width, unsigned height);
void canvas_fini(struct canvas *c);
void canvas_clear(struct canvas *c);

void canvas_put(struct canvas *c, unsigned x, unsigned y, uint32_t glyph, enum style style);

/* Text of at most width columns, cut with an ellipsis.  Returns the columns it took. */
unsigned canvas_text(
	struct canvas *c, const struct rect *at, const char *text, enum style style);

/* Columns of a text. */
unsigned canvas_text_width(const char *text);

/* Another style for what stands in a rectangle. */
void canvas_tint(struct canvas *c, const struct rect *r, enum style style);

/* Blanks in a rectangle. */
void canvas_blank(struct canvas *c, const struct rect *r);

/* A border along the inside of the rectangle. */
void canvas_box(struct canvas *c, const struct rect *r, enum style style);

const struct canvas_cell *canvas_at(const struct canvas *c, unsigned x, unsigned y);

#endif
