/* SPDX-License-Identifier: MIT */
#ifndef OBSERVER_H
#define OBSERVER_H

#include "client/options.h"
#include "client/tally.h"

/*
 * Follows a group of processes while a command runs: a connection of its own, and a thread that
 * takes what comes and gets no signals.
 */
struct observer;

/* Returns once the daemon has listed the group for the first time, so that differences begin
 * with the command.  NULL, with a line on stderr, where it does not. */
struct observer *observer_start(const struct options *options, const char *match);

/* What counts begins now, by the daemon's clock. */
void observer_begin(struct observer *o, int64_t from_ms);

/* Ends with the first list that was made at that time or later; *to is what was used. */
void observer_finish(struct observer *o, int64_t to_ms, struct tally *to);

#endif
