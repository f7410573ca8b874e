/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "daemon/source/darwin/cf.h"
#include "daemon/source/darwin/parts.h"
#include "daemon/source/darwin/registry.h"
#include "proto/alloc.h"

/*
 * The battery's charge, and its power where the controller does not measure it.  The gauge
 * renews its numbers every few tens of seconds, so that its power is not a live one.
 */

struct battery {
	io_service_t service;
};

static int battery_open(void **self, const struct source_options *options, struct fault *why)
{
	io_service_t service = registry_find_class("AppleSmartBattery");
	struct battery *b;

	(void)options, (void)why;
	/* A desktop: absent, not unknown. */
	if (!service)
		return -ENODEV;
	b = xcalloc(1, sizeof(*b));
	b->service = service;
	*self = b;
	return 0;
}

static int battery_describe(void *self, struct layout *layout)
{
	(void)self, (void)layout;
	return 0;
}

static bool battery_integer(const struct battery *b, CFStringRef key, int64_t *value)
{
	CFTypeRef number = registry_copy(b->service, key, CFNumberGetTypeID());
	bool known = cf_integer(number, value);

	cf_release(number);
	return known;
}

/* Percent on Apple Silicon, where the maximum is 100; elsewhere both are mAh. */
static int battery_read_charge(const struct battery *b, struct sample *s)
{
	int64_t now, max;
	double percent;

	if (!battery_integer(b, CFSTR("CurrentCapacity"), &now) ||
		!battery_integer(b, CFSTR("MaxCapacity"), &max) || max <= 0)
		return -EIO;
	percent = 100.0 * (double)now / (double)max;
	sample_set(s, METRIC_BATTERY_PCT, 0, percent >= 0 && percent <= 100 ? percent : NAN);
	return 0;
}

/* Amperage is negative while the battery discharges, and printed as if it were unsigned. */
static int battery_read_power(const struct battery *b, struct sample *s)
{
	int64_t millivolts, milliamperes;

	if (!battery_integer(b, CFSTR("Voltage"), &millivolts) ||
		!battery_integer(b, CFSTR("Amperage"), &milliamperes))
		return -EIO;
	sample_set(
		s, METRIC_BATTERY_WATTS, 0, -(double)millivolts * (double)milliamperes / 1e6);
	return 0;
}

static int battery_read_adapter(const struct battery *b, struct sample *s)
{
	CFDictionaryRef telemetry =
		registry_copy(b->service, CFSTR("PowerTelemetryData"), CFDictionaryGetTypeID());
	int64_t milliwatts;

	if (cf_get_integer(telemetry, CFSTR("SystemPowerIn"), &milliwatts) && milliwatts >= 0)
		sample_set(s, METRIC_ADAPTER_WATTS, 0, (double)milliwatts / 1e3);
	cf_release(telemetry);
	return 0;
}

static int battery_read(void *self, struct sample *s)
{
	const struct battery *b = self;
	int rc = battery_read_charge(b, s);

	if (!sample_has(s, METRIC_BATTERY_WATTS, 0) && battery_read_power(b, s) < 0)
		rc = -EIO;
	if (!sample_has(s, METRIC_ADAPTER_WATTS, 0))
		battery_read_adapter(b, s);
	return rc;
}

static void battery_close(void *self)
{
	struct battery *b = self;

	IOObjectRelease(b->service);
	free(b);
}

const struct part darwin_battery = { "battery", battery_open, battery_describe, battery_read,
	battery_close };
