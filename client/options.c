/* SPDX-License-Identifier: MIT */
#include "client/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/options_set.h"
#include "client/report.h"
#include "client/suggest.h"

_Static_assert(OPTION_COUNT <= 64, "a set of options has 64 bits");

const struct option_info option_infos[OPTION_COUNT] = {
#define OPTION(id, letter, name, argument, setter, help) { letter, name, argument, help },
#include "client/options.def"
#undef OPTION
};

/* Who comes from actop is told what to type here. */
static const struct {
	const char *name, *instead;
} options_of_actop[] = {
#define ACTOP_OPTION(name, instead) { name, instead },
#include "client/actop.def"
#undef ACTOP_OPTION
};

/* What is left of argv. */
struct arguments {
	char **next;
	char **end;
	const char *command; /* "" = it is not known yet, or not at all */
	uint64_t takes;	     /* its options, all while it is not known */
};

static int options_set(
	struct options *o, unsigned id, const char *value, struct arguments *arguments)
{
	const struct option_info *info = &option_infos[id];

	o->given |= UINT64_C(1) << id;
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

/* dashes and name of what there is not, and where to read what there is. */
static int options_refuse(const char *dashes, const char *name, const struct arguments *a)
{
	return report_error(EXIT_USAGE, "no option %s%s; see actopctl help%s%s", dashes, name,
		*a->command ? " " : "", a->command);
}

static int options_refuse_long(
	const char *word, const char *guess, const struct arguments *arguments)
{
	for (size_t i = 0; i < sizeof(options_of_actop) / sizeof(*options_of_actop); i++)
		if (strcmp(word, options_of_actop[i].name) == 0)
			return report_error(EXIT_USAGE, "no option --%s as in actop: %s", word,
				options_of_actop[i].instead);
	if (guess)
		return report_error(
			EXIT_USAGE, "no option --%s (did you mean --%s?)", word, guess);
	return options_refuse("--", word, arguments);
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
		if (arguments->takes >> id & 1)
			suggest_offer(&guess, option_infos[id].name);
	}
	return options_refuse_long(word, guess.guess, arguments);
}

unsigned options_find_letter(char letter, uint64_t takes)
{
	unsigned found = OPTION_COUNT;

	for (unsigned id = OPTION_COUNT; id-- > 0;)
		if (option_infos[id].letter == letter &&
			(found == OPTION_COUNT || takes >> id & 1 || !(takes >> found & 1)))
			found = id;
	return found;
}

/* "-qn5": letters without a value, then one that may take the rest as its value. */
static int options_read_short(struct options *o, const char *arg, struct arguments *arguments)
{
	for (; *arg; arg++) {
		unsigned id = options_find_letter(*arg, arguments->takes);
		int rc;

		if (id == OPTION_COUNT)
			return options_refuse("-", (const char[]){ *arg, '\0' }, arguments);
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

/* Takes one argument.  Those behind "--" are operands, however they look. */
static int options_read_next(
	struct options *o, struct arguments *arguments, bool *only_operands)
{
	const char *arg = *arguments->next++;

	if (*only_operands || arg[0] != '-' || arg[1] == '\0')
		return options_read_operand(o, arg);
	if (strcmp(arg, "--") == 0)
		*only_operands = true;
	else if (arg[1] == '-')
		return options_read_long(o, arg + 2, arguments);
	else
		return options_read_short(o, arg + 1, arguments);
	return 0;
}

static bool options_at_operand(const char *arg, bool only_operands)
{
	return only_operands || arg[0] != '-' || arg[1] == '\0';
}

static void options_look_up(struct arguments *arguments, const struct options *o,
	const struct options_grammar *grammar)
{
	uint64_t takes = o->operand_count > 0 ? grammar->takes(o->operands[0]) : 0;

	arguments->command = takes ? o->operands[0] : "";
	arguments->takes = takes ? takes : UINT64_MAX;
}

int options_read(
	struct options *options, int argc, char **argv, const struct options_grammar *grammar)
{
	struct arguments arguments = { argv + (argc > 0), argv + argc, "", 0 };
	bool only_operands = false;
	int rc = 0;

	*options = (struct options){ .timeout_ms = TIMEOUT_DEFAULT_MS };
	while (rc == 0 && arguments.next < arguments.end) {
		if (options->operand_count == 1 &&
			options_at_operand(*arguments.next, only_operands) &&
			grammar->wraps(options->operands[0])) {
			options->rest = arguments.next;
			break;
		}
		options_look_up(&arguments, options, grammar);
		rc = options_read_next(options, &arguments, &only_operands);
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
