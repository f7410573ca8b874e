/* SPDX-License-Identifier: MIT */
#ifndef PARTS_H
#define PARTS_H

#include <stdio.h>

#include "daemon/source/source.h"

/* The parts of a Mac, one file each. */
extern const struct part darwin_cpu, darwin_energy, darwin_gpu, darwin_accelerator,
	darwin_bandwidth, darwin_temperature, darwin_fan, darwin_power, darwin_thermal,
	darwin_memory, darwin_net, darwin_disk, darwin_battery, darwin_load;

/* Says the same of several metrics; the list ends with METRIC_NONE. */
void parts_note(
	struct layout *layout, const enum metric_id *ids, enum avail avail, const char *reason);

/* layout_promise() for several metrics; the list ends with METRIC_NONE. */
void parts_promise(struct layout *layout, const enum metric_id *ids);

#endif
