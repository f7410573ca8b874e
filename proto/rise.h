/* SPDX-License-Identifier: MIT */
#ifndef RISE_H
#define RISE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * How much a value has grown over the last stretch of time.  It is a matter of time, not of
 * samples: the value at the beginning of the window is interpolated between the samples around
 * it.  Pure.
 */
struct rise;

struct rise *rise_new(uint64_t window_ns);
void rise_free(struct rise *rise);
uint64_t rise_window_ns(const struct rise *rise);

/*
 * Takes the next value and returns it less the value window_ns ago, in its own unit.  NaN while
 * that is not known: a hole in time before the sample (gap), or a value that is NaN, lets the
 * window begin anew.  mono_ns must not go back without a gap.
 */
double rise_add(struct rise *rise, uint64_t mono_ns, double value, bool gap);

#endif
