/* SPDX-License-Identifier: MIT */
#ifndef OBSERVER_H
#define OBSERVER_H

#include <sys/types.h>

#include "client/options.h"
#include "client/tally.h"

/*
 * Follows processes while a command runs: a connection of its own, and a thread that takes what
 * comes and gets no signals.
 */
struct observer;

/* Connects.  NULL, with a line on stderr, where no daemon answers. */
struct observer *observer_open(const struct options *options);

/*
 * Those whose name or command line matches.  Returns once the daemon has listed them for the
 * first time, so that differences begin with the command.  0; else it is to be closed, and why
 * is said.
 */
int observer_follow_group(struct observer *o, const char *match);

/* A child of this process and its descendants, from now on. */
int observer_follow_tree(struct observer *o, pid_t pid, int64_t from_ms);

/* What counts begins now, by the daemon's clock. */
void observer_begin(struct observer *o, int64_t from_ms);

/* Ends with the first list that was made at that time or later; *to is what was used. */
void observer_finish(struct observer *o, int64_t to_ms, struct tally *to);

/* Of one that follows nobody. */
void observer_close(struct observer *o);

#endif
