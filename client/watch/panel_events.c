/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "client/stamp.h"
#include "client/watch/panels.h"

#define EVENTS_SHOWN_MAX 40

static enum style panel_event_style(const struct happened *h)
{
	if (h->what == HAPPENING_MARK)
		return STYLE_MARK;
	if (h->what == HAPPENING_ALERT)
		return h->firing ? STYLE_BAD : STYLE_GOOD;
	return STYLE_VALUE;
}

static void panel_event(struct card *card, const struct model *m, const struct happened *h)
{
	char time[STAMP_MAX], label[STAMP_MAX + 20];
	struct card_row *row;

	stamp_clock(time, h->ts_ms, m->settings.utc, false);
	snprintf(label, sizeof(label), "%s %s", time, h->kind);
	row = card_add(card, label);
	row->text = h->text;
	row->style = panel_event_style(h);
}

/* The newest first. */
void panel_events(struct card *card, const struct model *m)
{
	const struct happened *firing[FACTS_MAX];
	unsigned n = events_until(&m->events, m->cursor_ms ? m->cursor_ms : INT64_MAX);
	unsigned count = events_firing(
		&m->events, m->cursor_ms ? m->cursor_ms : INT64_MAX, firing, FACTS_MAX);

	card_init(card, "Events");
	if (count > 0)
		card_head(card, STYLE_BAD, "%u firing", count);
	else
		card_head(card, STYLE_GOOD, "no alert");
	for (unsigned i = 0; i < n && i < EVENTS_SHOWN_MAX; i++)
		panel_event(card, m, events_at(&m->events, n - 1 - i));
}
