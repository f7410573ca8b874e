/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/commands.h"
#include "client/report.h"
#include "client/self.h"

#define SERVE_PROGRAM "actopctl-serve"
#define SERVE_ARGS_MAX 16

struct serve_args {
	const char *items[SERVE_ARGS_MAX];
	unsigned count;
};

static void serve_add(struct serve_args *args, const char *option, const char *value)
{
	if (!value)
		return;
	args->items[args->count++] = option;
	args->items[args->count++] = value;
}

/* The HTTP server is a program of its own beside this one: its libraries are not for every
 * call. */
static int serve_run(const struct options *options)
{
	struct serve_args args = { { SERVE_PROGRAM }, 1 };
	char path[SELF_PATH_MAX];
	int rc = self_sibling(path, SERVE_PROGRAM);

	if (rc < 0)
		return report_error(
			EXIT_FAILED, "cannot tell where actopctl is: %s", strerror(-rc));
	serve_add(&args, "--listen", options->listen);
	serve_add(&args, "--host-name", options->host_name);
	serve_add(&args, "--token-file", options->token_file);
	serve_add(&args, "--socket", options->socket);
	if (options->insecure)
		args.items[args.count++] = "--insecure";
	args.items[args.count] = NULL;
	execv(path, (char *const *)args.items);
	return report_error(EXIT_FAILED, "%s: %s", path,
		errno == ENOENT ? "is not installed" : strerror(errno));
}

const struct command command_serve = {
	.name = "serve",
	.summary = "Serve a web page, Prometheus and JSON by HTTP",
	.usage = "serve [--listen ADDRESS:PORT] [--token-file FILE | --insecure]",
	.text = "On 127.0.0.1:9464 unless told otherwise. An address that others reach needs a "
		"token (16 characters or more in FILE; sent as \"Authorization: Bearer "
		"TOKEN\") or --insecure. Every user of this machine reaches 127.0.0.1: where "
		"there are others, give it a token too.\n\n"
		"Paths: / the page; /metrics for Prometheus, with ?processes=N&sort=WORD the "
		"applications that use most; /healthz; "
		"/api/v1/{now,history,events,alerts,energy,schema,status,hello} answer as the "
		"protocol does, whose members are the query's parameters, so "
		"/api/v1/history?last_ms=60000&metrics=cpu_watts; /api/v1/stream goes on as "
		"server-sent events, behind Last-Event-ID where a browser sends that.\n",
	.examples = "  actopctl serve\n"
		    "  actopctl serve --listen 0.0.0.0:9464 --token-file token --host-name "
		    "studio\n",
	.options = OPTIONS_ALL | OPTION_BIT(SOCKET) | OPTION_BIT(LISTEN) |
		OPTION_BIT(HOST_NAME) | OPTION_BIT(TOKEN_FILE) | OPTION_BIT(INSECURE),
	.run = serve_run,
};
