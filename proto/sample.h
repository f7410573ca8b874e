/* SPDX-License-Identifier: MIT */
#ifndef SAMPLE_H
#define SAMPLE_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "proto/layout.h"

/* One moment on three clocks. */
struct instant {
	int64_t wall_ms;   /* Unix time, UTC; may be set and jump */
	uint64_t mono_ns;  /* since boot, time asleep included */
	uint64_t awake_ns; /* since boot, stands still while the machine sleeps; rates divide by
			      it */
};

/*
 * One reading of the whole machine.  A value that nobody set is absent, never zero: absent is
 * NaN in memory and null outside, and sample_has() is the only test.  Setting NaN or an
 * infinity leaves the value absent.
 */
struct sample {
	const struct layout *layout;
	struct instant time; /* taken right before the readings */
	double *values;	     /* layout->width of them */
};

/* The layout must be sealed and outlive the sample. */
struct sample *sample_new(const struct layout *layout);
void sample_free(struct sample *s);

/* Marks every value absent. */
void sample_clear(struct sample *s);
void sample_copy(struct sample *to, const struct sample *from);

/* An entity beyond the scope's count is ignored. */
void sample_set(struct sample *s, enum metric_id id, unsigned entity, double value);

static inline double sample_get(const struct sample *s, enum metric_id id, unsigned entity)
{
	return s->values[layout_index(s->layout, id, entity)];
}

static inline bool sample_has(const struct sample *s, enum metric_id id, unsigned entity)
{
	return !isnan(sample_get(s, id, entity));
}

#endif
