/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <time.h>

#include "client/ask.h"
#include "client/commands.h"
#include "client/print.h"
#include "client/talk.h"
#include "client/view.h"

static double ping_clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1e6;
}

static int ping_show(const struct talk *t, const struct message *m, double took_ms)
{
	if (print_wants_json(t->options))
		return print_reply(t->options, m);
	printf("%s answered in %.2f ms\n", t->dial.attempts[t->dial.chosen].path, took_ms);
	return view_flush();
}

static int ping_ask(struct talk *t)
{
	struct message m;
	double began_ms;
	int rc = talk_send(t);

	if (rc == 0)
		rc = talk_hello(t);
	if (rc)
		return rc;
	began_ms = ping_clock_ms();
	ask_plain(&t->out, "ping");
	rc = talk_send(t);
	if (rc == 0)
		rc = talk_reply(t, "ping", &m);
	if (rc)
		return rc;
	rc = ping_show(t, &m, ping_clock_ms() - began_ms);
	message_free(&m);
	return rc;
}

static int ping_run(const struct options *options)
{
	struct talk talk;
	int rc = talk_open(&talk, options);

	if (rc == 0)
		rc = ping_ask(&talk);
	talk_close(&talk);
	return rc;
}

const struct command command_ping = {
	.name = "ping",
	.summary = "Ask the daemon for a sign of life",
	.usage = "ping [-o json]",
	.examples = "  actopctl ping\n",
	.options = OPTIONS_TALK | OPTIONS_PRINT,
	.outputs = OUTPUTS_REPLY,
	.run = ping_run,
};
