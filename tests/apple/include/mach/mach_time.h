/* SPDX-License-Identifier: MIT */
#ifndef APPLE_MACH_TIME_H
#define APPLE_MACH_TIME_H

#include <mach/mach.h>

/* The part of mach/mach_time.h (SDK 12) that is used. */

struct mach_timebase_info {
	uint32_t numer, denom;
};
typedef struct mach_timebase_info *mach_timebase_info_t;
typedef struct mach_timebase_info mach_timebase_info_data_t;

kern_return_t mach_timebase_info(mach_timebase_info_t info);
kern_return_t mach_wait_until(uint64_t deadline);
uint64_t mach_absolute_time(void);
uint64_t mach_continuous_time(void);

#endif
