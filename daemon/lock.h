/* SPDX-License-Identifier: MIT */
#ifndef LOCK_H
#define LOCK_H

#include <stdbool.h>
#include <sys/types.h>

#include "daemon/message.h"
#include "daemon/paths.h"

/*
 * One daemon per socket and per state directory: flock on a file that is never unlinked (a
 * second process would lock a new inode, and both would own it).  The kernel releases it with
 * the process, kill -9 included.  Not a probe by connect, which is racy.
 */
struct lock {
	int fd;	      /* -1 = not held */
	pid_t holder; /* after -EWOULDBLOCK: who has it, as far as the file says; else 0 */
	bool marked;  /* see lock_mark */
};

/*
 * Locks the place of a socket: "actopd.lock" beside a default one (whose directory is created
 * and checked without following links), "PATH.lock" for an explicit one, unless that has the
 * name of a default one.
 * 0; -EWOULDBLOCK when another process has it (exit 75, or try again after 2 s with --wait);
 * else -errno.  why is filled on failure.
 */
int lock_take(struct lock *lock, const struct place *place, struct message *why);

/*
 * Looks after the lock of a socket that is held: a file that somebody removed, or a clean-up of
 * temporary files, is made and locked anew, and one that is there does not look old.  0;
 * -EWOULDBLOCK when another process has locked the place meanwhile; else -errno.  why is filled
 * on failure, and lock is as it was.
 */
int lock_keep(struct lock *lock, const struct place *place, struct message *why);

/* lock_take() for a directory of our own (the state): creates it 0700 with its parents, checks
 * it.
 */
int lock_take_directory(struct lock *lock, const char *path, struct message *why);

/* Leaves a mark in the file for whoever takes it next, or takes it away.  Written over what is
 * there already, so that a full disk has room for it.  0 or -errno. */
int lock_mark(struct lock *lock, bool marked);

/* Fine when not held, and after a failed take. */
void lock_drop(struct lock *lock);

#endif
