/* SPDX-License-Identifier: MIT */
#include "daemon/verdict.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#include "proto/metric.h"

/* ---- throttling ---- */

/* x >= bound as 1, 0 or NaN. */
static double verdict_at_least(double x, double bound)
{
	return isnan(x) ? (double)NAN : (double)(x >= bound);
}

static double verdict_slow(const struct verdict_domain *d)
{
	if (isnan(d->freq_mhz) || !(d->max_freq_mhz > 0))
		return NAN;
	return d->freq_mhz < VERDICT_SLOW_SHARE * d->max_freq_mhz;
}

static double verdict_hot(const struct verdict_domain *d)
{
	double pressed = verdict_at_least(d->thermal, VERDICT_RAISED);
	double burning = verdict_at_least(d->temp_c, VERDICT_HOT_C);

	if (isnan(pressed))
		return burning;
	return pressed == 1 || burning == 1;
}

double verdict_throttle(const struct verdict_domain *domain)
{
	double busy = verdict_at_least(domain->busy_pct, VERDICT_BUSY_PCT);
	double slow = verdict_slow(domain), hot = verdict_hot(domain);

	if (isnan(domain->busy_pct) && isnan(domain->freq_mhz))
		return NAN;
	if (busy == 0 || slow == 0 || hot == 0)
		return 0;
	return busy + slow + hot == 3 ? 1 : NAN;
}

double verdict_either(double a, double b)
{
	if (a == 1 || b == 1)
		return 1;
	return a + b;
}

/* ---- what holds the machine back ---- */

/* The known parts of the traffic; NaN when neither is known. */
static double verdict_swapping(const struct verdict_input *in)
{
	if (isnan(in->swap_in))
		return in->swap_out;
	return isnan(in->swap_out) ? in->swap_in : in->swap_in + in->swap_out;
}

static double verdict_busiest(const struct verdict_input *in)
{
	return fmax(in->cpu_busy_pct, in->gpu_busy_pct);
}

static bool verdict_knows(const struct verdict_input *in)
{
	const double inputs[] = { in->throttle_cpu, in->throttle_gpu, in->thermal, in->pressure,
		in->package_pct, in->bandwidth_pct, verdict_swapping(in), verdict_busiest(in) };

	for (size_t i = 0; i < sizeof(inputs) / sizeof(*inputs); i++)
		if (!isnan(inputs[i]))
			return true;
	return false;
}

double verdict_limit(const struct verdict_input *in)
{
	if (in->throttle_cpu == 1 || in->throttle_gpu == 1 || in->thermal >= VERDICT_SERIOUS)
		return LIMIT_THERMAL;
	if (in->package_pct >= VERDICT_POWER_PCT)
		return LIMIT_POWER;
	if (in->pressure >= VERDICT_CRITICAL || verdict_swapping(in) > VERDICT_SWAP_BYTES_PER_S)
		return LIMIT_MEMORY;
	if (in->bandwidth_pct >= VERDICT_BANDWIDTH_PCT)
		return LIMIT_BANDWIDTH;
	if (verdict_busiest(in) >= VERDICT_COMPUTE_PCT)
		return LIMIT_COMPUTE;
	return verdict_knows(in) ? LIMIT_NONE : NAN;
}

/* ---- in words ---- */

#define verdict_say(to, ...) snprintf(to, VERDICT_REASON_MAX, __VA_ARGS__)

static void verdict_say_thermal(char to[VERDICT_REASON_MAX], const struct verdict_input *in)
{
	if (in->throttle_cpu == 1 && in->throttle_gpu == 1)
		verdict_say(to, "CPU and GPU are busy, hot and below their frequency");
	else if (in->throttle_cpu == 1)
		verdict_say(to, "the CPU is busy, hot and below its frequency");
	else if (in->throttle_gpu == 1)
		verdict_say(to, "the GPU is busy, hot and below its frequency");
	else
		verdict_say(to, "thermal state is %s",
			state_words[STATES_THERMAL][in->thermal > VERDICT_SERIOUS ? 3 : 2]);
}

static void verdict_say_memory(char to[VERDICT_REASON_MAX], const struct verdict_input *in)
{
	if (in->pressure >= VERDICT_CRITICAL)
		verdict_say(to, "memory pressure is critical");
	else
		verdict_say(to, "swapping %.1f MB/s", verdict_swapping(in) / 1e6);
}

static void verdict_say_compute(char to[VERDICT_REASON_MAX], const struct verdict_input *in)
{
	if (in->gpu_busy_pct >= VERDICT_COMPUTE_PCT)
		verdict_say(to, "the GPU is %.0f %% busy", in->gpu_busy_pct);
	else
		verdict_say(to, "the busiest kind of core is %.0f %% busy", in->cpu_busy_pct);
}

const char *verdict_reason(
	char to[VERDICT_REASON_MAX], double limit, const struct verdict_input *in)
{
	to[0] = '\0';
	if (isnan(limit))
		return to;
	switch ((enum limit)limit) {
	case LIMIT_THERMAL:
		verdict_say_thermal(to, in);
		break;
	case LIMIT_POWER:
		verdict_say(
			to, "package power is at %.0f %% of its reference", in->package_pct);
		break;
	case LIMIT_MEMORY:
		verdict_say_memory(to, in);
		break;
	case LIMIT_BANDWIDTH:
		verdict_say(
			to, "memory traffic is at %.0f %% of the bandwidth", in->bandwidth_pct);
		break;
	case LIMIT_COMPUTE:
		verdict_say_compute(to, in);
		break;
	case LIMIT_NONE:
		verdict_say(to, "nothing that is known is at its limit");
		break;
	}
	return to;
}
