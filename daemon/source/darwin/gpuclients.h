/* SPDX-License-Identifier: MIT */
#ifndef GPUCLIENTS_H
#define GPUCLIENTS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The time that GPUs have worked for each process: what the registry says of the clients of the
 * accelerators, to everybody and of everybody's.  A client that closes takes its time with it,
 * so that the sum of a process may go down.
 */

struct gpuclient {
	int32_t pid;
	bool unread; /* a part of its time could not be read: the sum is not known */
	uint64_t ns;
};

/* Zeroed at first; the memory is used again. */
struct gpuclients {
	struct gpuclient *list; /* by pid, each once */
	unsigned count, capacity;
	bool complete; /* a process that is not in the list has used no GPU */
};

void gpuclients_read(struct gpuclients *clients);
void gpuclients_fini(struct gpuclients *clients);

/* Nanoseconds of a process, or PROCESS_UNKNOWN. */
uint64_t gpuclients_get(const struct gpuclients *clients, int32_t pid);

#endif
