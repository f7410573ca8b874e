/* SPDX-License-Identifier: MIT */
#ifndef DIAL_H
#define DIAL_H

#include <stdbool.h>
#include <sys/types.h>

#include "client/options.h"
#include "proto/sockpath.h"

/*
 * Finds the daemon: --socket, else $ACTOPD_SOCKET, else the paths of this user, else that of
 * the system (proto/sockpath.h).
 */

#define DIAL_PATHS_MAX (SOCKPATH_CHOICES_MAX + 1)

/* One path, and what came of it. */
struct dial_attempt {
	char path[SOCKPATH_MAX];
	bool system; /* the built-in path of actopd --system */
	bool given;  /* and root's own socket is there: root gave it to who listens */
	int code;    /* 0 or -errno of the attempt */
	char why[SOCKPATH_WHY_MAX];
};

struct dial {
	const char *host;   /* --host; NULL = this machine */
	const char *socket; /* of --host; NULL = what it finds */
	pid_t child;	    /* ssh, while it runs; 0 = none */
	struct dial_attempt attempts[DIAL_PATHS_MAX];
	unsigned count;	 /* paths to try */
	unsigned chosen; /* the one that answered */
};

/* Fills in the paths to try. */
void dial_find(struct dial *dial, const struct options *options);

/* Connects to the first path that answers; timeout_ms bounds each attempt.  A socket, or -1
 * with the attempts filled. */
int dial_connect(struct dial *dial, int64_t timeout_ms);

/* After the socket was closed: ends what dial_connect() has started. */
void dial_close(struct dial *dial);

/* A connection to another machine ended before the daemon said anything.  Returns the exit
 * code. */
int dial_report_remote(struct dial *dial);

/* What came of an attempt that failed, in words. */
const char *dial_explain(const struct dial_attempt *attempt);

/* Says on stderr what was tried and how to start a daemon.  Returns the exit code. */
int dial_report(const struct dial *dial);

/* How a daemon is started as a service: the command, or NULL where there is no service manager
 * that is known. */
const char *dial_service(bool macos, bool systemd);

/*
 * Whether a process of uid peer may be the daemon for uid own: its own, root's, or, at the
 * built-in system path, that of the owner of the socket's directory.  (A socket there that is
 * root's own was given to the daemon by systemd or launchd: then its uid does not matter.  The
 * peer is whoever called listen(2) last, and that is the daemon, which runs as some other uid.)
 */
bool dial_trusts(uid_t own, uid_t peer, bool system, uid_t directory_owner);

#endif
