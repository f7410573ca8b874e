/* SPDX-License-Identifier: MIT */
#include <sys/sysctl.h>

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <net/if.h>
#include <net/if_dl.h>
#include <net/if_mib.h>
#include <net/route.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "tests/apple/process.h"
#include "tests/apple/world.h"

/* Copies out as the kernel does: ENOMEM when it does not fit, the true size when asked for it.
 */
static int give(const void *value, size_t size, void *old, size_t *old_size)
{
	if (!old) {
		*old_size = size;
		return 0;
	}
	if (*old_size < size) {
		errno = ENOMEM;
		return -1;
	}
	memcpy(old, value, size);
	*old_size = size;
	return 0;
}

static int give_number(const char *name, double number, void *old, size_t *old_size)
{
	static const char *const wide[] = { "hw.memsize", "hw.pagesize", "hw.cpufrequency" };
	int64_t i64 = (int64_t)number;
	int32_t i32 = (int32_t)number;

	for (unsigned i = 0; i < sizeof(wide) / sizeof(*wide); i++)
		if (strcmp(name, wide[i]) == 0)
			return give(&i64, sizeof(i64), old, old_size);
	return give(&i32, sizeof(i32), old, old_size);
}

static int give_swap(const cJSON *json, void *old, size_t *old_size)
{
	struct xsw_usage swap = { 0 };

	swap.xsu_total = (uint64_t)world_number(cJSON_GetObjectItem(json, "total"), 0);
	swap.xsu_used = (uint64_t)world_number(cJSON_GetObjectItem(json, "used"), 0);
	swap.xsu_avail = (uint64_t)world_number(cJSON_GetObjectItem(json, "avail"), 0);
	swap.xsu_pagesize = 16384;
	return give(&swap, sizeof(swap), old, old_size);
}

static int give_load(const cJSON *json, void *old, size_t *old_size)
{
	struct loadavg load = { .fscale = 2048 };

	for (int i = 0; i < 3; i++)
		load.ldavg[i] =
			(uint32_t)lround(world_number(cJSON_GetArrayItem(json, i), 0) * 2048);
	return give(&load, sizeof(load), old, old_size);
}

static int give_boot(const cJSON *json, void *old, size_t *old_size)
{
	struct timeval boot = { .tv_sec = (time_t)world_number(json, 0) };

	return give(&boot, sizeof(boot), old, old_size);
}

static int missing(void)
{
	errno = ENOENT;
	return -1;
}

int sysctlbyname(
	const char *name, void *old, size_t *old_size, void *new_value, size_t new_size)
{
	WORLD_ALONE;
	const cJSON *json = world_find("sysctl", name, NULL);

	assert(!new_value && new_size == 0);
	if (world_call(__func__))
		return missing();
	/* What a Mac does not have: the source reports it as it reports any other. */
	if (strcmp(name, "actop.simulated") == 0)
		return give_number(name, 1, old, old_size);
	if (!json)
		return missing();
	if (strcmp(name, "vm.swapusage") == 0)
		return give_swap(json, old, old_size);
	if (strcmp(name, "vm.loadavg") == 0)
		return give_load(json, old, old_size);
	if (strcmp(name, "kern.boottime") == 0)
		return give_boot(json, old, old_size);
	if (cJSON_IsString(json))
		return give(json->valuestring, strlen(json->valuestring) + 1, old, old_size);
	return world_is_number(json) ? give_number(name, world_number(json, 0), old, old_size)
				     : missing();
}

/* ---- network interfaces ---- */

static uint64_t net_value(const cJSON *net, const char *key)
{
	double value =
		floor(world_number(cJSON_GetObjectItemCaseSensitive(net, key), 0) + 1e-6);

	return value < 0 ? (uint64_t)(int64_t)value : (uint64_t)value;
}

static unsigned net_flags(const cJSON *net)
{
	bool up = !cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(net, "up"));
	bool loop = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(net, "loopback"));

	return (up ? IFF_UP : 0) | (loop ? IFF_LOOPBACK : 0);
}

/* Without an index an interface has that of its place, counted from 1. */
static unsigned net_index(const cJSON *net)
{
	const cJSON *index = cJSON_GetObjectItemCaseSensitive(net, "index"), *each;
	unsigned place = 0;

	cJSON_ArrayForEach(each, world_find("net", NULL))
	{
		place++;
		if (each == net)
			break;
	}
	return (unsigned)world_number(index, place);
}

static int give_interface(unsigned index, void *old, size_t *old_size)
{
	struct ifmibdata data = { 0 };
	const cJSON *each;

	cJSON_ArrayForEach(each, world_find("net", NULL))
	{
		if (net_index(each) != index)
			continue;
		strncpy(data.ifmd_name, world_text(each, "name", ""), IFNAMSIZ - 1);
		data.ifmd_flags = net_flags(each);
		data.ifmd_data.ifi_ibytes = net_value(each, "ibytes");
		data.ifmd_data.ifi_obytes = net_value(each, "obytes");
		return give(&data, sizeof(data), old, old_size);
	}
	return missing();
}

/* Byte counts of the interface list: multiples of 1024, cut to 32 bits. */
static uint32_t truncated(uint64_t bytes)
{
	return (uint32_t)(bytes & ~(uint64_t)1023);
}

static size_t put_interface(const cJSON *net, uint8_t *at)
{
	struct if_msghdr2 header = { 0 };
	struct sockaddr_dl name = { 0 };
	const char *text = world_text(net, "name", "");

	header.ifm_msglen = sizeof(header) + sizeof(name);
	header.ifm_type = RTM_IFINFO2;
	header.ifm_flags = (int)net_flags(net);
	header.ifm_index = (uint16_t)net_index(net);
	header.ifm_data.ifi_ibytes = truncated(net_value(net, "ibytes"));
	header.ifm_data.ifi_obytes = truncated(net_value(net, "obytes"));
	name.sdl_len = sizeof(name);
	name.sdl_family = AF_LINK;
	name.sdl_index = header.ifm_index;
	name.sdl_nlen = (uint8_t)strlen(text);
	memcpy(name.sdl_data, text, strnlen(text, sizeof(name.sdl_data)));
	memcpy(at, &header, sizeof(header));
	memcpy(at + sizeof(header), &name, sizeof(name));
	return header.ifm_msglen;
}

static int give_interfaces(void *old, size_t *old_size)
{
	uint8_t list[64 * 256];
	size_t used = 0;
	const cJSON *each;

	cJSON_ArrayForEach(each, world_find("net", NULL))
	{
		if (used + 256 <= sizeof(list))
			used += put_interface(each, list + used);
	}
	return give(list, used, old, old_size);
}

int sysctl(int *name, unsigned int levels, void *old, size_t *old_size, void *new_value,
	size_t new_size)
{
	WORLD_ALONE;

	assert(!new_value && new_size == 0);
	if (world_call(__func__))
		return missing();
	if (levels == 3 && name[0] == CTL_KERN && name[1] == KERN_PROCARGS2)
		return process_arguments(name[2], old, old_size);
	assert(levels == 6 && name[0] == CTL_NET);
	if (name[1] == PF_LINK && name[2] == NETLINK_GENERIC && name[3] == IFMIB_IFDATA &&
		name[5] == IFDATA_GENERAL)
		return give_interface((unsigned)name[4], old, old_size);
	if (name[1] == PF_ROUTE && name[4] == NET_RT_IFLIST2)
		return give_interfaces(old, old_size);
	return missing();
}
