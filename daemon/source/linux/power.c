/* SPDX-License-Identifier: MIT */
#include "daemon/source/linux/parts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "daemon/source/linux/file.h"
#include "proto/alloc.h"

/*
 * Energy counters of RAPL under /sys/class/powercap (Documentation/power/powercap), Intel and
 * AMD alike: packages, their subdomains, and psys, the whole machine where the board is wired
 * for it. A rail is the sum over all packages, in joules since the source was opened.  What
 * intel-rapl-mmio shows is the same package once more, so it counts only where intel-rapl has
 * no package.
 */
#define POWER_DOMAINS_MAX 64

/* A counter that fell has wrapped, or was reset by a sleep.  No domain draws more than this, so
 * a wrap that would mean more was a reset, after which the counter is taken up anew. */
#define POWER_WATTS_MAX 4000.0

enum power_rail { POWER_PACKAGE, POWER_CPU, POWER_GPU, POWER_DRAM, POWER_SYSTEM, POWER_RAILS };

/* By the beginning of the domain's name: "package-0", "package-0-die-1", "core"... */
static const struct power_kind {
	const char *domain, *rail;
	enum metric_id watts, joules;
} power_kinds[POWER_RAILS] = {
	{ "package-", "package", METRIC_PACKAGE_WATTS, METRIC_PACKAGE_JOULES },
	{ "core", "cpu", METRIC_CPU_WATTS, METRIC_CPU_JOULES },
	{ "uncore", "gpu", METRIC_GPU_WATTS, METRIC_GPU_JOULES },
	{ "dram", "dram", METRIC_DRAM_WATTS, METRIC_DRAM_JOULES },
	{ "psys", "system", METRIC_SYSTEM_WATTS, METRIC_SYSTEM_JOULES },
};

struct power_domain {
	enum power_rail rail;
	struct file energy;
	uint64_t max_uj; /* where it wraps */
	uint64_t last_uj, sum_uj;
	uint64_t awake_ns; /* of the last reading; 0 = none yet */
};

struct power {
	struct power_domain domains[POWER_DOMAINS_MAX];
	unsigned count;
	int entity[POWER_RAILS]; /* -1 = no such rail */
};

static int power_find_rail(const char *domain)
{
	for (unsigned i = 0; i < POWER_RAILS; i++)
		if (strncmp(domain, power_kinds[i].domain, strlen(power_kinds[i].domain)) == 0)
			return (int)i;
	return -1;
}

static void power_add_domain(struct power *power, const char *root, const char *zone)
{
	char name[FILE_NUMBER_MAX];
	struct power_domain *d = &power->domains[power->count];
	int64_t max;
	int rail;

	if (file_load(name, sizeof(name), "%s/sys/class/powercap/%s/name", root, zone) <= 0)
		return;
	rail = power_find_rail(name);
	if (rail < 0 || power->count == POWER_DOMAINS_MAX)
		return;
	*d = (struct power_domain){ .rail = (enum power_rail)rail };
	if (file_load_number(
		    &max, "%s/sys/class/powercap/%s/max_energy_range_uj", root, zone) == 0 &&
		max > 0)
		d->max_uj = (uint64_t)max;
	file_open(&d->energy, "%s/sys/class/powercap/%s/energy_uj", root, zone);
	power->count++;
}

static void power_add_zones(
	struct power *power, const struct names *names, const char *root, const char *prefix)
{
	for (unsigned i = 0; i < names->count; i++)
		if (strncmp(names->at[i], prefix, strlen(prefix)) == 0)
			power_add_domain(power, root, names->at[i]);
}

static bool power_has_rail(const struct power *power, enum power_rail rail)
{
	for (unsigned i = 0; i < power->count; i++)
		if (power->domains[i].rail == rail)
			return true;
	return false;
}

static int power_open(void **self, const struct source_options *options, struct fault *why)
{
	struct power *power = xcalloc(1, sizeof(*power));
	struct names names;

	(void)why;
	if (names_load(&names, "%s/sys/class/powercap", options->root) == 0) {
		power_add_zones(power, &names, options->root, "intel-rapl:");
		if (!power_has_rail(power, POWER_PACKAGE))
			power_add_zones(power, &names, options->root, "intel-rapl-mmio:");
	}
	names_free(&names);
	*self = power;
	return 0;
}

/* The first domain of the rail that may not be read; NULL when all may. */
static const struct power_domain *power_find_denied(
	const struct power *power, enum power_rail rail)
{
	for (unsigned i = 0; i < power->count; i++)
		if (power->domains[i].rail == rail && !file_is_open(&power->domains[i].energy))
			return &power->domains[i];
	return NULL;
}

static void power_describe_rail(
	struct power *power, struct layout *layout, enum power_rail rail)
{
	const struct power_domain *denied = power_find_denied(power, rail);
	const struct power_kind *kind = &power_kinds[rail];
	struct entity *e = layout_add(layout, SCOPE_RAIL, kind->rail);
	char reason[LAYOUT_REASON_MAX];
	const char *path;
	enum avail avail;

	if (!e)
		return;
	e->quality = QUALITY_MEASURED;
	power->entity[rail] = (int)layout->count[SCOPE_RAIL] - 1;
	if (!denied)
		return;
	avail = denied->energy.error == -EACCES ? AVAIL_NEEDS_ROOT : AVAIL_ERROR;
	path = strstr(denied->energy.path, "/sys/class/"); /* without the root */
	snprintf(reason, sizeof(reason), "%.64s: %.28s", path ? path : "",
		strerror(-denied->energy.error));
	layout_note(layout, METRIC_RAIL_WATTS, avail, reason);
	layout_note(layout, METRIC_RAIL_JOULES, avail, reason);
	layout_note(layout, kind->watts, avail, reason);
	layout_note(layout, kind->joules, avail, reason);
}

static int power_describe(void *self, struct layout *layout)
{
	struct power *power = self;

	for (unsigned i = 0; i < POWER_RAILS; i++) {
		const char *reason = power->count ? "RAPL has no such domain here"
						  : "no energy counters (/sys/class/powercap)";

		power->entity[i] = -1;
		if (power_has_rail(power, i)) {
			power_describe_rail(power, layout, i);
			continue;
		}
		layout_note(layout, power_kinds[i].watts, AVAIL_UNSUPPORTED, reason);
		layout_note(layout, power_kinds[i].joules, AVAIL_UNSUPPORTED, reason);
	}
	return 0;
}

/* Energy from last to now, across the wrap if there was one; 0 after a reset. */
static uint64_t power_difference(
	const struct power_domain *d, uint64_t now_uj, uint64_t awake_ns)
{
	double seconds = (double)(awake_ns - d->awake_ns) * 1e-9;
	uint64_t wrapped;

	if (now_uj >= d->last_uj)
		return now_uj - d->last_uj;
	if (d->max_uj < d->last_uj)
		return 0;
	wrapped = d->max_uj - d->last_uj + now_uj;
	return (double)wrapped * 1e-6 <= (seconds + 1.0) * POWER_WATTS_MAX ? wrapped : 0;
}

static int power_read_domain(struct power_domain *d, uint64_t awake_ns)
{
	int64_t now;
	int rc = file_read_number(&d->energy, &now);

	if (rc < 0)
		return rc;
	if (now < 0)
		return -EBADMSG;
	if (d->awake_ns)
		d->sum_uj += power_difference(d, (uint64_t)now, awake_ns);
	d->last_uj = (uint64_t)now;
	d->awake_ns = awake_ns ? awake_ns : 1;
	return 0;
}

static int power_read(void *self, struct sample *s)
{
	struct power *power = self;
	uint64_t sum_uj[POWER_RAILS] = { 0 };
	bool failed[POWER_RAILS] = { false };
	int result = 0;

	for (unsigned i = 0; i < power->count; i++) {
		struct power_domain *d = &power->domains[i];
		int rc = power_read_domain(d, s->time.awake_ns);

		sum_uj[d->rail] += d->sum_uj;
		failed[d->rail] = failed[d->rail] || rc < 0;
		if (rc < 0 && rc != -EACCES) /* a right that is missing was told by describe */
			result = rc;
	}
	for (unsigned i = 0; i < POWER_RAILS; i++)
		if (power->entity[i] >= 0 && !failed[i])
			sample_set(s, METRIC_RAIL_JOULES, (unsigned)power->entity[i],
				(double)sum_uj[i] * 1e-6);
	return result;
}

static void power_close(void *self)
{
	struct power *power = self;

	for (unsigned i = 0; i < power->count; i++)
		file_close(&power->domains[i].energy);
	free(power);
}

const struct part power_part = { "power", power_open, power_describe, power_read, power_close };
