/* SPDX-License-Identifier: MIT */
#include "client/watch/dashboard.h"

#include "client/watch/banner.h"
#include "client/watch/chart.h"
#include "client/watch/help.h"
#include "client/watch/layout.h"
#include "client/watch/panels.h"
#include "client/watch/process_panel.h"

#define KEYS_HEIGHT_MIN 14	 /* lower screens have no line of keys */
#define PROCESSES_BESIDE_MIN 110 /* narrower ones have processes below */
#define PROCESSES_WIDTH_MIN 56
#define PROCESSES_WIDTH_MAX 110
#define PROCESSES_HEIGHT_MIN 6

unsigned dashboard_span(unsigned width)
{
	return chart_span(width, DOTS_BRAILLE);
}

/* Cuts the place of the processes off the area. */
static struct rect dashboard_cut(struct rect *area)
{
	struct rect cut = *area;

	if (area->width >= PROCESSES_BESIDE_MIN) {
		cut.width = area->width * 2 / 5;
		cut.width = cut.width < PROCESSES_WIDTH_MIN ? PROCESSES_WIDTH_MIN : cut.width;
		cut.width = cut.width > PROCESSES_WIDTH_MAX ? PROCESSES_WIDTH_MAX : cut.width;
		cut.x = area->x + area->width - cut.width;
		area->width -= cut.width;
		return cut;
	}
	cut.height = area->height * 2 / 5;
	if (cut.height < PROCESSES_HEIGHT_MIN)
		cut.height = PROCESSES_HEIGHT_MIN;
	if (cut.height > area->height)
		cut.height = area->height;
	cut.y = area->y + area->height - cut.height;
	area->height -= cut.height;
	return cut;
}

static struct rect dashboard_area(unsigned width, unsigned height)
{
	unsigned frame = height >= KEYS_HEIGHT_MIN ? 3 : 2;

	return (struct rect){ 0, 1, width, height - frame };
}

unsigned dashboard_processes(unsigned width, unsigned height)
{
	struct rect area = dashboard_area(width, height);

	return process_panel_rows(dashboard_cut(&area).height);
}

/* Cards of the panels that have something to say, the first ones behind the last where the
 * user goes on to those that have no room. */
static unsigned dashboard_cards(struct card cards[PANEL_COUNT], const struct model *m)
{
	unsigned count = 0;

	for (enum panel i = 0; i < PANEL_COUNT; i++)
		if (panel_fill((i + m->first) % PANEL_COUNT, &cards[count], m))
			count++;
	return count;
}

static void dashboard_waiting(struct canvas *c, const struct rect *area)
{
	static const char text[] = "waiting for the first sample";
	const struct rect at = { area->x + (area->width - canvas_text_width(text)) / 2,
		area->y + area->height / 2, area->width, 1 };

	canvas_text(c, &at, text, STYLE_DIM);
}

/* Draws the panels; returns how many rows the chart of the first one shows. */
static unsigned dashboard_panels(
	struct canvas *c, const struct rect *area, const struct model *m)
{
	struct card cards[PANEL_COUNT];
	struct need needs[PANEL_COUNT];
	struct place places[PANEL_COUNT];
	unsigned count = dashboard_cards(cards, m);
	unsigned columns = layout_columns(m->settings.layout, count, area);

	for (unsigned i = 0; i < count; i++)
		needs[i] = (struct need){ card_wish(&cards[i], area->width / columns),
			cards[i].up >= 0 && !cards[i].minor };
	layout_place(needs, count, area, columns, places);
	for (unsigned i = 0; i < count; i++) {
		if (places[i].rect.height > 0)
			card_draw(c, &places[i].rect, &cards[i], m, places[i].boxed);
		card_fini(&cards[i]);
	}
	return card_span(&places[0].rect, places[0].boxed, m);
}

static void dashboard_small(struct canvas *c)
{
	const struct rect at = { 0, 0, c->width, 1 };

	canvas_text(c, &at, "too small: 40 by 8 at least", STYLE_WARN);
}

void dashboard_draw(struct canvas *c, const struct model *m)
{
	struct rect area, line = { 1, 0, c->width > 2 ? c->width - 2 : 0, 1 };
	unsigned span = 0;

	canvas_clear(c);
	if (c->width < DASHBOARD_WIDTH_MIN || c->height < DASHBOARD_HEIGHT_MIN) {
		dashboard_small(c);
		return;
	}
	area = dashboard_area(c->width, c->height);
	banner_head(c, &line, m);
	if (m->settings.processes && m->about.processes) {
		struct rect cut = dashboard_cut(&area);

		process_panel_draw(c, &cut, m);
	}
	if (model_time(m) > 0)
		span = dashboard_panels(c, &area, m);
	else
		dashboard_waiting(c, &area);
	line.y = area.y + dashboard_area(c->width, c->height).height;
	banner_verdict(c, &line, m, span);
	line.y++;
	if (line.y < c->height || m->prompt.kind != PROMPT_NONE) {
		line.y = c->height - 1;
		banner_keys(c, &line, m);
	}
	if (m->help)
		help_draw(c, m);
}
