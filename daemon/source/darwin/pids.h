/* SPDX-License-Identifier: MIT */
#ifndef PIDS_H
#define PIDS_H

#include <stdint.h>

/* The numbers of all processes.  Zeroed at first; the memory is used again. */
struct pids {
	int32_t *list; /* the lowest first; one that ended meanwhile may stand there twice */
	unsigned count, capacity;
};

/* 0 or -errno; then there is none.  What is beyond twice PROCESS_MAX is not listed. */
int pids_read(struct pids *pids);
void pids_fini(struct pids *pids);

#endif
