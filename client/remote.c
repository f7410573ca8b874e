/* SPDX-License-Identifier: MIT */
#include "client/remote.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define REMOTE_SCHEME "ssh://"
#define REMOTE_COMMAND_MAX 4096
#define REMOTE_FAILED 255 /* as ssh itself fails */

/* What may stand in a host: names, addresses, [v6].  Nothing that ssh takes for an option. */
static int remote_check_host(const char *host)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789._-@%:+";
	const char *at = strrchr(host, '@');

	if (!*host || *host == '-' || host[strspn(host, allowed)])
		return -EINVAL;
	return at && (at == host || !at[1] || at[1] == '-') ? -EINVAL : 0;
}

static int remote_check_port(const char *port)
{
	long n = strtol(port, NULL, 10);

	if (!*port || port[strspn(port, "0123456789")] || strlen(port) > 5)
		return -EINVAL;
	return n >= 1 && n <= 65535 ? 0 : -EINVAL;
}

/* Divides "user@host:22" and "user@[::1]:22"; text is changed. */
static char *remote_split(char *text, char *open)
{
	char *close = open ? strchr(open, ']') : NULL;
	char *colon = strrchr(text, ':');

	if (!open) {
		if (colon)
			*colon++ = '\0';
		return colon;
	}
	if (!close || (close[1] && close[1] != ':'))
		return NULL;
	colon = close[1] ? close + 2 : NULL;
	*close = '\0';
	memmove(open, open + 1, strlen(open));
	return colon;
}

int remote_parse(struct remote *r, const char *url, char why[REMOTE_WHY_MAX])
{
	char text[REMOTE_HOST_MAX];
	const char *port;
	size_t n = strlen(REMOTE_SCHEME);

	*r = (struct remote){ .port = "" };
	snprintf(why, REMOTE_WHY_MAX, "\"%.80s\" is not ssh://[USER@]HOST[:PORT]", url);
	if (strncmp(url, REMOTE_SCHEME, n) != 0 || strlen(url + n) >= sizeof(text))
		return -EINVAL;
	snprintf(text, sizeof(text), "%s", url + n);
	n = strlen(text);
	if (n > 0 && text[n - 1] == '/')
		text[n - 1] = '\0';
	port = remote_split(text, strchr(text, '['));
	if (remote_check_host(text) < 0 || (port && remote_check_port(port) < 0))
		return -EINVAL;
	snprintf(r->host, sizeof(r->host), "%s", text);
	if (port)
		snprintf(r->port, sizeof(r->port), "%.5s", port);
	return 0;
}

/* The path in quotes that no shell looks into. */
void remote_command(struct buf *out, const char *socket)
{
	buf_puts(out, "actopctl proxy");
	if (!socket)
		return;
	buf_puts(out, " --socket '");
	for (; *socket; socket++)
		if (*socket == '\'')
			buf_puts(out, "'\\''");
		else
			buf_add(out, socket, 1);
	buf_puts(out, "'");
}

static void remote_exec(const struct remote *r, const char *command, int fd)
{
	const char *argv[8] = { "ssh", "-T" };
	unsigned n = 2;

	if (r->port[0]) {
		argv[n++] = "-p";
		argv[n++] = r->port;
	}
	argv[n++] = "--";
	argv[n++] = r->host;
	argv[n++] = command;
	if (dup2(fd, STDIN_FILENO) < 0 || dup2(fd, STDOUT_FILENO) < 0)
		_exit(REMOTE_FAILED);
	if (fd > STDERR_FILENO)
		close(fd);
	execvp(argv[0], (char *const *)argv);
	fputs("actopctl: ssh cannot be started\n", stderr);
	_exit(REMOTE_FAILED);
}

int remote_open(const struct remote *r, const char *socket, pid_t *child)
{
	struct buf command;
	int fds[2], rc = 0;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) < 0)
		return -errno;
	buf_init(&command, REMOTE_COMMAND_MAX);
	remote_command(&command, socket);
	buf_add(&command, "", 1);
	fcntl(fds[0], F_SETFD, FD_CLOEXEC);
	*child = fork();
	if (*child == 0)
		remote_exec(r, command.data, fds[1]);
	if (*child < 0)
		rc = -errno;
	buf_fini(&command);
	close(fds[1]);
	if (rc == 0)
		return fds[0];
	close(fds[0]);
	return rc;
}

int remote_wait(pid_t child)
{
	int status;
	pid_t got;

	do
		got = waitpid(child, &status, 0);
	while (got < 0 && errno == EINTR);
	return got == child && WIFEXITED(status) ? WEXITSTATUS(status) : REMOTE_FAILED;
}
