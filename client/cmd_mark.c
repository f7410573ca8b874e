/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "client/ask.h"
#include "client/commands.h"
#include "client/print.h"
#include "client/report.h"
#include "client/stamp.h"
#include "client/talk.h"
#include "client/view.h"

static int mark_show(const struct options *options, const struct message *m)
{
	char time[STAMP_MAX];

	if (print_wants_json(options))
		return print_reply(options, m);
	stamp_full(time, message_int(m, "ts_ms", 0), options->utc);
	printf("mark #%lld at %s\n", (long long)message_int(m, "eseq", 0), time);
	return view_flush();
}

static int mark_ask(struct talk *t, const struct options *options)
{
	struct message m;
	int rc;

	ask_mark(&t->out, options->operands[1]);
	rc = talk_send(t);
	if (rc == 0)
		rc = talk_hello(t);
	if (rc == 0)
		rc = talk_reply(t, "mark", &m);
	if (rc)
		return rc;
	rc = mark_show(options, &m);
	message_free(&m);
	return rc;
}

static int mark_run(const struct options *options)
{
	struct talk talk;
	int rc;

	if (options->operand_count < 2 || !options->operands[1][0])
		return report_error(EXIT_USAGE, "mark needs a text: actopctl mark \"begin\"");
	rc = talk_open(&talk, options);
	if (rc == 0)
		rc = mark_ask(&talk, options);
	talk_close(&talk);
	return rc;
}

const struct command command_mark = {
	.name = "mark",
	.summary = "Write a text into the timeline of events",
	.usage = "mark TEXT",
	.text = "For actopctl events, and for actopctl energy --between. At most 200 bytes.\n",
	.examples = "  actopctl mark \"training begins\"\n"
		    "  actopctl mark begin --json | jq .eseq\n",
	.options = OPTIONS_TALK | OPTIONS_PRINT | OPTION_BIT(UTC),
	.outputs = OUTPUTS_REPLY,
	.operands = 1,
	.run = mark_run,
};
