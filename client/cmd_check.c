/* SPDX-License-Identifier: MIT */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/ask.h"
#include "client/commands.h"
#include "client/gate.h"
#include "client/hello.h"
#include "client/muster.h"
#include "client/pages.h"
#include "client/report.h"
#include "client/view.h"

#define CHECK_RATES_MS 500 /* between two looks at processes that were not looked at before */
#define CHECK_SAMPLES 3	   /* that are asked for at least */

static const char *const truth_words[] = {
	[TRUTH_FALSE] = "false",
	[TRUTH_TRUE] = "true",
	[TRUTH_UNKNOWN] = "unknown",
};

static void check_print(const struct gate *g, bool quiet)
{
	for (unsigned i = 0; !quiet && i < g->count; i++) {
		struct buf text;

		buf_init(&text, REPORT_MAX);
		gate_describe(g, i, &text);
		printf("%-7s  %s  (%.*s)\n", truth_words[g->truths[i]], g->texts[i],
			(int)text.len, text.data);
		buf_fini(&text);
	}
}

/* The worst of them. */
static int check_code(const struct gate *g)
{
	int code = EXIT_OK;

	for (unsigned i = 0; i < g->count; i++) {
		if (g->truths[i] == TRUTH_FALSE)
			return EXIT_ALARM;
		if (g->truths[i] == TRUTH_UNKNOWN)
			code = EXIT_WARNING;
	}
	return code;
}

static int check_row(void *arg, const struct message *m)
{
	gate_take(arg, m);
	return 0;
}

/* The processes of each group.  *rates: what is known of them over time was told as well. */
static int check_look(struct talk *t, struct gate *g, bool *rates)
{
	int rc = 0;

	*rates = true;
	for (unsigned i = 0; i < g->group_count; i++)
		ask_group(&t->out, g->groups[i], MUSTER_LIMIT);
	rc = talk_send(t);
	for (unsigned i = 0; rc == 0 && i < g->group_count; i++) {
		struct message m;

		rc = talk_reply(t, "processes", &m);
		if (rc)
			break;
		gate_take_group(g, i, &m);
		*rates = *rates && muster_has_rates(&m);
		message_free(&m);
	}
	return rc;
}

/* Nobody may have looked at the processes before, so that differences take a second look. */
static int check_groups(struct talk *t, struct gate *g)
{
	bool rates;
	int rc;

	if (g->group_count == 0)
		return 0;
	if (!hello_can(&t->hello, "processes")) {
		report_note(t->options->quiet, "this daemon cannot list processes");
		return 0;
	}
	rc = check_look(t, g, &rates);
	if (rc || rates || !g->rates)
		return rc;
	poll(NULL, 0, CHECK_RATES_MS);
	return check_look(t, g, &rates);
}

static int check_exprs(struct talk *t, struct gate *g, const struct options *o)
{
	struct pages pages = {
		.talk = t, .options = o, .metrics = gate_metrics(g), .take = check_row, .arg = g
	};
	int64_t base_ms = message_int(&t->hello, "base_ms", 1000);
	int rc;

	pages.range.start = ASK_LAST;
	pages.range.start_ms = gate_window_ms(g) + CHECK_SAMPLES * base_ms;
	rc = pages_walk(&pages);
	if (rc)
		return rc;
	if (pages.rows == 0)
		return report_error(EXIT_NOTHING, "no data: actopd has no sample yet");
	check_print(g, o->quiet);
	rc = view_flush();
	return rc ? rc : check_code(g);
}

/* What an alert that fires means for the exit code: informative ones are nothing to stop for.
 */
static int check_severity(const char *severity)
{
	if (severity && strcmp(severity, "info") == 0)
		return EXIT_OK;
	return severity && strcmp(severity, "warn") == 0 ? EXIT_WARNING : EXIT_ALARM;
}

static int check_alert(const struct node *n, bool quiet)
{
	const char *severity = node_text(node_get(n, "severity"));
	const char *rule = node_text(node_get(n, "rule"));

	if (!quiet)
		printf("firing   %s (%s)\n", rule ? rule : "?", severity ? severity : "?");
	return check_severity(severity);
}

/* Without conditions it is about alerts. */
static int check_alerts(struct talk *t, bool quiet)
{
	struct message m;
	int rc, code = EXIT_OK;

	ask_plain(&t->out, "alerts");
	rc = talk_send(t);
	if (rc == 0)
		rc = talk_reply(t, "alerts", &m);
	if (rc)
		return rc;
	for (const struct node *n = node_first(message_at(&m, "alerts")); n; n = node_next(n)) {
		int worse = check_alert(n, quiet);

		code = worse > code ? worse : code;
	}
	message_free(&m);
	rc = view_flush();
	return rc ? rc : code;
}

static int check_ask(struct gate *g, const struct options *options)
{
	struct talk talk;
	int rc = talk_open(&talk, options);

	if (rc == 0)
		rc = talk_send(&talk);
	if (rc == 0)
		rc = talk_hello(&talk);
	if (rc == 0)
		rc = check_groups(&talk, g);
	if (rc == 0 && g->count > 0)
		rc = check_exprs(&talk, g, options);
	else if (rc == 0)
		rc = check_alerts(&talk, options->quiet);
	talk_close(&talk);
	return rc;
}

static int check_run(const struct options *options)
{
	struct gate gate;
	int rc = gate_open(&gate, options->operands + 1, options->operand_count - 1);

	gate.self = options->host ? 0 : getpid();
	if (rc == 0)
		rc = check_ask(&gate, options);
	gate_close(&gate);
	return rc;
}

const struct command command_check = {
	.name = "check",
	.summary = "Test conditions now, for scripts; without any, whether alerts fire",
	.usage = "check [EXPR...]",
	.text = "EXPR compares series with numbers, units and words, joined by and, or, not;\n"
		"rise(SERIES, 8s) is the growth over that time. footprint(REGEX) is the sum "
		"over the\nprocesses whose name or command line matches; so are rss(), cpu(), "
		"gpu(), watts(),\ncount(). This command and what it was started by are not "
		"among them.\n"
		"Exit status: 0 all hold; 10 of one it is not known; 11 one does not hold.\n"
		"Without EXPR: 0 no alert, 10 one of severity warn, 11 a critical one.\n",
	.examples = "  actopctl check 'cpu_temp_c < 90' 'swap_used_bytes < 1 GiB'\n"
		    "  actopctl check 'thermal_state == Nominal and not throttle_cpu' && make\n"
		    "  actopctl check 'footprint(ollama|mlx) < 20 GiB'\n"
		    "  actopctl check -q || echo trouble\n",
	.options = OPTIONS_TALK,
	.operands = OPERANDS_MAX - 1,
	.operand = COMPLETE_SERIES,
	.run = check_run,
};
