/* SPDX-License-Identifier: MIT */
#include "client/watch/card.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "client/watch/card_body.h"
#include "client/watch/chart.h"
#include "proto/alloc.h"

#define CARD_CHART_WISH 6
#define CARD_MINOR_WISH 3
#define CARD_LIST_WISH 5
#define CARD_BORDER 2 /* lines, and columns, of a border */
#define CARD_FACT_GAP 2
#define CARD_EVENTS_MAX 64 /* the newest are looked through for marks */
#define CARD_FLAT_TITLE 9
#define CARD_FLAT_TEXT 40

void card_init(struct card *card, const char *title)
{
	*card = (struct card){ .up = -1, .down = -1, .high = 100, .down_high = 100 };
	snprintf(card->title, sizeof(card->title), "%s", title);
}

void card_fini(struct card *card)
{
	free(card->rows);
	card->rows = NULL;
}

void card_head(struct card *card, enum style style, const char *format, ...)
{
	va_list ap;

	if (card->heads == FACTS_MAX)
		return;
	va_start(ap, format);
	vsnprintf(card->head[card->heads].text, FACT_MAX, format, ap);
	va_end(ap);
	card->head[card->heads++].style = style;
}

void card_foot(struct card *card, enum style style, const char *format, ...)
{
	va_list ap;

	if (card->feet == FACTS_MAX)
		return;
	va_start(ap, format);
	vsnprintf(card->foot[card->feet].text, FACT_MAX, format, ap);
	va_end(ap);
	card->foot[card->feet++].style = style;
}

void card_spread(struct card *card, const struct spread *spread, enum reading reading)
{
	char mean[READING_MAX], max[READING_MAX];

	if (isnan(spread->mean))
		return;
	card_foot(card, STYLE_DIM, "avg %s", reading_show(mean, reading, spread->mean));
	card_foot(card, STYLE_DIM, "max %s", reading_show(max, reading, spread->max));
}

struct card_row *card_add(struct card *card, const char *label)
{
	struct card_row *row;

	card->rows = xrealloc(card->rows, card->row_count + 1, sizeof(*card->rows));
	row = &card->rows[card->row_count++];
	*row = (struct card_row){ .column = -1, .ratio = NAN, .high = 100 };
	snprintf(row->label, sizeof(row->label), "%s", label);
	return row;
}

unsigned card_wish(const struct card *card, unsigned width)
{
	unsigned inner = width > CARD_BORDER ? width - CARD_BORDER : 1;
	unsigned chart = card->up < 0 ? 0 : card->minor ? CARD_MINOR_WISH : CARD_CHART_WISH;
	unsigned lines = card_body_lines(card, inner);

	/* A list of what happened has no end. */
	if (card->up < 0 && lines > CARD_LIST_WISH)
		lines = CARD_LIST_WISH;
	return CARD_BORDER + chart + lines;
}

static unsigned card_facts_width(const struct fact *facts, unsigned count)
{
	unsigned width = 0;

	for (unsigned i = 0; i < count; i++)
		width += canvas_text_width(facts[i].text) + CARD_FACT_GAP;
	return width;
}

/* As many facts as there is room for. */
static unsigned card_fitting(const struct fact *facts, unsigned count, unsigned room)
{
	while (count > 0 && card_facts_width(facts, count) > room)
		count--;
	return count;
}

static void card_facts(
	struct canvas *c, const struct rect *at, const struct fact *facts, unsigned count)
{
	unsigned x = 0;

	for (unsigned i = 0; i < count; i++) {
		const struct rect place = { at->x + x, at->y, at->width - x, 1 };

		x += canvas_text(c, &place, facts[i].text, facts[i].style) + CARD_FACT_GAP;
		if (x >= at->width)
			return;
	}
}

/* "- P-CPU ------- 41%  3204 MHz -" */
static void card_top(struct canvas *c, const struct rect *r, const struct card *card)
{
	unsigned title = canvas_text_width(card->title);
	unsigned room = r->width > title + 7 ? r->width - title - 7 : 0;
	unsigned n = card_fitting(card->head, card->heads, room + CARD_FACT_GAP);
	unsigned width = card_facts_width(card->head, n);
	struct rect at = { r->x + 2, r->y, r->width - 4, 1 };
	unsigned x;

	canvas_put(c, at.x - 1 + 0, at.y, 0x2500, STYLE_FRAME);
	canvas_put(c, at.x, at.y, ' ', STYLE_FRAME);
	at = (struct rect){ r->x + 3, r->y, r->width > 6 ? r->width - 6 : 0, 1 };
	x = canvas_text(c, &at, card->title, STYLE_TITLE);
	canvas_put(c, at.x + x, at.y, ' ', STYLE_FRAME);
	if (n == 0)
		return;
	at = (struct rect){ r->x + r->width - 1 - width, r->y, width - CARD_FACT_GAP, 1 };
	for (unsigned i = 0; i < width; i++)
		canvas_put(c, at.x - 1 + i, at.y, ' ', STYLE_FRAME);
	card_facts(c, &at, card->head, n);
}

static void card_bottom(struct canvas *c, const struct rect *r, const struct card *card)
{
	unsigned room = r->width > 6 ? r->width - 6 : 0;
	unsigned n = card_fitting(card->foot, card->feet, room + CARD_FACT_GAP);
	unsigned width = card_facts_width(card->foot, n);
	const struct rect at = { r->x + 3, r->y + r->height - 1, room, 1 };

	if (n == 0)
		return;
	for (unsigned i = 0; i < width; i++)
		canvas_put(c, at.x - 1 + i, at.y, ' ', STYLE_FRAME);
	card_facts(c, &at, card->foot, n);
}

/* Marks of the user: in the border above the moment of the chart, or below it where something
 * is written above; without a border in the chart. */
static void card_marks(
	struct canvas *c, const struct rect *body, const struct model *m, bool boxed)
{
	struct chart chart = { .dots = m->settings.dots };
	unsigned n = m->events.count;

	chart.rows = model_rows(m, &chart.last);
	for (unsigned i = 0; i < n && i < CARD_EVENTS_MAX; i++) {
		const struct happened *h = events_at(&m->events, n - 1 - i);
		long row = h->what == HAPPENING_MARK ? rows_find(chart.rows, h->ts_ms) : -1;
		long place = row >= 0 ? chart_place(&chart, body->width, row) : -1;
		struct rect at = { body->x + (unsigned)place, body->y, 1, body->height };

		if (place < 0)
			continue;
		if (!boxed)
			canvas_tint(c, &at, STYLE_MARK);
		else if (canvas_at(c, at.x, at.y - 1)->style == STYLE_FRAME)
			canvas_put(c, at.x, at.y - 1, 0x25bc, STYLE_MARK);
		else
			canvas_put(c, at.x, at.y + at.height, 0x25b2, STYLE_MARK);
	}
}

static void card_draw_boxed(
	struct canvas *c, const struct rect *r, const struct card *card, const struct model *m)
{
	const struct rect inner = { r->x + 1, r->y + 1, r->width - CARD_BORDER,
		r->height - CARD_BORDER };

	canvas_box(c, r, STYLE_FRAME);
	card_top(c, r, card);
	if (card->up >= 0)
		card_marks(c, &inner, m, true);
	card_bottom(c, r, card);
	card_body(c, &inner, card, m);
}

static unsigned card_flat_text(const struct rect *r)
{
	return r->width / 2 > CARD_FLAT_TEXT ? CARD_FLAT_TEXT : r->width / 2;
}

/* "P-CPU 41% 3204 MHz   ....chart", facts of the foot below where there is a second line. */
static void card_draw_flat(
	struct canvas *c, const struct rect *r, const struct card *card, const struct model *m)
{
	unsigned text = card_flat_text(r);
	struct rect at = { r->x, r->y, CARD_FLAT_TITLE, 1 };
	struct rect body = { r->x + text + 1, r->y, r->width - text - 1, r->height };
	unsigned n;

	canvas_text(c, &at, card->title, STYLE_TITLE);
	at = (struct rect){ r->x + CARD_FLAT_TITLE + 1, r->y, text - CARD_FLAT_TITLE - 1, 1 };
	n = card_fitting(card->head, card->heads, at.width + CARD_FACT_GAP);
	card_facts(c, &at, card->head, n > 0 ? n : card->heads > 0);
	if (r->height > 1) {
		at = (struct rect){ r->x + 2, r->y + 1, text - 2, 1 };
		n = card_fitting(card->foot, card->feet, at.width + CARD_FACT_GAP);
		card_facts(c, &at, card->foot, n);
	}
	card_body_chart(c, &body, card, m);
	if (card->up >= 0)
		card_marks(c, &body, m, false);
}

unsigned card_span(const struct rect *r, bool boxed, const struct model *m)
{
	unsigned beside = boxed ? CARD_BORDER : card_flat_text(r) + 1;

	return chart_span(r->width > beside ? r->width - beside : 1, m->settings.dots);
}

void card_draw(struct canvas *c, const struct rect *r, const struct card *card,
	const struct model *m, bool boxed)
{
	if (boxed && r->width > 10 && r->height > CARD_BORDER)
		card_draw_boxed(c, r, card, m);
	else if (r->height > 0 && r->width >= 2 * CARD_FLAT_TITLE + 2)
		card_draw_flat(c, r, card, m);
}
