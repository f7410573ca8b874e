/* SPDX-License-Identifier: MIT */
#ifndef ACTIVATION_H
#define ACTIVATION_H

#include "daemon/env.h"
#include "daemon/message.h"

#define ACTIVATION_MAX 8
#define ACTIVATION_NAME "actopd" /* the key under Sockets in the launchd plist */

/* Listening sockets that launchd or systemd made: CLOEXEC, non-blocking, the caller's to close.
 */
struct activation {
	int fds[ACTIVATION_MAX];
	unsigned count; /* 0: bind yourself */
};

/*
 * Takes what was handed over, once per process.  systemd: LISTEN_PID is this process,
 * LISTEN_FDS descriptors from 3 on; the variables are unset in any case.  0, also when there is
 * none; -EINVAL when a descriptor is not a listening Unix socket, -E2BIG when there are more
 * than ACTIVATION_MAX, or launchd's error; then count is 0 and why is filled.
 */
int activation_take(struct activation *activation, const struct env *env, struct message *why);

#endif
