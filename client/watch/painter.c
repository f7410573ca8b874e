/* SPDX-License-Identifier: MIT */
#include "client/watch/painter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/watch/glyph.h"
#include "proto/alloc.h"

#define GAP_MAX 4      /* cells that are rather painted again than jumped over */
#define ERASE_LEAST 8  /* blanks at the end of a line that are rather erased */
#define SHIFT_LEAST 12 /* changed cells that are rather moved */
#define LAST UINT32_MAX

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
	free(p->next);
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
		p->heavy[style] = palette_is_heavy(&ink, depth);
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

/* From one colour to another no reset is needed; a terminal's own colour is 39. */
static void painter_switch(struct painter *p, struct pen *pen, uint32_t style)
{
	const char *sequence = p->sequences[style];

	if (pen->style == style)
		return;
	if (pen->style == STYLE_COUNT || p->heavy[pen->style] || p->heavy[style]) {
		buf_puts(&p->out, sequence);
	} else if (strncmp(sequence, "\033[0;", 4) == 0) {
		buf_puts(&p->out, "\033[");
		buf_puts(&p->out, sequence + 4);
	} else if (strcmp(p->sequences[pen->style], sequence) != 0) {
		buf_puts(&p->out, "\033[39m");
	}
	pen->style = style;
}

/* A blank looks the same in any style that is not reversed, which a heavy one may be. */
static void painter_cell(struct painter *p, struct pen *pen, const struct canvas_cell *cell)
{
	char bytes[GLYPH_BYTES_MAX];

	if (cell->glyph == 0)
		return;
	if (cell->glyph != ' ' || pen->style == STYLE_COUNT || p->heavy[pen->style])
		painter_switch(p, pen, cell->style);
	buf_add(&p->out, bytes, glyph_encode(bytes, cell->glyph));
	pen->x += glyph_width(cell->glyph);
}

/* Whether the cells up to x can be painted again without another style. */
static bool painter_is_near(
	const struct painter *p, const struct pen *pen, const struct canvas *c, unsigned x)
{
	if (x < pen->x || x - pen->x > GAP_MAX)
		return false;
	for (unsigned i = pen->x; i < x; i++) {
		const struct canvas_cell *cell = canvas_at(c, i, pen->y);

		if (cell->glyph == 0 || (cell->style != pen->style && cell->glyph != ' ') ||
			painter_differs(p, c, i, pen->y))
			return false;
	}
	return true;
}

static void painter_move(
	struct painter *p, struct pen *pen, const struct canvas *c, unsigned x, unsigned y)
{
	char text[32];

	if (pen->placed && pen->y == y && pen->x == x)
		return;
	if (pen->placed && pen->y == y && painter_is_near(p, pen, c, x)) {
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
	const struct painter *p, const struct canvas *c, unsigned y, unsigned from, unsigned to)
{
	unsigned n = 0;

	for (unsigned x = from; x < to; x++)
		n += painter_differs(p, c, x, y);
	return n;
}

/* Erases what a line has no longer at its end. */
static void painter_erase(
	struct painter *p, struct pen *pen, const struct canvas *c, unsigned y)
{
	unsigned tail = painter_tail(c, y);

	if (painter_count(p, c, y, tail, c->width) < ERASE_LEAST)
		return;
	painter_move(p, pen, c, tail, y);
	painter_switch(p, pen, STYLE_PLAIN);
	buf_puts(&p->out, "\033[K");
	for (unsigned x = tail; x < c->width; x++)
		canvas_put(&p->shown, x, y, ' ', STYLE_PLAIN);
}

/* Moves the cells between two places one to the left: a character is deleted at the first, and
 * a blank inserted at the second, so that what is behind stays. */
static void painter_shift(struct painter *p, struct pen *pen, const struct canvas *c,
	unsigned y, const unsigned ends[2])
{
	struct canvas_cell *line = &p->shown.cells[(size_t)y * p->shown.width];

	if (pen->style < STYLE_COUNT && p->heavy[pen->style])
		painter_switch(p, pen, STYLE_PLAIN);
	pen->placed = false;
	painter_move(p, pen, c, ends[0], y);
	buf_puts(&p->out, "\033[P");
	pen->placed = false;
	painter_move(p, pen, c, ends[1], y);
	buf_puts(&p->out, "\033[@");
	memmove(line + ends[0], line + ends[0] + 1, (ends[1] - ends[0]) * sizeof(*line));
	line[ends[1]] = (struct canvas_cell){ ' ', STYLE_PLAIN };
}

/* Whether a line has characters of two columns, which nothing is to be moved over. */
static bool painter_is_wide(const struct painter *p, const struct canvas *c, unsigned y)
{
	for (unsigned x = 0; x < c->width; x++)
		if (canvas_at(c, x, y)->glyph == 0 || canvas_at(&p->shown, x, y)->glyph == 0)
			return true;
	return false;
}

/* A chart that has moved on is what it was, one cell to the left. */
static void painter_shifts(
	struct painter *p, struct pen *pen, const struct canvas *c, unsigned y)
{
	unsigned ends[2] = { 0, 0 };

	if (painter_count(p, c, y, 0, c->width) < SHIFT_LEAST || painter_is_wide(p, c, y))
		return;
	for (unsigned x = 0; x < c->width; x++) {
		ends[1] = x;
		if (x + 1 < c->width &&
			painter_same(canvas_at(c, x, y), canvas_at(&p->shown, x + 1, y)))
			continue;
		if (painter_count(p, c, y, ends[0], x) >= SHIFT_LEAST)
			painter_shift(p, pen, c, y, ends);
		ends[0] = x + 1;
	}
}

/* Everything, line by line. */
static void painter_all(struct painter *p, struct pen *pen, const struct canvas *c)
{
	for (unsigned y = 0; y < c->height; y++) {
		unsigned tail = painter_tail(c, y);

		for (unsigned x = 0; x < tail; x++) {
			if (canvas_at(c, x, y)->glyph == 0)
				continue;
			painter_move(p, pen, c, x, y);
			painter_cell(p, pen, canvas_at(c, x, y));
		}
		if (tail == c->width)
			continue;
		painter_move(p, pen, c, tail, y);
		painter_switch(p, pen, STYLE_PLAIN);
		buf_puts(&p->out, "\033[K");
	}
}

/* Changed cells in chains, one for each style, so that it is switched to once. */
static void painter_chain(
	struct painter *p, const struct canvas *c, unsigned first[STYLE_COUNT])
{
	unsigned last[STYLE_COUNT];
	uint32_t style = STYLE_PLAIN;

	for (unsigned i = 0; i < STYLE_COUNT; i++)
		first[i] = LAST;
	for (unsigned i = 0; i < c->width * c->height; i++) {
		const struct canvas_cell *cell = &c->cells[i];

		if (cell->glyph == 0 || painter_same(cell, &p->shown.cells[i]))
			continue;
		if (cell->glyph != ' ')
			style = cell->style;
		else if (p->heavy[style])
			style = STYLE_PLAIN;
		if (first[style] == LAST)
			first[style] = i;
		else
			p->next[last[style]] = i;
		last[style] = i;
		p->next[i] = LAST;
	}
}

static void painter_changes(struct painter *p, struct pen *pen, const struct canvas *c)
{
	unsigned first[STYLE_COUNT];

	for (unsigned y = 0; y < c->height; y++) {
		painter_erase(p, pen, c, y);
		painter_shifts(p, pen, c, y);
	}
	painter_chain(p, c, first);
	for (uint32_t style = 0; style < STYLE_COUNT; style++)
		for (unsigned i = first[style]; i != LAST; i = p->next[i]) {
			const struct canvas_cell cell = { c->cells[i].glyph, style };

			painter_move(p, pen, c, i % c->width, i / c->width);
			painter_switch(p, pen, style);
			painter_cell(p, pen, &cell);
			p->shown.cells[i] = c->cells[i];
		}
}

void painter_paint(struct painter *p, const struct canvas *c)
{
	struct pen pen = { .style = STYLE_COUNT };

	if (p->shown.width != c->width || p->shown.height != c->height) {
		canvas_size(&p->shown, c->width, c->height);
		p->next = xrealloc(p->next, (size_t)c->width * c->height + 1, sizeof(*p->next));
		p->known = false;
	}
	if (p->known)
		painter_changes(p, &pen, c);
	else
		painter_all(p, &pen, c);
	memcpy(p->shown.cells, c->cells,
		(size_t)c->width * c->height * sizeof(*p->shown.cells));
	p->known = true;
}
