/* SPDX-License-Identifier: MIT */
#ifndef RANGE_H
#define RANGE_H

#include "client/ask.h"

/* The moment that --since and --until are counted from. */
struct range_now {
	int64_t wall_ms;
	int64_t mono_ms; /* since boot, as the daemon counts it; 0 = not asked yet */
};

/* Whether range_resolve() needs mono_ms. */
bool range_needs_boot(const struct options *options);

/*
 * --since and --until as the protocol has them: what is relative goes as last_ms, which is
 * measured on a clock that nobody sets.  0, or EXIT_USAGE after saying why.
 */
int range_resolve(
	struct ask_range *range, const struct options *options, const struct range_now *now);

/* A daemon that is told no beginning answers with the samples that it has one by one.  Where
 * steps are wanted, or an end is given, the range begins with the oldest of what it has summed
 * up. */
void range_reach_back(struct ask_range *range, const struct options *options);

#endif
