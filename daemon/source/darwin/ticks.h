/* SPDX-License-Identifier: MIT */
#ifndef TICKS_H
#define TICKS_H

#include <stdbool.h>
#include <stdint.h>

#include <mach/mach.h>

#include "daemon/source/darwin/topology.h"

/*
 * Kernel ticks of each CPU (1/100 s, 32 bits that wrap), made into counters that do not.  For
 * cores without an IOReport channel, as in a virtual machine.
 */
struct ticks {
	host_t host;
	unsigned count; /* CPUs of the last reading */
	bool started;
	uint32_t last[TOPOLOGY_CORES_MAX][CPU_STATE_MAX];
	uint64_t busy[TOPOLOGY_CORES_MAX], total[TOPOLOGY_CORES_MAX];
};

void ticks_open(struct ticks *t);
void ticks_close(struct ticks *t);

/* 0 or -EIO; then the values are those of before and not to be used. */
int ticks_read(struct ticks *t);

#endif
