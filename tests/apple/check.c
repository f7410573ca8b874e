/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "tests/apple/script.h"

/* What a value may be. */
enum {
	TEXT = 1,
	BOOL = 2,
	PLAIN = 4, /* a number that does not change */
	LIST = 8,
	MAP = 16,
	NONE = 32, /* null */
	VALUE = 64 /* a number, or {"value", "per_s"} */
};

/* The format of a world; "*" is any key or index.  What is not listed may be anything. */
static const struct {
	const char *path;
	int types;
} rules[] = {
	{ "world", PLAIN },
	{ "machine", TEXT },
	{ "measured", LIST },
	{ "made_up", LIST },
	{ "sysctl", MAP },
	{ "sysctl/machdep.cpu.brand_string", TEXT },
	{ "sysctl/hw.model", TEXT },
	{ "sysctl/kern.osproductversion", TEXT },
	{ "sysctl/hw.perflevel0.name", TEXT },
	{ "sysctl/hw.perflevel1.name", TEXT },
	{ "sysctl/hw.memsize", VALUE },
	{ "sysctl/hw.ncpu", VALUE },
	{ "sysctl/hw.nperflevels", VALUE },
	{ "sysctl/hw.perflevel0.logicalcpu", VALUE },
	{ "sysctl/hw.perflevel1.logicalcpu", VALUE },
	{ "sysctl/kern.boottime", VALUE },
	{ "sysctl/vm.swapusage", MAP },
	{ "sysctl/vm.swapusage/*", VALUE },
	{ "sysctl/vm.loadavg", LIST },
	{ "sysctl/vm.loadavg/*", VALUE },
	{ "sysctl/kern.memorystatus_vm_pressure_level", VALUE },
	{ "sysctl/iogpu.wired_limit_mb", VALUE },
	{ "ioreport", MAP | NONE },
	{ "ioreport/refuse_subscription", LIST },
	{ "ioreport/refuse_subscription/*", TEXT },
	{ "ioreport/channels", LIST },
	{ "ioreport/channels/*", MAP },
	{ "ioreport/channels/*/group", TEXT },
	{ "ioreport/channels/*/subgroup", TEXT | NONE },
	{ "ioreport/channels/*/name", TEXT },
	{ "ioreport/channels/*/unit", TEXT | NONE },
	{ "ioreport/channels/*/format", TEXT },
	{ "ioreport/channels/*/value", PLAIN },
	{ "ioreport/channels/*/per_s", PLAIN },
	{ "ioreport/channels/*/publish_every_s", PLAIN },
	{ "ioreport/channels/*/frozen", BOOL },
	{ "ioreport/channels/*/invalid", BOOL },
	{ "ioreport/channels/*/states", LIST },
	{ "ioreport/channels/*/states/*", LIST },
	{ "ioreport/channels/*/states/*/0", TEXT },
	{ "ioreport/channels/*/states/*/1", PLAIN | MAP },
	{ "registry", MAP },
	{ "registry/pmgr", MAP },
	{ "registry/pmgr/*", TEXT },
	{ "registry/cpus", LIST },
	{ "registry/cpus/*", MAP },
	{ "registry/cpus/*/cluster-type", TEXT },
	{ "registry/cpus/*/cluster-id", PLAIN },
	{ "registry/AGXAccelerator", MAP | LIST },
	{ "registry/AGXAccelerator/gpu-core-count", VALUE },
	{ "registry/AGXAccelerator/PerformanceStatistics", MAP },
	{ "registry/AGXAccelerator/PerformanceStatistics/*", VALUE },
	{ "registry/AGXAccelerator/clients", LIST },
	{ "registry/AGXAccelerator/clients/*", MAP },
	{ "registry/AGXAccelerator/clients/*/creator", TEXT },
	{ "registry/AGXAccelerator/clients/*/gpu_ns", VALUE | LIST },
	{ "registry/AGXAccelerator/clients/*/gpu_ns/*", PLAIN | VALUE },
	{ "registry/IOBlockStorageDriver", LIST },
	{ "registry/IOBlockStorageDriver/*", MAP },
	{ "registry/IOBlockStorageDriver/*/Bytes (Read)", VALUE },
	{ "registry/IOBlockStorageDriver/*/Bytes (Write)", VALUE },
	{ "registry/AppleSmartBattery", MAP },
	{ "registry/AppleSmartBattery/CurrentCapacity", VALUE },
	{ "registry/AppleSmartBattery/MaxCapacity", VALUE },
	{ "registry/AppleSmartBattery/Voltage", VALUE },
	{ "registry/AppleSmartBattery/Amperage", VALUE },
	{ "smc", MAP },
	{ "smc/*", MAP },
	{ "smc/*/type", TEXT },
	{ "smc/*/bytes", TEXT },
	{ "smc/*/celsius", VALUE },
	{ "hid", LIST },
	{ "hid/*", MAP },
	{ "hid/*/product", TEXT },
	{ "hid/*/celsius", VALUE },
	{ "thermal_pressure", VALUE },
	{ "cpu_ticks", LIST },
	{ "cpu_ticks/*", MAP },
	{ "cpu_ticks/*/*", VALUE },
	{ "vm", MAP },
	{ "vm/count_quirk", TEXT | NONE },
	{ "vm/page_size", PLAIN },
	{ "vm/free", VALUE },
	{ "vm/active", VALUE },
	{ "vm/inactive", VALUE },
	{ "vm/wire", VALUE },
	{ "vm/speculative", VALUE },
	{ "vm/purgeable", VALUE },
	{ "vm/internal", VALUE },
	{ "vm/external", VALUE },
	{ "vm/compressor", VALUE },
	{ "vm/swapins", VALUE },
	{ "vm/swapouts", VALUE },
	{ "net", LIST },
	{ "net/*", MAP },
	{ "net/*/name", TEXT },
	{ "net/*/index", PLAIN },
	{ "net/*/up", BOOL },
	{ "net/*/loopback", BOOL },
	{ "net/*/ibytes", VALUE },
	{ "net/*/obytes", VALUE },
	{ "processes", LIST },
	{ "processes/*", MAP | NONE },
	{ "processes/*/pid", PLAIN },
	{ "processes/*/ppid", PLAIN },
	{ "processes/*/uid", PLAIN },
	{ "processes/*/start", PLAIN },
	{ "processes/*/name", TEXT },
	{ "processes/*/path", TEXT | NONE },
	{ "processes/*/user_ns", VALUE },
	{ "processes/*/system_ns", VALUE },
	{ "processes/*/rss", VALUE },
	{ "processes/*/footprint", VALUE },
	{ "processes/*/threads", VALUE },
	{ "processes/*/energy_nj", VALUE },
	{ "timebase", LIST },
	{ "timebase/*", PLAIN },
	{ "script", LIST },
	{ "script/*", MAP },
	{ "script/*/at_s", PLAIN },
	{ "script/*/sleep_s", PLAIN },
	{ "script/*/set", MAP },
	{ "repeat_s", PLAIN },
};

struct type_name {
	int type;
	const char *name;
};

static const struct type_name type_names[] = { { TEXT, "text" }, { BOOL, "true or false" },
	{ PLAIN, "a number" }, { LIST, "an array" }, { MAP, "an object" }, { NONE, "null" },
	{ VALUE, "a number or {value, per_s}" } };

static bool is_value(const cJSON *node)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(node, "value");
	const cJSON *rate = cJSON_GetObjectItemCaseSensitive(node, "per_s");

	if (cJSON_IsNumber(node))
		return true;
	return cJSON_IsObject(node) && cJSON_IsNumber(value) && (!rate || cJSON_IsNumber(rate));
}

static bool type_fits(const cJSON *node, int types)
{
	return ((types & TEXT) && cJSON_IsString(node)) ||
		((types & BOOL) && cJSON_IsBool(node)) ||
		((types & PLAIN) && cJSON_IsNumber(node)) ||
		((types & LIST) && cJSON_IsArray(node)) ||
		((types & MAP) && cJSON_IsObject(node)) ||
		((types & NONE) && cJSON_IsNull(node)) || ((types & VALUE) && is_value(node));
}

/* Whether the path has the shape of the rule; a rule's own key wins over "*" by standing first.
 */
static bool rule_matches(const char *rule, const char *path)
{
	for (; *rule && *path; rule++) {
		if (*rule == '*') {
			path += strcspn(path, "/");
		} else if (*rule == *path) {
			path++;
		} else {
			return false;
		}
	}
	return *rule == '\0' && *path == '\0';
}

static int rule_types(const char *path)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (rule_matches(rules[i].path, path))
			return rules[i].types;
	return 0;
}

static int type_error(const char *path, int types, char *error, size_t size)
{
	size_t n = (size_t)snprintf(error, size, "%s is not ", path);
	const char *between = "";

	for (size_t i = 0; i < sizeof(type_names) / sizeof(*type_names); i++) {
		if ((types & type_names[i].type) && n < size) {
			n += (size_t)snprintf(
				error + n, size - n, "%s%s", between, type_names[i].name);
			between = " or ";
		}
	}
	return -EINVAL;
}

static int check_node(const cJSON *node, const char *path, char *error, size_t size)
{
	int types = rule_types(path);
	const cJSON *each;
	int i = 0, rc = 0;

	if (types && !type_fits(node, types))
		return type_error(path, types, error, size);
	cJSON_ArrayForEach(each, node)
	{
		char below[256], index[16];

		snprintf(index, sizeof(index), "%d", i++);
		snprintf(below, sizeof(below), "%s%s%s", path, *path ? "/" : "",
			each->string ? each->string : index);
		rc = check_node(each, below, error, size);
		if (rc < 0)
			break;
	}
	return rc;
}

int world_check(const cJSON *world, char *error, size_t size)
{
	if (!cJSON_IsObject(world)) {
		snprintf(error, size, "a world is one JSON object");
		return -EINVAL;
	}
	return check_node(world, "", error, size);
}
