/* SPDX-License-Identifier: MIT */
#ifndef REMOTE_H
#define REMOTE_H

#include <sys/types.h>

#include "proto/buf.h"

/* A daemon on another machine: "ssh HOST actopctl proxy", so that no port is open for it. */

#define REMOTE_HOST_MAX 256
#define REMOTE_WHY_MAX 160
#define REMOTE_NO_COMMAND 127 /* exit status: the other machine has no such program */

struct remote {
	char host[REMOTE_HOST_MAX]; /* "user@host" or "host", as ssh takes it */
	char port[8];		    /* "" = ssh's own choice */
};

/* Reads "ssh://[USER@]HOST[:PORT]".  0, or -EINVAL with what is wrong in why.  Pure. */
int remote_parse(struct remote *r, const char *url, char why[REMOTE_WHY_MAX]);

/* Appends what the other machine's shell is to run; socket NULL = the daemon that it finds
 * itself.  Pure. */
void remote_command(struct buf *out, const char *socket);

/* Starts ssh.  A stream socket to the daemon, with *child to be waited for, or -errno. */
int remote_open(const struct remote *r, const char *socket, pid_t *child);

/* After the socket was closed: waits for ssh.  Its exit status, 255 where it has none. */
int remote_wait(pid_t child);

#endif
