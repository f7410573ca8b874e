/* SPDX-License-Identifier: MIT */
#ifndef DERIVE_H
#define DERIVE_H

#include <stdint.h>

#include "proto/sample.h"

/*
 * The rules of proto/metrics.def, worked out once for a layout: one step for each value that
 * may be computed here, with the places of its inputs, so that a sample costs no look-ups.
 */
struct deriver;

/* The layout must be sealed; entities that come later (hot-plug) need a new deriver. */
struct deriver *deriver_new(const struct layout *layout);
void deriver_free(struct deriver *deriver);

/*
 * Fills every value that the source left absent and that has a rule, from cur and the sample
 * before it, both of the deriver's layout.  span_ns is the awake time between the two; with
 * prev NULL or span_ns 0 (a first sample, or a hole in time) there are no differences and every
 * rate stays absent.  A counter that went back was reset: no rate this once.
 */
void derive(const struct deriver *deriver, struct sample *cur, const struct sample *prev,
	uint64_t span_ns);

#endif
