/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>

#include "daemon/source/darwin/parts.h"
#include "daemon/source/darwin/smc.h"
#include "proto/alloc.h"

/* Fans: FNum of them, none at all on a machine without that key.  0 rpm is a fan at rest. */

#define FANS_MAX 10 /* one digit in the key */
#define RPM_MAX 10000.0

struct fan {
	struct smc smc;
	unsigned count;
	struct smc_key actual[FANS_MAX]; /* code 0 = no such key */
	double max_rpm[FANS_MAX];
};

static double fan_plausible(double rpm)
{
	return rpm >= 0 && rpm <= RPM_MAX ? rpm : NAN;
}

static uint32_t fan_code(unsigned fan, const char *what)
{
	char name[8];

	snprintf(name, sizeof(name), "F%u%s", fan % 10, what);
	return SMC_FOURCC(name);
}

static int fan_open(void **self, const struct source_options *options, struct fault *why)
{
	struct fan *f = xcalloc(1, sizeof(*f));
	double count = NAN;

	(void)options;
	if (smc_open(&f->smc, why) == 0)
		count = smc_read_code(&f->smc, SMC_FOURCC("FNum"));
	if (!(count >= 1)) {
		smc_close(&f->smc);
		free(f);
		return -ENODEV;
	}
	f->count = count < FANS_MAX ? (unsigned)count : FANS_MAX;
	for (unsigned i = 0; i < f->count; i++) {
		if (smc_find(&f->smc, fan_code(i, "Ac"), &f->actual[i]) < 0)
			f->actual[i].code = 0;
		f->max_rpm[i] = fan_plausible(smc_read_code(&f->smc, fan_code(i, "Mx")));
	}
	*self = f;
	return 0;
}

static int fan_describe(void *self, struct layout *layout)
{
	struct fan *f = self;
	char name[16];

	for (unsigned i = 0; i < f->count; i++) {
		snprintf(name, sizeof(name), "%u", i);
		layout_add(layout, SCOPE_FAN, name);
	}
	return 0;
}

static int fan_read(void *self, struct sample *s)
{
	struct fan *f = self;
	double rpm;
	int rc = 0;

	for (unsigned i = 0; i < f->count; i++) {
		sample_set(s, METRIC_FAN_MAX_RPM, i, f->max_rpm[i]);
		if (!f->actual[i].code)
			continue;
		if (smc_read(&f->smc, &f->actual[i], &rpm) < 0)
			rc = -EIO;
		sample_set(s, METRIC_FAN_RPM, i, fan_plausible(rpm));
	}
	return rc;
}

static void fan_close(void *self)
{
	struct fan *f = self;

	smc_close(&f->smc);
	free(f);
}

const struct part darwin_fan = { "fan", fan_open, fan_describe, fan_read, fan_close };
