/* SPDX-License-Identifier: MIT */
#include "client/self.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__APPLE__)

#include <mach-o/dyld.h>

/* The path may be a link, as Homebrew makes them: what it points at is where the rest is. */
static int self_path(char path[SELF_PATH_MAX])
{
	char link[SELF_PATH_MAX];
	uint32_t size = sizeof(link);
	char *real;

	if (_NSGetExecutablePath(link, &size) != 0)
		return -ENAMETOOLONG;
	real = realpath(link, NULL);
	if (!real)
		return -errno;
	size = (uint32_t)snprintf(path, SELF_PATH_MAX, "%s", real);
	free(real);
	return size < SELF_PATH_MAX ? 0 : -ENAMETOOLONG;
}

#else

static int self_path(char path[SELF_PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", path, SELF_PATH_MAX - 1);

	if (n < 0)
		return -errno;
	path[n] = '\0';
	return 0;
}

#endif

int self_sibling(char path[SELF_PATH_MAX], const char *name)
{
	char *slash;
	int rc = self_path(path);

	if (rc < 0)
		return rc;
	slash = strrchr(path, '/');
	if (!slash || (size_t)(slash - path) + strlen(name) + 2 > SELF_PATH_MAX)
		return -ENAMETOOLONG;
	snprintf(slash + 1, SELF_PATH_MAX - (size_t)(slash + 1 - path), "%s", name);
	return 0;
}

/* The first of the PATH; what is too long, or relative to wherever we are, is none. */
static int self_search(char path[SELF_PATH_MAX], const char *name)
{
	const char *folder = getenv("PATH");

	while (folder && *folder) {
		size_t n = strcspn(folder, ":");

		if (*folder == '/' && n + strlen(name) + 2 <= SELF_PATH_MAX) {
			snprintf(path, SELF_PATH_MAX, "%.*s/%s", (int)n, folder, name);
			if (access(path, X_OK) == 0)
				return 0;
		}
		folder += n + (folder[n] == ':');
	}
	return -ENOENT;
}

int self_program(char path[SELF_PATH_MAX], const char *name)
{
	if (self_sibling(path, name) == 0 && access(path, X_OK) == 0)
		return 0;
	return self_search(path, name);
}
