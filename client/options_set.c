/* SPDX-License-Identifier: MIT */
#include "client/options_set.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/remote.h"
#include "client/report.h"
#include "client/suggest.h"
#include "client/timespec.h"
#include "proto/alloc.h"
#include "proto/buf.h"
#include "proto/pattern.h"

#define LINES_MAX 1000000000
#define BOOTS_MAX 1000
#define NUMBER_LIMIT 1e15

const char *const output_words[OUTPUT_COUNT] = {
	"auto",
	"table",
	"json",
	"csv",
	"plain",
	"actop1",
	"prom",
	"openmetrics",
};

static const char *const by_words[BY_COUNT] = { "rail", "hour" };
static const char *const file_words[FILE_FORMATS] = { "auto", "csv", "ndjson" };
static const char *const when_words[WHEN_COUNT] = { "auto", "always", "never" };

/* How people call an aggregation, and how the protocol does. */
#define AGG_WORDS 5
static const char *const agg_words[AGG_WORDS] = { "avg", "mean", "min", "max", "last" };
static const char *const agg_wires[AGG_WORDS] = { "mean", "mean", "min", "max", "last" };

static const struct {
	unsigned id;
	struct option_words list;
} option_lists[] = {
	{ OPTION_OUTPUT, { output_words, OUTPUT_COUNT } },
	{ OPTION_COMPAT, { &output_words[OUTPUT_ACTOP1], 1 } },
	{ OPTION_AGG, { agg_words, AGG_WORDS } },
	{ OPTION_BY, { by_words, BY_COUNT } },
	{ OPTION_LAYOUT, { layout_words, LAYOUT_COUNT } },
	{ OPTION_PALETTE, { palette_words, PALETTE_COUNT } },
	{ OPTION_GLYPH, { dots_words, DOTS_COUNT } },
	{ OPTION_SCALE, { scale_words, SCALE_COUNT } },
	{ OPTION_FORMAT, { file_words, FILE_FORMATS } },
	{ OPTION_COLOR, { when_words, WHEN_COUNT } },
	{ OPTION_SORT, { sort_words, SORT_COUNT } },
	{ OPTION_KINDS, { event_words, EVENT_COUNT } },
};

struct option_words option_words(unsigned id)
{
	for (size_t i = 0; i < sizeof(option_lists) / sizeof(*option_lists); i++)
		if (option_lists[i].id == id)
			return option_lists[i].list;
	return (struct option_words){ NULL, 0 };
}

void options_list(struct buf *out, const char *const *words, unsigned count, unsigned allowed)
{
	unsigned left = 0;

	for (unsigned i = 0; i < count; i++)
		left += allowed >> i & 1;
	for (unsigned i = 0; i < count; i++) {
		if (!(allowed >> i & 1))
			continue;
		buf_puts(out, words[i]);
		left--;
		buf_puts(out, left > 1 ? ", " : left == 1 ? " or " : "");
	}
}

/* Index of word in words; count after saying which of them are allowed. */
static unsigned options_choose(const char *option, const char *word, const char *const *words,
	unsigned count, unsigned allowed)
{
	struct buf known;

	for (unsigned i = 0; i < count; i++)
		if (strcmp(word, words[i]) == 0)
			return i;
	buf_init(&known, REPORT_MAX);
	options_list(&known, words, count, allowed);
	report_error(
		0, "--%s: no \"%s\": it is %.*s", option, word, (int)known.len, known.data);
	buf_fini(&known);
	return count;
}

static unsigned options_word(
	const char *option, const char *word, const char *const *words, unsigned count)
{
	return options_choose(option, word, words, count, UINT_MAX);
}

int options_take_output(struct options *o, unsigned outputs)
{
	unsigned i;

	if (!o->output_text)
		return 0;
	i = options_choose("output", o->output_text, output_words, OUTPUT_COUNT, outputs);
	o->output = (enum output)i;
	return i == OUTPUT_COUNT ? EXIT_USAGE : 0;
}

static int options_set_json(struct options *o, const char *value)
{
	(void)value;
	o->output = OUTPUT_JSON;
	return 0;
}

static int options_set_compat(struct options *o, const char *value)
{
	if (strcmp(value, output_words[OUTPUT_ACTOP1]) != 0)
		return report_error(EXIT_USAGE, "--compat: no \"%s\": it is actop1", value);
	o->output = OUTPUT_ACTOP1;
	return 0;
}

static int options_add_field(struct options *o, const char *text, size_t n)
{
	char *field;

	if (o->field_count == FIELDS_MAX)
		return report_error(EXIT_USAGE, "--fields: more than %d patterns", FIELDS_MAX);
	field = xcalloc(n + 1, 1);
	memcpy(field, text, n);
	o->fields[o->field_count++] = field;
	if (!pattern_is_valid(field))
		return report_error(
			EXIT_USAGE, "--fields: \"%s\" is no name or pattern", field);
	return 0;
}

static int options_set_fields(struct options *o, const char *value)
{
	int rc = 0;

	while (rc == 0 && *value) {
		size_t n = strcspn(value, ", ");

		if (n > 0)
			rc = options_add_field(o, value, n);
		value += n + (value[n] != '\0');
	}
	if (rc == 0 && o->field_count == 0)
		rc = report_error(EXIT_USAGE, "--fields: no name or pattern given");
	return rc;
}

static int options_set_lines(struct options *o, const char *value)
{
	char *end;

	errno = 0;
	o->lines = strtoll(value, &end, 10);
	if (errno || *end || end == value || o->lines < 1 || o->lines > LINES_MAX)
		return report_error(EXIT_USAGE, "--lines: \"%s\" is no number from 1 to %d",
			value, LINES_MAX);
	return 0;
}

static int options_duration(const char *option, const char *value, int64_t *ms)
{
	char why[TIMESPEC_WHY_MAX];

	if (timespec_parse_duration(value, ms, why) < 0)
		return report_error(EXIT_USAGE, "--%s: %s", option, why);
	if (*ms == 0)
		return report_error(EXIT_USAGE, "--%s: must be more than 0", option);
	return 0;
}

static int options_set_interval(struct options *o, const char *value)
{
	return options_duration("interval", value, &o->interval_ms);
}

static int options_set_step(struct options *o, const char *value)
{
	if (strcmp(value, "auto") == 0) {
		o->step_ms = STEP_AUTO;
		return 0;
	}
	return options_duration("step", value, &o->step_ms);
}

static int options_set_timeout(struct options *o, const char *value)
{
	return options_duration("timeout", value, &o->timeout_ms);
}

static int options_set_baseline(struct options *o, const char *value)
{
	return options_duration("baseline", value, &o->baseline_ms);
}

static int options_set_for(struct options *o, const char *value)
{
	return options_duration("for", value, &o->for_ms);
}

/* The grammar is checked now, the moment is taken when the request is made. */
static int options_check_time(const char *option, const char *value)
{
	const struct timespec_now now = { 0, true };
	struct timespec_value parsed;
	char why[TIMESPEC_WHY_MAX];

	if (timespec_parse(value, &now, &parsed, why) < 0)
		return report_error(EXIT_USAGE, "--%s: %s", option, why);
	return 0;
}

static int options_set_since(struct options *o, const char *value)
{
	o->since = value;
	return options_check_time("since", value);
}

static int options_set_until(struct options *o, const char *value)
{
	o->until = value;
	return options_check_time("until", value);
}

static int options_add_agg(struct options *o, const char *word, size_t n)
{
	for (size_t i = 0; i < AGG_WORDS; i++) {
		if (strlen(agg_words[i]) != n || memcmp(word, agg_words[i], n) != 0)
			continue;
		for (unsigned k = 0; k < o->agg_count; k++)
			if (strcmp(o->aggs[k], agg_wires[i]) == 0)
				return report_error(
					EXIT_USAGE, "--agg: \"%s\" twice", o->aggs[k]);
		o->aggs[o->agg_count++] = agg_wires[i];
		return 0;
	}
	return report_error(EXIT_USAGE,
		"--agg: no \"%.*s\": it is avg, min, max, last, or for history all or a list",
		(int)n, word);
}

static int options_set_agg(struct options *o, const char *value)
{
	int rc = 0;

	o->agg_count = 0;
	if (strcmp(value, "all") == 0)
		value = "min,avg,max";
	while (rc == 0) {
		size_t n = strcspn(value, ",");

		rc = options_add_agg(o, value, n);
		if (value[n] == '\0')
			break;
		value += n + 1;
	}
	return rc;
}

static int options_set_boot(struct options *o, const char *value)
{
	char *end;

	errno = 0;
	o->boot = strtoll(value, &end, 10);
	if (errno || *end || end == value || o->boot > 0 || o->boot < -BOOTS_MAX)
		return report_error(EXIT_USAGE,
			"--boot: \"%s\" is not 0 (this one), -1 (the one before) and so on",
			value);
	return 0;
}

static int options_number(const char *option, const char *value, double *to)
{
	char *end;

	errno = 0;
	*to = strtod(value, &end);
	if (strcmp(end, "/kWh") == 0)
		end += strlen(end);
	if (errno || *end || end == value || !(*to > 0) || *to > NUMBER_LIMIT)
		return report_error(
			EXIT_USAGE, "--%s: \"%s\" is no number above 0", option, value);
	return 0;
}

static int options_set_price(struct options *o, const char *value)
{
	return options_number("price", value, &o->price);
}

static int options_set_units(struct options *o, const char *value)
{
	return options_number("units", value, &o->units);
}

static int options_add_kind(struct options *o, const char *text, size_t n)
{
	char word[SUGGEST_WORD_MAX];
	unsigned i;

	snprintf(word, sizeof(word), "%.*s", (int)n, text);
	i = options_word("kinds", word, event_words, EVENT_COUNT);
	if (i == EVENT_COUNT)
		return EXIT_USAGE;
	for (unsigned k = 0; k < o->kind_count; k++)
		if (o->kinds[k] == event_words[i])
			return 0;
	o->kinds[o->kind_count++] = event_words[i];
	return 0;
}

static int options_set_kinds(struct options *o, const char *value)
{
	int rc = 0;

	for (;;) {
		size_t n = strcspn(value, ",");

		rc = options_add_kind(o, value, n);
		if (rc || value[n] == '\0')
			return rc;
		value += n + 1;
	}
}

static int options_set_processes(struct options *o, const char *value)
{
	char *end;
	long n = strtol(value, &end, 10);

	if (end == value || *end || n < 1 || n > PROCESSES_SHOWN_MAX)
		return report_error(EXIT_USAGE, "--processes: \"%s\" is no number from 1 to %d",
			value, PROCESSES_SHOWN_MAX);
	o->processes = (unsigned)n;
	return 0;
}

static int options_set_sort(struct options *o, const char *value)
{
	unsigned i = options_word("sort", value, sort_words, SORT_COUNT);

	o->sort = i < SORT_COUNT ? sort_words[i] : NULL;
	return o->sort ? 0 : EXIT_USAGE;
}

static int options_set_pid(struct options *o, const char *value)
{
	char *end;

	errno = 0;
	o->pid = strtoll(value, &end, 10);
	if (errno || *end || end == value || o->pid < 1 || o->pid > INT32_MAX)
		return report_error(EXIT_USAGE, "--pid: \"%s\" is no process number", value);
	return 0;
}

static int options_set_host(struct options *o, const char *value)
{
	struct remote remote;
	char why[REMOTE_WHY_MAX];

	o->host = value;
	if (remote_parse(&remote, value, why) < 0)
		return report_error(EXIT_USAGE, "--host: %s", why);
	return 0;
}

static int options_set_avg(struct options *o, const char *value)
{
	int rc = options_duration("avg", value, &o->avg_ms);

	if (rc == 0 && o->avg_ms > AVG_MAX_MS)
		return report_error(EXIT_USAGE, "--avg: at most 1h; see actopctl history");
	return rc;
}

/* Options that are one of some words. */
#define OPTIONS_SET_WORD(field, option, words, count) \
	static int options_set_##field(struct options *o, const char *value) \
	{ \
		unsigned i = options_word(option, value, words, count); \
\
		o->field = i; \
		return i == (count) ? EXIT_USAGE : 0; \
	}
OPTIONS_SET_WORD(format, "format", file_words, FILE_FORMATS)
OPTIONS_SET_WORD(by, "by", by_words, BY_COUNT)
OPTIONS_SET_WORD(color, "color", when_words, WHEN_COUNT)
OPTIONS_SET_WORD(layout, "layout", layout_words, LAYOUT_COUNT)
OPTIONS_SET_WORD(palette, "palette", palette_words, PALETTE_COUNT)
OPTIONS_SET_WORD(dots, "chart-glyph", dots_words, DOTS_COUNT)
OPTIONS_SET_WORD(scale, "power-scale", scale_words, SCALE_COUNT)

/* Options without a value, which are named like their fields. */
#define OPTIONS_SET_FLAG(field) \
	static int options_set_##field(struct options *o, const char *value) \
	{ \
		o->field = !value; \
		return 0; \
	}
OPTIONS_SET_FLAG(clients)
OPTIONS_SET_FLAG(no_meta)
OPTIONS_SET_FLAG(fresh)
OPTIONS_SET_FLAG(stat)
OPTIONS_SET_FLAG(tree)
OPTIONS_SET_FLAG(group)
OPTIONS_SET_FLAG(watch)
OPTIONS_SET_FLAG(plot)
OPTIONS_SET_FLAG(events)
OPTIONS_SET_FLAG(follow)
OPTIONS_SET_FLAG(firing)
OPTIONS_SET_FLAG(rules)
OPTIONS_SET_FLAG(pretty)
OPTIONS_SET_FLAG(utc)
OPTIONS_SET_FLAG(quiet)
OPTIONS_SET_FLAG(help)
OPTIONS_SET_FLAG(version)
OPTIONS_SET_FLAG(insecure)
OPTIONS_SET_FLAG(system)
OPTIONS_SET_FLAG(no_cores)
OPTIONS_SET_FLAG(show_processes)

/* Options whose value is kept as it is. */
#define OPTIONS_SET_TEXT(name, field) \
	static int options_set_##name(struct options *o, const char *value) \
	{ \
		o->field = value; \
		return 0; \
	}
OPTIONS_SET_TEXT(output, output_text)
OPTIONS_SET_TEXT(match, match)
OPTIONS_SET_TEXT(proc_filter, proc_filter)
OPTIONS_SET_TEXT(user, user)
OPTIONS_SET_TEXT(textfile, textfile)
OPTIONS_SET_TEXT(listen, listen)
OPTIONS_SET_TEXT(host_name, host_name)
OPTIONS_SET_TEXT(token_file, token_file)
OPTIONS_SET_TEXT(between, between)
OPTIONS_SET_TEXT(cursor, cursor_file)
OPTIONS_SET_TEXT(bundle, bundle)
OPTIONS_SET_TEXT(socket, socket)

int (*const option_setters[OPTION_COUNT])(struct options *, const char *) = {
#define OPTION(id, letter, name, argument, setter, help) options_set_##setter,
#include "client/options.def"
#undef OPTION
};
