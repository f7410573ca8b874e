/* SPDX-License-Identifier: MIT */
#include "daemon/source/darwin/dvfs.h"

#include <errno.h>
#include <math.h>

#define ENTRY_SIZE 8
#define HZ_MIN 100000000u
#define KHZ_MIN 300000u
#define MHZ_MAX 10000.0 /* twice what any published table holds */

static double entry_mhz(const uint8_t *p)
{
	uint32_t v = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
		(uint32_t)p[3] << 24;
	double mhz = NAN;

	if (v == 0)
		return 0;
	if (v >= HZ_MIN)
		mhz = v / 1e6;
	else if (v >= KHZ_MIN)
		mhz = v / 1e3;
	return mhz <= MHZ_MAX ? mhz : NAN;
}

int dvfs_parse(const uint8_t *bytes, size_t size, struct dvfs_table *table)
{
	double top = 0;

	table->count = 0;
	if (size == 0 || size % ENTRY_SIZE != 0)
		return -EINVAL;
	if (size / ENTRY_SIZE > DVFS_ENTRIES_MAX)
		return -E2BIG;
	for (size_t i = 0; i < size / ENTRY_SIZE; i++) {
		double mhz = entry_mhz(bytes + i * ENTRY_SIZE);

		if (isnan(mhz))
			return -EINVAL;
		table->mhz[i] = mhz;
		top = fmax(top, mhz);
	}
	if (top == 0)
		return -EINVAL;
	table->count = (unsigned)(size / ENTRY_SIZE);
	return 0;
}

double dvfs_max_mhz(const struct dvfs_table *table)
{
	double top = NAN;

	for (unsigned i = 0; i < table->count; i++)
		top = fmax(top, table->mhz[i]);
	return top;
}

int dvfs_parse_clusters(const uint8_t *bytes, size_t size, struct dvfs_clusters *clusters)
{
	clusters->count = 0;
	if (size == 0 || size % ENTRY_SIZE != 0)
		return -EINVAL;
	if (size / ENTRY_SIZE > DVFS_CLUSTERS_MAX)
		return -E2BIG;
	for (size_t i = 0; i < size / ENTRY_SIZE; i++) {
		clusters->table[i] = bytes[i * ENTRY_SIZE];
		clusters->tier[i] = bytes[i * ENTRY_SIZE + 1];
	}
	clusters->count = (unsigned)(size / ENTRY_SIZE);
	return 0;
}
