/* SPDX-License-Identifier: MIT */
#ifndef DVFS_H
#define DVFS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Frequency tables as the device tree node "pmgr" holds them: entries of 8 bytes, two 32-bit
 * numbers, little endian: the frequency and the voltage in mV.  Pure.
 */
#define DVFS_ENTRIES_MAX 64

struct dvfs_table {
	unsigned count; /* 0 = not known */
	double mhz[DVFS_ENTRIES_MAX];
};

/*
 * Frequencies are in Hz, or in kHz since M4, told apart by their size and never by the name of
 * the chip: from 10^8 up it is Hz, from 3 x 10^5 kHz, below that it is a period and no
 * frequency. 0 is an entry of GPU tables and means off.  0; -EINVAL for a length that is no
 * multiple of 8, an entry that is no frequency, or nothing but zeros; -E2BIG.
 */
int dvfs_parse(const uint8_t *bytes, size_t size, struct dvfs_table *table);

/* The highest frequency, wherever it stands: GPU tables are not in order.  NaN without entries.
 */
double dvfs_max_mhz(const struct dvfs_table *table);

/*
 * "acc-clusters" of M5 Pro and Max: entries of 8 bytes, the number of a table and the tier,
 * counted from the slowest.  0, -EINVAL or -E2BIG.
 */
#define DVFS_CLUSTERS_MAX 16

struct dvfs_clusters {
	unsigned count;
	uint8_t table[DVFS_CLUSTERS_MAX], tier[DVFS_CLUSTERS_MAX];
};

int dvfs_parse_clusters(const uint8_t *bytes, size_t size, struct dvfs_clusters *clusters);

#endif
