/* SPDX-License-Identifier: MIT */
#include "client/help.h"

#include <stdio.h>
#include <string.h>

#define OPTION_WIDTH 24

static void help_commands(struct buf *out)
{
	char line[160];

	for (unsigned i = 0; commands[i]; i++) {
		const struct command *c = commands[i];

		snprintf(line, sizeof(line), "  %-9s %s%s%s%s\n", c->name, c->summary,
			c->alias ? " (also: " : "", c->alias ? c->alias : "",
			c->alias ? ")" : "");
		buf_puts(out, line);
	}
}

void help_program(struct buf *out)
{
	buf_puts(out,
		"actopctl shows what actopd measures: live, from its history, as text or "
		"JSON.\n\n"
		"Usage: actopctl COMMAND [OPTIONS]\n\n");
	help_commands(out);
	buf_puts(out,
		"\nOn a terminal tables, into a pipe one JSON object per line; -o FORMAT "
		"chooses.\n"
		"actopctl help COMMAND tells the options, actopctl help times how to write "
		"times.\n"
		"\nExit status: 0 done, 1 failed, 2 usage, 3 no daemon, 4 nothing found,\n"
		"5 protocol version, 6 not permitted, 10 and 11 see help check, 124 timed "
		"out,\n"
		"130 interrupted; run: the command's own.\n"
		"Environment: ACTOPD_SOCKET, NO_COLOR, TERM, TZ.\n");
}

void help_meaning(struct buf *out, const struct command *command, unsigned id)
{
	if (id == OPTION_OUTPUT && !command->file)
		options_list(out, output_words, OUTPUT_COUNT, command->outputs);
	else if (id == OPTION_OUTPUT)
		buf_puts(out, command->file);
	else if (id == OPTION_LINES)
		buf_puts(out, command->lines);
	else if (id == OPTION_INTERVAL && command->interval)
		buf_puts(out, command->interval);
	else if (id == OPTION_AGG && command->agg)
		buf_puts(out, command->agg);
	else
		buf_puts(out, option_infos[id].help);
}

const char *help_argument(const struct command *command, unsigned id)
{
	return id == OPTION_OUTPUT && command->file ? "FILE" : option_infos[id].argument;
}

static void help_option(struct buf *out, const struct command *command, unsigned id)
{
	const struct option_info *info = &option_infos[id];
	const char *argument = help_argument(command, id);
	char letter[8] = "   ", left[64], line[160];

	if (info->letter)
		snprintf(letter, sizeof(letter), "-%c,", info->letter);
	snprintf(left, sizeof(left), "%s --%s%s%s", letter, info->name, argument ? " " : "",
		argument ? argument : "");
	snprintf(line, sizeof(line), "  %-*s ", OPTION_WIDTH, left);
	buf_puts(out, line);
	help_meaning(out, command, id);
	buf_puts(out, "\n");
}

void help_command(struct buf *out, const struct command *command)
{
	buf_puts(out, "Usage: actopctl ");
	buf_puts(out, command->usage);
	buf_puts(out, "\n\n");
	buf_puts(out, command->summary);
	buf_puts(out, ".\n");
	if (command->text)
		buf_puts(out, command->text);
	buf_puts(out, "\n");
	for (unsigned id = 0; id < OPTION_COUNT; id++)
		if (command->options >> id & 1 && id != OPTION_VERSION)
			help_option(out, command, id);
	if (command->examples) {
		buf_puts(out, "\nExamples:\n");
		buf_puts(out, command->examples);
	}
}

void help_times(struct buf *out)
{
	buf_puts(out,
		"Times (--since, --until):\n"
		"  5m  1h30m  \"5m ago\"  -5m        so long ago; units ms s m h d w\n"
		"  10:30  10:30:05                 the latest such time of day\n"
		"  2026-01-31  2026-01-31T10:30    a date, or date and time (a space will do)\n"
		"  2026-01-31T10:30:05.250Z        with a zone: Z or +01:00\n"
		"  today  yesterday  now           midnight of that day; this moment\n"
		"  boot                            when this machine was started\n"
		"  @1767225600                     Unix time\n"
		"Without a zone they are local time (TZ), or UTC with --utc.\n\n"
		"Durations (--interval, --step, --timeout): 250ms, 5s, 1m30s, 2h. The unit is "
		"needed.\n");
}
