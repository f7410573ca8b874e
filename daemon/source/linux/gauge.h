/* SPDX-License-Identifier: MIT */
#ifndef GAUGE_H
#define GAUGE_H

#include "daemon/source/linux/file.h"

/*
 * A number that a driver fetches from its hardware when it is read.  That can be dear: an
 * embedded controller or an NVMe disk answers after milliseconds.  A reading that took
 * GAUGE_DEAR_NS or more is repeated only when GAUGE_REST times as long has passed, and its
 * value is held until then, so that no gauge keeps its hardware busy for more than half a
 * percent of the time.
 */
#define GAUGE_DEAR_NS 200000
#define GAUGE_REST 200

struct gauge {
	struct file file;
	int64_t value;
	int result;	 /* of the last reading */
	uint64_t due_ns; /* on the clock of gauge_read() */
};

/* Reads, or holds, the number.  now_ns is CLOCK_MONOTONIC or 0 to read in any case.  0 or
 * -errno with value as it was. */
int gauge_read(struct gauge *gauge, uint64_t now_ns, int64_t *value);

/* When a gauge read at now_ns that took cost_ns is due again. */
uint64_t gauge_due_ns(uint64_t now_ns, uint64_t cost_ns);

#endif
