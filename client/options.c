/* SPDX-License-Identifier: MIT */
#include "client/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/report.h"
#include "client/suggest.h"
#include "client/timespec.h"
#include "proto/alloc.h"
#include "proto/buf.h"
#include "proto/pattern.h"

#define LINES_MAX 1000000000

const char *const output_words[OUTPUT_COUNT] = {
	"auto",
	"table",
	"json",
	"csv",
	"plain",
	"actop1",
};

static const char *const when_words[WHEN_COUNT] = { "auto", "always", "never" };

/* How people call an aggregation, and how the protocol does. */
static const struct {
	const char *word, *wire;
} agg_words[] = {
	{ "avg", "mean" },
	{ "mean", "mean" },
	{ "min", "min" },
	{ "max", "max" },
	{ "last", "last" },
};

/* Index of word in words; count after saying what is allowed. */
static unsigned options_word(
	const char *option, const char *word, const char *const *words, unsigned count)
{
	struct buf known;

	for (unsigned i = 0; i < count; i++)
		if (strcmp(word, words[i]) == 0)
			return i;
	buf_init(&known, REPORT_MAX);
	for (unsigned i = 0; i < count; i++) {
		buf_puts(&known, i == 0 ? "" : i + 1 < count ? ", " : " or ");
		buf_puts(&known, words[i]);
	}
	report_error(
		0, "--%s: no \"%s\": it is %.*s", option, word, (int)known.len, known.data);
	buf_fini(&known);
	return count;
}

static int options_set_output(struct options *o, const char *value)
{
	unsigned i = options_word("output", value, output_words, OUTPUT_COUNT);

	o->output = (enum output)i;
	return i == OUTPUT_COUNT ? EXIT_USAGE : 0;
}

static int options_set_json(struct options *o, const char *value)
{
	(void)value;
	o->output = OUTPUT_JSON;
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
	return options_duration("step", value, &o->step_ms);
}

static int options_set_timeout(struct options *o, const char *value)
{
	return options_duration("timeout", value, &o->timeout_ms);
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
	for (size_t i = 0; i < sizeof(agg_words) / sizeof(*agg_words); i++) {
		if (strlen(agg_words[i].word) != n || memcmp(word, agg_words[i].word, n) != 0)
			continue;
		for (unsigned k = 0; k < o->agg_count; k++)
			if (strcmp(o->aggs[k], agg_words[i].wire) == 0)
				return report_error(
					EXIT_USAGE, "--agg: \"%s\" twice", o->aggs[k]);
		o->aggs[o->agg_count++] = agg_words[i].wire;
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

static int options_set_color(struct options *o, const char *value)
{
	unsigned i = options_word("color", value, when_words, WHEN_COUNT);

	o->color = (enum when)i;
	return i == WHEN_COUNT ? EXIT_USAGE : 0;
}

static int options_set_cursor(struct options *o, const char *value)
{
	o->cursor_file = value;
	return 0;
}

static int options_set_socket(struct options *o, const char *value)
{
	o->socket = value;
	return 0;
}

static int options_set_clients(struct options *o, const char *value)
{
	o->clients = !value;
	return 0;
}

static int options_set_pretty(struct options *o, const char *value)
{
	o->pretty = !value;
	return 0;
}

static int options_set_utc(struct options *o, const char *value)
{
	o->utc = !value;
	return 0;
}

static int options_set_quiet(struct options *o, const char *value)
{
	o->quiet = !value;
	return 0;
}

static int options_set_help(struct options *o, const char *value)
{
	o->help = !value;
	return 0;
}

static int options_set_version(struct options *o, const char *value)
{
	o->version = !value;
	return 0;
}

const struct option_info option_infos[OPTION_COUNT] = {
#define OPTION(id, letter, name, argument, setter, help) { letter, name, argument, help },
#include "client/options.def"
#undef OPTION
};

static int (*const option_setters[OPTION_COUNT])(struct options *, const char *) = {
#define OPTION(id, letter, name, argument, setter, help) options_set_##setter,
#include "client/options.def"
#undef OPTION
};

/* What is left of argv. */
struct arguments {
	char **next;
	char **end;
};

static int options_set(
	struct options *o, unsigned id, const char *value, struct arguments *arguments)
{
	const struct option_info *info = &option_infos[id];

	o->given |= 1u << id;
	if (!info->argument && value)
		return report_error(EXIT_USAGE, "--%s takes no value", info->name);
	if (info->argument && !value) {
		if (arguments->next == arguments->end)
			return report_error(EXIT_USAGE, "--%s needs a value: --%s %s",
				info->name, info->name, info->argument);
		value = *arguments->next++;
	}
	return option_setters[id](o, value);
}

static int options_read_long(struct options *o, const char *arg, struct arguments *arguments)
{
	size_t n = strcspn(arg, "=");
	struct suggest guess;
	char word[SUGGEST_WORD_MAX];

	snprintf(word, sizeof(word), "%.*s", (int)n, arg);
	suggest_begin(&guess, word);
	for (unsigned id = 0; id < OPTION_COUNT; id++) {
		if (strcmp(word, option_infos[id].name) == 0)
			return options_set(o, id, arg[n] ? arg + n + 1 : NULL, arguments);
		suggest_offer(&guess, option_infos[id].name);
	}
	if (guess.guess)
		return report_error(
			EXIT_USAGE, "no option --%s (did you mean --%s?)", word, guess.guess);
	return report_error(EXIT_USAGE, "no option --%s; see actopctl help", word);
}

/* "-qn5": letters without a value, then one that may take the rest as its value. */
static int options_read_short(struct options *o, const char *arg, struct arguments *arguments)
{
	for (; *arg; arg++) {
		unsigned id = 0;
		int rc;

		while (id < OPTION_COUNT && option_infos[id].letter != *arg)
			id++;
		if (id == OPTION_COUNT)
			return report_error(
				EXIT_USAGE, "no option -%c; see actopctl help", *arg);
		if (option_infos[id].argument)
			return options_set(o, id, arg[1] ? arg + 1 : NULL, arguments);
		rc = options_set(o, id, NULL, arguments);
		if (rc)
			return rc;
	}
	return 0;
}

static int options_read_operand(struct options *o, const char *arg)
{
	if (o->operand_count == OPERANDS_MAX)
		return report_error(EXIT_USAGE, "too many arguments: \"%s\"", arg);
	o->operands[o->operand_count++] = arg;
	return 0;
}

int options_read(struct options *options, int argc, char **argv)
{
	struct arguments arguments = { argv + (argc > 0), argv + argc };
	bool only_operands = false;
	int rc = 0;

	*options = (struct options){ .timeout_ms = TIMEOUT_DEFAULT_MS };
	while (rc == 0 && arguments.next < arguments.end) {
		const char *arg = *arguments.next++;

		if (only_operands || arg[0] != '-' || arg[1] == '\0')
			rc = options_read_operand(options, arg);
		else if (strcmp(arg, "--") == 0)
			only_operands = true;
		else if (arg[1] == '-')
			rc = options_read_long(options, arg + 2, &arguments);
		else
			rc = options_read_short(options, arg + 1, &arguments);
	}
	return rc;
}

void options_fini(struct options *options)
{
	for (unsigned i = 0; i < options->field_count; i++)
		free((char *)options->fields[i]);
	options->field_count = 0;
}

enum output options_output(const struct options *options, bool terminal)
{
	if (options->output != OUTPUT_AUTO)
		return options->output;
	return terminal ? OUTPUT_TABLE : OUTPUT_JSON;
}
