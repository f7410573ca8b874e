/* SPDX-License-Identifier: MIT */
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "client/cell.h"
#include "client/commands.h"
#include "client/escape.h"
#include "client/hello.h"
#include "client/report.h"
#include "client/stamp.h"
#include "client/talk.h"
#include "client/view.h"

#define NOW_RETRY_MS 1000 /* where the daemon does not say when to come again */
#define NOW_POLL_MS 20	  /* where a sample is late */
#define NOW_VALUE_WIDTH 10

/* With --fresh, ms until the sample after the one in the reply is due; -1 = it will do. */
static int64_t now_due(const struct talk *t, const struct message *m)
{
	const struct message *hello = &t->hello;
	int64_t base_ms = message_int(hello, "base_ms", NOW_RETRY_MS);
	int64_t age_ms = message_int(hello, "ts_ms", 0) - message_int(m, "sample.ts_ms", 0);
	int64_t left_ms = base_ms - age_ms;

	if (!t->options->fresh ||
		message_int(m, "sample.seq", 0) > message_int(hello, "head_seq", 0))
		return -1;
	return left_ms >= NOW_POLL_MS && left_ms <= base_ms ? left_ms : NOW_POLL_MS;
}

static int64_t now_retry(const struct talk *t, const struct message *m)
{
	const char *code = message_text(m, "code");

	if (m->type == MESSAGE_REPLY)
		return now_due(t, m);
	if (!code || strcmp(code, "not_ready") != 0)
		return -1;
	return message_int(m, "retry_ms", NOW_RETRY_MS);
}

static int now_give_up(struct talk *t, struct message *m)
{
	int rc = m->type == MESSAGE_REPLY
		? report_error(EXIT_TIMEOUT, "no new sample within %.10g s",
			  (double)t->options->timeout_ms / 1000)
		: talk_refusal(t, m);

	message_free(m);
	return rc;
}

/* A daemon that has just started has no sample yet: asks again until the timeout, and with
 * --fresh until there is one that was taken after hello. */
static int now_wait(struct talk *t, const struct view *v, struct message *m)
{
	int64_t deadline = conn_clock_ms() + t->options->timeout_ms;

	for (;;) {
		int rc = talk_answer(t, "get", m);
		int64_t retry_ms, left = deadline - conn_clock_ms();

		if (rc)
			return rc;
		retry_ms = now_retry(t, m);
		if (retry_ms < 0 && m->type == MESSAGE_REPLY)
			return 0;
		if (retry_ms < 0 || left <= 0)
			return now_give_up(t, m);
		message_free(m);
		poll(NULL, 0, (int)(retry_ms < left ? retry_ms : left));
		ask_get(&t->out, &v->metrics);
		rc = talk_send(t);
		if (rc)
			return rc;
	}
}

/* Cuts text to so many columns of the terminal, between characters. */
static void now_cut(struct buf *text, size_t columns)
{
	while (text->len > 0 && escape_width(text->data, text->len) > columns)
		text->len--;
}

/* What the value means, as far as the line has room for it. */
static void now_print_meaning(
	const struct column *column, size_t taken, const struct screen *screen)
{
	struct buf text;

	buf_init(&text, VIEW_LINE_MAX);
	escape_text(&text, column->desc, strlen(column->desc));
	if (screen->width > 0)
		now_cut(&text, screen->width > taken ? screen->width - taken : 0);
	if (text.len > 0)
		printf("  %s%.*s%s", screen->color ? "\033[2m" : "", (int)text.len, text.data,
			screen->color ? "\033[0m" : "");
	buf_fini(&text);
}

static void now_print_row(const struct column *column, const struct cell *cell, int name_width,
	const struct screen *screen)
{
	struct buf value;
	size_t width;

	buf_init(&value, VIEW_LINE_MAX);
	cell_show(&value, column, cell);
	if (cell->kind == CELL_NUMBER && cell_unit(column)[0]) {
		buf_puts(&value, " ");
		buf_puts(&value, cell_unit(column));
	}
	width = escape_width(value.data, value.len);
	printf("%-*s  %*s%.*s", name_width, column->name,
		(int)(width < NOW_VALUE_WIDTH ? NOW_VALUE_WIDTH - width : 0), "",
		(int)value.len, value.data);
	width = width < NOW_VALUE_WIDTH ? NOW_VALUE_WIDTH : width;
	now_print_meaning(column, (size_t)name_width + 2 + width + 2, screen);
	putchar('\n');
	buf_fini(&value);
}

/* One metric per line, each with its meaning: the list is the schema's. */
static void now_print_list(struct view *v, const struct message *hello, const struct message *m)
{
	int name_width = 0;
	struct buf line;
	char age[STAMP_MAX], time[STAMP_MAX];
	int64_t ts_ms = message_int(m, "ts_ms", 0);
	int64_t age_ms = message_int(hello, "ts_ms", ts_ms) - ts_ms;

	buf_init(&line, VIEW_LINE_MAX);
	hello_describe(hello, &line);
	stamp_full(time, ts_ms, v->options->utc);
	stamp_span(age, age_ms > 0 ? age_ms : 0);
	printf("%.*s\n%s, %s ago\n", (int)line.len, line.data, time, age);
	buf_fini(&line);
	for (unsigned i = 0; i < v->columns.count; i++)
		if ((int)strlen(v->columns.items[i].name) > name_width)
			name_width = (int)strlen(v->columns.items[i].name);
	columns_cells(&v->columns, m, v->cells);
	for (unsigned i = 0; i < v->columns.count; i++)
		now_print_row(&v->columns.items[i], &v->cells[i], name_width, &v->screen);
}

static int now_print(struct view *v, const struct message *hello, const struct message *sample)
{
	if (v->metrics.count > 0 && !node_first(message_at(sample, "v")))
		return report_error(EXIT_NOTHING, "no metric matches; see actopctl info");
	if (v->class == &view_table)
		now_print_list(v, hello, sample);
	else
		view_line(v, sample);
	return view_flush();
}

/* The member "sample" of the reply is printed as it stands there. */
static int now_print_reply(struct view *v, const struct message *hello, const struct message *m)
{
	struct message sample;
	struct buf text;
	const char *start;
	size_t n;
	int rc = -1;

	buf_init(&text, CONN_LINE_MAX);
	if (message_span(m, "sample", &start, &n)) {
		buf_add(&text, start, n);
		buf_add(&text, "", 1);
		rc = message_parse(&sample, text.data, n);
	}
	if (rc < 0) {
		rc = report_error(EXIT_FAILED, "the reply has no sample");
	} else {
		rc = now_print(v, hello, &sample);
		message_free(&sample);
	}
	buf_fini(&text);
	return rc;
}

static int now_ask(struct talk *t, struct view *v)
{
	struct message m;
	int rc;

	if (v->class->needs_schema)
		ask_schema(&t->out, &v->metrics);
	ask_get(&t->out, &v->metrics);
	rc = talk_send(t);
	if (rc == 0)
		rc = talk_hello(t);
	if (rc == 0 && v->class->needs_schema) {
		rc = talk_reply(t, "schema", &m);
		if (rc == 0)
			rc = view_begin(v, &m, NULL); /* the list names the machine itself */
	}
	if (rc)
		return rc;
	rc = now_wait(t, v, &m);
	if (rc)
		return rc;
	rc = now_print_reply(v, &t->hello, &m);
	message_free(&m);
	return rc;
}

static int now_run(const struct options *options)
{
	struct talk talk;
	struct view view;
	int rc = view_open(&view, options);

	if (rc == 0) {
		rc = talk_open(&talk, options);
		if (rc == 0)
			rc = now_ask(&talk, &view);
		talk_close(&talk);
	}
	view_close(&view);
	return rc;
}

const struct command command_now = {
	.name = "now",
	.alias = "snapshot",
	.summary = "Show the newest sample and end",
	.usage = "now [-f PATTERNS] [-o FORMAT] [--fresh]",
	.text = "JSON is the sample object, so jq .v.NAME works. Unknown values are null, - or "
		"empty.\n"
		"In patterns * is any text up to a dot, ** any text. See actopctl info for "
		"names.\n",
	.examples = "  actopctl now\n"
		    "  actopctl now -f cpu_util_pct,soc_watts -o plain    # for a status bar\n"
		    "  actopctl now --json | jq .v.cpu_temp_c\n",
	.options = OPTIONS_DATA | OPTION_BIT(FRESH),
	.outputs = OUTPUTS_DATA,
	.run = now_run,
};
