/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/ask.h"
#include "client/commands.h"
#include "client/gate.h"
#include "client/hello.h"
#include "client/holes.h"
#include "client/muster.h"
#include "client/report.h"
#include "client/stamp.h"
#include "client/talk.h"

/* What handling a line may come to, beside an exit code. */
#define WAIT_GO_ON (-1)

#define WAIT_GROUP "g" /* and its number: the subscription of a group */
#define WAIT_GROUP_MAX 12

struct waiter {
	const struct options *options;
	struct options talk_options; /* --timeout is of the whole, not of an answer */
	struct talk talk;
	struct gate gate;
	int64_t deadline_ms;  /* on conn_clock_ms(); CONN_FOREVER */
	int64_t head_seq;     /* rows before it are of the past */
	int64_t seq, mono_ms; /* of the newest row */
	double dt_ms;	      /* that it covers; 0 = not known */
	bool holds;	      /* at the newest row */
	int64_t since_ms;     /* so long: mono_ms of the beginning of the first row */
};

/* The condition held over all of the newest row, as far as is known now. */
static int wait_judge(struct waiter *w)
{
	bool now = w->gate.truths[0] == TRUTH_TRUE;

	if (now && (!w->holds || w->gate.gap))
		w->since_ms = w->mono_ms - (int64_t)w->dt_ms;
	w->holds = now;
	if (!w->holds || w->seq < w->head_seq || w->mono_ms - w->since_ms < w->options->for_ms)
		return WAIT_GO_ON;
	return EXIT_OK;
}

static int wait_sample(struct waiter *w, const struct message *m)
{
	gate_take(&w->gate, m);
	w->seq = message_int(m, "seq", 0);
	w->mono_ms = message_int(m, "mono_ms", 0);
	if (!node_number(message_at(m, "dt_ms"), &w->dt_ms))
		w->dt_ms = 0;
	return wait_judge(w);
}

/* The list of a group comes behind the row at which it was made. */
static int wait_group(struct waiter *w, const struct message *m)
{
	const char *sub = message_text(m, "sub");
	unsigned long i = sub ? strtoul(sub + strlen(WAIT_GROUP), NULL, 10) : 0;

	if (i >= w->gate.group_count)
		return WAIT_GO_ON;
	gate_take_group(&w->gate, (unsigned)i, m);
	return w->seq ? wait_judge(w) : WAIT_GO_ON;
}

static int wait_take(struct waiter *w, const struct message *m)
{
	const char *op = message_text(m, "op");

	switch (m->type) {
	case MESSAGE_SAMPLE:
		return wait_sample(w, m);
	case MESSAGE_PROCESSES:
		return wait_group(w, m);
	case MESSAGE_REPLY:
		if (op && strcmp(op, "subscribe") == 0 && message_at(m, "head_seq"))
			w->head_seq = message_int(m, "head_seq", 0);
		return WAIT_GO_ON;
	case MESSAGE_ERROR:
		return talk_refusal(&w->talk, m);
	case MESSAGE_GAP:
		w->holds = false;
		return WAIT_GO_ON;
	case MESSAGE_BYE:
		return report_error(EXIT_UNREACHABLE, "actopd is stopping");
	default:
		return WAIT_GO_ON;
	}
}

static int wait_expired(const struct waiter *w)
{
	char span[STAMP_MAX];
	struct buf text;

	buf_init(&text, REPORT_MAX);
	gate_describe(&w->gate, 0, &text);
	stamp_span(span, w->options->timeout_ms);
	report_error(0, "not within %s: %.*s", span, (int)text.len, text.data);
	buf_fini(&text);
	return EXIT_TIMEOUT;
}

static int wait_follow(struct waiter *w)
{
	int result = WAIT_GO_ON;

	while (result == WAIT_GO_ON) {
		struct message m;
		char *line;
		size_t n;
		int rc = conn_line(&w->talk.conn, &line, &n, w->deadline_ms);

		if (rc == -ETIMEDOUT)
			return wait_expired(w);
		if (rc <= 0)
			return report_error(EXIT_UNREACHABLE, "actopd is gone");
		if (message_parse(&m, line, n) < 0)
			return report_error(EXIT_FAILED,
				"a line that is no JSON object came: that is no actopd");
		result = wait_take(w, &m);
		message_free(&m);
	}
	return result;
}

/* Every sample is looked at; with --for and rise() those of the past count. */
static int wait_subscribe(struct waiter *w)
{
	const struct ask_metrics wanted = gate_metrics(&w->gate);
	int64_t back_ms = gate_window_ms(&w->gate) + w->options->for_ms;
	int64_t base_ms = message_int(&w->talk.hello, "base_ms", 1000);
	struct ask_range range = { .start = ASK_NO_START };

	w->talk_options.interval_ms = base_ms;
	if (back_ms > 0) {
		range.start = ASK_LAST;
		range.start_ms = back_ms + 2 * base_ms;
	}
	ask_subscribe(&w->talk.out, &w->talk_options, &wanted, &range, 0);
	for (unsigned i = 0; i < w->gate.group_count; i++) {
		char sub[WAIT_GROUP_MAX];

		snprintf(sub, sizeof(sub), WAIT_GROUP "%u", i);
		ask_group_stream(&w->talk.out, w->gate.groups[i], MUSTER_LIMIT, sub, base_ms);
	}
	return talk_send(&w->talk);
}

/* Series that this machine does not have are never known: nobody should wait for them. */
static int wait_check(struct waiter *w)
{
	const struct ask_metrics wanted = gate_metrics(&w->gate);
	const char *missing = NULL, *why = NULL;
	struct message m;
	int rc;

	if (w->gate.group_count > 0 && !hello_can(&w->talk.hello, "processes"))
		return report_error(EXIT_NOTHING, "this daemon cannot list processes");
	if (w->gate.name_count == 0)
		return 0;
	ask_schema(&w->talk.out, &wanted);
	rc = talk_send(&w->talk);
	if (rc == 0)
		rc = talk_reply(&w->talk, "schema", &m);
	if (rc)
		return rc;
	for (const struct node *s = node_first(message_at(&m, "metrics")); s;
		s = node_next(s)) {
		const char *avail = node_text(node_get(s, "avail"));

		if (!avail || strcmp(avail, "unsupported") != 0) {
			missing = NULL;
			break;
		}
		missing = node_text(node_get(s, "name"));
		why = node_text(node_get(s, "reason"));
	}
	if (missing)
		rc = report_error(EXIT_NOTHING, "%s is not known on this machine%s%s", missing,
			why ? ": " : "", why ? why : "");
	message_free(&m);
	return rc;
}

static int wait_ask(struct waiter *w)
{
	int rc = talk_open(&w->talk, &w->talk_options);

	if (rc == 0)
		rc = talk_send(&w->talk);
	if (rc == 0)
		rc = talk_hello(&w->talk);
	if (rc == 0)
		rc = wait_check(w);
	if (rc == 0)
		rc = wait_subscribe(w);
	if (rc == 0)
		rc = wait_follow(w);
	talk_close(&w->talk);
	return rc;
}

static int wait_run(const struct options *options)
{
	struct waiter w = {
		.options = options, .talk_options = *options, .deadline_ms = CONN_FOREVER
	};
	int rc;

	if (options->operand_count < 2)
		return report_error(
			EXIT_USAGE, "wait needs a condition: actopctl wait 'cpu_temp_c < 60'");
	if (options->given & OPTION_BIT(TIMEOUT))
		w.deadline_ms = conn_clock_ms() + options->timeout_ms;
	w.talk_options.timeout_ms = TIMEOUT_DEFAULT_MS;
	rc = gate_open(&w.gate, options->operands + 1, 1);
	w.gate.self = options->host ? 0 : getpid();
	if (rc == 0)
		rc = wait_ask(&w);
	gate_close(&w.gate);
	return rc;
}

const struct command command_wait = {
	.name = "wait",
	.summary = "Wait until a condition holds",
	.usage = "wait EXPR [--for DURATION] [--timeout DURATION]",
	.text = "EXPR is as in actopctl help check. With --for the time before counts, too, "
		"but not of\n"
		"groups of processes. 'count(rsync) == 0' waits for their end. Without "
		"--timeout it waits\nfor ever.\n"
		"Exit status: 0 it holds, 124 not within the timeout, 4 this machine cannot "
		"know\n"
		"it, 3 actopd went away.\n",
	.examples = "  actopctl wait 'cpu_temp_c < 100' --timeout 10m && make\n"
		    "  actopctl wait 'cpu_util_pct < 100' --for 2s --timeout 10m\n",
	.options = OPTIONS_TALK | OPTION_BIT(FOR),
	.operands = 1,
	.operand = COMPLETE_SERIES,
	.run = wait_run,
};
