/* SPDX-License-Identifier: MIT */
#ifndef CPUFREQ_H
#define CPUFREQ_H

#include "daemon/source/linux/file.h"
#include "daemon/source/linux/topology.h"

/*
 * The frequency policies of /sys/devices/system/cpu/cpufreq, each read once for all the cores
 * that share it.  A reading costs about 1 us per policy, and x86 kernels before 5.18 may sleep
 * 10 ms in one, so a round ends after CPUFREQ_ROUND_MAX policies or CPUFREQ_BUDGET_NS and the
 * next one goes on from there: with more policies than that a value may be some rounds old.
 */
#define CPUFREQ_ROUND_MAX 64
#define CPUFREQ_BUDGET_NS 2000000

struct cpufreq_policy {
	struct file cur;
	double max_mhz, mhz; /* NaN = not known */
	unsigned cores;
};

struct cpufreq {
	struct cpufreq_policy *policies;
	unsigned count, next;
	bool shared;	      /* whether any policy has several cores */
	int of[TOPOLOGY_MAX]; /* core -> policy, -1 = none */
};

void cpufreq_open(struct cpufreq *freq, const struct topology *topology, const char *root);
void cpufreq_close(struct cpufreq *freq);

/* One round; afterwards cpufreq_mhz() answers. */
void cpufreq_read(struct cpufreq *freq);

/* Of a core by its place in the topology; NaN = not known. */
double cpufreq_mhz(const struct cpufreq *freq, unsigned core);
double cpufreq_max_mhz(const struct cpufreq *freq, unsigned core);

#endif
