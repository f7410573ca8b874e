/* SPDX-License-Identifier: MIT */
#include "client/alerts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/escape.h"
#include "client/event.h"
#include "proto/alloc.h"

void alerts_fini(struct alerts *a)
{
	free(a->items);
	*a = (struct alerts){ 0 };
}

static void alert_text(char *to, size_t size, const struct buf *text)
{
	snprintf(to, size, "%.*s", (int)text->len, text->data ? text->data : "");
}

static void alert_add_text(struct buf *out, const char *before, const char *text)
{
	if (!text)
		return;
	buf_puts(out, before);
	escape_text(out, text, strlen(text));
}

/* What the rule looks at: "thermal_state, limit Fair (warn)". */
static void alert_read(struct alert *to, const struct node *from)
{
	const struct node *threshold = node_get(from, "threshold");
	const char *metric = node_text(node_get(from, "metric"));
	struct buf text;

	buf_init(&text, 4 * ALERT_TEXT_MAX);
	alert_add_text(&text, "", metric);
	if (threshold) {
		buf_puts(&text, ", limit ");
		event_value(metric, threshold, &text);
	}
	if (node_text(node_get(from, "severity"))) {
		alert_add_text(&text, " (", node_text(node_get(from, "severity")));
		buf_puts(&text, ")");
	}
	alert_text(to->detail, sizeof(to->detail), &text);
	buf_clear(&text);
	event_value(metric, node_get(from, "value"), &text);
	alert_text(to->value, sizeof(to->value), &text);
	buf_clear(&text);
	alert_add_text(&text, "", node_text(node_get(from, "rule")));
	alert_text(to->rule, sizeof(to->rule), &text);
	buf_fini(&text);
}

/* The entry of that rule that still fires; else a new one. */
static struct alert *alerts_open(struct alerts *a, const char *rule, bool *fresh)
{
	*fresh = false;
	for (size_t i = a->count; i-- > 0;)
		if (a->items[i].firing && strcmp(a->items[i].rule, rule) == 0)
			return &a->items[i];
	if (a->count == a->cap) {
		a->cap = a->cap ? a->cap * 2 : 16;
		a->items = xrealloc(a->items, a->cap, sizeof(*a->items));
	}
	*fresh = true;
	return &a->items[a->count++];
}

void alerts_take_event(struct alerts *a, const struct message *event)
{
	const char *state = message_text(event, "state");
	int64_t ts_ms = message_int(event, "ts_ms", 0);
	struct alert alert = { .firing = true };
	struct alert *to;
	bool fresh;

	alert_read(&alert, event->root);
	to = alerts_open(a, alert.rule, &fresh);
	alert.since_ms = fresh ? ts_ms : to->since_ms;
	if (!state || strcmp(state, "firing") == 0) {
		*to = alert;
		return;
	}
	/* The value is that with which it began, where that is known. */
	if (fresh) {
		*to = alert;
		to->since_ms = ts_ms - message_int(event, "held_ms", 0);
	}
	to->firing = false;
	to->until_ms = ts_ms;
}

void alerts_take_reply(struct alerts *a, const struct message *reply)
{
	for (const struct node *n = node_first(message_at(reply, "alerts")); n;
		n = node_next(n)) {
		struct alert alert = { .firing = true };
		struct alert *to;
		bool fresh;

		alert_read(&alert, n);
		alert.since_ms = node_int(node_get(n, "since_ts_ms"), 0);
		to = alerts_open(a, alert.rule, &fresh);
		*to = alert;
	}
}
