/* SPDX-License-Identifier: MIT */
#ifndef SOCKPATH_H
#define SOCKPATH_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Where the socket lives, for the daemon that makes it and the clients that look for it.
 * Nothing here creates or connects anything.
 */

#define SOCKPATH_MAX 512     /* size of a buffer for a path that may prove too long */
#define SOCKPATH_WHY_MAX 768 /* size of a buffer for an explanation */
#define SOCKPATH_CHOICES_MAX 4

/* What the rules look at; NULL or "" = not set. */
struct sockpath_env {
	const char *home;	 /* $HOME */
	const char *runtime_dir; /* $XDG_RUNTIME_DIR */
	const char *temp_dir; /* macOS: confstr(_CS_DARWIN_USER_TEMP_DIR), ends with a slash */
	uid_t uid;
};

/* What a path of a user begins with. */
enum sockpath_base {
	SOCKPATH_END,
	SOCKPATH_HOME,
	SOCKPATH_RUNTIME, /* only if it is the user's own and 0700 */
	SOCKPATH_TEMP,
	SOCKPATH_TMP_UID /* /tmp/actop-UID */
};

struct sockpath_rule {
	enum sockpath_base base;
	const char *tail;
};

/* The rules of one system. */
struct sockpath_rules {
	struct sockpath_rule user[SOCKPATH_CHOICES_MAX]; /* best first, ended by SOCKPATH_END */
	const char *system;				 /* of actopd --system */
};

extern const struct sockpath_rules sockpath_linux, sockpath_macos;

/* The rules of this system. */
extern const struct sockpath_rules *const sockpath_native;

/* The temp_dir of this process, in the buffer; NULL where systems have none. */
const char *sockpath_temp(char temp[SOCKPATH_MAX]);

/* Reads the environment of the process; temp is a buffer that *env may point into. */
void sockpath_env_read(struct sockpath_env *env, char temp[SOCKPATH_MAX]);

/*
 * Writes the n-th choice for a user's socket (0 = the one that a daemon should take).  0,
 * -ENOENT (no more choices), or -ENAMETOOLONG (path is cut; ask for the next choice).
 */
int sockpath_user(const struct sockpath_rules *rules, const struct sockpath_env *env,
	unsigned n, char path[SOCKPATH_MAX]);

/* Bytes that fit into sun_path without the NUL: 107 on Linux, 103 on macOS. */
size_t sockpath_limit(void);

/* 0, or -EINVAL (empty) or -ENAMETOOLONG with why naming the length and the limit. */
int sockpath_check(const char *path, char why[SOCKPATH_WHY_MAX]);

/* Whether dir is a directory (no symbolic link) of that uid which nobody else may enter. */
bool sockpath_is_private(const char *dir, uid_t uid);

#endif
