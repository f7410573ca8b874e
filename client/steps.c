/* SPDX-License-Identifier: MIT */
#include "client/steps.h"

#include <stddef.h>

static const int64_t steps_round[] = { STEPS_MIN_MS, 200, 500, 1000, 2000, 5000, 10000, 15000,
	30000, 60000, 120000, 300000, 600000, 900000, 1800000, STEPS_MAX_MS };

int64_t steps_choose(int64_t span_ms, unsigned rows, int64_t base_ms)
{
	rows = rows > 0 ? rows : 1;
	if (span_ms <= base_ms * rows)
		return 0;
	for (size_t i = 0; i < sizeof(steps_round) / sizeof(*steps_round); i++)
		if (steps_round[i] > base_ms && steps_round[i] * rows >= span_ms)
			return steps_round[i];
	return STEPS_MAX_MS;
}
