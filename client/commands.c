/* SPDX-License-Identifier: MIT */
#include "client/commands.h"

#include <stdlib.h>
#include <string.h>

#include "client/options_set.h"
#include "client/report.h"

#define COMMAND(name) extern const struct command command_##name;
#include "client/commands.def"
#undef COMMAND

const struct command *const commands[] = {
#define COMMAND(name) &command_##name,
#include "client/commands.def"
#undef COMMAND
	NULL,
};

static bool commands_is(const struct command *command, const char *name)
{
	return strcmp(name, command->name) == 0 ||
		(command->alias && strcmp(name, command->alias) == 0);
}

const struct command *commands_named(const char *name)
{
	for (unsigned i = 0; commands[i]; i++)
		if (commands_is(commands[i], name))
			return commands[i];
	return NULL;
}

void commands_offer(struct suggest *guess)
{
	for (unsigned i = 0; commands[i]; i++) {
		suggest_offer(guess, commands[i]->name);
		if (commands[i]->alias)
			suggest_offer(guess, commands[i]->alias);
	}
}

const struct command *commands_find(const char *name)
{
	const struct command *command = commands_named(name);
	struct suggest guess;

	if (command)
		return command;
	suggest_begin(&guess, name);
	commands_offer(&guess);
	if (guess.guess)
		report_error(0, "no command \"%s\" (did you mean \"%s\"?)", name, guess.guess);
	else
		report_error(0, "no command \"%s\"; see actopctl help", name);
	return NULL;
}

int commands_take_environment(
	const struct command *command, struct options *options, bool terminal)
{
	const char *fields = getenv("ACTOP_FIELDS");
	enum output output = options_output(options, terminal);

	if (!fields || !*fields || options->field_count > 0 ||
		!(command->options & OPTION_BIT(FIELDS)) ||
		!(command->outputs >> OUTPUT_PLAIN & 1) ||
		(output != OUTPUT_TABLE && output != OUTPUT_PLAIN))
		return 0;
	return option_setters[OPTION_FIELDS](options, fields);
}

static bool commands_wraps(const char *name)
{
	const struct command *command = commands_named(name);

	return command && command->wraps;
}

static uint64_t commands_takes(const char *name)
{
	const struct command *command = commands_named(name);

	return command ? command->options : 0;
}

const struct options_grammar commands_grammar = { commands_wraps, commands_takes };

int commands_check(const struct command *command, struct options *options)
{
	for (unsigned id = 0; id < OPTION_COUNT; id++)
		if ((options->given & ~command->options) >> id & 1)
			return report_error(EXIT_USAGE,
				"%s does not take --%s; see actopctl help %s", command->name,
				option_infos[id].name, command->name);
	if (options->operand_count > command->operands + 1)
		return report_error(EXIT_USAGE, "%s does not take \"%s\"; see actopctl help %s",
			command->name, options->operands[command->operands + 1], command->name);
	if (!command->file && options_take_output(options, command->outputs))
		return EXIT_USAGE;
	if (options->output != OUTPUT_AUTO && !(command->outputs >> options->output & 1))
		return report_error(EXIT_USAGE, "%s cannot print %s; see actopctl help %s",
			command->name, output_words[options->output], command->name);
	return 0;
}
