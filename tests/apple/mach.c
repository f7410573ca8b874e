/* SPDX-License-Identifier: MIT */
#include <mach/mach.h>
#include <mach/mach_time.h>
#include <time.h>

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "tests/apple/world.h"

#define HOST_PORT 0x203
#define KERN_FAILURE 5
#define COUNT_REV1 38 /* macOS 10.9 to 15 */
#define COUNT_MACOS27 104

mach_port_t mach_task_self_ = 0x103;

/* Each call adds a reference to the port. */
mach_port_t mach_host_self(void)
{
	WORLD_ALONE;

	world_hold(1);
	return HOST_PORT;
}

kern_return_t mach_port_deallocate(ipc_space_t task, mach_port_name_t name)
{
	WORLD_ALONE;

	assert(task == mach_task_self() && name == HOST_PORT);
	world_hold(-1);
	return KERN_SUCCESS;
}

static double vm(const char *key)
{
	return world_number(world_find("vm", key, NULL), 0);
}

kern_return_t host_page_size(host_t host, vm_size_t *size)
{
	WORLD_ALONE;

	assert(host == HOST_PORT);
	if (world_call(__func__))
		return KERN_FAILURE;
	*size = (vm_size_t)world_number(world_find("vm", "page_size", NULL), 16384);
	return KERN_SUCCESS;
}

/* The count that this kernel fills; a quirk is its name or a number. */
static mach_msg_type_number_t kernel_count(void)
{
	const char *quirk = world_text(world_find("vm", NULL), "count_quirk", "");

	if (strcmp(quirk, "macos27") == 0)
		return COUNT_MACOS27;
	return *quirk ? (mach_msg_type_number_t)atoi(quirk) : COUNT_REV1;
}

static void fill_vm(vm_statistics64_data_t *out)
{
	out->free_count = (natural_t)vm("free");
	out->active_count = (natural_t)vm("active");
	out->inactive_count = (natural_t)vm("inactive");
	out->wire_count = (natural_t)vm("wire");
	out->speculative_count = (natural_t)vm("speculative");
	out->purgeable_count = (natural_t)vm("purgeable");
	out->internal_page_count = (natural_t)vm("internal");
	out->external_page_count = (natural_t)vm("external");
	out->compressor_page_count = (natural_t)vm("compressor");
	out->swapins = (uint64_t)vm("swapins");
	out->swapouts = (uint64_t)vm("swapouts");
}

kern_return_t host_statistics64(
	host_t host, host_flavor_t flavor, host_info64_t info, mach_msg_type_number_t *count)
{
	WORLD_ALONE;
	vm_statistics64_data_t out = { 0 };
	mach_msg_type_number_t have = kernel_count();

	assert(host == HOST_PORT && flavor == HOST_VM_INFO64);
	if (world_call(__func__) || !world_find("vm", NULL))
		return KERN_FAILURE;
	if (have > COUNT_REV1 && *count < have)
		return MIG_ARRAY_TOO_LARGE;
	fill_vm(&out);
	if (*count > have)
		*count = have;
	memset(info, 0, *count * sizeof(integer_t));
	memcpy(info, &out, (*count < COUNT_REV1 ? *count : COUNT_REV1) * sizeof(integer_t));
	return KERN_SUCCESS;
}

/* ---- ticks of the cores: 32 bits that wrap ---- */

static uint32_t tick(const cJSON *cpu, const char *key)
{
	double ticks = world_number(cJSON_GetObjectItemCaseSensitive(cpu, key), 0);

	return (uint32_t)(uint64_t)floor(ticks + 1e-6);
}

kern_return_t host_processor_info(host_t host, processor_flavor_t flavor, natural_t *cpus,
	processor_info_array_t *info, mach_msg_type_number_t *count)
{
	WORLD_ALONE;
	static const char *const keys[] = { "user", "system", "idle", "nice" };
	const cJSON *section = world_find("cpu_ticks", NULL);
	int n = cJSON_GetArraySize(section);
	uint32_t *out;

	assert(host == HOST_PORT && flavor == PROCESSOR_CPU_LOAD_INFO);
	if (world_call(__func__) || !section)
		return KERN_FAILURE;
	out = calloc((size_t)n + 1, CPU_STATE_MAX * sizeof(*out));
	for (int i = 0; i < n; i++)
		for (int k = 0; k < CPU_STATE_MAX; k++)
			out[i * CPU_STATE_MAX + k] =
				tick(cJSON_GetArrayItem(section, i), keys[k]);
	*cpus = (natural_t)n;
	*info = (processor_info_array_t)out;
	*count = (mach_msg_type_number_t)n * CPU_STATE_MAX;
	return KERN_SUCCESS;
}

kern_return_t vm_deallocate(vm_map_t task, vm_address_t address, vm_size_t size)
{
	(void)size;
	assert(task == mach_task_self());
	free((void *)address);
	return KERN_SUCCESS;
}

/* ---- clocks ---- */

kern_return_t mach_timebase_info(mach_timebase_info_t info)
{
	WORLD_ALONE;

	world_timebase(&info->numer, &info->denom);
	return KERN_SUCCESS;
}

uint64_t mach_absolute_time(void)
{
	WORLD_ALONE;

	return world_to_ticks(world_absolute_ns());
}

uint64_t mach_continuous_time(void)
{
	WORLD_ALONE;

	return world_to_ticks(world_continuous_ns());
}

kern_return_t mach_wait_until(uint64_t deadline)
{
	uint32_t numer, denom;

	world_timebase(&numer, &denom);
	if (!numer || !denom)
		numer = denom = 1;
	world_wait_until((uint64_t)((__uint128_t)deadline * numer / denom));
	return KERN_SUCCESS;
}

uint64_t clock_gettime_nsec_np(clockid_t clock)
{
	WORLD_ALONE;

	assert(clock == CLOCK_REALTIME);
	return world_wall_ns();
}

/* The most that it ever was is near enough to what it is. */
kern_return_t task_info(
	task_name_t task, task_flavor_t flavor, task_info_t out, mach_msg_type_number_t *count)
{
	struct mach_task_basic_info *info = (struct mach_task_basic_info *)out;
	struct rusage usage;

	assert(task == mach_task_self() && flavor == MACH_TASK_BASIC_INFO &&
		*count == MACH_TASK_BASIC_INFO_COUNT);
	if (getrusage(RUSAGE_SELF, &usage) < 0)
		return KERN_FAILURE;
	*info = (struct mach_task_basic_info){ .resident_size =
						       1024 * (mach_vm_size_t)usage.ru_maxrss };
	return KERN_SUCCESS;
}
