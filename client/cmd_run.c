/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/ask.h"
#include "client/bill.h"
#include "client/commands.h"
#include "client/hello.h"
#include "client/observer.h"
#include "client/pages.h"
#include "client/report.h"
#include "client/talk.h"
#include "proto/matcher.h"

#define RUN_REPORT_MAX 65536
#define RUN_CLOCK_SLACK_MS 100 /* what the two clocks may drift apart without one being set */
#define RUN_LATE_MS 1000       /* what a sample may come later than it is due */

struct run_edge {
	int64_t ts_ms, mono_ms;
};

struct run_job {
	const struct options *options;
	struct talk talk;
	bool talks; /* the daemon answers; without it the command runs all the same */
	struct observer *group, *tree; /* of --match, of the command; NULL = there is none */
	struct run_edge from, to;
	struct bill bill;
	FILE *file; /* of -o; NULL = stderr */
};

static int run_edge(struct run_job *r, struct run_edge *edge)
{
	struct message m;
	int rc;

	ask_plain(&r->talk.out, "ping");
	rc = talk_send(&r->talk);
	if (rc == 0)
		rc = talk_reply(&r->talk, "ping", &m);
	if (rc)
		return rc;
	*edge = (struct run_edge){ message_int(&m, "ts_ms", 0), message_int(&m, "mono_ms", 0) };
	message_free(&m);
	return 0;
}

/* Prepares to follow processes: those of --match at once, the command's own once it runs. */
static void run_observe(struct run_job *r)
{
	const char *match = r->options->match;

	if (!hello_can(&r->talk.hello, "processes")) {
		report_note(r->options->quiet || !match,
			"--match: this daemon cannot list processes");
		return;
	}
	r->tree = observer_open(r->options);
	r->group = match ? observer_open(r->options) : NULL;
	if (!r->group || observer_follow_group(r->group, match) == 0)
		return;
	observer_close(r->group);
	r->group = NULL;
}

static void run_started(void *arg, pid_t pid)
{
	struct run_job *r = arg;

	if (!r->tree || observer_follow_tree(r->tree, pid, r->from.ts_ms) == 0)
		return;
	observer_close(r->tree);
	r->tree = NULL;
}

static void run_observed(struct observer **o, int64_t to_ms, struct tally *to, bool *done)
{
	if (*o)
		observer_finish(*o, to_ms, to);
	*done = *o != NULL;
	*o = NULL;
}

static void run_begin(struct run_job *r)
{
	int rc = talk_open(&r->talk, r->options);

	if (rc == 0)
		rc = talk_send(&r->talk);
	if (rc == 0)
		rc = talk_hello(&r->talk);
	if (rc == 0)
		run_observe(r);
	if (rc == 0)
		rc = run_edge(r, &r->from);
	r->talks = rc == 0;
	if (r->group)
		observer_begin(r->group, r->from.ts_ms);
}

/* The Unix time in ms of the newest sample's mono_ms; 0 or an exit code. */
static int run_newest(struct run_job *r, const struct ask_metrics *metrics, int64_t *mono_ms)
{
	struct message m;
	int rc;

	*mono_ms = 0;
	ask_get(&r->talk.out, metrics);
	rc = talk_send(&r->talk);
	if (rc == 0)
		rc = talk_answer(&r->talk, "get", &m);
	if (rc)
		return rc;
	*mono_ms = message_int(&m, "sample.mono_ms", 0);
	message_free(&m);
	return 0;
}

/* The end of the window lies between two samples: waits for the second. */
static int run_await_sample(struct run_job *r)
{
	const struct ask_metrics metrics = { bill_patterns, 1 };
	int64_t base_ms = message_int(&r->talk.hello, "base_ms", 1000), mono_ms = 0;
	int64_t deadline = conn_clock_ms() + 2 * base_ms + RUN_LATE_MS;
	int rc = run_newest(r, &metrics, &mono_ms);

	while (rc == 0 && mono_ms < r->to.mono_ms && conn_clock_ms() < deadline) {
		poll(NULL, 0, (int)(base_ms / 8 + 1));
		rc = run_newest(r, &metrics, &mono_ms);
	}
	return rc;
}

static int run_meter(struct run_job *r, const struct ask_window *window, struct meter *meter)
{
	struct message m;
	int rc = meter_ask(&r->talk, window, &m);

	if (rc)
		return rc;
	meter_read(meter, &m);
	message_free(&m);
	return 0;
}

/* By the wall clock, as it was at both ends; where it was set meanwhile, back from now. */
static void run_window(const struct run_job *r, struct ask_window *window)
{
	int64_t wall_ms = r->to.ts_ms - r->from.ts_ms;
	int64_t mono_ms = r->to.mono_ms - r->from.mono_ms;

	*window = (struct ask_window){
		.range = { .start = ASK_SINCE,
			.start_ms = r->from.ts_ms,
			.has_until = true,
			.until_ms = r->to.ts_ms },
	};
	if (llabs(wall_ms - mono_ms) <= RUN_CLOCK_SLACK_MS)
		return;
	report_note(r->options->quiet,
		"the clock was set while the command ran: "
		"joules are those from its start until now");
	window->range = (struct ask_range){ .start = ASK_LAST, .start_ms = mono_ms };
}

static void run_measure(struct run_job *r)
{
	struct ask_window window, idle;
	struct bill *b = &r->bill;
	struct meter before;
	const struct meter_rail *total;
	int rc;

	run_window(r, &window);
	rc = run_meter(r, &window, &b->meter);
	b->measured = rc == 0;
	total = bill_total(b);
	if (!total || r->options->baseline_ms == 0)
		return;
	idle = (struct ask_window){
		.range = { .start = ASK_SINCE,
			.start_ms = r->from.ts_ms - r->options->baseline_ms,
			.has_until = true,
			.until_ms = r->from.ts_ms },
	};
	rc = run_meter(r, &idle, &before);
	if (rc == 0 && meter_find(&before, total->name))
		b->idle_watts = meter_find(&before, total->name)->mean_watts;
	if (rc == 0 && isnan(b->idle_watts))
		report_note(
			r->options->quiet, "nothing was measured in the time of --baseline");
}

static int run_row(void *arg, const struct message *m)
{
	struct run_job *r = arg;

	bill_take_row(&r->bill, m);
	return 0;
}

static int run_rows(struct run_job *r)
{
	const struct options raw = { .timeout_ms = r->options->timeout_ms };
	struct pages pages = {
		.talk = &r->talk,
		.options = &raw,
		.metrics = { bill_patterns, BILL_PATTERNS },
		.range = { .start = ASK_SINCE,
			.start_ms = r->from.ts_ms,
			.has_until = true,
			.until_ms =
				r->to.ts_ms + 2 * message_int(&r->talk.hello, "base_ms", 0) },
		.take = run_row,
		.arg = r,
	};

	r->bill.from_ms = r->from.ts_ms;
	r->bill.to_ms = r->to.ts_ms;
	return pages_walk(&pages);
}

/* The daemon may have come anew meanwhile. */
static int run_edge_again(struct run_job *r)
{
	if (run_edge(r, &r->to) == 0)
		return 0;
	if (talk_reopen(&r->talk, r->options) < 0 || talk_send(&r->talk) ||
		talk_hello(&r->talk))
		return EXIT_UNREACHABLE;
	return run_edge(r, &r->to);
}

static void run_finish(struct run_job *r)
{
	int rc = r->talks ? run_edge_again(r) : EXIT_UNREACHABLE;
	struct bill *b = &r->bill;

	run_observed(&r->tree, rc ? 0 : r->to.ts_ms, &b->tree, &b->treed);
	run_observed(&r->group, rc ? 0 : r->to.ts_ms, &b->tally, &b->tallied);
	if (rc == 0)
		rc = run_await_sample(r);
	if (rc)
		return;
	run_measure(r);
	run_rows(r);
}

static void run_report(struct run_job *r)
{
	FILE *to = r->file ? r->file : stderr;
	struct buf text;

	buf_init(&text, RUN_REPORT_MAX);
	if (r->options->output == OUTPUT_JSON)
		bill_write_json(&r->bill, &text);
	else
		bill_write(&r->bill, &text);
	fwrite(text.data, 1, text.len, to);
	if (fflush(to) != 0)
		report_error(0, "cannot write the report: %s", strerror(errno));
	buf_fini(&text);
}

/* Before the command runs: a report that cannot be written is better known then. */
static int run_open_file(struct run_job *r)
{
	const char *path = r->options->output_text;

	if (!path)
		return 0;
	r->file = fopen(path, "we");
	return r->file ? 0 : report_error(CHILD_FAILED, "%s: %s", path, strerror(errno));
}

/* As well before the command runs. */
static int run_check_match(const char *match)
{
	char why[MATCHER_WHY_MAX];
	struct matcher *matcher = match ? matcher_new(match, why) : NULL;

	if (match && !matcher)
		return report_error(CHILD_FAILED, "--match '%s': %s", match, why);
	matcher_free(matcher);
	return 0;
}

/* The command did not run. */
static void run_unobserve(struct run_job *r)
{
	bool done;

	run_observed(&r->group, 0, &r->bill.tally, &done);
	if (r->tree)
		observer_close(r->tree);
}

static int run_run(const struct options *options)
{
	struct run_job r = { .options = options, .talk = { .conn = { .fd = -1 } } };
	const struct child_start start = { run_started, &r };
	int rc;

	if (!options->rest)
		return report_error(
			CHILD_FAILED, "run needs a command: actopctl run -- CMD...");
	bill_init(&r.bill);
	r.bill.command = options->rest[0];
	r.bill.units = options->units;
	rc = run_check_match(options->match);
	if (rc == 0)
		rc = run_open_file(&r);
	if (rc)
		return rc;
	run_begin(&r);
	rc = child_run(&r.bill.child, options->rest, &start);
	if (rc == 0) {
		run_finish(&r);
		run_report(&r);
	} else {
		run_unobserve(&r);
	}
	talk_close(&r.talk);
	if (r.file)
		fclose(r.file);
	return rc ? rc : child_end_like(&r.bill.child);
}

const struct command command_run = {
	.name = "run",
	.summary = "Run a command and tell what it has cost",
	.usage = "run [--units N] [--baseline TIME] [--match REGEX] [--json] [-o FILE]\n"
		 "                    [--] CMD [ARG...]",
	.text = "The report goes to stderr: seconds, joules of each rail and what they may be "
		"wrong by, mean and peak watts, CPU time, memory of the process tree, "
		"temperature, "
		"time throttled, bandwidth. The machine is measured as a whole; --baseline "
		"takes off "
		"what it needed before. What the command's own processes drew of it is told "
		"too, as "
		"far as they were seen, which takes a second. --match tells what a group of "
		"processes used meanwhile, such as the server that CMD talks to. The exit "
		"status is "
		"the command's; 125 run itself failed, 126 CMD cannot be run, 127 no CMD.\n",
	.examples = "  actopctl run -- make -j8\n"
		    "  actopctl run --baseline 5s --units 512 -- sleep 2\n"
		    "  actopctl run --match 'ollama|mlx' -- sleep 2\n"
		    "  actopctl run --json -o cost.json -- sh -c 'sleep 1'\n",
	.file = "write the report there",
	.options = OPTIONS_LOCAL | OPTION_BIT(OUTPUT) | OPTION_BIT(JSON) | OPTION_BIT(UNITS) |
		OPTION_BIT(BASELINE) | OPTION_BIT(MATCH),
	.outputs = OUTPUTS_REPLY,
	.operand = COMPLETE_REST,
	.wraps = true,
	.run = run_run,
};
