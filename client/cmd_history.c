/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "client/charts.h"
#include "client/commands.h"
#include "client/energies.h"
#include "client/interleave.h"
#include "client/pages.h"
#include "client/range.h"
#include "client/report.h"
#include "client/stamp.h"
#include "client/steps.h"
#include "client/tail.h"
#include "client/talk.h"
#include "client/view.h"

#define ROWS_AUTO 50	  /* where no terminal says how many fit */
#define ROWS_AUTO_MIN 10  /* on a very low terminal */
#define ROWS_AUTO_HEADS 6 /* lines of a screen that are no rows */

struct history {
	struct options options;			      /* as given, and what they mean here */
	char energies[FIELDS_MAX][ENERGIES_NAME_MAX]; /* patterns added to the fields */
	struct talk talk;
	struct view view;
	struct pages pages;
	struct tail tail; /* with -n: only the last rows are printed */
	struct charts charts;
	struct interleave events; /* with --events */
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

/* The Unix time from which the history can answer at all. */
static int64_t history_oldest(const struct message *hello, int64_t now_ms)
{
	int64_t oldest = now_ms;

	for (const struct node *tier = node_first(message_at(hello, "tiers")); tier;
		tier = node_next(tier)) {
		int64_t ms = node_int(node_get(tier, "oldest_ts_ms"), 0);

		oldest = ms > 0 && ms < oldest ? ms : oldest;
	}
	return oldest;
}

/* How long the range is, as far as one can know before the answer. */
static int64_t history_span(const struct history *h, const struct range_now *now)
{
	const struct ask_range *range = &h->pages.range;
	int64_t oldest = history_oldest(&h->talk.hello, now->wall_ms);
	int64_t from = oldest, to = range->has_until ? range->until_ms : now->wall_ms;

	if (range->start == ASK_LAST)
		from = now->wall_ms - range->start_ms;
	else if (range->start == ASK_SINCE)
		from = range->start_ms;
	else if (h->options.given & OPTION_BIT(BOOT) && h->options.boot == 0)
		from = now->wall_ms - now->mono_ms;
	from = from > oldest ? from : oldest;
	return to > from ? to - from : 0;
}

static unsigned history_rows(const struct history *h)
{
	const struct screen *screen = &h->view.screen;

	if (h->options.plot)
		return charts_dots(screen);
	if (screen->height == 0)
		return ROWS_AUTO;
	return screen->height > ROWS_AUTO_MIN + ROWS_AUTO_HEADS
		? screen->height - ROWS_AUTO_HEADS
		: ROWS_AUTO_MIN;
}

static int history_resolve(struct history *h)
{
	struct options *o = &h->options;
	const struct range_now now = {
		message_int(&h->talk.hello, "ts_ms", stamp_now()),
		message_int(&h->talk.hello, "mono_ms", 0),
	};
	int rc = range_resolve(&h->pages.range, o, &now);

	h->events.range = h->pages.range;
	if (rc == 0 && o->step_ms == STEP_AUTO)
		o->step_ms = steps_choose(history_span(h, &now), history_rows(h),
			message_int(&h->talk.hello, "base_ms", 1000));
	if (rc == 0 && o->lines > 0 && !o->since && !o->until && !(o->given & OPTION_BIT(BOOT)))
		history_start_near_end(h, o);
	range_reach_back(&h->pages.range, o);
	return rc;
}

static void history_print(struct history *h, const struct message *m)
{
	if (!h->options.plot) {
		interleave_row(&h->events, m);
		view_line(&h->view, m);
		return;
	}
	view_cells(&h->view, m);
	charts_take(&h->charts, m, h->view.cells);
}

static int history_row(void *arg, const struct message *m)
{
	struct history *h = arg;

	if (h->pages.rows == 1 && h->view.metrics.count > 0 && !node_first(message_at(m, "v")))
		return report_error(EXIT_NOTHING, "no metric matches; see actopctl info");
	if (h->tail.max > 0)
		tail_add(&h->tail, m->line, m->length);
	else
		history_print(h, m);
	return 0;
}

static void history_print_tail(struct history *h)
{
	for (size_t i = 0; i < h->tail.count; i++) {
		const char *line = tail_get(&h->tail, i);
		struct message m;

		if (message_parse(&m, line, strlen(line)) < 0)
			continue;
		history_print(h, &m);
		message_free(&m);
	}
}

/* Says where the history begins, as far as the daemon tells. */
static int history_nothing(const struct history *h)
{
	int64_t now_ms = message_int(&h->talk.hello, "ts_ms", stamp_now());
	int64_t oldest_ms = history_oldest(&h->talk.hello, now_ms);
	char time[STAMP_MAX];

	if (message_int(&h->talk.hello, "head_seq", 1) == 0)
		return report_error(EXIT_NOTHING, "no data: actopd has no sample yet");
	if (oldest_ms == now_ms)
		return report_error(EXIT_NOTHING, "no data in that range");
	stamp_full(time, oldest_ms, h->options.utc);
	return report_error(
		EXIT_NOTHING, "no data in that range; the history begins at %s", time);
}

static int history_schema(struct history *h)
{
	struct message m;
	int rc = talk_reply(&h->talk, "schema", &m);

	if (rc)
		return rc;
	rc = view_begin(&h->view, &m, h->options.plot ? NULL : &h->talk.hello);
	charts_init(&h->charts, h->view.columns.count);
	return rc;
}

static int history_finish(struct history *h)
{
	int rc;

	history_print_tail(h);
	interleave_end(&h->events);
	if (h->options.plot)
		charts_draw(&h->charts, &h->view);
	rc = view_flush();
	return rc == 0 && h->pages.rows == 0 ? history_nothing(h) : rc;
}

static int history_ask(struct history *h)
{
	int rc;

	if (h->view.class->needs_schema)
		ask_schema(&h->talk.out, &h->view.metrics);
	rc = talk_send(&h->talk);
	if (rc == 0)
		rc = talk_hello(&h->talk);
	h->pages.talk = &h->talk;
	h->pages.options = &h->options;
	h->pages.metrics = h->view.metrics;
	h->pages.take = history_row;
	h->pages.arg = h;
	if (rc == 0)
		rc = history_resolve(h);
	if (rc == 0 && h->view.class->needs_schema)
		rc = history_schema(h);
	if (rc == 0)
		rc = interleave_fetch(&h->events, &h->pages);
	if (rc == 0)
		rc = pages_walk(&h->pages);
	return rc ? rc : history_finish(h);
}

/*
 * The counters behind the powers that are asked for, as patterns: a name that does not exist
 * would be an error, a pattern without a hit is none.
 */
static void history_add_energies(struct history *h)
{
	struct options *o = &h->options;
	unsigned count = o->field_count;

	for (unsigned i = 0; i < count && o->field_count < FIELDS_MAX; i++) {
		char *to = h->energies[o->field_count];

		if (!energies_counter(o->fields[i], to))
			continue;
		to[strlen(to) - 1] = '*';
		o->fields[o->field_count++] = to;
	}
}

static int history_set_stat(struct history *h)
{
	static const char *const aggs[] = { "mean", "min", "max" };
	struct options *o = &h->options;

	if (o->agg_count > 0 || o->plot)
		return report_error(EXIT_USAGE, "--stat does not go with --agg or --plot");
	o->agg_count = sizeof(aggs) / sizeof(*aggs);
	memcpy(o->aggs, aggs, sizeof(aggs));
	if (!(o->given & OPTION_BIT(STEP)))
		o->step_ms = STEP_AUTO;
	return 0;
}

static int history_set_plot(struct history *h)
{
	struct options *o = &h->options;

	if (o->agg_count > 1)
		return report_error(EXIT_USAGE, "--plot takes one --agg only");
	if (o->output != OUTPUT_AUTO && o->output != OUTPUT_TABLE)
		return report_error(EXIT_USAGE, "--plot does not go with -o");
	o->output = OUTPUT_TABLE;
	if (!(o->given & OPTION_BIT(STEP)))
		o->step_ms = STEP_AUTO;
	return 0;
}

static int history_set(struct history *h, const struct options *options)
{
	int rc = 0;

	h->options = *options;
	if (options->stat)
		rc = history_set_stat(h);
	if (rc == 0 && options->plot)
		rc = history_set_plot(h);
	if (rc == 0 && options->events && options->plot)
		rc = report_error(EXIT_USAGE, "--events does not go with --plot");
	return rc;
}

static int history_talk(struct history *h, const struct options *options)
{
	int rc = talk_open(&h->talk, options);

	if (rc == 0)
		rc = history_ask(h);
	fflush(stdout);
	talk_close(&h->talk);
	return rc;
}

static int history_run(const struct options *options)
{
	struct history h = { .pages = { .rows = 0 } };
	int rc = history_set(&h, options);

	if (rc)
		return rc;
	rc = view_open(&h.view, &h.options);
	if (options->stat)
		history_add_energies(&h);
	h.view.metrics.count =
		h.options.field_count > 0 ? h.options.field_count : h.view.metrics.count;
	tail_init(&h.tail, (size_t)options->lines);
	interleave_init(&h.events, options->events ? &h.view : NULL);
	if (rc == 0 && options->events && !h.view.class->event)
		rc = report_error(EXIT_USAGE, "--events goes with -o table or json");
	if (rc == 0)
		rc = history_talk(&h, options);
	charts_fini(&h.charts);
	tail_fini(&h.tail);
	interleave_fini(&h.events);
	view_close(&h.view);
	return rc;
}

const struct command command_history = {
	.name = "history",
	.summary = "Print what was sampled before and end",
	.usage = "history [--since TIME] [--until TIME] [-f PATTERNS] [OPTIONS]",
	.text = "Without --since the samples that actopd keeps one by one (an hour of them); "
		"with "
		"--step,\n--stat, --plot or --until everything. Times: actopctl help times.\n"
		"With several aggregations each gauge becomes an array, or a column each "
		"(NAME.min);\n--stat adds the joules of each step (JSON has the counters).\n",
	.examples =
		"  actopctl history --since 1h --stat -f soc_watts,gpu_util_pct\n"
		"  actopctl history --since yesterday --until now --step 10m --agg all -o csv\n"
		"  actopctl history -n 3 --json | jq -c .v.load_1m\n",
	.lines = "the last N rows only",
	.agg = "avg, min, max, last, several (min,max) or all",
	.options = OPTIONS_DATA | OPTION_BIT(LINES) | OPTION_BIT(SINCE) | OPTION_BIT(UNTIL) |
		OPTION_BIT(BOOT) | OPTION_BIT(STEP) | OPTION_BIT(AGG) | OPTION_BIT(STAT) |
		OPTION_BIT(PLOT) | OPTION_BIT(EVENTS),
	.outputs = OUTPUTS_DATA,
	.run = history_run,
};
