/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <unistd.h>

#include "client/commands.h"
#include "client/report.h"

/* Nothing is left to do: lines are flushed, and the cursor saved, before anything is waited
 * for. */
static void main_interrupted(int signal_number)
{
	(void)signal_number;
	_exit(EXIT_INTERRUPTED);
}

/*
 * "actopctl watch | head -1" is to end quietly also where SIGPIPE came ignored (Python does
 * that). An interrupt that came ignored (a job in the background of a script) stays so.
 */
static void main_set_signals(void)
{
	struct sigaction action;

	signal(SIGPIPE, SIG_DFL);
	if (sigaction(SIGINT, NULL, &action) == 0 && action.sa_handler == SIG_DFL)
		signal(SIGINT, main_interrupted);
}

static int main_dispatch(struct options *options)
{
	const struct command *command;

	if (options->version)
		return commands_find("version")->run(options);
	if (options->operand_count == 0 && options->help)
		return commands_find("help")->run(options);
	if (options->operand_count == 0)
		return report_error(EXIT_USAGE, "no command given; see actopctl help");
	command = commands_find(options->operands[0]);
	if (!command)
		return EXIT_USAGE;
	if (options->help) {
		const struct options topic = {
			.operands = { "help", command->name },
			.operand_count = 2,
		};

		return commands_find("help")->run(&topic);
	}
	if (commands_check(command, options) ||
		commands_take_environment(command, options, isatty(STDOUT_FILENO)))
		return EXIT_USAGE;
	return command->run(options);
}

int main(int argc, char **argv)
{
	struct options options;
	int rc;

	main_set_signals();
	rc = options_read(&options, argc, argv, &commands_grammar);
	if (rc == 0)
		rc = main_dispatch(&options);
	options_fini(&options);
	return rc;
}
