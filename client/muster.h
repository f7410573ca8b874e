/* SPDX-License-Identifier: MIT */
#ifndef MUSTER_H
#define MUSTER_H

#include <stdint.h>

#include "client/message.h"
#include "proto/group.h"

/*
 * Sums over the processes of a group, from a line or reply "processes" that lists them.  Pure.
 */

#define MUSTER_LIMIT 1000 /* processes of a group that the daemon is asked to list */

/* The sum of one function.  self: this process, which is not counted, nor are those that it was
 * started by and that the list has (their command lines tell of the condition too); 0 = all
 * are counted, which are of another machine. */
struct group_sum muster_sum(
	const struct message *list, enum group_function function, int64_t self);

/* Whether the list has differences to a walk before. */
bool muster_has_rates(const struct message *list);

#endif
