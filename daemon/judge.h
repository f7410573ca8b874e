/* SPDX-License-Identifier: MIT */
#ifndef JUDGE_H
#define JUDGE_H

#include "daemon/profile.h"
#include "daemon/verdict.h"
#include "proto/sample.h"

/*
 * What a sample means on this machine: shares of the chip's references, throttling, and what
 * holds the machine back.  Keeps the highest readings seen since it was made.  Pure.
 */
struct judge;

/* Notes in the layout, for the schema, which shares have no reference on this machine. */
void judge_describe(struct layout *layout);

/* The layout must be sealed and outlive the judge. */
struct judge *judge_new(const struct layout *layout);
void judge_free(struct judge *judge);

/*
 * Fills cpu_power_pct, gpu_power_pct, package_power_pct, ane_util_pct, bandwidth_pct,
 * gpu_mem_headroom_bytes, throttle_cpu, throttle_gpu and limit of a derived sample of that
 * layout, each where the source left it absent and its inputs are known.  A package power or
 * bandwidth above its reference raises the reference for this and all later samples.
 */
void judge_sample(struct judge *judge, struct sample *s);

/* The references of the chip, as the table has them. */
const struct profile *judge_profile(const struct judge *judge);

/*
 * What percentages are taken of now, and what a viewer needs for the scale `auto`
 * (profile_full_scale).  NaN = no reference, or nothing seen.
 */
struct judge_ceilings {
	double package_w, bandwidth_gbps;    /* references, raised */
	double highest_cpu_w, highest_gpu_w; /* readings */
};
const struct judge_ceilings *judge_ceilings(const struct judge *judge);

/* Why the limit of the newest sample is what it is (verdict_reason).  Returns to. */
const char *judge_reason(const struct judge *judge, char to[VERDICT_REASON_MAX]);

#endif
