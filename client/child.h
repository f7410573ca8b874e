/* SPDX-License-Identifier: MIT */
#ifndef CHILD_H
#define CHILD_H

#include <stdint.h>
#include <sys/types.h>

/*
 * A command that runs in place of this program, as far as anyone can tell: it has its stdio,
 * its process group and its terminal, gets the signals that are sent to this program, and this
 * program stops and goes on with it.
 */

/* As env(1) ends: it failed itself, the command cannot be run, there is none. */
enum { CHILD_FAILED = 125, CHILD_NOT_RUN = 126, CHILD_NOT_FOUND = 127 };

struct child {
	double seconds;		 /* from its start to its end, by a clock that is never set */
	double user_s, system_s; /* CPU time of it and of what it has waited for */
	int64_t largest_bytes;	 /* most memory of one of those processes */
	int64_t tree_bytes;	 /* most memory of all its descendants together, as far as seen;
				  * -1 = not known here */
	int signal;		 /* that ended it; 0 = none */
	int code;		 /* its exit code; 128 + signal */
};

/* Called once the command runs, with its pid. */
struct child_start {
	void (*call)(void *arg, pid_t pid);
	void *arg;
};

/*
 * Runs argv, found as a shell finds it, and waits for its end.  0, or CHILD_... after saying on
 * stderr why it was not run.
 */
int child_run(struct child *child, char *const *argv, const struct child_start *start);

/* Ends as the child has ended: by the same signal, without a core of its own, or returns the
 * code to exit with. */
int child_end_like(const struct child *child);

#endif
