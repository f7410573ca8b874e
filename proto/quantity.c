/* SPDX-License-Identifier: MIT */
#include "proto/quantity.h"

#include <ctype.h>
#include <string.h>

#include "proto/nearest.h"

#define KIB 1024.0
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)
#define TIB (1024 * GIB)

static const struct quantity_unit quantity_units[] = {
	{ "%", DIMENSION_PERCENT, 1 },
	{ "mW", DIMENSION_POWER, 1e-3 },
	{ "W", DIMENSION_POWER, 1 },
	{ "kW", DIMENSION_POWER, 1e3 },
	{ "mJ", DIMENSION_ENERGY, 1e-3 },
	{ "J", DIMENSION_ENERGY, 1 },
	{ "kJ", DIMENSION_ENERGY, 1e3 },
	{ "MJ", DIMENSION_ENERGY, 1e6 },
	{ "Wh", DIMENSION_ENERGY, 3600 },
	{ "kWh", DIMENSION_ENERGY, 3.6e6 },
	{ "C", DIMENSION_TEMPERATURE, 1 },
	{ "°C", DIMENSION_TEMPERATURE, 1 },
	{ "Hz", DIMENSION_FREQUENCY, 1e-6 },
	{ "kHz", DIMENSION_FREQUENCY, 1e-3 },
	{ "MHz", DIMENSION_FREQUENCY, 1 },
	{ "GHz", DIMENSION_FREQUENCY, 1e3 },
	{ "rpm", DIMENSION_ROTATION, 1 },
	{ "B", DIMENSION_BYTES, 1 },
	{ "kB", DIMENSION_BYTES, 1e3 },
	{ "MB", DIMENSION_BYTES, 1e6 },
	{ "GB", DIMENSION_BYTES, 1e9 },
	{ "TB", DIMENSION_BYTES, 1e12 },
	{ "KiB", DIMENSION_BYTES, KIB },
	{ "MiB", DIMENSION_BYTES, MIB },
	{ "GiB", DIMENSION_BYTES, GIB },
	{ "TiB", DIMENSION_BYTES, TIB },
	{ "B/s", DIMENSION_TRAFFIC, 1 },
	{ "kB/s", DIMENSION_TRAFFIC, 1e3 },
	{ "MB/s", DIMENSION_TRAFFIC, 1e6 },
	{ "GB/s", DIMENSION_TRAFFIC, 1e9 },
	{ "KiB/s", DIMENSION_TRAFFIC, KIB },
	{ "MiB/s", DIMENSION_TRAFFIC, MIB },
	{ "GiB/s", DIMENSION_TRAFFIC, GIB },
	{ "us", DIMENSION_TIME, 1 },
	{ "ms", DIMENSION_TIME, 1e3 },
	{ "s", DIMENSION_TIME, 1e6 },
	{ "m", DIMENSION_TIME, 60e6 },
	{ "h", DIMENSION_TIME, 3600e6 },
};

#define QUANTITY_UNITS (sizeof(quantity_units) / sizeof(*quantity_units))

/* By enum unit; the text is that of messages. */
static const struct quantity_unit quantity_metrics[UNIT_COUNT] = {
	[UNIT_ONE] = { "", DIMENSION_NONE, 1 },
	[UNIT_PERCENT] = { "%", DIMENSION_PERCENT, 1 },
	[UNIT_WATT] = { "W", DIMENSION_POWER, 1 },
	[UNIT_JOULE] = { "J", DIMENSION_ENERGY, 1 },
	[UNIT_CELSIUS] = { "°C", DIMENSION_TEMPERATURE, 1 },
	[UNIT_MHZ] = { "MHz", DIMENSION_FREQUENCY, 1 },
	[UNIT_RPM] = { "rpm", DIMENSION_ROTATION, 1 },
	[UNIT_BYTE] = { "B", DIMENSION_BYTES, 1 },
	[UNIT_BYTE_S] = { "B/s", DIMENSION_TRAFFIC, 1 },
	[UNIT_GBYTE_S] = { "GB/s", DIMENSION_TRAFFIC, 1e9 },
	[UNIT_GIBYTE] = { "GiB", DIMENSION_BYTES, GIB },
	[UNIT_TICK] = { "", DIMENSION_NONE, 1 },
	[UNIT_US] = { "us", DIMENSION_TIME, 1 },
};

const struct quantity_unit *quantity_find(const char *text)
{
	for (size_t i = 0; i < QUANTITY_UNITS; i++) {
		const struct quantity_unit *unit = &quantity_units[i];
		size_t length = strlen(unit->text);

		if (strncmp(text, unit->text, length) != 0)
			continue;
		if (!isalnum((unsigned char)text[length]) && text[length] != '/')
			return unit;
	}
	return NULL;
}

const char *quantity_nearest(const char *word)
{
	struct nearest nearest;

	nearest_init(&nearest, word);
	for (size_t i = 0; i < QUANTITY_UNITS; i++)
		nearest_try(&nearest, quantity_units[i].text);
	return nearest.best;
}

const struct quantity_unit *quantity_of(enum unit unit)
{
	return &quantity_metrics[unit];
}
