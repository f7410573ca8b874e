/* SPDX-License-Identifier: MIT */
#ifndef ACTOP1_H
#define ACTOP1_H

#include "client/columns.h"
#include "client/options.h"
#include "proto/buf.h"

/*
 * The record of actop 1.0.0: its 20 keys in its order, numbers as it printed them (floats with
 * a point, frequencies and core percents whole), 0 for unknown.  Cores without a kind, and
 * those above the performance cores, were not known to it: they are in neither list.
 */

/* What to ask the daemon for; returns how many. */
unsigned actop1_patterns(const char *patterns[FIELDS_MAX]);

/* Appends the object without LF.  all are the columns of the schema for those patterns. */
void actop1_write(struct buf *out, const struct columns *all, const struct message *m);

#endif
