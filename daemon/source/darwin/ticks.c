/* SPDX-License-Identifier: MIT */
#include "daemon/source/darwin/ticks.h"

#include <errno.h>
#include <string.h>

void ticks_open(struct ticks *t)
{
	memset(t, 0, sizeof(*t));
	/* Adds a reference to the port each time: asked for once. */
	t->host = mach_host_self();
}

void ticks_close(struct ticks *t)
{
	mach_port_deallocate(mach_task_self(), t->host);
}

static void ticks_add(struct ticks *t, unsigned cpu, const uint32_t now[CPU_STATE_MAX])
{
	for (unsigned state = 0; state < CPU_STATE_MAX; state++) {
		uint32_t spent = t->started ? now[state] - t->last[cpu][state] : 0;

		t->total[cpu] += spent;
		if (state != CPU_STATE_IDLE)
			t->busy[cpu] += spent;
		t->last[cpu][state] = now[state];
	}
}

int ticks_read(struct ticks *t)
{
	processor_info_array_t info = NULL;
	mach_msg_type_number_t size = 0;
	natural_t cpus = 0;

	if (host_processor_info(t->host, PROCESSOR_CPU_LOAD_INFO, &cpus, &info, &size) !=
		KERN_SUCCESS)
		return -EIO;
	t->count = cpus < TOPOLOGY_CORES_MAX ? cpus : TOPOLOGY_CORES_MAX;
	if (size < t->count * CPU_STATE_MAX)
		t->count = size / CPU_STATE_MAX;
	for (unsigned cpu = 0; cpu < t->count; cpu++)
		ticks_add(t, cpu, (const uint32_t *)info + (size_t)cpu * CPU_STATE_MAX);
	t->started = true;
	vm_deallocate(
		mach_task_self(), (vm_address_t)info, (vm_size_t)size * sizeof(integer_t));
	return 0;
}
