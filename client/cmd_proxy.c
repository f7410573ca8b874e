/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "client/bridge.h"
#include "client/commands.h"
#include "client/dial.h"
#include "client/report.h"

static int proxy_run(const struct options *options)
{
	struct dial dial;
	int fd, rc;

	dial_find(&dial, options);
	fd = dial_connect(&dial, options->timeout_ms);
	if (fd < 0)
		return dial_report(&dial);
	/* A daemon that closes in the middle of a request is no reason to end: it may have said
	 * why. */
	signal(SIGPIPE, SIG_IGN);
	rc = bridge_run(STDIN_FILENO, STDOUT_FILENO, fd);
	close(fd);
	if (rc == 0 || rc == -EPIPE)
		return EXIT_OK;
	return report_error(EXIT_FAILED, "proxy: %s", strerror(-rc));
}

const struct command command_proxy = {
	.name = "proxy",
	.summary = "Connect stdin and stdout with the daemon, for --host",
	.usage = "proxy",
	.text = "What comes in goes to the daemon's socket as it is, and its lines come out: "
		"actopctl -H\nssh://HOST runs \"ssh HOST actopctl proxy\". It ends when the "
		"daemon closes; the end of\nstdin tells the daemon that no requests follow.\n",
	.examples = "  echo '{\"op\":\"ping\"}' | actopctl proxy\n",
	.options = OPTIONS_LOCAL,
	.run = proxy_run,
};
