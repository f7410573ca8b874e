/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "daemon/source/darwin/clock.h"
#include "daemon/source/darwin/parts.h"
#include "daemon/source/darwin/smc.h"
#include "proto/alloc.h"

/*
 * What the machine as a whole draws, as its controller measures it: PSTR all of it, PDTR what
 * comes from the adapter, PPBR what comes from the battery (positive while it discharges). They
 * are averages of their own: PSTR may be below the sum of the rails, and is given as it is.
 */
enum { POWER_SYSTEM, POWER_ADAPTER, POWER_BATTERY, POWER_COUNT };

#define WATTS_MAX 2000.0

struct power {
	struct smc smc;
	struct smc_key keys[POWER_COUNT]; /* code 0 = no such key */
	struct gap gap;
	unsigned rail;
	bool timed; /* last_ns is a reading of PSTR */
	uint64_t last_ns;
	double joules;
};

static int power_open(void **self, const struct source_options *options, struct fault *why)
{
	static const uint32_t codes[POWER_COUNT] = { SMC_FOURCC("PSTR"), SMC_FOURCC("PDTR"),
		SMC_FOURCC("PPBR") };
	struct power *p = xcalloc(1, sizeof(*p));

	(void)options, (void)why;
	if (smc_open(&p->smc, &(struct fault){ 0 }) == 0)
		for (unsigned i = 0; i < POWER_COUNT; i++)
			if (smc_find(&p->smc, codes[i], &p->keys[i]) < 0)
				p->keys[i].code = 0;
	*self = p;
	return 0;
}

static int power_describe(void *self, struct layout *layout)
{
	static const enum metric_id system[] = { METRIC_SYSTEM_WATTS, METRIC_SYSTEM_JOULES,
		METRIC_NONE };
	struct power *p = self;
	struct entity *e;

	if (!p->keys[POWER_SYSTEM].code) {
		parts_note(layout, system, AVAIL_UNSUPPORTED,
			"the controller does not measure the whole machine");
		return 0;
	}
	e = layout_add(layout, SCOPE_RAIL, "system");
	p->rail = layout->count[SCOPE_RAIL] - 1;
	if (e)
		e->quality = QUALITY_MEASURED;
	return 0;
}

/* NaN for a key that is not there, on a failure, and out of range. */
static double power_watts(struct power *p, unsigned which, double min, int *rc)
{
	double watts;

	if (!p->keys[which].code)
		return NAN;
	if (smc_read(&p->smc, &p->keys[which], &watts) < 0)
		*rc = -EIO;
	return watts >= min && watts <= WATTS_MAX ? watts : NAN;
}

/* Energy is power times the awake time since the last reading; nothing over a sleep. */
static void power_read_system(struct power *p, double watts, bool slept, struct sample *s)
{
	uint64_t now_ns = s->time.awake_ns;

	if (slept)
		p->timed = false;
	if (isnan(watts))
		return;
	if (p->timed)
		p->joules += watts * (double)(now_ns - p->last_ns) / 1e9;
	p->timed = true;
	p->last_ns = now_ns;
	sample_set(s, METRIC_RAIL_WATTS, p->rail, watts);
	sample_set(s, METRIC_RAIL_JOULES, p->rail, p->joules);
}

static int power_read(void *self, struct sample *s)
{
	struct power *p = self;
	bool slept = gap_step(&p->gap, &s->time);
	int rc = 0;

	if (p->keys[POWER_SYSTEM].code)
		power_read_system(p, power_watts(p, POWER_SYSTEM, 0, &rc), slept, s);
	sample_set(s, METRIC_ADAPTER_WATTS, 0, power_watts(p, POWER_ADAPTER, 0, &rc));
	sample_set(s, METRIC_BATTERY_WATTS, 0, power_watts(p, POWER_BATTERY, -WATTS_MAX, &rc));
	return rc;
}

static void power_close(void *self)
{
	struct power *p = self;

	smc_close(&p->smc);
	free(p);
}

const struct part darwin_power = { "power", power_open, power_describe, power_read,
	power_close };
