/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "client/commands.h"
#include "client/help.h"
#include "client/report.h"
#include "client/view.h"

static int help_refuse(const char *topic)
{
	struct suggest guess;

	suggest_begin(&guess, topic);
	commands_offer(&guess);
	for (unsigned i = 0; help_topics[i].name; i++)
		suggest_offer(&guess, help_topics[i].name);
	if (guess.guess)
		return report_error(EXIT_USAGE, "no help on \"%s\" (did you mean \"%s\"?)",
			topic, guess.guess);
	return report_error(EXIT_USAGE, "no help on \"%s\"; see actopctl help", topic);
}

static int help_write(struct buf *out, const char *topic)
{
	const struct command *command = topic ? commands_named(topic) : NULL;

	if (!topic)
		help_program(out);
	if (command)
		help_command(out, command);
	if (!topic || command)
		return 0;
	for (unsigned i = 0; help_topics[i].name; i++) {
		if (strcmp(topic, help_topics[i].name) != 0)
			continue;
		help_topics[i].write(out);
		return 0;
	}
	return help_refuse(topic);
}

static int help_run(const struct options *options)
{
	struct buf out;
	int rc;

	buf_init(&out, HELP_MAX);
	rc = help_write(&out, options->operand_count > 1 ? options->operands[1] : NULL);
	if (rc == 0) {
		fwrite(out.data, 1, out.len, stdout);
		rc = view_flush();
	}
	buf_fini(&out);
	return rc;
}

const struct command command_help = {
	.name = "help",
	.summary = "Explain a command or a topic",
	.usage = "help [COMMAND | TOPIC]",
	.examples = "  actopctl help history\n"
		    "  actopctl help times\n",
	.options = OPTIONS_ALL,
	.operands = 1,
	.operand = COMPLETE_TOPICS,
	.run = help_run,
};
