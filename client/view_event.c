/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "client/csv.h"
#include "client/escape.h"
#include "client/event.h"
#include "client/view.h"

#define EVENT_GAP 2 /* spaces between columns */

static void view_event_pad(struct buf *out, size_t taken, size_t width)
{
	while (taken++ < width + EVENT_GAP)
		buf_puts(out, " ");
}

static void view_event_paint(struct view *v, const char *code)
{
	if (v->screen.color)
		buf_puts(&v->out, code);
}

/* A line with the date, where it is not the one before (or, at first, today's). */
static void view_event_date(struct view *v, int64_t ts_ms)
{
	char date[STAMP_MAX];

	stamp_date(date, ts_ms, v->options->utc);
	if (strcmp(date, v->date) == 0)
		return;
	memcpy(v->date, date, sizeof(date));
	buf_puts(&v->out, date);
	buf_puts(&v->out, "\n");
}

void view_event_row(struct view *v, const struct message *m)
{
	const char *kind = message_text(m, "kind");
	int64_t ts_ms = message_int(m, "ts_ms", 0);
	char time[STAMP_MAX];
	size_t began;

	stamp_clock(time, ts_ms, v->options->utc, v->millis);
	buf_puts(&v->out, time);
	view_event_pad(&v->out, 0, 0);
	began = v->out.len;
	escape_text(&v->out, kind ? kind : "", kind ? strlen(kind) : 0);
	view_event_pad(&v->out, v->out.len - began, EVENT_KIND_WIDTH);
	event_describe(m, &v->out);
	while (v->out.len > 0 && v->out.data[v->out.len - 1] == ' ')
		v->out.len--;
	buf_puts(&v->out, "\n");
}

/* Loud where something is wrong. */
static const char *view_event_color(const struct message *m)
{
	const char *state = message_text(m, "state");

	if (!state)
		return "";
	return strcmp(state, "firing") == 0 || strcmp(state, "throttled") == 0 ? "\033[33m"
									       : "";
}

static void view_event_line(struct view *v, const struct message *m)
{
	if (v->rows++ == 0) {
		stamp_date(v->date, stamp_now(), v->options->utc);
		view_event_paint(v, "\033[1m");
		buf_puts(&v->out, "time      event     what\n");
		view_event_paint(v, "\033[0m");
	}
	view_event_date(v, message_int(m, "ts_ms", 0));
	view_event_paint(v, view_event_color(m));
	view_event_row(v, m);
	view_event_paint(v, "\033[0m");
}

static void view_event_gap(struct view *v, const struct message *m)
{
	view_describe_gap(m, &v->out);
	buf_puts(&v->out, "\n");
}

static void view_event_csv_line(struct view *v, const struct message *m)
{
	const char *kind = message_text(m, "kind");
	struct buf what;
	char text[96];

	if (v->rows++ == 0)
		buf_puts(&v->out, "eseq,seq,ts_ms,kind,what\n");
	snprintf(text, sizeof(text), "%lld,%lld,%lld,", (long long)message_int(m, "eseq", 0),
		(long long)message_int(m, "seq", 0), (long long)message_int(m, "ts_ms", 0));
	buf_puts(&v->out, text);
	csv_field(&v->out, kind ? kind : "", kind ? strlen(kind) : 0);
	buf_puts(&v->out, ",");
	buf_init(&what, VIEW_LINE_MAX);
	event_describe(m, &what);
	if (what.len > 0)
		csv_field(&v->out, what.data, what.len);
	buf_fini(&what);
	buf_puts(&v->out, "\n");
}

const struct view_class view_event_table = {
	.line = view_event_line,
	.gap = view_event_gap,
};

const struct view_class view_event_csv = {
	.line = view_event_csv_line,
};
