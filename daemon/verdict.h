/* SPDX-License-Identifier: MIT */
#ifndef VERDICT_H
#define VERDICT_H

#include <stddef.h>

/*
 * Judgements over one sample.  Every input is NaN where it is not known, and so is a verdict
 * that what is known does not decide.  Pure.
 */

/*
 * Throttled = busy, slow and hot, with the thresholds of actop 1.1.0: active share, frequency
 * as a share of the top of the frequency table, die temperature.  Thermal pressure above
 * Nominal is hot as well.
 */
#define VERDICT_BUSY_PCT 80.0
#define VERDICT_SLOW_SHARE 0.90
#define VERDICT_HOT_C 90.0
#define VERDICT_RAISED 1.0 /* rank of Fair in STATES(THERMAL) */

/* What holds the machine back: METRICS.md, "limit". */
#define VERDICT_SERIOUS 2.0	     /* rank in STATES(THERMAL) */
#define VERDICT_POWER_PCT 95.0	     /* of the reference of the package */
#define VERDICT_CRITICAL 2.0	     /* rank in STATES(PRESSURE) */
#define VERDICT_SWAP_BYTES_PER_S 1e7 /* in and out together */
#define VERDICT_BANDWIDTH_PCT 85.0
#define VERDICT_COMPUTE_PCT 90.0

#define VERDICT_REASON_MAX 96 /* NUL included */

/* Ranks of STATES(LIMIT). */
enum limit {
	LIMIT_NONE,
	LIMIT_COMPUTE,
	LIMIT_BANDWIDTH,
	LIMIT_MEMORY,
	LIMIT_THERMAL,
	LIMIT_POWER
};

/* A part of the chip with one frequency: a cluster of cores, the GPU. */
struct verdict_domain {
	double busy_pct;
	double freq_mhz, max_freq_mhz; /* realised where the chip tells it */
	double temp_c;
	double thermal; /* rank in STATES(THERMAL) */
};

struct verdict_input {
	double throttle_cpu, throttle_gpu; /* 1, 0 */
	double thermal, pressure;	   /* ranks */
	double package_pct, bandwidth_pct; /* of their references */
	double swap_in, swap_out;	   /* bytes per second */
	double cpu_busy_pct;		   /* of the busiest kind of core */
	double gpu_busy_pct;
};

/*
 * 1 throttled, 0 not, NaN not known.  One condition that does not hold is enough for 0.  Of
 * thermal pressure and temperature the one that is known decides (Linux has no pressure).  Of a
 * domain of which neither the load nor the frequency is known nothing is said.
 */
double verdict_throttle(const struct verdict_domain *domain);

/* a or b of two verdicts: 1 where one is 1, else NaN where one is NaN. */
double verdict_either(double a, double b);

/* Rank of enum limit, the first rule that holds; NaN when no rule has an input that is known.
 */
double verdict_limit(const struct verdict_input *input);

/*
 * Why the limit is what it is, in words without a full stop: "package power is at 97 % of its
 * reference".  "" when limit is NaN.  Returns to.
 */
const char *verdict_reason(
	char to[VERDICT_REASON_MAX], double limit, const struct verdict_input *input);

#endif
