/* SPDX-License-Identifier: MIT */
#ifndef DERIVE_H
#define DERIVE_H

#include <stdint.h>

#include "proto/sample.h"

/*
 * Fills every value that the source left absent and that has a rule in proto/metrics.def, from
 * cur and the sample before it.  Both share one layout.  span_ns is the awake time between the
 * two; with prev NULL or span_ns 0 (a first sample, or a hole in time) there are no differences
 * and every rate stays absent.  A counter that went back was reset: no rate this once.
 */
void derive(struct sample *cur, const struct sample *prev, uint64_t span_ns);

/* Index of the rail that OP_RAIL of this host metric refers to ("cpu_watts" -> "cpu"); -1 =
 * none. */
int derive_rail(const struct layout *layout, enum metric_id id);

/* The terms of an OP_SUM metric, ended by METRIC_NONE; the first two must be known. */
const enum metric_id *derive_terms(enum metric_id id);

#endif
