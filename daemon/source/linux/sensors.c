/* SPDX-License-Identifier: MIT */
#include "daemon/source/linux/parts.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "daemon/source/linux/devpower.h"
#include "daemon/source/linux/gauge.h"
#include "daemon/source/linux/hwmon.h"
#include "proto/alloc.h"

/*
 * Temperatures of hwmon chips, and of those thermal zones that no chip shows as well.  A server
 * can have hundreds, each some microseconds, so a round reads at most SENSORS_ROUND_MAX and the
 * next one goes on from there; values are held in between.
 */
#define SENSORS_MAX 512
#define SENSORS_CHIPS_MAX 128
#define SENSORS_ROUND_MAX 64

/* What no working sensor of a running machine shows: sentinels such as -128 or 255. */
#define SENSORS_LOWEST_C (-40.0)
#define SENSORS_HIGHEST_C 150.0

struct sensor {
	char label[LAYOUT_LABEL_MAX];
	enum domain domain;
	struct gauge gauge; /* thousandths of a degree */
	unsigned chip;
	double celsius; /* NaN = not known */
};

struct sensors_chip {
	char dir[FILE_PATH_MAX];
	struct devpower power;
	bool asleep; /* in this round */
};

struct sensors {
	struct sensor *sensors; /* SENSORS_MAX of them */
	struct sensors_chip chips[SENSORS_CHIPS_MAX];
	unsigned count, chip_count, next;
	bool eager; /* a fixture tree: nothing is dear */
};

/* By the beginning of the name of a driver or thermal zone; the first that fits. */
static const struct sensors_domain {
	const char *prefix;
	enum domain domain;
} sensors_domains[] = {
	{ "coretemp", DOMAIN_CPU },
	{ "k10temp", DOMAIN_CPU },
	{ "k8temp", DOMAIN_CPU },
	{ "zenpower", DOMAIN_CPU },
	{ "via_cputemp", DOMAIN_CPU },
	{ "x86_pkg_temp", DOMAIN_CPU },
	{ "cpu", DOMAIN_CPU },
	{ "bigcore", DOMAIN_CPU },
	{ "littlecore", DOMAIN_CPU },
	{ "gpu", DOMAIN_GPU },
	{ "amdgpu", DOMAIN_GPU },
	{ "radeon", DOMAIN_GPU },
	{ "nouveau", DOMAIN_GPU },
	{ "i915", DOMAIN_GPU },
	{ "xe", DOMAIN_GPU },
	{ "soc", DOMAIN_SOC },
	{ "package", DOMAIN_SOC },
	{ "nvme", DOMAIN_SSD },
	{ "drivetemp", DOMAIN_SSD },
	{ "spd5118", DOMAIN_MEMORY },
	{ "jc42", DOMAIN_MEMORY },
	{ "ddr", DOMAIN_MEMORY },
	{ "BAT", DOMAIN_BATTERY },
	{ "battery", DOMAIN_BATTERY },
	{ "macsmc-battery", DOMAIN_BATTERY },
};

static enum domain sensors_find_domain(const char *name)
{
	for (unsigned i = 0; i < sizeof(sensors_domains) / sizeof(*sensors_domains); i++)
		if (strncmp(name, sensors_domains[i].prefix,
			    strlen(sensors_domains[i].prefix)) == 0)
			return sensors_domains[i].domain;
	return DOMAIN_OTHER;
}

/* Chips of many domains, and sensors that are not what their chip is. */
static enum domain sensors_judge(const char *chip, const char *label)
{
	if (strcmp(chip, "macsmc_hwmon") == 0) {
		if (strstr(label, "NAND"))
			return DOMAIN_SSD;
		return strstr(label, "Battery") ? DOMAIN_BATTERY : DOMAIN_OTHER;
	}
	if (strcmp(chip, "amdgpu") == 0 && strcmp(label, "mem") == 0)
		return DOMAIN_MEMORY;
	return sensors_find_domain(chip);
}

/* The chips come one after the other, so the last one is the only one to compare with. */
static int sensors_find_chip(struct sensors *all, const char *dir)
{
	struct sensors_chip *chip = &all->chips[all->chip_count];
	char device[FILE_PATH_MAX];

	if (all->chip_count > 0 && strcmp(chip[-1].dir, dir) == 0)
		return (int)all->chip_count - 1;
	if (all->chip_count == SENSORS_CHIPS_MAX)
		return -1;
	snprintf(chip->dir, sizeof(chip->dir), "%s", dir);
	snprintf(device, sizeof(device), "%.*s/device", FILE_PATH_MAX - 64, dir);
	devpower_open(&chip->power, device);
	return (int)all->chip_count++;
}

static struct sensor *sensors_new(struct sensors *all, const char *dir)
{
	int chip = all->count < SENSORS_MAX ? sensors_find_chip(all, dir) : -1;
	struct sensor *sensor;

	if (chip < 0)
		return NULL;
	sensor = &all->sensors[all->count++];
	sensor->chip = (unsigned)chip;
	sensor->celsius = NAN;
	return sensor;
}

static void sensors_add_channel(void *arg, const struct hwmon_channel *channel)
{
	struct sensors *all = arg;
	struct sensor *sensor = sensors_new(all, channel->chip->dir);

	if (!sensor)
		return;
	if (strcmp(channel->chip->name, "macsmc_hwmon") == 0)
		snprintf(sensor->label, sizeof(sensor->label), "%s", channel->label);
	else
		snprintf(sensor->label, sizeof(sensor->label), "%.31s %.31s",
			channel->chip->name, channel->label);
	sensor->domain = sensors_judge(channel->chip->name, channel->label);
	file_open(&sensor->gauge.file, "%s/temp%u_input", channel->chip->dir, channel->number);
}

/*
 * AMD's Tctl is made for fan control and on some models lies 10 or 27 degrees above Tdie, the
 * temperature (Documentation/hwmon/k10temp.rst).
 */
static void sensors_prefer_tdie(struct sensors *all)
{
	bool tdie = false;

	for (unsigned i = 0; i < all->count; i++)
		tdie = tdie || strcmp(all->sensors[i].label, "k10temp Tdie") == 0;
	for (unsigned i = 0; tdie && i < all->count; i++)
		if (strcmp(all->sensors[i].label, "k10temp Tctl") == 0)
			all->sensors[i].domain = DOMAIN_OTHER;
}

/* The kernel names the hwmon chip of a thermal zone like the zone, '-' turned into '_'. */
static bool sensors_has_twin(const char *root, const char *zone)
{
	char name[HWMON_NAME_MAX];

	if (strcmp(zone, "x86_pkg_temp") == 0)
		return hwmon_has(root, "coretemp");
	snprintf(name, sizeof(name), "%s", zone);
	for (char *p = name; *p; p++)
		if (*p == '-')
			*p = '_';
	return hwmon_has(root, name) || hwmon_has(root, zone);
}

static void sensors_add_zone(struct sensors *all, const char *root, const char *name)
{
	char zone[HWMON_NAME_MAX], dir[FILE_PATH_MAX];
	struct sensor *sensor;

	if (strncmp(name, "thermal_zone", 12) != 0)
		return;
	snprintf(dir, sizeof(dir), "%s/sys/class/thermal/%s", root, name);
	if (file_load(zone, sizeof(zone), "%.*s/type", FILE_PATH_MAX - 8, dir) <= 0)
		return;
	/* INT3400 is a policy; its temperature is a constant. */
	if (strncmp(zone, "INT3400", 7) == 0 || sensors_has_twin(root, zone))
		return;
	sensor = sensors_new(all, dir);
	if (!sensor)
		return;
	snprintf(sensor->label, sizeof(sensor->label), "%s", zone);
	sensor->domain = sensors_find_domain(zone);
	file_open(&sensor->gauge.file, "%.*s/temp", FILE_PATH_MAX - 8, dir);
}

static int sensors_open(void **self, const struct source_options *options, struct fault *why)
{
	struct sensors *all = xcalloc(1, sizeof(*all));
	struct names names;

	(void)why;
	all->sensors = xcalloc(SENSORS_MAX, sizeof(*all->sensors));
	all->eager = options->root[0] != '\0';
	hwmon_list(options->root, "temp", sensors_add_channel, all);
	sensors_prefer_tdie(all);
	if (names_load(&names, "%s/sys/class/thermal", options->root) == 0)
		for (unsigned i = 0; i < names.count; i++)
			sensors_add_zone(all, options->root, names.at[i]);
	names_free(&names);
	*self = all;
	return 0;
}

static int sensors_describe(void *self, struct layout *layout)
{
	const struct sensors *all = self;

	layout_note(layout, METRIC_THERMAL_STATE, AVAIL_UNSUPPORTED,
		"Linux reports temperatures, no such level");
	if (all->count == 0)
		layout_note(layout, METRIC_SENSOR_TEMP_C, AVAIL_UNSUPPORTED,
			"no temperature sensor under /sys/class/hwmon or thermal");
	for (unsigned i = 0; i < all->count; i++) {
		struct entity *e = layout_add(layout, SCOPE_SENSOR, all->sensors[i].label);

		if (e)
			e->domain = all->sensors[i].domain;
	}
	return 0;
}

static int sensors_read_one(struct sensors *all, struct sensor *sensor, uint64_t now_ns)
{
	int64_t value = 0;
	int rc;

	if (all->chips[sensor->chip].asleep) {
		sensor->celsius = NAN;
		return 0;
	}
	rc = gauge_read(&sensor->gauge, all->eager ? 0 : now_ns, &value);
	sensor->celsius = rc == 0 ? (double)value / 1000.0 : NAN;
	if (sensor->celsius < SENSORS_LOWEST_C || sensor->celsius > SENSORS_HIGHEST_C)
		sensor->celsius = NAN;
	/* A radio that is off, a chip that is not ready: no fault. */
	return rc == -ENODATA || rc == -EAGAIN ? 0 : rc;
}

static int sensors_read(void *self, struct sample *s)
{
	struct sensors *all = self;
	unsigned round = all->count < SENSORS_ROUND_MAX ? all->count : SENSORS_ROUND_MAX;
	int result = 0;

	for (unsigned i = 0; i < all->chip_count; i++)
		all->chips[i].asleep = devpower_is_asleep(&all->chips[i].power);
	for (unsigned i = 0; i < round; i++) {
		int rc = sensors_read_one(all, &all->sensors[all->next], s->time.awake_ns);

		if (rc < 0)
			result = rc;
		all->next = (all->next + 1) % all->count;
	}
	for (unsigned i = 0; i < all->count; i++)
		sample_set(s, METRIC_SENSOR_TEMP_C, i, all->sensors[i].celsius);
	return result;
}

static void sensors_close(void *self)
{
	struct sensors *all = self;

	for (unsigned i = 0; i < all->count; i++)
		file_close(&all->sensors[i].gauge.file);
	for (unsigned i = 0; i < all->chip_count; i++)
		devpower_close(&all->chips[i].power);
	free(all->sensors);
	free(all);
}

const struct part sensors_part = { "sensors", sensors_open, sensors_describe, sensors_read,
	sensors_close };
