/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "client/ask.h"
#include "client/commands.h"
#include "client/ps_page.h"
#include "client/report.h"
#include "client/talk.h"

#define PS_PAUSE_MS 1000 /* between the two looks that a difference needs */
#define PS_INTERVAL_MS 2000
#define PS_BACKOFF_MIN_MS 200
#define PS_BACKOFF_MAX_MS 5000

/* What a connection may come to, beside an exit code. */
enum { PS_GO_ON = -1, PS_LOST = -2, PS_ENDED = -3 };

struct ps {
	const struct options *options;
	struct talk talk;
	struct ps_page page;
	int64_t start_ms; /* of the process of --pid; 0 = not seen yet */
	bool missed;	  /* it was not in the first line */
	bool live, ever_live;
};

static int ps_reply(struct ps *ps, int64_t limit, struct message *m)
{
	int rc;

	ask_processes(&ps->talk.out, ps->options, limit);
	rc = talk_send(&ps->talk);
	return rc ? rc : talk_reply(&ps->talk, "processes", m);
}

/* What differences will be taken from: of all, since those that are the first then may not be
 * now, and what is dear is read for rows that are sent. */
static int ps_begin_span(struct ps *ps)
{
	int64_t pause = ps->options->interval_ms;
	struct message m;
	int rc = ps_reply(ps, PS_LIMIT_MAX, &m);

	if (rc == 0) {
		message_free(&m);
		poll(NULL, 0, (int)(pause > 0 ? pause : PS_PAUSE_MS));
	}
	return rc;
}

static bool ps_has_differences(const struct message *m)
{
	double x;

	return node_number(message_at(m, "dt_ms"), &x);
}

/* Nothing was found by what the user named. */
static int ps_nothing(const struct ps *ps)
{
	const struct options *o = ps->options;

	if (o->pid > 0)
		return report_error(EXIT_NOTHING, "no process %lld", (long long)o->pid);
	if (o->match)
		return report_error(EXIT_NOTHING, "no process matches \"%s\"", o->match);
	return o->user ? report_error(EXIT_NOTHING, "no process of user %s", o->user) : EXIT_OK;
}

/*
 * Where somebody watches processes the first answer has differences.  Else it begins a span,
 * which ends with a second look; so it does where nothing was found, since an answer may be 200
 * ms old.  With --interval the span is what was asked for.
 */
static int ps_once(struct ps *ps)
{
	struct message m;
	int rc = talk_send(&ps->talk);

	if (rc == 0)
		rc = talk_hello(&ps->talk);
	if (rc == 0)
		rc = ps_reply(ps, ps_page_limit(&ps->page), &m);
	if (rc)
		return rc;
	if (ps->options->interval_ms > 0 || !ps_has_differences(&m) ||
		!node_first(message_at(&m, "rows"))) {
		message_free(&m);
		rc = ps_begin_span(ps);
		if (rc == 0)
			rc = ps_reply(ps, ps_page_limit(&ps->page), &m);
	}
	if (rc)
		return rc;
	rc = node_first(message_at(&m, "rows")) ? EXIT_OK : ps_nothing(ps);
	if (rc == EXIT_OK)
		rc = ps_page_print(&ps->page, &m);
	message_free(&m);
	return rc;
}

/* Start of the process of --pid; 0 = it is not there. */
static int64_t ps_find_start(const struct ps *ps, const struct message *m)
{
	for (const struct node *row = node_first(message_at(m, "rows")); row;
		row = node_next(row)) {
		int64_t start_ms = node_int(node_get(row, "start_ms"), 0);

		if (node_int(node_get(row, "pid"), 0) == ps->options->pid)
			return start_ms > 0 ? start_ms : 1;
	}
	return 0;
}

/*
 * Whether the line has the process of --pid: 0, PS_GO_ON to skip the line, or EXIT_... .  A
 * process that has just begun may not be in the first line, which is up to 200 ms old.  A
 * workload ends with its first process, also when its number is used again.
 */
static int ps_check_pid(struct ps *ps, const struct message *m)
{
	int64_t start_ms = ps_find_start(ps, m);

	if (ps->start_ms == 0 && start_ms == 0 && ps->missed)
		return ps_nothing(ps);
	ps->missed = start_ms == 0;
	if (ps->start_ms == 0 && start_ms == 0)
		return PS_GO_ON;
	if (ps->start_ms != 0 && start_ms != ps->start_ms)
		return PS_ENDED;
	ps->start_ms = start_ms;
	return 0;
}

static int ps_line(struct ps *ps, const struct message *m)
{
	int rc = ps->options->pid > 0 ? ps_check_pid(ps, m) : 0;

	if (rc == PS_ENDED) {
		report_note(ps->options->quiet, "process %lld has ended",
			(long long)ps->options->pid);
		return EXIT_OK;
	}
	if (rc == 0)
		rc = ps_page_print(&ps->page, m);
	return rc ? rc : PS_GO_ON;
}

static bool ps_is_later(const struct message *m)
{
	const char *code = message_text(m, "code");

	return code && (strcmp(code, "shutting_down") == 0 || strcmp(code, "busy") == 0);
}

static int ps_take(struct ps *ps, const struct message *m)
{
	switch (m->type) {
	case MESSAGE_PROCESSES:
		ps->live = ps->ever_live = true;
		return ps_line(ps, m);
	case MESSAGE_ERROR:
		if (ps->ever_live && ps_is_later(m))
			return PS_LOST;
		return talk_refusal(&ps->talk, m);
	case MESSAGE_BYE:
	case MESSAGE_END:
		return PS_LOST;
	default:
		return PS_GO_ON;
	}
}

static int ps_lost(struct ps *ps, int rc)
{
	if (!ps->ever_live && rc == -ETIMEDOUT)
		return report_error(EXIT_TIMEOUT, "no answer within %.10g s",
			(double)ps->options->timeout_ms / 1000);
	if (!ps->ever_live)
		return report_error(EXIT_FAILED, "actopd closed the connection");
	return PS_LOST;
}

static int ps_follow(struct ps *ps)
{
	int64_t deadline = conn_clock_ms() + ps->options->timeout_ms;
	int result = PS_GO_ON;

	while (result == PS_GO_ON) {
		struct message m;
		char *line;
		size_t n;
		int rc = conn_line(
			&ps->talk.conn, &line, &n, ps->live ? CONN_FOREVER : deadline);

		if (rc <= 0)
			return ps_lost(ps, rc);
		if (message_parse(&m, line, n) < 0)
			return report_error(EXIT_FAILED,
				"a line that is no JSON object came: that is no actopd, or it "
				"is broken");
		result = ps_take(ps, &m);
		message_free(&m);
	}
	return result;
}

static int ps_subscribe(struct ps *ps)
{
	int64_t interval_ms = ps->options->interval_ms;

	ps->live = false;
	ask_process_stream(&ps->talk.out, ps->options, ps_page_limit(&ps->page),
		interval_ms > 0 ? interval_ms : PS_INTERVAL_MS);
	return talk_send(&ps->talk);
}

static int ps_reconnect(struct ps *ps)
{
	int backoff_ms = PS_BACKOFF_MIN_MS;

	report_note(ps->options->quiet, "actopd is gone; waiting for it to come back");
	do {
		poll(NULL, 0, backoff_ms);
		backoff_ms =
			backoff_ms < PS_BACKOFF_MAX_MS / 2 ? backoff_ms * 2 : PS_BACKOFF_MAX_MS;
	} while (talk_reopen(&ps->talk, ps->options) < 0);
	return ps_subscribe(ps);
}

static int ps_watch(struct ps *ps)
{
	int rc = ps_subscribe(ps);

	while (rc == 0) {
		rc = ps_follow(ps);
		if (rc != PS_LOST)
			break;
		rc = ps_reconnect(ps);
	}
	return rc;
}

static int ps_run(const struct options *options)
{
	struct ps ps = { .options = options };
	int rc = ps_page_open(&ps.page, options);

	if (rc == 0) {
		rc = talk_open(&ps.talk, options);
		if (rc == 0)
			rc = options->watch ? ps_watch(&ps) : ps_once(&ps);
		talk_close(&ps.talk);
	}
	ps_page_close(&ps.page);
	return rc;
}

const struct command command_ps = {
	.name = "ps",
	.summary = "Show processes: CPU, GPU, watts, memory, disk",
	.usage = "ps [-s WHAT] [-n N] [--match REGEX] [--user USER] [--pid PID]\n"
		 "                   [--tree | --group] [--watch] [-i INTERVAL]",
	.text = "CPU% is of one core. ~ marks watts that are the process's share of what the "
		"rail draws;\n"
		"without it the kernel has measured them. MEM is what the process needs for "
		"itself.\n"
		"The last line: watts shown of those of the rail, processes that may not be "
		"read in full.\n"
		"--pid also counts processes that begin and end between two looks. The first "
		"look at\n"
		"processes takes a second. JSON is what the daemon sent (--group: the sums).\n",
	.examples = "  actopctl ps\n"
		    "  actopctl ps -s mem -n 5 --match 'python|ollama'\n"
		    "  actopctl ps --group -s watts\n"
		    "  actopctl ps --pid $$ --watch -o table | head -n 8\n"
		    "  actopctl ps --json | jq -r '.rows[] | [.pid, .cpu_pct, .name] | @tsv'\n",
	.lines = "at most so many (--tree: and those above them)",
	.interval = "so long between two looks (--watch: 2s)",
	.options = OPTIONS_TALK | OPTIONS_PRINT | OPTION_BIT(UTC) | OPTION_BIT(COLOR) |
		OPTION_BIT(SORT) | OPTION_BIT(LINES) | OPTION_BIT(MATCH) | OPTION_BIT(USER) |
		OPTION_BIT(PID) | OPTION_BIT(TREE) | OPTION_BIT(GROUP) | OPTION_BIT(WATCH) |
		OPTION_BIT(INTERVAL),
	.outputs = OUTPUTS_REPLY | (1u << OUTPUT_CSV) | (1u << OUTPUT_PLAIN),
	.run = ps_run,
};
