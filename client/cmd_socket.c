/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <unistd.h>

#include "client/commands.h"
#include "client/dial.h"
#include "client/view.h"

static int socket_run(const struct options *options)
{
	struct dial dial;
	int fd;

	dial_find(&dial, options);
	fd = dial_connect(&dial, options->timeout_ms);
	if (fd < 0)
		return dial_report(&dial);
	close(fd);
	puts(dial.attempts[dial.chosen].path);
	return view_flush();
}

const struct command command_socket = {
	.name = "socket",
	.summary = "Print the path of the socket on which the daemon answers",
	.usage = "socket",
	.text = "Looked for in this order: --socket, $ACTOPD_SOCKET, your own daemon, the "
		"system's.\n",
	.examples = "  echo '{\"op\":\"get\",\"close\":true}' | nc -U \"$(actopctl socket)\"\n",
	.options = OPTIONS_LOCAL,
	.run = socket_run,
};
