/* SPDX-License-Identifier: MIT */
#ifndef SAMPLER_H
#define SAMPLER_H

#include <uv.h>

#include "daemon/source/source.h"

/*
 * Reads the source on a thread of its own, on an absolute schedule (tick k is due at start + k
 * x base), and hands each reading to the loop's thread.  A tick that comes too late is skipped,
 * never made up for: what was missed shows in the measured times.  A recording is read at its
 * own pace.
 */

#define SAMPLER_SLOTS 8 /* readings between the threads; the loop may hang so many ticks */

/* One reading on its way.  Belongs to the sampler; valid during the callback. */
struct reading {
	struct sample *sample;
	uint64_t tick;	    /* from 1 */
	bool late;	    /* ticks before it were missed */
	uint64_t handed_ns; /* uv_hrtime() when the loop was told of it */
};

struct sampler_stats {
	uint64_t taken, missed,
		late; /* late: began more than a tenth of the period after its time */
	uint64_t cost_ns_sum, cost_ns_max;
	uint64_t lag_ns_max; /* from the end of a reading until the loop took it */
};

struct sampler;

/* Called on the loop's thread for each reading, and once with NULL when a recording has ended.
 */
typedef void (*sampler_callback)(void *arg, struct reading *reading);

/* Starts the thread.  The source must outlive the sampler.  NULL when no thread can be had. */
struct sampler *sampler_start(uv_loop_t *loop, struct source *source, unsigned base_ms,
	sampler_callback callback, void *arg);

/* Stops the thread, waits for it, and closes the handle; free after the loop has run out. */
void sampler_stop(struct sampler *p);
void sampler_free(struct sampler *p);

void sampler_get_stats(struct sampler *p, struct sampler_stats *stats);

/* Awake nanoseconds since the last reading came; for the watchdog. */
uint64_t sampler_silence_ns(struct sampler *p);

#endif
