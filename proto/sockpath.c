/* SPDX-License-Identifier: MIT */
#include "proto/sockpath.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

const struct sockpath_rules sockpath_linux = {
	{ { SOCKPATH_RUNTIME, "/actop/actopd.sock" }, { SOCKPATH_TMP_UID, "/actopd.sock" } },
	"/run/actop/actopd.sock",
};

/* Not $TMPDIR: both ends must agree, whatever a launchd job, ssh or sudo made of it. */
const struct sockpath_rules sockpath_macos = {
	{ { SOCKPATH_HOME, "/.actop/run/actopd.sock" },
		{ SOCKPATH_TEMP, "actop/actopd.sock" } },
	"/var/run/actopd.sock",
};

#if defined(__APPLE__)

const struct sockpath_rules *const sockpath_native = &sockpath_macos;

const char *sockpath_temp(char temp[SOCKPATH_MAX])
{
	size_t n = confstr(_CS_DARWIN_USER_TEMP_DIR, temp, SOCKPATH_MAX);

	return n > 0 && n <= SOCKPATH_MAX ? temp : NULL;
}

#else

const struct sockpath_rules *const sockpath_native = &sockpath_linux;

const char *sockpath_temp(char temp[SOCKPATH_MAX])
{
	temp[0] = '\0';
	return NULL;
}

#endif

void sockpath_env_read(struct sockpath_env *env, char temp[SOCKPATH_MAX])
{
	*env = (struct sockpath_env){
		.home = getenv("HOME"),
		.runtime_dir = getenv("XDG_RUNTIME_DIR"),
		.temp_dir = sockpath_temp(temp),
		.uid = geteuid(),
	};
}

bool sockpath_is_private(const char *dir, uid_t uid)
{
	struct stat st;

	return lstat(dir, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == uid &&
		(st.st_mode & 077) == 0;
}

/* NULL = this choice does not exist here. */
static const char *sockpath_base(
	enum sockpath_base base, const struct sockpath_env *env, char own[64])
{
	switch (base) {
	case SOCKPATH_HOME:
		return env->home && env->home[0] == '/' ? env->home : NULL;
	case SOCKPATH_RUNTIME:
		if (!env->runtime_dir || env->runtime_dir[0] != '/' ||
			!sockpath_is_private(env->runtime_dir, env->uid))
			return NULL;
		return env->runtime_dir;
	case SOCKPATH_TEMP:
		return env->temp_dir && env->temp_dir[0] == '/' ? env->temp_dir : NULL;
	case SOCKPATH_TMP_UID:
		snprintf(own, 64, "/tmp/actop-%lu", (unsigned long)env->uid);
		return own;
	case SOCKPATH_END:
		break;
	}
	return NULL;
}

int sockpath_user(const struct sockpath_rules *rules, const struct sockpath_env *env,
	unsigned n, char path[SOCKPATH_MAX])
{
	for (const struct sockpath_rule *rule = rules->user; rule->base != SOCKPATH_END;
		rule++) {
		char own[64];
		const char *base = sockpath_base(rule->base, env, own);
		int length;

		if (!base || n-- > 0)
			continue;
		length = snprintf(path, SOCKPATH_MAX, "%s%s", base, rule->tail);
		return (size_t)length > sockpath_limit() ? -ENAMETOOLONG : 0;
	}
	return -ENOENT;
}

size_t sockpath_limit(void)
{
	return sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1;
}

int sockpath_check(const char *path, char why[SOCKPATH_WHY_MAX])
{
	size_t length = strlen(path);

	if (length == 0) {
		snprintf(why, SOCKPATH_WHY_MAX, "the socket path is empty");
		return -EINVAL;
	}
	if (length <= sockpath_limit())
		return 0;
	snprintf(why, SOCKPATH_WHY_MAX,
		"%.512s: %zu bytes are too long for a socket path, the limit is %zu", path,
		length, sockpath_limit());
	return -ENAMETOOLONG;
}
