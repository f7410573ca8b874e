/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <mach/mach_time.h>
#include <notify.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/sysctl.h>

#include "daemon/source/darwin/cf.h"
#include "daemon/source/darwin/clock.h"
#include "daemon/source/darwin/ctl.h"
#include "daemon/source/darwin/dumpcounters.h"
#include "daemon/source/darwin/dumpprocess.h"
#include "daemon/source/darwin/dumpreport.h"
#include "daemon/source/darwin/hid.h"
#include "daemon/source/darwin/registry.h"
#include "daemon/source/darwin/smc.h"
#include "daemon/source/darwin/topology.h"
#include "proto/alloc.h"

/*
 * Describes this machine as a world file, so that a report about a new chip is a test.  Only
 * what is listed here is written: no serial number, no name of a host or a user, and of the
 * processes this one alone.
 */

#define DUMP_POLLS 60
#define DUMP_POLL_NS 250000000ULL
#define TABLES_MAX 64

static void dump_sysctls(struct jsonfile *j)
{
	static const char *const texts[] = { "machdep.cpu.brand_string", "hw.model",
		"kern.osproductversion", "kern.osversion", "hw.perflevel0.name",
		"hw.perflevel1.name", "hw.perflevel2.name" };
	static const char *const numbers[] = { "hw.memsize", "hw.ncpu", "hw.logicalcpu",
		"hw.nperflevels", "hw.perflevel0.logicalcpu", "hw.perflevel1.logicalcpu",
		"hw.perflevel2.logicalcpu", "kern.memorystatus_vm_pressure_level",
		"iogpu.wired_limit_mb" };
	struct xsw_usage swap;
	struct loadavg load;
	struct timeval boot;
	char text[128];
	int64_t number;

	jsonfile_open(j, "sysctl", '{');
	for (unsigned i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (ctl_text(texts[i], text, sizeof(text)) == 0)
			jsonfile_text(j, texts[i], text);
	for (unsigned i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (ctl_integer(numbers[i], &number) == 0)
			jsonfile_number(j, numbers[i], (double)number);
	if (ctl_struct("kern.boottime", &boot, sizeof(boot)) == 0)
		jsonfile_number(j, "kern.boottime", (double)boot.tv_sec);
	if (ctl_struct("vm.swapusage", &swap, sizeof(swap)) == 0) {
		jsonfile_open(j, "vm.swapusage", '{');
		jsonfile_number(j, "total", (double)swap.xsu_total);
		jsonfile_number(j, "used", (double)swap.xsu_used);
		jsonfile_number(j, "avail", (double)swap.xsu_avail);
		jsonfile_close(j, '}');
	}
	if (ctl_struct("vm.loadavg", &load, sizeof(load)) == 0 && load.fscale > 0) {
		jsonfile_open(j, "vm.loadavg", '[');
		for (unsigned i = 0; i < 3; i++)
			jsonfile_number(j, NULL, (double)load.ldavg[i] / (double)load.fscale);
		jsonfile_close(j, ']');
	}
	jsonfile_close(j, '}');
}

/* ---- registry ---- */

static void dump_data(io_registry_entry_t entry, const char *key, struct jsonfile *j)
{
	CFDataRef data = registry_copy_named(entry, key, CFDataGetTypeID());

	if (data)
		jsonfile_hex(j, key, CFDataGetBytePtr(data), (size_t)CFDataGetLength(data));
	cf_release(data);
}

static void dump_pmgr(struct jsonfile *j)
{
	io_registry_entry_t entry = registry_find_named("AppleARMIODevice", "pmgr");
	char key[40];

	if (!entry)
		return;
	jsonfile_open(j, "pmgr", '{');
	for (unsigned i = 0; i < TABLES_MAX; i++) {
		snprintf(key, sizeof(key), "voltage-states%u", i);
		dump_data(entry, key, j);
		snprintf(key, sizeof(key), "voltage-states%u-sram", i);
		dump_data(entry, key, j);
	}
	dump_data(entry, "acc-clusters", j);
	jsonfile_close(j, '}');
	IOObjectRelease(entry);
}

static void dump_cpus(struct jsonfile *j)
{
	struct topology_facts *facts = xcalloc(1, sizeof(*facts));

	topology_read_facts(facts);
	if (facts->tree_count > 0) {
		jsonfile_open(j, "cpus", '[');
		for (unsigned i = 0; i < facts->tree_count; i++) {
			char letter[2] = { facts->tree[i].letter, '\0' };

			jsonfile_open(j, NULL, '{');
			jsonfile_text(j, "cluster-type", letter);
			if (facts->tree[i].cluster >= 0)
				jsonfile_number(j, "cluster-id", facts->tree[i].cluster);
			jsonfile_close(j, '}');
		}
		jsonfile_close(j, ']');
	}
	free(facts);
}

/* The numbers of a dictionary under these keys; the list ends with NULL. */
static void dump_numbers(
	CFDictionaryRef dictionary, const char *const *keys, struct jsonfile *j)
{
	for (; *keys; keys++) {
		CFStringRef key = CFStringCreateWithCString(
			kCFAllocatorDefault, *keys, kCFStringEncodingUTF8);
		int64_t value;

		if (key && cf_get_integer(dictionary, key, &value))
			jsonfile_number(j, *keys, (double)value);
		cf_release(key);
	}
}

static void dump_properties(
	io_registry_entry_t entry, const char *const *keys, struct jsonfile *j)
{
	for (; *keys; keys++) {
		CFTypeRef number = registry_copy_named(entry, *keys, CFNumberGetTypeID());
		int64_t value;

		if (cf_integer(number, &value))
			jsonfile_number(j, *keys, (double)value);
		cf_release(number);
	}
}

/* One entry: numbers of its own, and numbers of one dictionary in it. */
static void dump_entry(const char *class_name, const char *const *keys, const char *inner,
	const char *const *inner_keys, struct jsonfile *j)
{
	io_service_t entry = registry_find_class(class_name);
	CFDictionaryRef dictionary;

	if (!entry)
		return;
	jsonfile_open(j, class_name, '{');
	dump_properties(entry, keys, j);
	dictionary = registry_copy_named(entry, inner, CFDictionaryGetTypeID());
	if (dictionary) {
		jsonfile_open(j, inner, '{');
		dump_numbers(dictionary, inner_keys, j);
		jsonfile_close(j, '}');
	}
	cf_release(dictionary);
	jsonfile_close(j, '}');
	IOObjectRelease(entry);
}

static void dump_registry(const struct dumpcounters *first, const struct dumpcounters *last,
	double seconds, struct jsonfile *j)
{
	static const char *const gpu[] = { "gpu-core-count", NULL };
	static const char *const statistics[] = { "Device Utilization %",
		"Renderer Utilization %", "Tiler Utilization %", "In use system memory",
		"Alloc system memory", NULL };
	static const char *const battery[] = { "CurrentCapacity", "MaxCapacity", "Voltage",
		"Amperage", "CycleCount", "DesignCapacity", "Temperature", NULL };
	static const char *const telemetry[] = { "SystemPowerIn", "SystemLoad", "BatteryPower",
		"SystemVoltageIn", "SystemCurrentIn", NULL };

	jsonfile_open(j, "registry", '{');
	dump_pmgr(j);
	dump_cpus(j);
	dump_entry("AGXAccelerator", gpu, "PerformanceStatistics", statistics, j);
	dumpcounters_write_disks(first, last, seconds, j);
	dump_entry("AppleSmartBattery", battery, "PowerTelemetryData", telemetry, j);
	jsonfile_close(j, '}');
}

/* ---- sensors ---- */

/* Keys of temperatures, fans and power that are numbers: serial numbers are elsewhere. */
static void dump_smc_key(const struct smc *smc, uint32_t code, struct jsonfile *j)
{
	uint8_t bytes[SMC_BYTES_MAX];
	char name[5], type[5];
	struct smc_key key;

	smc_name(code, name);
	if (!strchr("TFP", name[0]) || smc_find(smc, code, &key) < 0 ||
		smc_read_bytes(smc, &key, bytes) < 0)
		return;
	smc_name(key.type, type);
	if (isnan(smc_value(key.type, bytes, key.size)))
		return;
	jsonfile_open(j, name, '{');
	jsonfile_text(j, "type", type);
	jsonfile_hex(j, "bytes", bytes, key.size);
	jsonfile_close(j, '}');
}

static void dump_smc(struct jsonfile *j)
{
	uint32_t count = 0, code;
	struct fault why;
	struct smc smc;

	if (smc_open(&smc, &why) < 0)
		return;
	jsonfile_open(j, "smc", '{');
	if (smc_count(&smc, &count) == 0)
		for (uint32_t i = 0; i < count; i++)
			if (smc_code_at(&smc, i, &code) == 0)
				dump_smc_key(&smc, code, j);
	jsonfile_close(j, '}');
	smc_close(&smc);
}

static void dump_hid(struct jsonfile *j)
{
	struct fault why;
	struct hid hid;

	if (hid_open(&hid, &why) < 0)
		return;
	jsonfile_open(j, "hid", '[');
	for (unsigned i = 0; i < hid.count; i++) {
		double celsius = hid_read(&hid, i);

		jsonfile_open(j, NULL, '{');
		jsonfile_text(j, "product", hid.services[i].name);
		if (isfinite(celsius))
			jsonfile_number(j, "celsius", celsius);
		jsonfile_close(j, '}');
	}
	jsonfile_close(j, ']');
	hid_close(&hid);
}

static void dump_thermal(struct jsonfile *j)
{
	uint64_t level;
	int token;

	if (notify_register_check("com.apple.system.thermalpressurelevel", &token) !=
		NOTIFY_STATUS_OK)
		return;
	if (notify_get_state(token, &level) == NOTIFY_STATUS_OK)
		jsonfile_number(j, "thermal_pressure", (double)level);
	notify_cancel(token);
}

/* ---- all together ---- */

static void dump_machine(struct jsonfile *j)
{
	mach_timebase_info_data_t timebase = { 0, 0 };
	struct source_options options = { "" };
	struct machine machine = { .os = "" };
	char text[256];

	platform_machine(&options, &machine);
	snprintf(text, sizeof(text), "%s (%s), macOS %s", machine.chip, machine.model,
		machine.os_version);
	jsonfile_number(j, "world", 1);
	jsonfile_text(j, "machine", text);
	jsonfile_open(j, "measured", '[');
	jsonfile_text(j, NULL, "all of it: written by actopd --dump-world");
	jsonfile_close(j, ']');
	jsonfile_open(j, "made_up", '[');
	jsonfile_close(j, ']');
	mach_timebase_info(&timebase);
	jsonfile_open(j, "timebase", '[');
	jsonfile_number(j, NULL, timebase.numer);
	jsonfile_number(j, NULL, timebase.denom);
	jsonfile_close(j, ']');
}

/* Looks at the counters for some seconds; returns the seconds between first and last. */
static double dump_watch(struct dumpreport *report, struct dumpprocess *process,
	struct dumpcounters *first, struct dumpcounters *last)
{
	struct instant begun, now;

	dumpprocess_begin(process);
	dumpcounters_read(first);
	clock_now(&begun);
	dumpreport_poll(report, begun.awake_ns);
	for (unsigned i = 1; i <= DUMP_POLLS; i++) {
		mach_wait_until(clock_to_ticks(begun.awake_ns + i * DUMP_POLL_NS));
		clock_now(&now);
		dumpreport_poll(report, now.awake_ns);
	}
	dumpcounters_read(last);
	dumpprocess_end(process);
	clock_now(&now);
	return (double)(now.awake_ns - begun.awake_ns) / 1e9;
}

int platform_dump(FILE *f, struct fault *why)
{
	struct dumpcounters *counters = xcalloc(2, sizeof(*counters));
	struct dumpreport *report = dumpreport_open();
	struct dumpprocess process;
	struct jsonfile j = { f, 0, false };
	double seconds = dump_watch(report, &process, &counters[0], &counters[1]);

	jsonfile_open(&j, NULL, '{');
	dump_machine(&j);
	dump_sysctls(&j);
	dumpreport_write(report, &j);
	dump_registry(&counters[0], &counters[1], seconds, &j);
	dump_smc(&j);
	dump_hid(&j);
	dump_thermal(&j);
	dumpcounters_write(&counters[0], &counters[1], seconds, &j);
	dumpprocess_write(&process, &j);
	jsonfile_close(&j, '}');
	dumpreport_close(report);
	free(counters);
	return fflush(f) != 0 || ferror(f) ? fault_set(why, -EIO, "the file cannot be written")
					   : 0;
}
