/* SPDX-License-Identifier: MIT */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/sample.h"

/* The three clocks of a Mac now. */
void clock_now(struct instant *now);

/* mach ticks as nanoseconds: 125/3 on Apple Silicon, asked and never assumed. */
uint64_t clock_from_ticks(uint64_t ticks);
uint64_t clock_to_ticks(uint64_t ns);

/*
 * Notices that the machine slept between two reads: the clock that runs on in sleep has got
 * ahead of the one that stands still.  Half a second tells a sleep from a late call.
 */
#define GAP_MIN_NS 500000000ULL

struct gap {
	bool started;
	struct instant last;
};

/* true when it slept since the call before; remembers now. */
bool gap_step(struct gap *gap, const struct instant *now);

#endif
