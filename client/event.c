/* SPDX-License-Identifier: MIT */
#include "client/event.h"

#include <stdio.h>
#include <string.h>

#include "client/cell.h"
#include "client/escape.h"
#include "client/stamp.h"
#include "proto/group.h"

#define EVENT_NUMBER_MAX 40

static void event_put(struct buf *out, const char *text)
{
	if (text)
		escape_text(out, text, strlen(text));
}

static void event_put_member(struct buf *out, const char *before, const struct message *m,
	const char *member, const char *after)
{
	const char *text = message_text(m, member);

	if (!text || !*text)
		return;
	buf_puts(out, before);
	event_put(out, text);
	buf_puts(out, after);
}

static void event_put_span(struct buf *out, const struct message *m, const char *member)
{
	int64_t ms = message_int(m, member, 0);
	char text[STAMP_MAX];

	stamp_span(text, ms < 0 ? -ms : ms);
	buf_puts(out, text);
}

/* Of "swap_used_bytes", "cluster.P0.active_pct", "footprint(ollama|mlx)". */
static enum unit event_unit(const char *metric)
{
	enum group_function function = group_function_find(metric, strcspn(metric, "("));
	enum metric_id id = metric_find_series(metric);

	if (function != GROUP_FUNCTION_COUNT && strchr(metric, '('))
		return group_unit(function);
	return id != METRIC_NONE ? metrics[id].unit : UNIT_ONE;
}

static void event_number(enum unit unit, double number, struct buf *out)
{
	const char *name = unit_text(unit);
	char text[EVENT_NUMBER_MAX];

	if (unit == UNIT_BYTE || unit == UNIT_BYTE_S) {
		cell_show_bytes(out, number);
		buf_puts(out, unit == UNIT_BYTE_S ? "/s" : "");
		return;
	}
	snprintf(text, sizeof(text), "%.10g%s%s", number, *name ? " " : "", name);
	buf_puts(out, text);
}

void event_value(const char *metric, const struct node *value, struct buf *out)
{
	double number;
	bool flag;

	if (node_text(value))
		event_put(out, node_text(value));
	else if (node_number(value, &number))
		event_number(metric ? event_unit(metric) : UNIT_ONE, number, out);
	else if (node_bool(value, &flag))
		buf_puts(out, flag ? "true" : "false");
	else
		buf_puts(out, "-");
}

/* "swap rises is resolved after 4m50s", "thermal fires: thermal_state Serious, limit Fair" */
static void event_alert(const struct message *m, struct buf *out)
{
	const char *state = message_text(m, "state");
	const char *metric = message_text(m, "metric");
	bool firing = state && strcmp(state, "firing") == 0;

	event_put(out, message_text(m, "rule"));
	buf_puts(out, firing ? " fires" : " is resolved");
	event_put_member(out, ": ", m, "metric", " ");
	event_value(metric, message_at(m, "value"), out);
	if (message_at(m, "threshold")) {
		buf_puts(out, ", limit ");
		event_value(metric, message_at(m, "threshold"), out);
	}
	if (message_int(m, "held_ms", 0) > 0) {
		buf_puts(out, firing ? ", held for " : ", after ");
		event_put_span(out, m, "held_ms");
	}
	event_put_member(out, " (", m, "severity", ")");
}

static void event_throttle(const struct message *m, struct buf *out)
{
	event_put_member(out, "", m, "domain", " is ");
	event_put_member(out, "", m, "state", "");
}

static void event_mark(const struct message *m, struct buf *out)
{
	event_put(out, message_text(m, "text"));
}

static void event_run(const struct message *m, struct buf *out)
{
	buf_puts(out, "actopd");
	event_put_member(out, " ", m, "version", "");
	event_put_member(out, ", ", m, "reason", "");
}

static void event_wake(const struct message *m, struct buf *out)
{
	buf_puts(out, "slept for ");
	event_put_span(out, m, "slept_ms");
}

static void event_clock(const struct message *m, struct buf *out)
{
	buf_puts(out, "the clock was set ");
	buf_puts(out, message_int(m, "step_ms", 0) < 0 ? "back by " : "forward by ");
	event_put_span(out, m, "step_ms");
}

static const struct {
	const char *kind;
	void (*describe)(const struct message *m, struct buf *out);
} event_kinds[] = {
	{ "alert", event_alert },
	{ "throttle", event_throttle },
	{ "mark", event_mark },
	{ "start", event_run },
	{ "stop", event_run },
	{ "wake", event_wake },
	{ "clock", event_clock },
};

void event_describe(const struct message *m, struct buf *out)
{
	const char *kind = message_text(m, "kind");

	for (size_t i = 0; kind && i < sizeof(event_kinds) / sizeof(*event_kinds); i++)
		if (strcmp(kind, event_kinds[i].kind) == 0)
			event_kinds[i].describe(m, out);
}
