/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/commands.h"
#include "client/help.h"
#include "client/report.h"
#include "client/serve/server.h"
#include "client/view.h"

/*
 * actopctl-serve: what "actopctl serve" starts, a program of its own so that nobody else loads
 * an HTTP server.  It takes the options of that command.
 */

#define LISTEN_DEFAULT "127.0.0.1:9464"

static int main_read_token(const char *path, char token[DOOR_TOKEN_MAX])
{
	FILE *f = fopen(path, "r");
	size_t n;

	if (!f)
		return report_error(EXIT_FAILED, "%s: %s", path, strerror(errno));
	n = fread(token, 1, DOOR_TOKEN_MAX - 1, f);
	fclose(f);
	token[n] = '\0';
	token[strcspn(token, "\r\n")] = '\0';
	if (strlen(token) < DOOR_TOKEN_MIN)
		return report_error(EXIT_USAGE, "%s: a token has at least %d characters", path,
			DOOR_TOKEN_MIN);
	return 0;
}

static int main_read_door(struct door *door, char port[8], const struct options *options)
{
	const char *listen = options->listen ? options->listen : LISTEN_DEFAULT;

	door->name = options->host_name;
	if (door_parse(listen, door->host, port) < 0)
		return report_error(EXIT_USAGE,
			"--listen: \"%s\" is no ADDRESS:PORT (such as %s or [::1]:9464)",
			listen, LISTEN_DEFAULT);
	if (options->token_file)
		return main_read_token(options->token_file, door->token);
	if (!door_is_loopback(door->host) && !options->insecure)
		return report_error(EXIT_USAGE,
			"%s is reached by others: give --token-file FILE, or --insecure",
			listen);
	return 0;
}

static int main_fail(const struct server *s, const char *port, int rc)
{
	const char *mend = rc == -EADDRINUSE
		? ": something listens there; give another --listen"
		: rc == -EACCES ? ": ports below 1024 need root"
				: "";

	return report_error(
		EXIT_FAILED, "%s:%s: %s%s", s->door.host, port, strerror(-rc), mend);
}

/* Every thread inherits the mask, so that the signals come to sigwait(). */
static int main_wait(sigset_t *set)
{
	int signal_number;

	while (sigwait(set, &signal_number) != 0)
		;
	return signal_number;
}

static int main_serve(const struct options *options)
{
	struct server server = { .options = options };
	char port[8];
	sigset_t set;
	int rc = main_read_door(&server.door, port, options);

	if (rc)
		return rc;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	rc = server_start(&server, port);
	if (rc < 0)
		return main_fail(&server, port, rc);
	printf(strchr(server.door.host, ':') ? "http://[%s]:%u/\n" : "http://%s:%u/\n",
		server.door.host, server.port);
	fflush(stdout);
	main_wait(&set);
	server_stop(&server);
	return 0;
}

static bool main_wraps(const char *name)
{
	(void)name;
	return false;
}

static uint64_t main_takes(const char *name)
{
	(void)name;
	return 0;
}

/* What "actopctl help serve" says: whoever meets this program by itself asks it so. */
static int main_help(void)
{
	struct buf text;

	buf_init(&text, HELP_MAX);
	help_command(&text, commands_find("serve"));
	fwrite(text.data, 1, text.len, stdout);
	buf_fini(&text);
	return view_flush();
}

static int main_run(const struct options *options)
{
	if (options->operand_count > 0)
		return report_error(EXIT_USAGE,
			"serve does not take \"%s\"; see actopctl help serve",
			options->operands[0]);
	if (options->help)
		return main_help();
	if (!options->version)
		return main_serve(options);
	puts("actopctl-serve " ACTOP_VERSION);
	return view_flush();
}

int main(int argc, char **argv)
{
	static const struct options_grammar grammar = { main_wraps, main_takes };
	struct options options;
	int rc = options_read(&options, argc, argv, &grammar);

	if (rc == 0)
		rc = main_run(&options);
	options_fini(&options);
	return rc;
}
