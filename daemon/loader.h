/* SPDX-License-Identifier: MIT */
#ifndef LOADER_H
#define LOADER_H

#include "daemon/keeper.h"

/* What a store remembers, read back at the start. */
struct loaded {
	struct store_meta meta; /* epoch 0: the store is new */
	bool same_boot;		/* the machine has not booted since */
	unsigned columns;	/* highest id of a list of columns */
};

/*
 * Reads samples into the history, closed blocks and boots into the archive, energy counters
 * into the ledger, and gathers again what was open.  0, or -errno with what could be read.
 */
int loader_read(struct store *store, const struct keeper_parts *parts, struct loaded *loaded);

#endif
