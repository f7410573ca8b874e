/* SPDX-License-Identifier: MIT */
#include "daemon/source/darwin/accelerator.h"

#include <errno.h>
#include <stdint.h>

#include "daemon/source/darwin/cf.h"
#include "daemon/source/darwin/ctl.h"
#include "daemon/source/darwin/parts.h"
#include "daemon/source/darwin/registry.h"
#include "proto/alloc.h"

/*
 * What the driver of the GPU says of itself: one property of its registry entry, since the
 * whole table takes a hundred times as long.
 */

struct accelerator {
	io_service_t service; /* the entry that has statistics */
};

unsigned accelerator_cores(void)
{
	io_service_t service = registry_find_class("AGXAccelerator");
	CFTypeRef count;
	int64_t cores = 0;

	if (!service)
		return 0;
	count = registry_copy(service, CFSTR("gpu-core-count"), CFNumberGetTypeID());
	if (!cf_integer(count, &cores) || cores < 0 || cores > 4096)
		cores = 0;
	cf_release(count);
	IOObjectRelease(service);
	return (unsigned)cores;
}

static CFDictionaryRef copy_statistics(io_service_t service)
{
	return registry_copy(service, CFSTR("PerformanceStatistics"), CFDictionaryGetTypeID());
}

/* Several accelerators can match: the first that has statistics is the one. */
static io_service_t find_accelerator(void)
{
	io_iterator_t iterator = registry_open_class("IOAccelerator");
	io_service_t service = IO_OBJECT_NULL;
	CFDictionaryRef statistics = NULL;

	if (!iterator)
		return IO_OBJECT_NULL;
	while (!statistics && (service = IOIteratorNext(iterator)) != IO_OBJECT_NULL) {
		statistics = copy_statistics(service);
		if (!statistics)
			IOObjectRelease(service);
	}
	cf_release(statistics);
	IOObjectRelease(iterator);
	return service;
}

static int accelerator_open(
	void **self, const struct source_options *options, struct fault *why)
{
	struct accelerator *a = xcalloc(1, sizeof(*a));

	(void)options, (void)why;
	a->service = find_accelerator();
	*self = a;
	return 0;
}

static int accelerator_describe(void *self, struct layout *layout)
{
	static const enum metric_id ids[] = { METRIC_GPU_DEVICE_PCT, METRIC_GPU_RENDERER_PCT,
		METRIC_GPU_TILER_PCT, METRIC_GPU_MEM_USED_BYTES, METRIC_NONE };
	struct accelerator *a = self;
	int64_t limit = 0;

	if (!a->service)
		parts_note(layout, ids, AVAIL_UNSUPPORTED, "no accelerator has statistics");
	if (ctl_integer("iogpu.wired_limit_mb", &limit) < 0 || limit <= 0)
		layout_note(layout, METRIC_GPU_MEM_LIMIT_BYTES, AVAIL_UNSUPPORTED,
			"no wired limit is set, and the default is not told");
	return 0;
}

static void set_statistic(CFDictionaryRef statistics, CFStringRef key, struct sample *s,
	enum metric_id id, double top)
{
	int64_t value;

	if (cf_get_integer(statistics, key, &value) && value >= 0 && (double)value <= top)
		sample_set(s, id, 0, (double)value);
}

static void read_limit(struct sample *s)
{
	int64_t limit;

	if (ctl_integer("iogpu.wired_limit_mb", &limit) == 0 && limit > 0)
		sample_set(s, METRIC_GPU_MEM_LIMIT_BYTES, 0, (double)limit * 1048576);
}

static int accelerator_read(void *self, struct sample *s)
{
	struct accelerator *a = self;
	CFDictionaryRef statistics;

	read_limit(s);
	if (!a->service)
		return 0;
	statistics = copy_statistics(a->service);
	if (!statistics)
		return -EIO;
	set_statistic(statistics, CFSTR("Device Utilization %"), s, METRIC_GPU_DEVICE_PCT, 100);
	set_statistic(
		statistics, CFSTR("Renderer Utilization %"), s, METRIC_GPU_RENDERER_PCT, 100);
	set_statistic(statistics, CFSTR("Tiler Utilization %"), s, METRIC_GPU_TILER_PCT, 100);
	set_statistic(statistics, CFSTR("In use system memory"), s, METRIC_GPU_MEM_USED_BYTES,
		(double)INT64_MAX);
	CFRelease(statistics);
	return 0;
}

static void accelerator_close(void *self)
{
	struct accelerator *a = self;

	if (a->service)
		IOObjectRelease(a->service);
	free(a);
}

const struct part darwin_accelerator = { "accelerator", accelerator_open, accelerator_describe,
	accelerator_read, accelerator_close };
