/* SPDX-License-Identifier: MIT */
#include "client/watch/card_body.h"

#include <math.h>
#include <string.h>

#include "client/watch/chart.h"

#define ROW_WIDTH_MIN 24 /* of rows side by side */
#define ROW_GAP 2
#define LABEL_MAX 12
#define ROW_BAR_MIN 4
#define CHART_LEAST 3
#define STRIP_STEP_MAX 4
#define BAR_FULL 0x2501
#define BAR_EMPTY 0x2500

static unsigned body_columns(unsigned width)
{
	unsigned columns = (width + ROW_GAP) / (ROW_WIDTH_MIN + ROW_GAP);

	return columns > 0 ? columns : 1;
}

unsigned card_body_lines(const struct card *card, unsigned width)
{
	unsigned columns = body_columns(width);

	if (card->row_count > 0 && card->rows[0].text)
		columns = 1;
	return (card->row_count + columns - 1) / columns;
}

static struct chart body_chart(const struct model *m, int column, double low, double high)
{
	struct chart chart = {
		.column = column, .low = low, .high = high, .dots = m->settings.dots
	};

	chart.rows = model_rows(m, &chart.last);
	return chart;
}

static void body_bar(struct canvas *c, const struct rect *at, double ratio)
{
	unsigned full = isnan(ratio)
		? 0
		: (unsigned)lround(fmin(fmax(ratio, 0), 1) * (double)at->width);

	if (full == 0 && ratio > 0)
		full = 1;
	for (unsigned x = 0; x < at->width; x++)
		canvas_put(c, at->x + x, at->y, x < full ? BAR_FULL : BAR_EMPTY,
			x < full ? style_heat((x + 0.5) / at->width) : STYLE_EMPTY);
}

struct body_widths {
	unsigned label, value;
};

static struct body_widths body_measure(const struct card *card)
{
	struct body_widths widths = { 0, 0 };

	for (unsigned i = 0; i < card->row_count; i++) {
		unsigned label = canvas_text_width(card->rows[i].label);
		unsigned value = canvas_text_width(card->rows[i].value);

		label = label < LABEL_MAX ? label : LABEL_MAX;
		widths.label = label > widths.label ? label : widths.label;
		widths.value = value > widths.value ? value : widths.value;
	}
	return widths;
}

static void body_row(struct canvas *c, const struct rect *at, const struct card_row *row,
	const struct body_widths *widths, const struct model *m)
{
	unsigned value = canvas_text_width(row->value);
	struct rect place = { at->x, at->y, widths->label, 1 };

	if (at->width < widths->label + value + 1)
		place.width = at->width > value + 1 ? at->width - value - 1 : 0;
	canvas_text(c, &place, row->label, STYLE_DIM);
	if (at->width >= value) {
		place = (struct rect){ at->x + at->width - value, at->y, value, 1 };
		canvas_text(c, &place, row->value,
			isnan(row->ratio) ? STYLE_VALUE : style_heat(row->ratio));
	}
	if (at->width < widths->label + widths->value + 2 + ROW_BAR_MIN)
		return;
	place = (struct rect){ at->x + widths->label + 1, at->y,
		at->width - widths->label - widths->value - 2, 1 };
	if (row->column >= 0) {
		struct chart chart = body_chart(m, row->column, 0, row->high);

		chart_draw(c, &place, &chart);
	} else if (!isnan(row->ratio)) {
		body_bar(c, &place, row->ratio);
	}
}

/* Newest first, one below the other, whatever the width. */
static void body_texts(struct canvas *c, const struct rect *r, const struct card *card)
{
	for (unsigned i = 0; i < card->row_count && i < r->height; i++) {
		const struct card_row *row = &card->rows[i];
		struct rect at = { r->x, r->y + i, r->width, 1 };
		unsigned x = canvas_text(c, &at, row->label, STYLE_DIM) + 1;

		if (x >= r->width)
			continue;
		at.x += x;
		at.width -= x;
		canvas_text(c, &at, row->text, row->style);
	}
}

/* Down the first column, then down the next. */
static void body_rows(
	struct canvas *c, const struct rect *r, const struct card *card, const struct model *m)
{
	struct body_widths widths = body_measure(card);
	unsigned columns = body_columns(r->width), lines = card_body_lines(card, r->width);
	unsigned width;

	if (columns > card->row_count)
		columns = card->row_count;
	if (lines > r->height)
		lines = r->height;
	if (lines == 0 || columns == 0)
		return;
	width = (r->width + ROW_GAP) / columns - ROW_GAP;
	for (unsigned i = 0; i < card->row_count && i < lines * columns; i++) {
		const struct rect at = { r->x + i / lines * (width + ROW_GAP), r->y + i % lines,
			width, 1 };

		body_row(c, &at, &card->rows[i], &widths, m);
	}
}

/* One that hangs takes the lower half. */
static void body_charts(
	struct canvas *c, const struct rect *r, const struct card *card, const struct model *m)
{
	struct chart chart = body_chart(m, card->up, card->low, card->high);
	struct rect upper = *r, lower = *r;

	if (card->down >= 0 && r->height > 1) {
		upper.height = (r->height + 1) / 2;
		lower.y += upper.height;
		lower.height -= upper.height;
		chart_draw(c, &upper, &chart);
		chart = body_chart(m, card->down, card->low, card->down_high);
		chart.hangs = true;
		chart_draw(c, &lower, &chart);
		return;
	}
	chart_draw(c, &upper, &chart);
}

/* "cpu 16.0 W  gpu 29.4 W": without bars, where there is no room for a line each. */
static void body_flow(struct canvas *c, const struct rect *r, const struct card *card)
{
	struct rect at = { r->x, r->y, r->width, 1 };

	for (unsigned i = 0; i < card->row_count; i++) {
		const struct card_row *row = &card->rows[i];
		const char *value = row->value + strspn(row->value, " ");
		unsigned width = canvas_text_width(row->label) + 1 + canvas_text_width(value);

		if (width > at.width && at.width < r->width)
			at = (struct rect){ r->x, at.y + 1, r->width, 1 };
		if (at.y >= r->y + r->height || width > at.width)
			return;
		at.x += canvas_text(c, &at, row->label, STYLE_DIM) + 1;
		at.x += canvas_text(c, &at, value,
				isnan(row->ratio) ? STYLE_VALUE : style_heat(row->ratio)) +
			ROW_GAP;
		at.width = r->x + r->width > at.x ? r->x + r->width - at.x : 0;
	}
}

static void body_list(
	struct canvas *c, const struct rect *r, const struct card *card, const struct model *m)
{
	if (r->height == 0 || card->row_count == 0)
		return;
	if (card->rows[0].text)
		body_texts(c, r, card);
	else if (card_body_lines(card, r->width) > r->height)
		body_flow(c, r, card);
	else
		body_rows(c, r, card, m);
}

void card_body_chart(
	struct canvas *c, const struct rect *r, const struct card *card, const struct model *m)
{
	if (card->up >= 0)
		body_charts(c, r, card, m);
	else
		body_list(c, r, card, m);
}

/* Each row as one bar, side by side, where there is no room for lines of their own. */
static void body_strip(struct canvas *c, const struct rect *r, const struct card *card)
{
	unsigned step = r->width / card->row_count, x = r->x;

	step = step > STRIP_STEP_MAX ? STRIP_STEP_MAX : step;
	for (unsigned i = 0; i < card->row_count; i++, x += step) {
		double ratio = card->rows[i].ratio;
		unsigned level = isnan(ratio) ? 0 : (unsigned)ceil(fmin(fmax(ratio, 0), 1) * 8);

		for (unsigned k = 0; k + 1 < step || k == 0; k++)
			canvas_put(c, x + k, r->y, 0x2580 + (level > 0 ? level : 1),
				level > 0 ? style_heat(ratio) : STYLE_EMPTY);
	}
}

/* A chart does not shrink below this for the sake of rows. */
static unsigned body_chart_least(const struct rect *r)
{
	unsigned half = (r->height + 1) / 2;

	return half < CHART_LEAST ? half : CHART_LEAST;
}

static unsigned body_chart_height(
	const struct rect *r, const struct card *card, unsigned lines, bool strip)
{
	unsigned least = body_chart_least(r), height = r->height;

	if (card->up < 0)
		return 0;
	height = strip ? height - 1 : height > lines ? height - lines : 0;
	return height > least ? height : least;
}

void card_body(
	struct canvas *c, const struct rect *r, const struct card *card, const struct model *m)
{
	unsigned lines = card_body_lines(card, r->width);
	bool strip = card->strips && r->height > 1 && card->row_count > 0 &&
		card->row_count <= r->width && lines + body_chart_least(r) > r->height;
	struct rect part = *r;

	part.height = body_chart_height(r, card, lines, strip);
	if (part.height > 0)
		body_charts(c, &part, card, m);
	part.y += part.height;
	part.height = r->height - part.height;
	if (strip)
		body_strip(c, &part, card);
	else
		body_list(c, &part, card, m);
}
