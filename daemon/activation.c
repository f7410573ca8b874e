/* SPDX-License-Identifier: MIT */
#include "daemon/activation.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/compat.h"
#include "daemon/listener.h"

#define ACTIVATION_FIRST_FD 3 /* SD_LISTEN_FDS_START of sd_listen_fds(3) */

static bool activation_is_stream(int fd)
{
	struct sockaddr_storage address = { 0 };
	socklen_t size = sizeof(address);
	int type = 0;
	socklen_t length = sizeof(type);

	return getsockname(fd, (struct sockaddr *)&address, &size) == 0 &&
		address.ss_family == AF_UNIX &&
		getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0 && type == SOCK_STREAM;
}

/* macOS never answers that question: there launchd is believed. */
static bool activation_is_listening(int fd)
{
	int listening = 0;
	socklen_t length = sizeof(listening);

	if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &length) == 0)
		return listening;
	return errno == ENOPROTOOPT;
}

static int activation_check(struct activation *activation, struct message *why)
{
	for (unsigned i = 0; i < activation->count; i++) {
		int fd = activation->fds[i];
		int rc = listener_prepare(fd);

		if (rc == 0 && activation_is_stream(fd) && activation_is_listening(fd))
			continue;
		activation->count = 0;
		return message_set(why, -EINVAL,
			"descriptor %d of the service manager is not a listening Unix socket "
			"of streams",
			fd);
	}
	return 0;
}

/* A decimal number of the environment; -1 when it is none. */
static long activation_number(const struct env *env, const char *name)
{
	const char *text = env_get(env, name);
	char *end;
	long number;

	if (!text || *text < '0' || *text > '9')
		return -1;
	number = strtol(text, &end, 10);
	return *end ? -1 : number;
}

static int activation_take_systemd(
	struct activation *activation, const struct env *env, struct message *why)
{
	bool ours = activation_number(env, "LISTEN_PID") == (long)getpid();
	long count = activation_number(env, "LISTEN_FDS");

	env_unset(env, "LISTEN_PID");
	env_unset(env, "LISTEN_FDS");
	env_unset(env, "LISTEN_FDNAMES");
	if (!ours || count <= 0)
		return 0;
	if (count > ACTIVATION_MAX)
		return message_set(why, -E2BIG, "%ld sockets of the service manager, limit %d",
			count, ACTIVATION_MAX);
	for (int i = 0; i < count; i++)
		activation->fds[i] = ACTIVATION_FIRST_FD + i;
	activation->count = (unsigned)count;
	return activation_check(activation, why);
}

int activation_take(struct activation *activation, const struct env *env, struct message *why)
{
	int n = compat_launchd_sockets(ACTIVATION_NAME, activation->fds, ACTIVATION_MAX);

	activation->count = 0;
	if (n >= 0) {
		activation->count = (unsigned)n;
		return activation_check(activation, why);
	}
	if (n != -ESRCH && n != -ENOENT)
		return message_set(
			why, n, "launchd's sockets '%s': %s", ACTIVATION_NAME, strerror(-n));
	return activation_take_systemd(activation, env, why);
}
