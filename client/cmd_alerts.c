/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "client/alerts.h"
#include "client/ask.h"
#include "client/commands.h"
#include "client/escape.h"
#include "client/pages.h"
#include "client/print.h"
#include "client/range.h"
#include "client/report.h"
#include "client/rules.h"
#include "client/view.h"

struct alert_list {
	const struct options *options;
	struct talk talk;
	struct view view;
	struct alerts alerts;
	bool json;
};

static void alerts_print_row(const struct alert_list *a, const struct alert *alert, int width)
{
	int64_t end_ms = alert->firing ? message_int(&a->talk.hello, "ts_ms", stamp_now())
				       : alert->until_ms;
	size_t length = strlen(alert->value);
	int pad = 10 + (int)(length - escape_width(alert->value, length));
	char since[STAMP_MAX], lasted[STAMP_MAX];

	stamp_moment(since, alert->since_ms, a->options->utc);
	stamp_span(lasted, end_ms > alert->since_ms ? end_ms - alert->since_ms : 0);
	printf("%s%-8s%s  %-*s  %s  %-7s  %-*s  %s\n",
		a->view.screen.color && alert->firing ? "\033[33m" : "",
		alert->firing ? "firing" : "resolved",
		a->view.screen.color && alert->firing ? "\033[0m" : "", width, alert->rule,
		since, lasted, pad, alert->value, alert->detail);
}

static int alerts_print(const struct alert_list *a)
{
	int width = 4;

	if (a->alerts.count == 0)
		printf("no alert %s\n", a->options->since ? "in that range" : "fires");
	for (size_t i = 0; i < a->alerts.count; i++) {
		int n = (int)escape_width(
			a->alerts.items[i].rule, strlen(a->alerts.items[i].rule));

		width = n > width ? n : width;
	}
	if (a->alerts.count > 0)
		printf("STATE     %-*s  SINCE                LASTED   VALUE       DETAIL\n",
			width, "RULE");
	for (size_t i = a->alerts.count; i-- > 0;)
		if (a->alerts.items[i].firing || !a->options->firing)
			alerts_print_row(a, &a->alerts.items[i], width);
	return view_flush();
}

static int alerts_row(void *arg, const struct message *m)
{
	struct alert_list *a = arg;

	if (a->json)
		view_line(&a->view, m);
	else
		alerts_take_event(&a->alerts, m);
	return 0;
}

static int alerts_past(struct alert_list *a)
{
	const struct range_now now = {
		message_int(&a->talk.hello, "ts_ms", stamp_now()),
		message_int(&a->talk.hello, "mono_ms", 0),
	};
	struct options o = *a->options;
	struct pages pages = {
		.talk = &a->talk, .options = &o, .events = true, .take = alerts_row, .arg = a
	};
	int rc = range_resolve(&pages.range, &o, &now);

	o.kinds[0] = "alert";
	o.kind_count = 1;
	return rc ? rc : pages_walk(&pages);
}

static int alerts_now(struct alert_list *a)
{
	struct message m;
	int rc;

	ask_plain(&a->talk.out, "alerts");
	rc = talk_send(&a->talk);
	if (rc == 0)
		rc = talk_reply(&a->talk, "alerts", &m);
	if (rc)
		return rc;
	if (a->json)
		rc = print_reply(a->options, &m);
	else if (a->options->rules)
		rc = rules_print(&m, a->view.screen.color);
	else
		alerts_take_reply(&a->alerts, &m);
	message_free(&m);
	return rc;
}

static int alerts_ask(struct alert_list *a)
{
	bool past = a->options->since && !a->options->firing && !a->options->rules;
	int rc = talk_send(&a->talk);

	if (rc == 0)
		rc = talk_hello(&a->talk);
	if (rc == 0 && past)
		rc = alerts_past(a);
	if (rc == 0 && !(past && a->json))
		rc = alerts_now(a);
	if (rc)
		return rc;
	return a->json || a->options->rules ? view_flush() : alerts_print(a);
}

static int alerts_run(const struct options *options)
{
	struct alert_list a = { .options = options, .json = print_wants_json(options) };
	int rc = view_open(&a.view, options);

	a.view.class = &view_json;
	if (rc == 0) {
		rc = talk_open(&a.talk, options);
		if (rc == 0)
			rc = alerts_ask(&a);
		talk_close(&a.talk);
	}
	alerts_fini(&a.alerts);
	view_close(&a.view);
	return rc;
}

const struct command command_alerts = {
	.name = "alerts",
	.summary = "Show which alerts fire, with --since those that fired too",
	.usage = "alerts [--since TIME] [--firing] [--rules] [-o json]",
	.text = "VALUE is what the series had when the alert began. JSON is the daemon's "
		"reply; "
		"with --since\nit is the events, one per line. --rules shows what "
		"is judged (actopd.conf, [alert NAME]):\na rule is ok, pending while its FOR "
		"is not "
		"over, or firing.\n",
	.examples = "  actopctl alerts\n"
		    "  actopctl alerts --since 1d\n"
		    "  actopctl alerts --rules\n"
		    "  actopctl alerts --json | jq -r '.alerts[].rule'\n",
	.options = OPTIONS_TALK | OPTIONS_PRINT | OPTION_BIT(UTC) | OPTION_BIT(COLOR) |
		OPTION_BIT(SINCE) | OPTION_BIT(FIRING) | OPTION_BIT(RULES),
	.outputs = OUTPUTS_REPLY,
	.run = alerts_run,
};
