/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "client/hello.h"
#include "client/stamp.h"
#include "client/view.h"

#define TIME_WIDTH 8	     /* 14:02:10 */
#define TIME_MILLIS_WIDTH 12 /* 14:02:10.250 */
#define HEADER_EVERY_MIN 5   /* rows, on a very low terminal */

static void view_table_paint(struct view *v, const char *code)
{
	if (v->screen.color)
		buf_puts(&v->out, code);
}

/* -f is what the user wants to see, wide or not; the default set is cut to what fits. */
static void view_table_begin(struct view *v, const struct message *hello)
{
	unsigned limit = v->options->field_count > 0 ? 0 : v->screen.width;

	table_init(&v->table, &v->columns, v->millis ? TIME_MILLIS_WIDTH : TIME_WIDTH, limit);
	stamp_date(v->date, stamp_now(), v->options->utc);
	if (!v->screen.terminal || !hello)
		return;
	hello_describe(hello, &v->out);
	buf_puts(&v->out, "\n");
}

static void view_table_header(struct view *v)
{
	view_table_paint(v, "\033[1m");
	table_header(&v->table, &v->out);
	view_table_paint(v, "\033[0m");
	v->rows = 0;
}

/* Once into a pipe, once per screenful on a terminal. */
static bool view_table_wants_header(const struct view *v)
{
	unsigned lines = table_header_lines(&v->table) + 1;
	unsigned room = v->screen.height > lines ? v->screen.height - lines : 0;

	if (v->screen.height == 0)
		return false;
	return v->rows >= (room > HEADER_EVERY_MIN ? room : HEADER_EVERY_MIN);
}

static void view_table_count(struct view *v)
{
	if (v->rows == 0 || view_table_wants_header(v))
		view_table_header(v);
	v->rows++;
}

/* A line with the date, where it is not the one before (or, at first, today's). */
static void view_table_date(struct view *v, int64_t ts_ms)
{
	char date[STAMP_MAX];

	stamp_date(date, ts_ms, v->options->utc);
	if (strcmp(date, v->date) == 0)
		return;
	memcpy(v->date, date, sizeof(date));
	view_table_count(v);
	buf_puts(&v->out, date);
	buf_puts(&v->out, "\n");
}

/* "gap 9m12s, sleep": nothing was observed for so long before the row. */
static void view_table_hole(struct view *v, const struct message *m)
{
	struct hole hole;
	char span[STAMP_MAX];

	if (!holes_take(&v->holes, m, &hole))
		return;
	view_table_count(v);
	stamp_span(span, hole.ms);
	view_table_paint(v, "\033[33m");
	buf_puts(&v->out, "gap ");
	buf_puts(&v->out, span);
	buf_puts(&v->out, ", ");
	buf_puts(&v->out, hole.why);
	view_table_paint(v, "\033[0m");
	buf_puts(&v->out, "\n");
}

static void view_table_line(struct view *v, const struct message *m)
{
	int64_t ts_ms = message_int(m, "ts_ms", 0);
	char time[STAMP_MAX];

	view_table_hole(v, m);
	view_table_date(v, ts_ms);
	view_table_count(v);
	stamp_clock(time, ts_ms, v->options->utc, v->millis);
	view_cells(v, m);
	table_row(&v->table, time, v->cells, &v->out);
}

static void view_table_gap(struct view *v, const struct message *m)
{
	view_table_count(v);
	view_table_paint(v, "\033[33m");
	view_describe_gap(m, &v->out);
	view_table_paint(v, "\033[0m");
	buf_puts(&v->out, "\n");
}

static void view_table_event(struct view *v, const struct message *m)
{
	view_table_date(v, message_int(m, "ts_ms", 0));
	view_table_count(v);
	view_table_paint(v, "\033[36m");
	view_event_row(v, m);
	view_table_paint(v, "\033[0m");
}

const struct view_class view_table = {
	.needs_schema = true,
	.begin = view_table_begin,
	.line = view_table_line,
	.gap = view_table_gap,
	.event = view_table_event,
};
