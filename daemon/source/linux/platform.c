/* SPDX-License-Identifier: MIT */
#include "daemon/source/linux/parts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "daemon/source/linux/file.h"
#include "daemon/source/linux/procfile.h"
#include "proto/utf8.h"

const char platform_name[] = "linux";

/* Who adds rails comes after power_part: RAPL has counters, so its rails go first. */
const struct part *const platform_parts[] = { &cpu_part, &memory_part, &load_part, &psi_part,
	&disk_part, &net_part, &sensors_part, &fans_part, &power_part, &meter_part, &gpu_part,
	&battery_part, NULL };

static uint64_t platform_clock_ns(clockid_t clock)
{
	struct timespec ts = { 0, 0 };

	clock_gettime(clock, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

void platform_now(struct instant *now)
{
	now->wall_ms = (int64_t)(platform_clock_ns(CLOCK_REALTIME) / 1000000u);
	now->mono_ns = platform_clock_ns(CLOCK_BOOTTIME);
	now->awake_ns = platform_clock_ns(CLOCK_MONOTONIC);
}

static void platform_load_version(const char *root, struct machine *machine)
{
	char buf[4096], value[sizeof(machine->os_version)] = "";
	int n = file_load(buf, sizeof(buf), "%s/etc/os-release", root);

	if (n <= 0)
		n = file_load(buf, sizeof(buf), "%s/usr/lib/os-release", root);
	if (n > 0)
		procfile_parse_value(
			text_of(buf, (size_t)n), "PRETTY_NAME=", value, sizeof(value));
	utf8_clean(machine->os_version, sizeof(machine->os_version), value);
}

static void platform_load_model(const char *root, struct machine *machine)
{
	char model[sizeof(machine->model)];

	if (file_load(model, sizeof(model), "%s/sys/class/dmi/id/product_name", root) <= 0)
		file_load(model, sizeof(model), "%s/proc/device-tree/model", root);
	utf8_clean(machine->model, sizeof(machine->model), model);
}

/* What Apple calls the chips whose device trees Linux has. */
static const struct platform_chip {
	const char *compatible, *name;
} platform_chips[] = {
	{ "apple,t8103", "Apple M1" },
	{ "apple,t6000", "Apple M1 Pro" },
	{ "apple,t6001", "Apple M1 Max" },
	{ "apple,t6002", "Apple M1 Ultra" },
	{ "apple,t8112", "Apple M2" },
	{ "apple,t6020", "Apple M2 Pro" },
	{ "apple,t6021", "Apple M2 Max" },
	{ "apple,t6022", "Apple M2 Ultra" },
	{ "apple,t8122", "Apple M3" },
};

static const char *platform_name_chip(const char *compatible)
{
	for (unsigned i = 0; i < sizeof(platform_chips) / sizeof(*platform_chips); i++)
		if (strcmp(compatible, platform_chips[i].compatible) == 0)
			return platform_chips[i].name;
	return compatible;
}

/*
 * The names that the device tree is compatible with, each ended by NUL, go from the board to
 * the family; the last one is the chip ("radxa,rock-5b", "rockchip,rk3588"), but for Apple's,
 * whose last is "apple,arm-platform".
 */
static void platform_load_compatible(const char *root, struct machine *machine)
{
	char buf[1024];
	int n = file_load(buf, sizeof(buf), "%s/proc/device-tree/compatible", root);

	for (const char *p = buf; n > 0 && p < buf + n; p += strlen(p) + 1)
		if (strcmp(p, "apple,arm-platform") != 0)
			utf8_clean(machine->chip, sizeof(machine->chip), platform_name_chip(p));
}

/* x86 and some others name the model in cpuinfo; the others have a device tree. */
static void platform_load_chip(const char *root, struct machine *machine)
{
	static const char *const keys[] = { "model name\t:", "cpu model\t\t:", "Hardware\t:" };
	char buf[4096], value[sizeof(machine->chip)];
	int n = file_load(buf, sizeof(buf), "%s/proc/cpuinfo", root);

	for (unsigned i = 0; n > 0 && i < sizeof(keys) / sizeof(*keys); i++) {
		if (procfile_parse_value(
			    text_of(buf, (size_t)n), keys[i], value, sizeof(value))) {
			utf8_clean(machine->chip, sizeof(machine->chip), value);
			return;
		}
	}
	platform_load_compatible(root, machine);
}

void platform_machine(const struct source_options *options, struct machine *machine)
{
	const char *root = options->root;

	snprintf(machine->os, sizeof(machine->os), "linux");
	platform_load_version(root, machine);
	platform_load_model(root, machine);
	platform_load_chip(root, machine);
	file_load(machine->boot_id, sizeof(machine->boot_id),
		"%s/proc/sys/kernel/random/boot_id", root);
	machine->simulated = root[0] != '\0';
}
