/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "client/commands.h"
#include "client/pages.h"
#include "client/range.h"
#include "client/report.h"
#include "client/tail.h"
#include "client/view.h"
#include "client/watch.h"

struct event_list {
	struct talk talk;
	struct view view;
	struct pages pages;
	struct tail tail; /* with -n: only the last ones are printed */
};

static const struct view_class *events_class(const struct options *options, bool terminal)
{
	switch (options_output(options, terminal)) {
	case OUTPUT_CSV:
		return &view_event_csv;
	case OUTPUT_JSON:
		return &view_json;
	default:
		return &view_event_table;
	}
}

static int events_row(void *arg, const struct message *m)
{
	struct event_list *e = arg;

	if (e->tail.max > 0)
		tail_add(&e->tail, m->line, m->length);
	else
		view_line(&e->view, m);
	return 0;
}

static void events_print_tail(struct event_list *e)
{
	for (size_t i = 0; i < e->tail.count; i++) {
		const char *line = tail_get(&e->tail, i);
		struct message m;

		if (message_parse(&m, line, strlen(line)) < 0)
			continue;
		view_line(&e->view, &m);
		message_free(&m);
	}
}

static int events_ask(struct event_list *e, const struct options *options)
{
	struct range_now now;
	int rc = talk_send(&e->talk);

	if (rc == 0)
		rc = talk_hello(&e->talk);
	now.wall_ms = message_int(&e->talk.hello, "ts_ms", stamp_now());
	now.mono_ms = message_int(&e->talk.hello, "mono_ms", 0);
	if (rc == 0)
		rc = range_resolve(&e->pages.range, options, &now);
	if (rc == 0)
		rc = pages_walk(&e->pages);
	if (rc)
		return rc;
	events_print_tail(e);
	rc = view_flush();
	if (rc == 0 && e->pages.rows == 0)
		rc = report_error(EXIT_NOTHING, "no events in that range");
	return rc;
}

static int events_list(const struct options *options)
{
	struct event_list e = { .pages = { .rows = 0 } };
	int rc = view_open(&e.view, options);

	e.pages = (struct pages){ .talk = &e.talk,
		.options = options,
		.events = true,
		.take = events_row,
		.arg = &e };
	e.view.class = events_class(options, e.view.screen.terminal);
	tail_init(&e.tail, (size_t)options->lines);
	if (rc == 0) {
		rc = talk_open(&e.talk, options);
		if (rc == 0)
			rc = events_ask(&e, options);
		fflush(stdout);
		talk_close(&e.talk);
	}
	tail_fini(&e.tail);
	view_close(&e.view);
	return rc;
}

static int events_run(const struct options *options)
{
	struct screen screen;

	if (!options->follow)
		return events_list(options);
	if (options->until || options->given & OPTION_BIT(BOOT))
		return report_error(EXIT_USAGE, "--follow does not go with --until or --boot");
	screen_read(&screen, options->color);
	return watch_follow_events(options, events_class(options, screen.terminal));
}

const struct command command_events = {
	.name = "events",
	.summary = "Print what happened: alerts, marks, sleep, restarts",
	.usage = "events [--since TIME] [--until TIME] [--kinds LIST] [-n N] [--follow]",
	.text = "Without --since everything that is kept. With --follow what fires now, and "
		"then "
		"events as\nthey come, over restarts of actopd too.\n",
	.examples = "  actopctl events --since 1d\n"
		    "  actopctl events --kinds mark -o csv\n"
		    "  actopctl events --follow --since 10m --json | jq -c '[.kind, .ts_ms]'\n",
	.lines = "the last N only; with --follow: end after N",
	.options = OPTIONS_TALK | OPTIONS_PRINT | OPTION_BIT(UTC) | OPTION_BIT(COLOR) |
		OPTION_BIT(SINCE) | OPTION_BIT(UNTIL) | OPTION_BIT(KINDS) | OPTION_BIT(LINES) |
		OPTION_BIT(FOLLOW) | OPTION_BIT(BOOT),
	.outputs = OUTPUTS_REPLY | (1u << OUTPUT_CSV),
	.run = events_run,
};
