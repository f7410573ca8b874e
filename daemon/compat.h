/* SPDX-License-Identifier: MIT */
#ifndef COMPAT_H
#define COMPAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "daemon/paths.h"

/* What systems do differently.  compat.c is the one file of the daemon with platform #ifdefs.
 */

/* Where files live by default on this system. */
extern const struct paths_scheme compat_paths;

/*
 * Pid of the process that connected a Unix socket, for status only: it may have ended, and the
 * number may be another's by now.  0 or -errno.
 */
int compat_peer_pid(int fd, pid_t *pid);

/* Memory of this process that is in RAM.  0 or -errno. */
int compat_resident_bytes(uint64_t *bytes);

/* Open descriptors of this process.  Their number or -errno. */
int compat_count_files(void);

/* Whether the user database has that uid in the group.  May ask a directory service. */
bool compat_in_group(uid_t uid, gid_t gid);

/* Name of a user, cut to size; "" when the database has none.  May ask a directory service. */
void compat_name_user(uid_t uid, char *name, size_t size);

/* Uid of a user given by name or number.  0 or -ENOENT. */
int compat_find_user(const char *name, uid_t *uid);

/*
 * Raises the soft limit of open files to want, or to the hard limit if that is less; never
 * lowers it.  Returns the soft limit in force.
 */
unsigned compat_raise_files(unsigned want);

/* Whether the soft limit leaves that many more. */
bool compat_may_open(unsigned more);

/*
 * launchd's sockets of that name into fds.  Their number; -ESRCH (launchd did not start us) or
 * -ENOENT (no such key) where there are none, also on systems without launchd; -E2BIG (then all
 * are closed).
 */
int compat_launchd_sockets(const char *name, int *fds, unsigned max);

#endif
