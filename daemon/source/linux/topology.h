/* SPDX-License-Identifier: MIT */
#ifndef TOPOLOGY_H
#define TOPOLOGY_H

#include "proto/layout.h"

/*
 * The CPUs that are plugged in (/sys/devices/system/cpu/present; where there is no such file,
 * the lines of /proc/stat), online or not, with holes in their numbers allowed, and the kind of
 * each:
 *
 * - Intel hybrid: /sys/devices/cpu_core/cpus are P, cpu_atom and cpu_lowpower E.
 * - cpu_capacity, where it differs: the top tier is P, all lower ones E.  Capacities within 5 %
 *   of the top are one tier: cores of one design differ by that much in their highest clock.
 * - No such evidence: 0.
 */
#define TOPOLOGY_MAX LAYOUT_ENTITIES_MAX /* cores beyond are left out */
#define TOPOLOGY_NUMBERS 8192		 /* CPU numbers stay below (NR_CPUS of the kernel) */

struct topology {
	unsigned count;
	unsigned number[TOPOLOGY_MAX]; /* rising */
	char kind[TOPOLOGY_MAX];       /* 'P', 'E' or 0 */
	int cluster[TOPOLOGY_MAX];     /* -1 = none */
	unsigned clusters;
	char cluster_kind[TOPOLOGY_MAX];
};

/* How many CPUs were found. */
unsigned topology_load(struct topology *topology, const char *root);

/*
 * Puts the cores that have a kind into clusters, numbered from the lowest CPU number up: one
 * per kind and group[core], where a negative group is one like any other.
 */
void topology_group(struct topology *topology, const int group[TOPOLOGY_MAX]);

/* The group of each core by its package, for topology_group(). */
void topology_load_packages(
	const struct topology *topology, const char *root, int group[TOPOLOGY_MAX]);

/* Place of the CPU with that number; -1 = none. */
int topology_find(const struct topology *topology, unsigned number);

#endif
