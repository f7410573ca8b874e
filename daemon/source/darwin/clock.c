/* SPDX-License-Identifier: MIT */
#include "daemon/source/darwin/clock.h"

#include <mach/mach_time.h>
#include <time.h>

static void timebase(uint64_t *numer, uint64_t *denom)
{
	mach_timebase_info_data_t info = { 0, 0 };

	mach_timebase_info(&info);
	*numer = info.numer && info.denom ? info.numer : 1;
	*denom = info.numer && info.denom ? info.denom : 1;
}

/* x125 overflows 64 bits only after 195 years awake. */
uint64_t clock_from_ticks(uint64_t ticks)
{
	uint64_t numer, denom;

	timebase(&numer, &denom);
	return ticks * numer / denom;
}

uint64_t clock_to_ticks(uint64_t ns)
{
	uint64_t numer, denom;

	timebase(&numer, &denom);
	return ns * denom / numer;
}

void clock_now(struct instant *now)
{
	now->wall_ms = (int64_t)(clock_gettime_nsec_np(CLOCK_REALTIME) / 1000000);
	now->mono_ns = clock_from_ticks(mach_continuous_time());
	now->awake_ns = clock_from_ticks(mach_absolute_time());
}

bool gap_step(struct gap *gap, const struct instant *now)
{
	uint64_t awake = now->awake_ns - gap->last.awake_ns;
	uint64_t mono = now->mono_ns - gap->last.mono_ns;
	bool slept = gap->started && mono > awake && mono - awake > GAP_MIN_NS;

	gap->started = true;
	gap->last = *now;
	return slept;
}
