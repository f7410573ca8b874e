/* SPDX-License-Identifier: MIT */
#include "client/watch/canvas.h"

#include <stdlib.h>

#include "client/watch/glyph.h"
#include "proto/alloc.h"

void canvas_size(struct canvas *c, unsigned width, unsigned height)
{
	free(c->cells);
	c->cells = xcalloc((size_t)width * height + 1, sizeof(*c->cells));
	c->width = width;
	c->height = height;
	canvas_clear(c);
}

void canvas_fini(struct canvas *c)
{
	free(c->cells);
	*c = (struct canvas){ 0 };
}

void canvas_clear(struct canvas *c)
{
	for (size_t i = 0; i < (size_t)c->width * c->height; i++)
		c->cells[i] = (struct canvas_cell){ ' ', STYLE_PLAIN };
}

void canvas_put(struct canvas *c, unsigned x, unsigned y, uint32_t glyph, enum style style)
{
	if (x >= c->width || y >= c->height)
		return;
	if (c->ascii && glyph >= 0x80)
		glyph = (unsigned char)glyph_ascii(glyph);
	c->cells[(size_t)y * c->width + x] = (struct canvas_cell){ glyph, style };
}

unsigned canvas_text_width(const char *text)
{
	unsigned width = 0;

	for (size_t n; *text; text += n)
		width += glyph_width(glyph_next(text, &n));
	return width;
}

/* A character of one or two columns, where it fits. */
static unsigned canvas_glyph(
	struct canvas *c, const struct rect *at, unsigned x, uint32_t glyph, enum style style)
{
	unsigned width = glyph_width(glyph);

	if (width == 0 || x + width > at->width)
		return 0;
	if (c->ascii)
		width = 1;
	canvas_put(c, at->x + x, at->y, glyph, style);
	if (width == 2)
		canvas_put(c, at->x + x + 1, at->y, 0, style);
	return width;
}

unsigned canvas_text(
	struct canvas *c, const struct rect *at, const char *text, enum style style)
{
	bool cut = canvas_text_width(text) > at->width;
	unsigned x = 0;
	size_t n;

	for (; *text && x < at->width; text += n) {
		uint32_t glyph = glyph_next(text, &n);

		if (cut && x + glyph_width(glyph) >= at->width) {
			x += canvas_glyph(c, at, x, 0x2026, style);
			break;
		}
		x += canvas_glyph(c, at, x, glyph, style);
	}
	return x;
}

void canvas_tint(struct canvas *c, const struct rect *r, enum style style)
{
	for (unsigned y = r->y; y < r->y + r->height && y < c->height; y++)
		for (unsigned x = r->x; x < r->x + r->width && x < c->width; x++)
			c->cells[(size_t)y * c->width + x].style = style;
}

void canvas_blank(struct canvas *c, const struct rect *r)
{
	for (unsigned y = 0; y < r->height; y++)
		for (unsigned x = 0; x < r->width; x++)
			canvas_put(c, r->x + x, r->y + y, ' ', STYLE_PLAIN);
}

void canvas_box(struct canvas *c, const struct rect *r, enum style style)
{
	unsigned right = r->x + r->width - 1, bottom = r->y + r->height - 1;

	if (r->width < 2 || r->height < 2)
		return;
	for (unsigned x = r->x + 1; x < right; x++) {
		canvas_put(c, x, r->y, 0x2500, style);
		canvas_put(c, x, bottom, 0x2500, style);
	}
	for (unsigned y = r->y + 1; y < bottom; y++) {
		canvas_put(c, r->x, y, 0x2502, style);
		canvas_put(c, right, y, 0x2502, style);
	}
	canvas_put(c, r->x, r->y, 0x256d, style);
	canvas_put(c, right, r->y, 0x256e, style);
	canvas_put(c, r->x, bottom, 0x2570, style);
	canvas_put(c, right, bottom, 0x256f, style);
}

const struct canvas_cell *canvas_at(const struct canvas *c, unsigned x, unsigned y)
{
	return &c->cells[(size_t)y * c->width + x];
}
