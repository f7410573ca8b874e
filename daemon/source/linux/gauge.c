/* SPDX-License-Identifier: MIT */
#include "daemon/source/linux/gauge.h"

#include <time.h>

static uint64_t gauge_clock_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

uint64_t gauge_due_ns(uint64_t now_ns, uint64_t cost_ns)
{
	return cost_ns < GAUGE_DEAR_NS ? now_ns : now_ns + cost_ns * GAUGE_REST;
}

int gauge_read(struct gauge *gauge, uint64_t now_ns, int64_t *value)
{
	uint64_t start;

	if (now_ns == 0 || now_ns >= gauge->due_ns) {
		start = gauge_clock_ns();
		gauge->result = file_read_number(&gauge->file, &gauge->value);
		gauge->due_ns = gauge_due_ns(now_ns, gauge_clock_ns() - start);
	}
	if (gauge->result == 0)
		*value = gauge->value;
	return gauge->result;
}
