/* SPDX-License-Identifier: MIT */
#include "daemon/paths.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>

#define PATHS_SOCKET "actopd.sock"

size_t paths_socket_limit(void)
{
	return sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1;
}

__attribute__((format(printf, 3, 4))) static int paths_format(
	char to[PATHS_MAX], struct message *why, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(to, PATHS_MAX, format, args);
	va_end(args);
	if (n < 0 || n >= PATHS_MAX)
		return message_set(why, -ENAMETOOLONG,
			"path %.60s... is too long (%d bytes, limit %d)", to, n, PATHS_MAX - 1);
	return 0;
}

static int paths_home(const char **home, const struct env *env, struct message *why)
{
	*home = env_get(env, "HOME");
	if (*home && **home == '/')
		return 0;
	return message_set(why, -ENOENT, "HOME is not set to an absolute path");
}

/* The first of the directories that systemd lists in a variable, with a name behind it. */
static int paths_from_list(
	char to[PATHS_MAX], const char *list, const char *name, struct message *why)
{
	return paths_format(to, why, "%.*s%s", (int)strcspn(list, ":"), list, name);
}

/* The XDG rule for a directory that may hold sockets: ours, and only ours. */
static bool paths_is_private(const char *path, uid_t uid)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == uid &&
		(st.st_mode & 077) == 0;
}

static int paths_socket_runtime(
	char to[PATHS_MAX], const struct paths *paths, struct message *why)
{
	const char *dir = env_get(paths->env, "XDG_RUNTIME_DIR");
	int rc;

	if (dir && *dir == '/' && paths_is_private(dir, paths->uid)) {
		rc = paths_format(to, why, "%s/actop/" PATHS_SOCKET, dir);
		if (rc == 0 && strlen(to) <= paths_socket_limit())
			return 0;
	}
	return paths_format(to, why, "/tmp/actop-%lu/" PATHS_SOCKET, (unsigned long)paths->uid);
}

static int paths_socket_home(char to[PATHS_MAX], const struct paths *paths, struct message *why)
{
	char temp[PATHS_MAX];
	const char *home;
	int rc = paths_home(&home, paths->env, why);

	if (rc < 0)
		return rc;
	rc = paths_format(to, why, "%s/.actop/run/" PATHS_SOCKET, home);
	if (rc == 0 && strlen(to) > paths_socket_limit() &&
		paths->scheme->user_temp(temp, sizeof(temp)) == 0)
		rc = paths_format(to, why, "%s/actop/" PATHS_SOCKET, temp);
	return rc;
}

int paths_socket(struct place *place, const struct paths *paths, struct message *why)
{
	const char *runtime = env_get(paths->env, "RUNTIME_DIRECTORY");

	place->kind = PLACE_SYSTEM;
	if (runtime)
		return paths_from_list(place->path, runtime, "/" PATHS_SOCKET, why);
	if (paths->system)
		return paths_format(place->path, why, "%s", paths->scheme->system_socket);
	place->kind = PLACE_PRIVATE;
	if (paths->scheme->under_home)
		return paths_socket_home(place->path, paths, why);
	return paths_socket_runtime(place->path, paths, why);
}

/* $VARIABLE/rest of the XDG specification, which says to ignore relative values, or
 * ~/fallback/rest. */
static int paths_xdg(char to[PATHS_MAX], const struct paths *paths, const char *const names[3],
	struct message *why)
{
	const char *dir = env_get(paths->env, names[0]);
	const char *home;
	int rc;

	if (dir && *dir == '/')
		return paths_format(to, why, "%s/%s", dir, names[2]);
	rc = paths_home(&home, paths->env, why);
	return rc < 0 ? rc : paths_format(to, why, "%s/%s/%s", home, names[1], names[2]);
}

int paths_state(char to[PATHS_MAX], const struct paths *paths, struct message *why)
{
	static const char *const xdg[3] = { "XDG_STATE_HOME", ".local/state", "actop" };
	const char *given = env_get(paths->env, "STATE_DIRECTORY");
	const char *home;
	int rc;

	if (given)
		return paths_from_list(to, given, "", why);
	if (paths->system)
		return paths_format(to, why, "%s", paths->scheme->system_state);
	if (!paths->scheme->under_home)
		return paths_xdg(to, paths, xdg, why);
	rc = paths_home(&home, paths->env, why);
	return rc < 0 ? rc : paths_format(to, why, "%s/.actop/state", home);
}

int paths_config(char to[PATHS_MAX], const struct paths *paths, struct message *why)
{
	static const char *const xdg[3] = { "XDG_CONFIG_HOME", ".config", "actop/actopd.conf" };

	if (paths->system)
		return paths_format(to, why, "/etc/actop/actopd.conf");
	return paths_xdg(to, paths, xdg, why);
}

int paths_expand(
	char to[PATHS_MAX], const char *path, const struct env *env, struct message *why)
{
	const char *home;
	int rc;

	if (strncmp(path, "~/", 2) != 0)
		return paths_format(to, why, "%s", path);
	rc = paths_home(&home, env, why);
	return rc < 0 ? rc : paths_format(to, why, "%s%s", home, path + 1);
}
