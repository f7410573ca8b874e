/* SPDX-License-Identifier: MIT */
#include <launch.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * launchd: ACTOP_LAUNCHD=NAME=FD[,FD...] is one entry of the job's Sockets; without it launchd
 * did not start this process.  What is handed over is the caller's, and that only once.
 */
int launch_activate_socket(const char *name, int **fds, size_t *count)
{
	static int taken;
	const char *job = getenv("ACTOP_LAUNCHD");
	const char *value = job ? strchr(job, '=') : NULL;
	int fd, n;

	if (!value)
		return ESRCH;
	if ((size_t)(value - job) != strlen(name) || memcmp(job, name, strlen(name)) != 0)
		return ENOENT;
	if (taken++)
		return EALREADY;
	*fds = calloc(strlen(value), sizeof(**fds));
	*count = 0;
	for (value++; sscanf(value, "%d%n", &fd, &n) == 1; value += n + (value[n] == ','))
		(*fds)[(*count)++] = fd;
	return 0;
}
