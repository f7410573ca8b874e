/* SPDX-License-Identifier: MIT */
#include "daemon/source/linux/parts.h"

#include <stdio.h>
#include <string.h>

#include "daemon/source/linux/gauge.h"
#include "daemon/source/linux/hwmon.h"
#include "proto/alloc.h"

/*
 * Power meters of the whole machine: the SMC of an Apple Silicon Mac (hwmon chip macsmc_hwmon)
 * and the ACPI power meter of servers (power_meter).  They tell watts, which are measured; they
 * have no energy counter, and a sum of samples would be an estimate, so there are no joules.
 */
#define METERS_MAX 16

struct meter {
	char label[LAYOUT_LABEL_MAX];
	struct gauge gauge; /* microwatts */
	bool adapter;	    /* goes to adapter_watts, not to a rail */
	int entity;	    /* of the rail; -1 = none */
};

struct meters {
	struct meter meters[METERS_MAX];
	unsigned count;
	bool eager; /* a fixture tree: nothing is dear */
};

static void meter_name(struct meter *meter, const struct hwmon_channel *channel)
{
	const char *label = channel->label;

	if (strcmp(channel->chip->name, "power_meter") == 0 ||
		strcmp(label, "Total System Power") == 0)
		label = "system";
	meter->adapter = strcmp(label, "AC Input Power") == 0;
	snprintf(meter->label, sizeof(meter->label), "%s", label);
}

static void meter_add(void *arg, const struct hwmon_channel *channel)
{
	struct meters *all = arg;
	struct meter *meter = &all->meters[all->count];
	const struct hwmon_chip *chip = channel->chip;

	if (strcmp(chip->name, "macsmc_hwmon") != 0 && strcmp(chip->name, "power_meter") != 0)
		return;
	if (all->count == METERS_MAX)
		return;
	all->count++;
	meter_name(meter, channel);
	if (file_open(&meter->gauge.file, "%s/power%u_input", chip->dir, channel->number) == 0)
		return;
	file_close(&meter->gauge.file);
	file_open(&meter->gauge.file, "%s/power%u_average", chip->dir, channel->number);
}

static int meter_open(void **self, const struct source_options *options, struct fault *why)
{
	struct meters *all = xcalloc(1, sizeof(*all));

	(void)why;
	all->eager = options->root[0] != '\0';
	hwmon_list(options->root, "power", meter_add, all);
	*self = all;
	return 0;
}

static void meter_describe_rail(struct meter *meter, struct layout *layout)
{
	struct entity *e;

	/* RAPL's psys has a counter, which is better. */
	if (layout_find(layout, SCOPE_RAIL, meter->label) >= 0)
		return;
	e = layout_add(layout, SCOPE_RAIL, meter->label);
	if (!e)
		return;
	e->quality = QUALITY_MEASURED;
	meter->entity = (int)layout->count[SCOPE_RAIL] - 1;
	if (strcmp(meter->label, "system") != 0)
		return;
	layout_note(layout, METRIC_SYSTEM_WATTS, AVAIL_OK, "");
	layout_note(layout, METRIC_SYSTEM_JOULES, AVAIL_UNSUPPORTED,
		"the machine measures its power, it has no energy counter");
}

static int meter_describe(void *self, struct layout *layout)
{
	struct meters *all = self;

	for (unsigned i = 0; i < all->count; i++) {
		all->meters[i].entity = -1;
		if (!all->meters[i].adapter)
			meter_describe_rail(&all->meters[i], layout);
	}
	return 0;
}

static int meter_read(void *self, struct sample *s)
{
	struct meters *all = self;
	int result = 0;

	for (unsigned i = 0; i < all->count; i++) {
		struct meter *meter = &all->meters[i];
		int64_t uw;
		int rc;

		if (!meter->adapter && meter->entity < 0)
			continue;
		rc = gauge_read(&meter->gauge, all->eager ? 0 : s->time.awake_ns, &uw);
		if (rc < 0)
			result = rc;
		else if (meter->adapter)
			sample_set(s, METRIC_ADAPTER_WATTS, 0, (double)uw * 1e-6);
		else
			sample_set(s, METRIC_RAIL_WATTS, (unsigned)meter->entity,
				(double)uw * 1e-6);
	}
	return result;
}

static void meter_close(void *self)
{
	struct meters *all = self;

	for (unsigned i = 0; i < all->count; i++)
		file_close(&all->meters[i].gauge.file);
	free(all);
}

const struct part meter_part = { "meter", meter_open, meter_describe, meter_read, meter_close };
