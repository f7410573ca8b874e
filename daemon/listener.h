/* SPDX-License-Identifier: MIT */
#ifndef LISTENER_H
#define LISTENER_H

#include <stdbool.h>
#include <sys/types.h>

#include "daemon/message.h"
#include "daemon/paths.h"

#define LISTENER_BACKLOG 128

/*
 * A listening Unix socket at a path.  It appears there ready and with its final permissions: it
 * is bound to a temporary name (".new-" + 4 hex digits that depend on the socket's name, so
 * that what a killed predecessor left is found and removed) and renamed over whatever lay
 * there. The caller holds the lock of the path (daemon/lock.h).
 *
 * fd is CLOEXEC and non-blocking and stays the listener's: give an event loop a duplicate.
 */
struct listener {
	int fd;		/* -1 = not open */
	bool inherited; /* from launchd or systemd: never unlinked, nor made anew */
	dev_t dev;
	ino_t ino;
	unsigned mode;
	gid_t gid;	      /* (gid_t)-1 = leave it */
	char path[PATHS_MAX]; /* as given; of an inherited one what the kernel says */
};

/* Sets CLOEXEC and O_NONBLOCK.  0 or -errno. */
int listener_prepare(int fd);

/*
 * Binds and listens; group "" leaves the group.  0; -ENAMETOOLONG (path or temporary name do
 * not fit into sun_path), -ENOENT (no such group or directory), or another -errno; why is
 * filled.
 */
int listener_open(struct listener *listener, const char *path, unsigned mode, const char *group,
	struct message *why);

/* Takes over a descriptor that daemon/activation.h gave. */
void listener_adopt(struct listener *listener, int fd);

/* A CLOEXEC duplicate of fd for an event loop to own, or -errno. */
int listener_dup(const struct listener *listener);

/* Is the path still our socket?  Always true for an inherited one. */
bool listener_check(const struct listener *listener);

/*
 * Makes the socket anew at its path after a failed check: on success fd is another one, and the
 * caller replaces its duplicate; connections already accepted stay.  On failure nothing
 * changed.
 */
int listener_restore(struct listener *listener, struct message *why);

/* Unlinks the path if it is still ours; the descriptor remains. */
void listener_remove(const struct listener *listener);

/* Closes the descriptor, no more.  Fine when not open. */
void listener_close(struct listener *listener);

#endif
