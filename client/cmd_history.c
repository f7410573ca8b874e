/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "client/commands.h"
#include "client/pages.h"
#include "client/range.h"
#include "client/report.h"
#include "client/stamp.h"
#include "client/tail.h"
#include "client/talk.h"
#include "client/view.h"

struct history {
	struct talk talk;
	struct view view;
	struct pages pages;
	struct tail tail; /* with -n: only the last rows are printed */
};

/*
 * "-n 20" alone asks for no more than it takes: seqs are dense, so so many rows of m samples
 * each lie behind head - (20 + 1) * m, one more because the first row may be cut.
 */
static void history_start_near_end(struct history *h, const struct options *o)
{
	const struct message *hello = &h->talk.hello;
	int64_t base_ms = message_int(hello, "base_ms", 0),
		head = message_int(hello, "head_seq", 0);
	int64_t oldest = message_int(hello, "oldest_seq", 1), per_row = 1, from;
	const char *epoch = message_text(hello, "epoch");

	if (!epoch || base_ms <= 0 || o->lines > INT32_MAX)
		return;
	if (o->step_ms > 0)
		per_row = (o->step_ms + base_ms - 1) / base_ms;
	from = head - (o->step_ms > 0 ? o->lines + 1 : o->lines) * per_row;
	if (from < oldest)
		return;
	h->pages.range.start = ASK_AFTER;
	snprintf(h->pages.range.after, sizeof(h->pages.range.after), "%.32s:%lld", epoch,
		(long long)from);
}

static int history_resolve(struct history *h, const struct options *o)
{
	const struct range_now now = {
		message_int(&h->talk.hello, "ts_ms", stamp_now()),
		message_int(&h->talk.hello, "mono_ms", 0),
	};
	int rc = range_resolve(&h->pages.range, o, &now);

	if (rc == 0 && o->lines > 0 && !o->since && !o->until)
		history_start_near_end(h, o);
	return rc;
}

static int history_row(void *arg, const struct message *m)
{
	struct history *h = arg;

	if (h->pages.rows == 1 && h->view.metrics.count > 0 && !node_first(message_at(m, "v")))
		return report_error(EXIT_NOTHING, "no metric matches; see actopctl info");
	if (h->tail.max > 0)
		tail_add(&h->tail, m->line, m->length);
	else
		view_line(&h->view, m);
	return 0;
}

static void history_print_tail(struct history *h)
{
	for (size_t i = 0; i < h->tail.count; i++) {
		const char *line = tail_get(&h->tail, i);
		struct message m;

		if (message_parse(&m, line, strlen(line)) < 0)
			continue;
		view_line(&h->view, &m);
		message_free(&m);
	}
}

/* Says where the history begins, as far as the daemon tells. */
static int history_nothing(const struct history *h)
{
	const struct node *tier = node_first(message_at(&h->talk.hello, "tiers"));
	int64_t oldest_ms = node_int(node_get(tier, "oldest_ts_ms"), 0);
	char time[STAMP_MAX];

	if (message_int(&h->talk.hello, "head_seq", 1) == 0)
		return report_error(EXIT_NOTHING, "no data: actopd has no sample yet");
	if (oldest_ms <= 0)
		return report_error(EXIT_NOTHING, "no data in that range");
	stamp_full(time, oldest_ms, h->talk.options->utc);
	return report_error(
		EXIT_NOTHING, "no data in that range; the history begins at %s", time);
}

static int history_schema(struct history *h)
{
	struct message m;
	int rc = talk_reply(&h->talk, "schema", &m);

	return rc ? rc : view_begin(&h->view, &m, &h->talk.hello);
}

static int history_ask(struct history *h, const struct options *o)
{
	int rc;

	if (h->view.class->needs_schema)
		ask_schema(&h->talk.out, &h->view.metrics);
	rc = talk_send(&h->talk);
	if (rc == 0)
		rc = talk_hello(&h->talk);
	if (rc == 0 && h->view.class->needs_schema)
		rc = history_schema(h);
	if (rc == 0)
		rc = history_resolve(h, o);
	h->pages.talk = &h->talk;
	h->pages.options = o;
	h->pages.metrics = h->view.metrics;
	h->pages.take = history_row;
	h->pages.arg = h;
	if (rc == 0)
		rc = pages_walk(&h->pages);
	if (rc)
		return rc;
	history_print_tail(h);
	rc = view_flush();
	return rc == 0 && h->pages.rows == 0 ? history_nothing(h) : rc;
}

static int history_run(const struct options *options)
{
	struct history h = { .pages = { .rows = 0 } };
	int rc = view_open(&h.view, options);

	tail_init(&h.tail, (size_t)options->lines);
	if (rc == 0) {
		rc = talk_open(&h.talk, options);
		if (rc == 0)
			rc = history_ask(&h, options);
		fflush(stdout);
		talk_close(&h.talk);
	}
	tail_fini(&h.tail);
	view_close(&h.view);
	return rc;
}

const struct command command_history = {
	.name = "history",
	.summary = "Print what was sampled before and end",
	.usage =
		"history [--since TIME] [--until TIME] [-s STEP] [-a HOW] [-f PATTERNS] [-n N]",
	.text = "Without --since everything that actopd keeps. How to write times: actopctl "
		"help times.\n"
		"With several aggregations each gauge becomes an array, or a column each "
		"(NAME.min).\n",
	.examples =
		"  actopctl history --since 5m -f cpu_watts,gpu_watts\n"
		"  actopctl history --since 10:30 --until 11:00 --step 10s --agg all -o csv\n"
		"  actopctl history -n 3 --json | jq -c .v.ram_used_bytes\n",
	.lines = "the last N rows only",
	.options = OPTIONS_DATA | OPTION_BIT(LINES) | OPTION_BIT(SINCE) | OPTION_BIT(UNTIL) |
		OPTION_BIT(STEP) | OPTION_BIT(AGG),
	.outputs = OUTPUTS_DATA,
	.run = history_run,
};
