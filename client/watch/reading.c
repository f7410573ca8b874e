/* SPDX-License-Identifier: MIT */
#include "client/watch/reading.h"

#include <math.h>
#include <stdio.h>

#define JOULES_PER_WH 3600
#define BIG 99.95 /* from here on a decimal says nothing */

static void reading_bytes(char to[READING_MAX], double value, const char *end)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB" };
	unsigned i = 0;

	for (; value >= 1023.5 && i + 1 < sizeof(units) / sizeof(*units); i++)
		value /= 1024;
	snprintf(to, READING_MAX, i > 0 && value < BIG ? "%.1f %s%s" : "%.0f %s%s", value,
		units[i], end);
}

static void reading_joules(char to[READING_MAX], double value)
{
	double wh = value / JOULES_PER_WH;

	if (wh < 0.1)
		snprintf(to, READING_MAX, wh < 0.01 ? "%.1f mWh" : "%.0f mWh", wh * 1000);
	else
		snprintf(to, READING_MAX, wh < BIG ? "%.2f Wh" : "%.0f Wh", wh);
}

static void reading_number(char to[READING_MAX], enum reading reading, double value)
{
	switch (reading) {
	case READING_PERCENT:
		snprintf(to, READING_MAX, "%.0f%%", value);
		break;
	case READING_WATTS:
		snprintf(to, READING_MAX, fabs(value) < BIG ? "%.1f W" : "%.0f W", value);
		break;
	case READING_GBPS:
		snprintf(to, READING_MAX, value < BIG ? "%.1f GB/s" : "%.0f GB/s", value);
		break;
	case READING_CELSIUS:
		snprintf(to, READING_MAX, "%.0f°C", value);
		break;
	case READING_MHZ:
		snprintf(to, READING_MAX, "%.0f MHz", value);
		break;
	case READING_RPM:
		snprintf(to, READING_MAX, "%.0f rpm", value);
		break;
	default:
		snprintf(to, READING_MAX, value < BIG ? "%.2f" : "%.0f", value);
	}
}

const char *reading_show(char to[READING_MAX], enum reading reading, double value)
{
	if (isnan(value))
		snprintf(to, READING_MAX, "-");
	else if (reading == READING_BYTES || reading == READING_RATE)
		reading_bytes(to, value, reading == READING_RATE ? "/s" : "");
	else if (reading == READING_JOULES)
		reading_joules(to, value);
	else
		reading_number(to, reading, value);
	return to;
}
