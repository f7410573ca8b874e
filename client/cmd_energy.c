/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "client/ask.h"
#include "client/commands.h"
#include "client/meter.h"
#include "client/print.h"
#include "client/range.h"
#include "client/report.h"
#include "client/stamp.h"
#include "client/view.h"

#define ENERGY_HOURS_MAX (31 * 24) /* requests of one command */
#define ENERGY_NAME_WIDTH 12

struct energy_report {
	const struct options *options;
	struct talk talk;
	enum output output;
	unsigned hours; /* printed, by hour */
};

static void energy_print_cost(const struct options *o, double joules)
{
	if (o->price > 0)
		printf("  %10.4f", joules / METER_J_PER_KWH * o->price);
}

static int energy_width(const struct meter *meter)
{
	int width = ENERGY_NAME_WIDTH;

	for (unsigned i = 0; i < meter->count; i++)
		if ((int)strlen(meter->rails[i].name) > width)
			width = (int)strlen(meter->rails[i].name);
	return width;
}

static void energy_print_head(const struct energy_report *e, const struct meter *meter)
{
	char from[STAMP_MAX], to[STAMP_MAX], span[STAMP_MAX];

	stamp_moment(from, meter->from_ms, e->options->utc);
	stamp_moment(to, meter->to_ms, e->options->utc);
	stamp_span(span, (int64_t)(meter->covered_s * 1000));
	printf("%s to %s, %s measured", from, to, span);
	stamp_span(span, (int64_t)(meter->uncovered_s * 1000));
	if (meter->uncovered_s > 0)
		printf(", %s not", span);
	printf("\n%-*s  %12s  %10s  %9s  %9s%s\n", energy_width(meter), "RAIL", "J", "Wh",
		"MEAN W", "+- J", e->options->price > 0 ? "        COST" : "");
}

static void energy_print_rails(const struct energy_report *e, const struct meter *meter)
{
	energy_print_head(e, meter);
	for (unsigned i = 0; i < meter->count; i++) {
		const struct meter_rail *rail = &meter->rails[i];

		printf("%-*s  %12.3f  %10.4f  %9.3f  %9.3f", energy_width(meter), rail->name,
			rail->joules, rail->joules / METER_J_PER_WH, rail->mean_watts,
			rail->error_joules);
		energy_print_cost(e->options, rail->joules);
		putchar('\n');
	}
}

static void energy_csv_rails(struct energy_report *e, const struct meter *meter)
{
	if (e->hours++ == 0)
		printf("from_ts_ms,to_ts_ms,rail,joules,mean_watts,error_joules,cost\n");
	for (unsigned i = 0; i < meter->count; i++) {
		const struct meter_rail *rail = &meter->rails[i];

		printf("%lld,%lld,%s,%.3f,%.3f,%.3f,", (long long)meter->from_ms,
			(long long)meter->to_ms, rail->name, rail->joules, rail->mean_watts,
			rail->error_joules);
		if (e->options->price > 0)
			printf("%.6f", rail->joules / METER_J_PER_KWH * e->options->price);
		putchar('\n');
	}
}

static void energy_head_hours(const struct energy_report *e)
{
	printf("%-19s  %-8s", "FROM", "MEASURED");
	for (unsigned i = 0; i < METER_MAIN_COUNT; i++)
		printf("  %7s J", meter_main[i]);
	printf("  %9s%s\n", "+- J", e->options->price > 0 ? "        COST" : "");
}

/* One line for an hour, with the rails that say most about the machine; the edges and the cost
 * are those of the first. */
static void energy_print_hour(struct energy_report *e, const struct meter *meter)
{
	const struct meter_rail *total = meter_total(meter);
	char from[STAMP_MAX], span[STAMP_MAX];

	if (e->hours++ == 0)
		energy_head_hours(e);
	stamp_moment(from, meter->from_ms, e->options->utc);
	stamp_span(span, (int64_t)(meter->covered_s * 1000));
	printf("%s  %-8s", from, span);
	for (unsigned i = 0; i < METER_MAIN_COUNT; i++) {
		const struct meter_rail *rail = meter_find(meter, meter_main[i]);

		if (rail)
			printf("  %9.1f", rail->joules);
		else
			printf("  %9s", "-");
	}
	if (total) {
		printf("  %9.1f", total->error_joules);
		energy_print_cost(e->options, total->joules);
	} else {
		printf("  %9s%s", "-", e->options->price > 0 ? "           -" : "");
	}
	putchar('\n');
}

static int energy_show(struct energy_report *e, const struct message *m)
{
	struct meter meter;

	meter_read(&meter, m);
	if (e->output == OUTPUT_JSON) {
		int rc = print_reply(e->options, m);

		return rc || meter.count > 0 || e->options->by != BY_RAIL ? rc : EXIT_NOTHING;
	}
	if (meter.count == 0 && e->options->by == BY_RAIL)
		return report_error(EXIT_NOTHING,
			"no energy was measured there; see actopctl info -f '*_joules'");
	if (e->output == OUTPUT_CSV)
		energy_csv_rails(e, &meter);
	else if (e->options->by == BY_HOUR)
		energy_print_hour(e, &meter);
	else
		energy_print_rails(e, &meter);
	return 0;
}

static int energy_one(struct energy_report *e, const struct ask_window *window)
{
	struct message m;
	int rc = meter_ask(&e->talk, window, &m);

	if (rc)
		return rc;
	rc = energy_show(e, &m);
	message_free(&m);
	return rc;
}

/* The next full hour of the local clock, or of UTC. */
static int64_t energy_next_hour(int64_t ms, bool utc)
{
	time_t t = (time_t)(ms / 1000);
	struct tm tm;

	if (!(utc ? gmtime_r(&t, &tm) : localtime_r(&t, &tm)))
		return ms + 3600000;
	return ((int64_t)t + 3600 - tm.tm_min * 60 - tm.tm_sec) * 1000;
}

/* The daemon resolves the window once; its hours are asked for one by one. */
static int energy_hours(struct energy_report *e, const struct ask_window *window)
{
	struct meter all;
	struct message m;
	int rc = meter_ask(&e->talk, window, &m);

	if (rc)
		return rc;
	meter_read(&all, &m);
	message_free(&m);
	for (int64_t from = all.from_ms; rc == 0 && from < all.to_ms;) {
		struct ask_window hour = { .range = { .start = ASK_SINCE } };

		if (e->hours >= ENERGY_HOURS_MAX)
			return report_error(
				EXIT_FAILED, "more than %d hours", ENERGY_HOURS_MAX);
		hour.range.start_ms = from;
		from = energy_next_hour(from, e->options->utc);
		hour.range.has_until = true;
		hour.range.until_ms = from < all.to_ms ? from : all.to_ms;
		rc = energy_one(e, &hour);
	}
	return rc;
}

static int energy_window(const struct energy_report *e, struct ask_window *window)
{
	const struct options *o = e->options;
	const struct range_now now = {
		message_int(&e->talk.hello, "ts_ms", stamp_now()),
		message_int(&e->talk.hello, "mono_ms", 0),
	};

	*window = (struct ask_window){
		.from_mark = o->between,
		.to_mark = o->between && o->operand_count > 1 ? o->operands[1] : NULL,
		.has_boot = o->given & OPTION_BIT(BOOT),
		.boot = o->boot,
	};
	return range_resolve(&window->range, o, &now);
}

static int energy_ask(struct energy_report *e)
{
	struct ask_window window;
	int rc = talk_send(&e->talk);

	if (rc == 0)
		rc = talk_hello(&e->talk);
	if (rc == 0)
		rc = energy_window(e, &window);
	if (rc)
		return rc;
	rc = e->options->by == BY_HOUR ? energy_hours(e, &window) : energy_one(e, &window);
	return rc ? rc : view_flush();
}

static int energy_run(const struct options *options)
{
	struct energy_report e = { .options = options };
	struct screen screen;
	int rc;

	if (!options->between && options->operand_count > 1)
		return report_error(EXIT_USAGE, "energy takes marks with --between MARK MARK");
	if (options->between && (options->since || options->until))
		return report_error(EXIT_USAGE, "--between and --since exclude each other");
	screen_read(&screen, WHEN_AUTO);
	e.output = options_output(options, screen.terminal);
	rc = talk_open(&e.talk, options);
	if (rc == 0)
		rc = energy_ask(&e);
	fflush(stdout);
	talk_close(&e.talk);
	return rc;
}

const struct command command_energy = {
	.name = "energy",
	.summary = "Tell what a time has cost, in joules of each rail",
	.usage = "energy [--since TIME] [--until TIME] [--between MARK MARK] [--by rail|hour]\n"
		 "                       [--price PRICE] [-b N]",
	.text = "Without a time everything that is kept. With one mark: from it until now. "
		"\"+- J\" "
		"is the\nmost that the edges, which lie between samples, may be wrong by.\n",
	.examples = "  actopctl energy --since 1h --price 0.30\n"
		    "  actopctl energy --between begin end --json | jq .rails.cpu.joules\n"
		    "  actopctl energy --since today --by hour\n",
	.options = OPTIONS_TALK | OPTIONS_PRINT | OPTION_BIT(UTC) | OPTION_BIT(SINCE) |
		OPTION_BIT(UNTIL) | OPTION_BIT(BETWEEN) | OPTION_BIT(BY) | OPTION_BIT(PRICE) |
		OPTION_BIT(BOOT),
	.outputs = OUTPUTS_REPLY | (1u << OUTPUT_CSV),
	.operands = 1,
	.operand = COMPLETE_MARKS,
	.run = energy_run,
};
