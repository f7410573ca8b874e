/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "daemon/source/darwin/clock.h"
#include "daemon/source/darwin/ioreport.h"
#include "daemon/source/darwin/parts.h"
#include "daemon/source/darwin/pmgr.h"
#include "daemon/source/darwin/residency.h"
#include "proto/alloc.h"

/* How busy the GPU is and at which frequency: channel GPUPH, states OFF, P1 to Pn. */

struct gpu {
	struct ioreport io;
	struct subscription sub;
	struct fault why;
	struct gap gap;
	struct dvfs_table table;
	struct residency residency;
};

static bool gpu_wants(const struct channel *channel)
{
	return channel->format == FORMAT_STATE && strcmp(channel->name, "GPUPH") == 0 &&
		strcmp(channel->subgroup, "GPU Performance States") == 0;
}

static int gpu_open(void **self, const struct source_options *options, struct fault *why)
{
	struct gpu *gpu = xcalloc(1, sizeof(*gpu));
	struct pmgr pmgr;

	(void)options, (void)why;
	pmgr_read(&pmgr);
	gpu->table = pmgr.gpu;
	if (ioreport_open(&gpu->io, &gpu->why) == 0)
		subscription_open(&gpu->sub, &gpu->io, "GPU Stats", gpu_wants, &gpu->why);
	if (gpu->sub.handle &&
		!ioreport_describe_states(
			&gpu->io, subscription_channel(&gpu->sub, 0), &gpu->residency)) {
		subscription_close(&gpu->sub);
		fault_set(&gpu->why, -EIO, "the states of GPUPH cannot be read");
	}
	*self = gpu;
	return 0;
}

static int gpu_describe(void *self, struct layout *layout)
{
	static const enum metric_id ids[] = { METRIC_GPU_UTIL_PCT, METRIC_GPU_FREQ_MHZ,
		METRIC_NONE };
	static const enum metric_id frequencies[] = { METRIC_GPU_FREQ_MHZ,
		METRIC_GPU_MAX_FREQ_MHZ, METRIC_NONE };
	struct gpu *gpu = self;

	if (!gpu->table.count)
		parts_note(layout, frequencies, AVAIL_UNSUPPORTED,
			"no frequency table that can be read");
	if (!gpu->sub.handle)
		parts_note(layout, ids, AVAIL_UNSUPPORTED, gpu->why.text);
	else
		parts_promise(layout, ids);
	return 0;
}

static void gpu_read_states(struct gpu *gpu, struct sample *s)
{
	struct residency_sum sum = { 0 };

	if (!residency_sum(&gpu->residency, &gpu->table, &sum))
		return;
	sample_set(s, METRIC_GPU_UTIL_PCT, 0, 100 * sum.active / sum.total);
	if (gpu->table.count && !sum.outside)
		sample_set(s, METRIC_GPU_FREQ_MHZ, 0,
			sum.active > 0 ? sum.weighted / sum.active : 0);
}

static int gpu_read(void *self, struct sample *s)
{
	struct gpu *gpu = self;

	sample_set(s, METRIC_GPU_MAX_FREQ_MHZ, 0, dvfs_max_mhz(&gpu->table));
	if (gap_step(&gpu->gap, &s->time))
		residency_drop(&gpu->residency);
	if (!gpu->sub.handle)
		return 0;
	if (subscription_sample(&gpu->sub) < 0)
		return -EIO;
	ioreport_feed(&gpu->io, subscription_channel(&gpu->sub, 0), &gpu->residency);
	gpu_read_states(gpu, s);
	return 0;
}

static void gpu_close(void *self)
{
	struct gpu *gpu = self;

	subscription_close(&gpu->sub);
	ioreport_close(&gpu->io);
	free(gpu);
}

const struct part darwin_gpu = { "gpu", gpu_open, gpu_describe, gpu_read, gpu_close };
