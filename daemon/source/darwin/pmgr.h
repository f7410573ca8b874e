/* SPDX-License-Identifier: MIT */
#ifndef PMGR_H
#define PMGR_H

#include "daemon/source/darwin/dvfs.h"

/* How many tables one kind of core may have: one for each of its clusters. */
#define PMGR_TABLES_MAX 4

/* Tables that belong together, the usual one first. */
struct pmgr_tables {
	unsigned count;
	struct dvfs_table table[PMGR_TABLES_MAX];
};

/* The frequency tables of this machine, read once from the device tree node "pmgr". */
struct pmgr {
	struct pmgr_tables top;	  /* of the fastest kind of core */
	struct pmgr_tables lower; /* of the other kind */
	struct dvfs_table gpu;	  /* entry 0 is off */
};

/* What cannot be read has no entries.  Nothing is to be released. */
void pmgr_read(struct pmgr *pmgr);

/*
 * The table for a channel with that many active states: the one of the same length, else the
 * first, whose entries the states index all the same.  NULL when there is none.
 */
const struct dvfs_table *pmgr_choose(const struct pmgr_tables *tables, unsigned states);

#endif
