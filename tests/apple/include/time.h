/* SPDX-License-Identifier: MIT */
#ifndef APPLE_TIME_H
#define APPLE_TIME_H

#include_next <time.h>
#include <stdint.h>

/* What time.h of SDK 12 has beside the C library's. */
uint64_t clock_gettime_nsec_np(clockid_t clock);

#endif
