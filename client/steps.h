/* SPDX-License-Identifier: MIT */
#ifndef STEPS_H
#define STEPS_H

#include <stdint.h>

/* Steps that the daemon takes, in ms. */
#define STEPS_MIN_MS 100
#define STEPS_MAX_MS 3600000

/*
 * The step with which a span becomes at most so many rows, as round as people like it; 0 where
 * the samples as they are (one per base_ms) are few enough.  At most an hour, so that long
 * spans have more rows.  Pure.
 */
int64_t steps_choose(int64_t span_ms, unsigned rows, int64_t base_ms);

#endif
