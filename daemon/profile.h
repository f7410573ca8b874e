/* SPDX-License-Identifier: MIT */
#ifndef PROFILE_H
#define PROFILE_H

#include <stdbool.h>

#include "proto/layout.h"

/*
 * What the power and the memory traffic of a machine are measured against (profiles.def).  The
 * watts are full scales of charts, taken over from actop 1.0.0; the bandwidth is what Apple
 * announced.  Pure.
 */

/* Least full scale of a power chart, and how far `auto` lies above the highest value seen:
 * both as in actop 1.0.0. */
#define PROFILE_CPU_FLOOR_W 20.0
#define PROFILE_GPU_FLOOR_W 15.0
#define PROFILE_AUTO_FACTOR 1.25

struct profile {
	const char *name;      /* the row of the table; "generic"; "" = there is no reference */
	bool exact;	       /* the chip is in the table by its name */
	double cpu_w, gpu_w;   /* NaN = no reference, here and below */
	double ane_w;	       /* ane_util_pct is a share of it */
	double package_w;      /* CPU + GPU + ANE */
	double bandwidth_gbps; /* 10^9 bytes per second */
};

/* A viewer's choice of the full scale of CPU and GPU power. */
enum power_scale { POWER_SCALE_PROFILE, POWER_SCALE_AUTO };

/*
 * The references of a machine: by the exact name of its chip; of an "Apple M<n> [Tier]" that
 * is not in the table the watts of the newest chip of that tier; of any other Mac the generic
 * ones of actop; of anything else none.  A chip that is not in the table, or was sold with two
 * memory buses and does not say which cores it has (p_cores, machine->gpu_cores; 0 = not
 * known), has no bandwidth reference.
 */
void profile_choose(struct profile *profile, const struct machine *machine, unsigned p_cores);

/*
 * Full scale of a power chart in watts: PROFILE is the reference, AUTO is 1.25 times the
 * highest value seen, neither below floor.  NaN where PROFILE has no reference; AUTO without a
 * value yet (NaN) is the floor.
 */
double profile_full_scale(
	enum power_scale scale, double reference, double highest, double floor);

/* value in percent of full, 0 to 100; NaN when either is unknown or full is not above 0. */
double profile_percent(double value, double full);

#endif
