/* SPDX-License-Identifier: MIT */
#ifndef DUMPPROCESS_H
#define DUMPPROCESS_H

#include "daemon/source/common/jsonfile.h"
#include "daemon/source/darwin/usage.h"

/*
 * One process for the description of a machine: this one, which names nobody.  It tells what
 * this kernel adds up of processes, energy above all.
 */
struct dumpprocess {
	struct usage usage;
	struct process first, last;
	bool found; /* both could be read */
};

void dumpprocess_begin(struct dumpprocess *dump);
void dumpprocess_end(struct dumpprocess *dump);

/* Section processes, and rusage_version; nothing where it could not be read. */
void dumpprocess_write(const struct dumpprocess *dump, struct jsonfile *j);

#endif
