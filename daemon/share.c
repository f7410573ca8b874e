/* SPDX-License-Identifier: MIT */
#include "daemon/share.h"

struct share_sums {
	double measured_watts;
	double measured_rate, other_rate; /* CPU */
	double gpu_rate;
};

static void share_add(struct share_sums *sums, const struct crowd *crowd, uint32_t row)
{
	double cpu = crowd_cpu_rate(crowd, row), gpu = crowd_gpu_rate(crowd, row);
	double watts = crowd_measured_watts(crowd, row);

	if (!isnan(watts))
		sums->measured_watts += watts;
	if (!isnan(cpu) && !isnan(watts))
		sums->measured_rate += cpu;
	if (!isnan(cpu) && isnan(watts))
		sums->other_rate += cpu;
	if (!isnan(gpu))
		sums->gpu_rate += gpu;
}

/* fmax() leaves out what is NaN.  Where nobody was busy nobody drew anything. */
static double share_per_rate(double watts, double sum, double busy)
{
	double rate = fmax(sum, busy);

	return rate > 0 ? watts / rate : 0 * watts;
}

void share_init(struct share *share, const struct crowd *crowd, const struct rails *rails,
	bool gpu_complete)
{
	struct share_sums sums = { 0 };
	double left;

	for (uint32_t i = 0; i < crowd->table.count; i++)
		share_add(&sums, crowd, i);
	share->measured_scale = sums.measured_watts > rails->cpu_watts
		? rails->cpu_watts / sums.measured_watts
		: 1;
	left = rails->cpu_watts - share->measured_scale * sums.measured_watts;
	share->cpu_watts_a_core = share_per_rate(
		left < 0 ? 0 : left, sums.other_rate, rails->cpu_busy - sums.measured_rate);
	share->gpu_watts_a_gpu = NAN;
	if (gpu_complete || !isnan(rails->gpu_busy))
		share->gpu_watts_a_gpu =
			share_per_rate(rails->gpu_watts, sums.gpu_rate, rails->gpu_busy);
}

static double share_cpu_watts(const struct share *share, const struct crowd *crowd,
	uint32_t row, enum share_quality *quality)
{
	double watts = crowd_measured_watts(crowd, row);

	if (isnan(watts)) {
		*quality = SHARE_ESTIMATED;
		return share->cpu_watts_a_core * crowd_cpu_rate(crowd, row);
	}
	*quality = share->measured_scale < 1 ? SHARE_ESTIMATED : SHARE_MEASURED;
	return share->measured_scale * watts;
}

double share_watts(const struct share *share, const struct crowd *crowd, uint32_t row,
	enum share_quality *quality)
{
	double cpu = share_cpu_watts(share, crowd, row, quality);
	double gpu = share->gpu_watts_a_gpu * crowd_gpu_rate(crowd, row);

	if (isnan(cpu) && isnan(gpu)) {
		*quality = SHARE_UNKNOWN;
		return NAN;
	}
	if (isnan(gpu))
		return cpu;
	if (isnan(cpu) || gpu > 0)
		*quality = SHARE_ESTIMATED;
	return isnan(cpu) ? gpu : cpu + gpu;
}
