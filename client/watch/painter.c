/* SPDX-License-Identifier: MIT */
#include "client/watch/painter.h"

#include <stdio.h>
#include <string.h>

#include "client/watch/glyph.h"

#define GAP_MAX 4     /* cells that are rather painted again than jumped over */
#define ERASE_LEAST 8 /* blanks at the end of a line that are rather erased */

/* Where the cursor of the terminal is, and how it writes. */
struct pen {
	unsigned x, y;
	bool placed;
	uint32_t style; /* STYLE_COUNT = not known */
};

void painter_init(struct painter *p)
{
	*p = (struct painter){ 0 };
	buf_init(&p->out, PAINTER_OUT_MAX);
}

void painter_fini(struct painter *p)
{
	canvas_fini(&p->shown);
	buf_fini(&p->out);
}

void painter_forget(struct painter *p)
{
	p->known = false;
}

void painter_style(struct painter *p, enum palette palette, enum depth depth)
{
	for (enum style style = 0; style < STYLE_COUNT; style++) {
		struct ink ink = palette_ink(palette, style);

		palette_sequence(p->sequences[style], &ink, depth);
	}
	painter_forget(p);
}

static bool painter_same(const struct canvas_cell *a, const struct canvas_cell *b)
{
	return a->glyph == b->glyph && (a->style == b->style || a->glyph == ' ');
}

static bool painter_differs(
	const struct painter *p, const struct canvas *c, unsigned x, unsigned y)
{
	return !p->known || !painter_same(canvas_at(&p->shown, x, y), canvas_at(c, x, y));
}

/* A blank looks the same in any style but one that may be reversed. */
static bool painter_keeps(const struct pen *pen, const struct canvas_cell *cell)
{
	return cell->glyph == ' ' && pen->style < STYLE_COUNT && pen->style != STYLE_BAD;
}

static void painter_cell(struct painter *p, struct pen *pen, const struct canvas_cell *cell)
{
	char bytes[GLYPH_BYTES_MAX];

	if (cell->glyph == 0)
		return;
	if (pen->style != cell->style && !painter_keeps(pen, cell)) {
		buf_puts(&p->out, p->sequences[cell->style]);
		pen->style = cell->style;
	}
	buf_add(&p->out, bytes, glyph_encode(bytes, cell->glyph));
	pen->x += glyph_width(cell->glyph);
}

/* Over a few cells by painting them, else by a sequence. */
static void painter_move(
	struct painter *p, struct pen *pen, const struct canvas *c, unsigned x, unsigned y)
{
	char text[32];

	if (pen->placed && pen->y == y && pen->x == x)
		return;
	if (pen->placed && pen->y == y && pen->x < x && x - pen->x <= GAP_MAX) {
		while (pen->x < x)
			painter_cell(p, pen, canvas_at(c, pen->x, y));
		return;
	}
	if (pen->placed && pen->y == y && pen->x < x)
		snprintf(text, sizeof(text), "\033[%uC", x - pen->x);
	else
		snprintf(text, sizeof(text), "\033[%u;%uH", y + 1, x + 1);
	buf_puts(&p->out, text);
	pen->x = x;
	pen->y = y;
	pen->placed = true;
}

/* Where the blanks begin that the line ends with. */
static unsigned painter_tail(const struct canvas *c, unsigned y)
{
	unsigned x = c->width;

	while (x > 0 && canvas_at(c, x - 1, y)->glyph == ' ')
		x--;
	return x;
}

static unsigned painter_count(
	const struct painter *p, const struct canvas *c, unsigned y, unsigned from)
{
	unsigned n = 0;

	for (unsigned x = from; x < c->width; x++)
		n += painter_differs(p, c, x, y);
	return n;
}

static void painter_row(struct painter *p, struct pen *pen, const struct canvas *c, unsigned y)
{
	unsigned tail = painter_tail(c, y);
	bool erase = painter_count(p, c, y, tail) >= ERASE_LEAST;
	unsigned end = erase ? tail : c->width;

	for (unsigned x = 0; x < end; x++) {
		if (!painter_differs(p, c, x, y) || canvas_at(c, x, y)->glyph == 0)
			continue;
		painter_move(p, pen, c, x, y);
		painter_cell(p, pen, canvas_at(c, x, y));
	}
	if (!erase)
		return;
	painter_move(p, pen, c, tail, y);
	buf_puts(&p->out, p->sequences[STYLE_PLAIN]);
	buf_puts(&p->out, "\033[K");
	pen->style = STYLE_PLAIN;
}

void painter_paint(struct painter *p, const struct canvas *c)
{
	struct pen pen = { .style = STYLE_COUNT };

	if (p->shown.width != c->width || p->shown.height != c->height) {
		canvas_size(&p->shown, c->width, c->height);
		p->known = false;
	}
	for (unsigned y = 0; y < c->height; y++)
		painter_row(p, &pen, c, y);
	memcpy(p->shown.cells, c->cells,
		(size_t)c->width * c->height * sizeof(*p->shown.cells));
	p->known = true;
}
