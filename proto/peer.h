/* SPDX-License-Identifier: MIT */
#ifndef PEER_H
#define PEER_H

#include <stddef.h>
#include <sys/types.h>

/* What systems do differently about the other end of a connected Unix socket. */

/*
 * Effective uid of the process that connected, or, seen from the client, of the one that called
 * listen(2) (with socket activation that is the service manager).  0 or -errno.
 */
int peer_uid(int fd, uid_t *uid);

/*
 * send(2) that never raises SIGPIPE: a peer that is gone is -EPIPE.  Returns the bytes taken,
 * possibly fewer than n, or -errno.
 */
ssize_t peer_send(int fd, const void *bytes, size_t n);

#endif
