/* SPDX-License-Identifier: MIT */
#ifndef TOPOLOGY_H
#define TOPOLOGY_H

#include <stdbool.h>

#include "daemon/source/darwin/channel.h"

/*
 * Which cores this machine has, of which kind, in which clusters, and which IOReport channel is
 * which of the system's CPU numbers.
 *
 * Kinds are those of hw.perflevelN.name (level 0 is the fastest, whatever it is called); the
 * letters of channels and of the device tree (E < M < P < S) only rank the levels: "P" is
 * Performance on an M4 and Super on an M5.  The device tree says which letter each CPU has;
 * without it CPUs are taken in the order of tiers, dies and numbers, which the schema then
 * says.
 */
#define TOPOLOGY_CORES_MAX 128
#define TOPOLOGY_CLUSTERS_MAX 32
#define TOPOLOGY_LEVELS_MAX 4

struct topology_level {
	char kind; /* 'E' 'P' 'S', 0 = a name nobody has seen */
	unsigned cores;
};

/* What the device tree says of one CPU; letter 0 = nothing. */
struct topology_cpu {
	char letter;
	int cluster; /* "cluster-id", -1 = not known */
};

struct topology_core {
	int channel; /* index in the list that was given, -1 = none */
	char letter, kind;
	int cluster; /* index into clusters, -1 = not known */
};

struct topology_cluster {
	char letter, kind;
	int die;
	unsigned rank; /* within die and letter */
};

struct topology {
	unsigned count; /* CPUs */
	struct topology_core cores[TOPOLOGY_CORES_MAX];
	unsigned cluster_count;
	struct topology_cluster clusters[TOPOLOGY_CLUSTERS_MAX];
	bool ordered;	 /* the device tree confirms which channel is which CPU */
	char top_letter; /* of the fastest kind; 0 = not known */
};

/* What the system says; read once. */
struct topology_facts {
	unsigned cpus; /* 0 = not known */
	unsigned level_count;
	struct topology_level levels[TOPOLOGY_LEVELS_MAX];
	unsigned tree_count;
	struct topology_cpu tree[TOPOLOGY_CORES_MAX];
};

void topology_read_facts(struct topology_facts *facts);

/* Puts it together.  names: the cores that have a channel, count of them.  Pure. */
void topology_build(struct topology *topology, const struct topology_facts *facts,
	const struct core_name *names, unsigned count);

/* The cluster of that die, letter and rank; -1 = none. */
int topology_find_cluster(const struct topology *topology, const struct core_name *name);

#endif
