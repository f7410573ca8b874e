/* SPDX-License-Identifier: MIT */
#include "daemon/paths.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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

/* The first choice that fits, in the order in which a client looks at them; behind a path, if
 * that is not NULL. */
static int paths_socket_choose(
	char path[SOCKPATH_MAX], const struct paths *paths, const char *behind)
{
	char temp[SOCKPATH_MAX];
	const struct sockpath_env env = {
		.home = env_get(paths->env, "HOME"),
		.runtime_dir = env_get(paths->env, "XDG_RUNTIME_DIR"),
		.temp_dir = paths->scheme->temp(temp),
		.uid = paths->uid,
	};
	int rc = -ENAMETOOLONG;

	for (unsigned n = 0; rc == -ENAMETOOLONG || (rc == 0 && behind); n++) {
		rc = sockpath_user(paths->scheme->sockets, &env, n, path);
		if (rc < 0 || !behind || strcmp(path, behind) != 0)
			continue;
		behind = NULL;
		rc = -ENAMETOOLONG;
	}
	return rc;
}

static int paths_socket_user(char to[PATHS_MAX], const struct paths *paths, struct message *why)
{
	char path[SOCKPATH_MAX];
	int rc = paths_socket_choose(path, paths, NULL);

	if (rc < 0)
		return message_set(why, rc,
			"neither HOME nor a directory of the user's own is short enough for a "
			"socket, of %zu bytes at most",
			sockpath_limit());
	return paths_format(to, why, "%s", path);
}

int paths_socket(struct place *place, const struct paths *paths, struct message *why)
{
	const char *runtime = env_get(paths->env, "RUNTIME_DIRECTORY");

	place->kind = PLACE_SYSTEM;
	if (runtime)
		return paths_from_list(place->path, runtime, "/" PATHS_SOCKET, why);
	if (paths->system)
		return paths_format(place->path, why, "%s", paths->scheme->sockets->system);
	place->kind = PLACE_PRIVATE;
	return paths_socket_user(place->path, paths, why);
}

int paths_socket_next(struct place *place, const struct paths *paths)
{
	char path[SOCKPATH_MAX];
	int rc = place->kind == PLACE_PRIVATE ? paths_socket_choose(path, paths, place->path)
					      : -ENOENT;

	if (rc == 0)
		snprintf(place->path, sizeof(place->path), "%s", path);
	return rc;
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
