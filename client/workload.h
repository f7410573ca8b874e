/* SPDX-License-Identifier: MIT */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include "client/processes.h"

/*
 * What a process and its descendants use together, those included that begin and end between
 * two lists: the system adds the CPU time of a child to its parent's children_cpu_ms when the
 * parent waits for it.  Descendants that nobody of them waits for are counted as far as they
 * were seen.
 */
struct workload {
	struct process *before; /* the list before; only numbers are used */
	size_t count;
	int64_t before_ts_ms;
	bool begun;
	double cpu_ms;	     /* used since the first list */
	double step_cpu_ms;  /* used since the list before; NAN = this is the first */
	double step_ms;	     /* between the two */
	double step_gone_ms; /* part of that by processes that are in neither list, or gone */
};

/* Takes the next list of the process with all that descend from it.  Zeroed at first. */
void workload_take(struct workload *w, const struct processes *p);
void workload_fini(struct workload *w);

#endif
