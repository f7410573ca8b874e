/* SPDX-License-Identifier: MIT */
#include "daemon/notify.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "daemon/listener.h"

static void notify_init_watchdog(struct notify *notify, const struct env *env)
{
	const char *usec = env_get(env, "WATCHDOG_USEC");
	const char *pid = env_get(env, "WATCHDOG_PID");

	if (!usec || (pid && strtol(pid, NULL, 10) != (long)getpid()))
		return;
	notify->watchdog_ms = strtoull(usec, NULL, 10) / 2000;
}

void notify_init(struct notify *notify, const struct env *env)
{
	const char *path = env_get(env, "NOTIFY_SOCKET");
	size_t length = path ? strlen(path) : 0;

	*notify = (struct notify){ .fd = -1 };
	if (length < 2 || (*path != '/' && *path != '@') ||
		length >= sizeof(notify->address.sun_path))
		return;
	notify->address.sun_family = AF_UNIX;
	memcpy(notify->address.sun_path, path, length);
	if (*path == '@') /* abstract: begins with NUL, and is as long as it is */
		notify->address.sun_path[0] = '\0';
	notify->length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length +
		(*path == '/' ? 1 : 0));
	notify->fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	if (notify->fd >= 0 && listener_prepare(notify->fd) < 0)
		notify_fini(notify);
	if (notify->fd >= 0)
		notify_init_watchdog(notify, env);
}

void notify_fini(struct notify *notify)
{
	if (notify->fd >= 0)
		close(notify->fd);
	*notify = (struct notify){ .fd = -1 };
}

static int notify_send(struct notify *notify, const char *text)
{
	ssize_t n;

	if (notify->fd < 0)
		return 0;
	do
		n = sendto(notify->fd, text, strlen(text), 0,
			(const struct sockaddr *)&notify->address, notify->length);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

/* A state, and a line for people about it where there is one. */
static int notify_tell(struct notify *notify, const char *state, const char *status)
{
	char text[NOTIFY_TEXT_MAX];
	size_t used = (size_t)snprintf(text, sizeof(text), "%s", state);

	if (status)
		snprintf(text + used, sizeof(text) - used, "\nSTATUS=%s", status);
	for (char *p = text + used + 1; status && (p = strchr(p, '\n')) != NULL;)
		*p = ' '; /* would begin another assignment */
	return notify_send(notify, text);
}

int notify_ready(struct notify *notify, const char *status)
{
	return notify_tell(notify, "READY=1", status);
}

int notify_reloading(struct notify *notify)
{
	char text[64];
	struct timespec now;

	/* Type=notify-reload wants the time, to tell this reload's READY from a former one. */
	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
		(uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000);
	return notify_send(notify, text);
}

int notify_stopping(struct notify *notify, const char *status)
{
	return notify_tell(notify, "STOPPING=1", status);
}

int notify_watchdog(struct notify *notify)
{
	return notify_send(notify, "WATCHDOG=1");
}
