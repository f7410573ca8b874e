/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "client/commands.h"
#include "client/complete.h"
#include "client/complete_live.h"
#include "client/report.h"
#include "client/shells.h"
#include "client/view.h"

/* What a script of ours asks for. */
static int completion_answer(char **words)
{
	struct complete complete;
	struct buf out;
	unsigned count = 0;

	while (words[count])
		count++;
	buf_init(&out, COMPLETE_MAX);
	complete_find(&complete, (const char *const *)words, count);
	complete_write(&out, &complete);
	complete_ask(&out, &complete);
	if (out.len > 0)
		fwrite(out.data, 1, out.len, stdout);
	buf_fini(&out);
	return view_flush();
}

static int completion_run(const struct options *options)
{
	char **words = options->rest;

	if (!words)
		return report_error(EXIT_USAGE, "for which shell? bash, zsh or fish");
	if (strcmp(words[0], "words") == 0)
		return completion_answer(words + 1);
	for (unsigned i = 0; i < SHELL_COUNT; i++) {
		if (strcmp(words[0], shell_choices[i].name) != 0)
			continue;
		fputs(shell_scripts[i], stdout);
		return view_flush();
	}
	return report_error(EXIT_USAGE, "no shell \"%s\": it is bash, zsh or fish", words[0]);
}

const struct command command_completion = {
	.name = "completion",
	.summary = "Print the script that completes command lines in a shell",
	.usage = "completion bash|zsh|fish",
	.text = "make install puts the scripts where the shells look for them. Names of "
		"metrics "
		"come from the running daemon, else from the table in actopctl.\n",
	.examples = "  actopctl completion bash > actopctl.bash\n"
		    "  actopctl completion zsh > _actopctl\n"
		    "  actopctl completion fish > actopctl.fish\n",
	.options = OPTIONS_ALL,
	.operand = COMPLETE_CHOICES,
	.choices = shell_choices,
	.wraps = true,
	.run = completion_run,
};
