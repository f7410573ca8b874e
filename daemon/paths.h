/* SPDX-License-Identifier: MIT */
#ifndef PATHS_H
#define PATHS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "daemon/env.h"
#include "daemon/message.h"
#include "proto/sockpath.h"

/* Where the files of the daemon live.  Nothing here creates anything. */

#define PATHS_MAX 1024
#define PATHS_SOCKET "actopd.sock" /* in its directory, by default */

/* How far the directory of a socket is trusted, and who creates it (daemon/lock.h). */
enum place_kind {
	PLACE_PRIVATE,	/* default of a user: directory created 0700, must be ours and 0700 */
	PLACE_SYSTEM,	/* of root or a service manager: created 0755, not writable by others */
	PLACE_EXPLICIT, /* named by the user: the directory must exist, nothing else */
};

struct place {
	enum place_kind kind;
	char path[PATHS_MAX];
};

/* What differs between systems; compat.c holds the one of this platform. */
struct paths_scheme {
	const struct sockpath_rules *sockets; /* shared with the clients */
	bool under_home; /* state in ~/.actop/state, not in the XDG directory */
	const char *system_state;
	const char *(*temp)(char temp[SOCKPATH_MAX]); /* as sockpath_temp() */
};

/* Who asks, and where. */
struct paths {
	const struct paths_scheme *scheme;
	const struct env *env;
	uid_t uid;
	bool system; /* --system */
};

/*
 * The default place of the socket: $RUNTIME_DIRECTORY of a service manager, else the system
 * path, else the first choice of proto/sockpath.h that fits. 0 or -ENOENT (there is none).
 */
int paths_socket(struct place *place, const struct paths *paths, struct message *why);

/* The choice of a user behind that one, where it cannot be used.  0 or -ENOENT. */
int paths_socket_next(struct place *place, const struct paths *paths);

/* The default state directory.  0 or -errno as above. */
int paths_state(char to[PATHS_MAX], const struct paths *paths, struct message *why);

/* The configuration file that is read when none is named.  0 or -errno as above. */
int paths_config(char to[PATHS_MAX], const struct paths *paths, struct message *why);

/* Copies path, with a leading "~/" replaced by $HOME.  0 or -errno as above. */
int paths_expand(
	char to[PATHS_MAX], const char *path, const struct env *env, struct message *why);

#endif
