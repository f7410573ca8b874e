/* SPDX-License-Identifier: MIT */
#ifndef METER_H
#define METER_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The rate of a counter that its driver publishes now and then (energy about every two seconds,
 * in uneven batches), not when it is read.  The rate is the difference between two publications
 * over the time between their own time stamps, and holds until the next.  Pure.
 *
 *   - A span below METER_SPAN_MIN_NS is the tail of a batch and goes into the next span.
 *   - No publication for the longer of METER_STALE_NS and two of its spans: not known any more.
 *   - No time stamp, one that stands while the value moves, or one in the future: from then on
 *     the time of observation counts instead.
 *   - The total grows with that rate between publications, so that it and the power tell the
 * same, and is set right by the next one.
 *   - A value that goes back is a new beginning; one below zero (INT64_MIN) is not known.
 */
#define METER_SPAN_MIN_NS 50000000ULL
#define METER_STALE_NS 10000000000ULL
#define METER_FUTURE_NS 1000000000ULL
#define METER_FRESH_NS 10000000ULL

struct meter {
	double scale; /* base units in one unit of the counter; NaN = unit not known */
	double rate;  /* base units per second over the last span; NaN = none yet */
	double total; /* base units published since the first value; never goes back */
	int64_t base; /* the value at the beginning of the span */
	int64_t last;
	uint64_t base_ns;  /* when base was published */
	uint64_t stamp_ns; /* when last was published */
	uint64_t seen_ns;  /* when the last publication was noticed */
	uint64_t span_ns;
	uint64_t after_ns; /* a span may not begin before this */
	bool started, based, valid;
	bool observed; /* time stamps are of no use here */
	bool moved;    /* has published since the first value */
};

void meter_init(struct meter *m, double scale);

/* One reading: value, its time stamp (0 = none), and the time now, all awake time in ns. */
void meter_feed(struct meter *m, int64_t value, uint64_t stamp_ns, uint64_t now_ns);

/*
 * The machine has slept since the read before this one at now_ns.  Nobody knows when between
 * the two, so only a value that is published from now on, or was by this very read, begins a
 * span.
 */
void meter_sleep(struct meter *m, uint64_t now_ns);

/* Base units per second; NaN = not known. */
double meter_rate(const struct meter *m, uint64_t now_ns);

/*
 * Base units since the first value, up to now: what was published, and since then the rate of
 * the last span, for at most one more span.  So it grows as meter_rate() says and is set right
 * by each publication; it may then be less than before, which the caller has to hold.  It goes
 * on over sleeps and while no rate is known.  NaN before anything has been published, so that a
 * counter that stands still for ever is not taken for 0.
 */
double meter_total(const struct meter *m, uint64_t now_ns);

#endif
