/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/source/darwin/cf.h"
#include "daemon/source/darwin/ctl.h"
#include "daemon/source/darwin/registry.h"
#include "daemon/source/darwin/topology.h"

static char kind_of_name(const char *name)
{
	static const struct {
		const char *name;
		char kind;
	} kinds[] = { { "Super", 'S' }, { "Performance", 'P' }, { "Efficiency", 'E' } };

	for (unsigned i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return kinds[i].kind;
	return 0;
}

static void read_levels(struct topology_facts *facts)
{
	char key[40], name[40];
	int64_t count, cores;

	if (ctl_integer("hw.nperflevels", &count) < 0 || count < 0)
		return;
	facts->level_count = count > TOPOLOGY_LEVELS_MAX ? 0 : (unsigned)count;
	for (unsigned i = 0; i < facts->level_count; i++) {
		snprintf(key, sizeof(key), "hw.perflevel%u.name", i);
		ctl_text(key, name, sizeof(name));
		facts->levels[i].kind = kind_of_name(name);
		snprintf(key, sizeof(key), "hw.perflevel%u.logicalcpu", i);
		if (ctl_integer(key, &cores) == 0 && cores > 0)
			facts->levels[i].cores = (unsigned)cores;
	}
}

static void read_count(struct topology_facts *facts)
{
	int64_t n = 0;

	if (ctl_integer("hw.logicalcpu", &n) < 0 && ctl_integer("hw.ncpu", &n) < 0)
		return;
	if (n > 0 && n <= TOPOLOGY_CORES_MAX)
		facts->cpus = (unsigned)n;
}

/* Properties of the device tree are bytes: "P" and its NUL, a number of 32 bits. */
static void read_cpu(io_registry_entry_t entry, struct topology_cpu *cpu)
{
	CFDataRef type = registry_copy(entry, CFSTR("cluster-type"), CFDataGetTypeID());
	CFDataRef cluster = registry_copy(entry, CFSTR("cluster-id"), CFDataGetTypeID());
	uint32_t id;

	if (type && CFDataGetLength(type) > 0) {
		char letter = (char)CFDataGetBytePtr(type)[0];

		cpu->letter = (char)(channel_tier(letter) >= 0 ? letter : 0);
	}
	if (cluster && CFDataGetLength(cluster) == sizeof(id)) {
		memcpy(&id, CFDataGetBytePtr(cluster), sizeof(id));
		cpu->cluster = id < TOPOLOGY_CORES_MAX ? (int)id : -1;
	}
	cf_release(type);
	cf_release(cluster);
}

/* "cpu12" -> 12; -1 for any other name. */
static int cpu_number(const char *name)
{
	char *end;
	long n;

	if (strncmp(name, "cpu", 3) != 0 || !isdigit((unsigned char)name[3]))
		return -1;
	n = strtol(name + 3, &end, 10);
	return *end == '\0' && n < TOPOLOGY_CORES_MAX ? (int)n : -1;
}

/* Children come in any order: they are placed by the number in their name. */
static void read_tree(struct topology_facts *facts)
{
	io_registry_entry_t cpus = IORegistryEntryFromPath(0, "IODeviceTree:/cpus"), child;
	io_iterator_t children = IO_OBJECT_NULL;
	io_name_t name;

	if (!cpus)
		return;
	if (IORegistryEntryGetChildIterator(cpus, kIODeviceTreePlane, &children) !=
		KERN_SUCCESS)
		children = IO_OBJECT_NULL;
	while (children && (child = IOIteratorNext(children)) != IO_OBJECT_NULL) {
		int n = IORegistryEntryGetName(child, name) == KERN_SUCCESS ? cpu_number(name)
									    : -1;

		if (n >= 0) {
			read_cpu(child, &facts->tree[n]);
			facts->tree_count = (unsigned)n + 1 > facts->tree_count
				? (unsigned)n + 1
				: facts->tree_count;
		}
		IOObjectRelease(child);
	}
	if (children)
		IOObjectRelease(children);
	IOObjectRelease(cpus);
}

void topology_read_facts(struct topology_facts *facts)
{
	memset(facts, 0, sizeof(*facts));
	for (unsigned i = 0; i < TOPOLOGY_CORES_MAX; i++)
		facts->tree[i].cluster = -1;
	read_count(facts);
	read_levels(facts);
	read_tree(facts);
}
