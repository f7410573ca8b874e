/* SPDX-License-Identifier: MIT */
#include "daemon/source/linux/parts.h"

#include <math.h>
#include <string.h>

#include "daemon/source/linux/gauge.h"
#include "proto/alloc.h"

/*
 * Batteries and adapters of /sys/class/power_supply
 * (Documentation/ABI/testing/sysfs-class-power; microwatts, microvolts, microamperes).
 * Batteries of mice and the like (scope Device) are none of the machine's.  The charge of
 * several is weighted by what each holds when full.  Some drivers sign the current and some do
 * not, so the sign of the power comes from status; where that is neither Charging nor
 * Discharging only a power of zero is known.
 *
 * The adapters of ucsi tell what was negotiated, not what is drawn: left out.
 */
#define BATTERY_SUPPLIES_MAX 8
#define BATTERY_PATH "%s/sys/class/power_supply/%s/"

/* power_now, or voltage_now and current_now; a file that is not there has no path. */
struct battery_power {
	struct gauge power, volts, amperes;
};

struct battery_supply {
	bool adapter;
	struct file state; /* status of a battery, online of an adapter */
	struct gauge capacity;
	struct battery_power power;
	double full_energy, full_charge; /* 0 = not known */
	double weight;
};

struct battery {
	struct battery_supply supplies[BATTERY_SUPPLIES_MAX];
	unsigned count, batteries;
	bool eager; /* a fixture tree: nothing is dear */
};

static void battery_open_gauge(
	struct gauge *gauge, const char *root, const char *name, const char *file)
{
	if (file_open(&gauge->file, BATTERY_PATH "%s", root, name, file) < 0)
		file_close(&gauge->file);
}

static void battery_open_power(struct battery_power *power, const char *root, const char *name)
{
	battery_open_gauge(&power->power, root, name, "power_now");
	if (power->power.file.path)
		return;
	battery_open_gauge(&power->volts, root, name, "voltage_now");
	battery_open_gauge(&power->amperes, root, name, "current_now");
}

static double battery_load_full(const char *root, const char *name, const char *file)
{
	int64_t full;

	if (file_load_number(&full, BATTERY_PATH "%s", root, name, file) < 0 || full <= 0)
		return 0.0;
	return (double)full;
}

/* Weighs by energy, else by charge; where neither is known of every battery they weigh alike.
 */
static void battery_weigh(struct battery *all)
{
	bool energy = true, charge = true;

	for (unsigned i = 0; i < all->count; i++) {
		const struct battery_supply *supply = &all->supplies[i];

		energy = energy && (supply->adapter || supply->full_energy > 0.0);
		charge = charge && (supply->adapter || supply->full_charge > 0.0);
	}
	for (unsigned i = 0; i < all->count; i++) {
		struct battery_supply *supply = &all->supplies[i];

		supply->weight = energy ? supply->full_energy
			: charge	? supply->full_charge
					: 1.0;
	}
}

static bool battery_is_machine(const char *root, const char *name)
{
	char scope[FILE_NUMBER_MAX];

	file_load(scope, sizeof(scope), BATTERY_PATH "scope", root, name);
	return strcmp(scope, "Device") != 0 && strncmp(name, "ucsi", 4) != 0;
}

static void battery_add(struct battery *all, const char *root, const char *name)
{
	struct battery_supply *supply = &all->supplies[all->count];
	char type[FILE_NUMBER_MAX];

	file_load(type, sizeof(type), BATTERY_PATH "type", root, name);
	supply->adapter = strcmp(type, "Mains") == 0 || strcmp(type, "USB") == 0;
	if (!supply->adapter && strcmp(type, "Battery") != 0)
		return;
	all->count++;
	battery_open_power(&supply->power, root, name);
	file_open(&supply->state, BATTERY_PATH "%s", root, name,
		supply->adapter ? "online" : "status");
	if (supply->adapter)
		return;
	all->batteries++;
	supply->full_energy = battery_load_full(root, name, "energy_full");
	supply->full_charge = battery_load_full(root, name, "charge_full");
	file_open(&supply->capacity.file, BATTERY_PATH "capacity", root, name);
}

static int battery_open(void **self, const struct source_options *options, struct fault *why)
{
	struct battery *all = xcalloc(1, sizeof(*all));
	struct names names;

	(void)why;
	all->eager = options->root[0] != '\0';
	names_load(&names, "%s/sys/class/power_supply", options->root);
	for (unsigned i = 0; i < names.count && all->count < BATTERY_SUPPLIES_MAX; i++)
		if (battery_is_machine(options->root, names.at[i]))
			battery_add(all, options->root, names.at[i]);
	names_free(&names);
	battery_weigh(all);
	*self = all;
	return 0;
}

static int battery_describe(void *self, struct layout *layout)
{
	const struct battery *all = self;

	if (all->batteries > 0)
		return 0;
	layout_note(layout, METRIC_BATTERY_PCT, AVAIL_UNSUPPORTED, "no battery");
	layout_note(layout, METRIC_BATTERY_WATTS, AVAIL_UNSUPPORTED, "no battery");
	return 0;
}

/* Watts without their sign; NaN = not known. */
static double battery_read_watts(struct battery_power *power, uint64_t now_ns)
{
	int64_t value, volts;

	if (power->power.file.path)
		return gauge_read(&power->power, now_ns, &value) == 0
			? fabs((double)value * 1e-6)
			: NAN;
	if (!power->volts.file.path || !power->amperes.file.path)
		return NAN;
	if (gauge_read(&power->volts, now_ns, &volts) < 0 ||
		gauge_read(&power->amperes, now_ns, &value) < 0)
		return NAN;
	return fabs((double)volts * 1e-6 * (double)value * 1e-6);
}

/* Watts out of a battery, negative into it. */
static double battery_sign(const char *status, double watts)
{
	if (strncmp(status, "Charging", 8) == 0)
		return -watts;
	if (strncmp(status, "Discharging", 11) == 0)
		return watts;
	return watts == 0.0 ? 0.0 : NAN;
}

struct battery_sum {
	double charge, full, watts, adapter; /* NaN once a member is not known */
	unsigned adapters;		     /* that tell their power */
};

static void battery_read_supply(
	struct battery_supply *supply, uint64_t now_ns, struct battery_sum *sum)
{
	char state[FILE_NUMBER_MAX];
	int rc = file_read(&supply->state, state, sizeof(state));
	int64_t capacity;

	if (supply->adapter) {
		double watts = battery_read_watts(&supply->power, now_ns);

		if (rc < 0 || isnan(watts))
			return;
		sum->adapters++;
		sum->adapter += state[0] == '1' ? watts : 0.0;
		return;
	}
	sum->watts += battery_sign(state, battery_read_watts(&supply->power, now_ns));
	if (gauge_read(&supply->capacity, now_ns, &capacity) < 0 || capacity < 0 ||
		capacity > 100)
		sum->charge = NAN;
	else
		sum->charge += (double)capacity * supply->weight;
	sum->full += supply->weight;
}

static int battery_read(void *self, struct sample *s)
{
	struct battery *all = self;
	struct battery_sum sum = { 0 };

	for (unsigned i = 0; i < all->count; i++)
		battery_read_supply(&all->supplies[i], all->eager ? 0 : s->time.awake_ns, &sum);
	if (all->batteries > 0) {
		sample_set(s, METRIC_BATTERY_PCT, 0, sum.charge / sum.full);
		sample_set(s, METRIC_BATTERY_WATTS, 0, sum.watts);
	}
	if (sum.adapters > 0)
		sample_set(s, METRIC_ADAPTER_WATTS, 0, sum.adapter);
	return 0;
}

static void battery_close(void *self)
{
	struct battery *all = self;

	for (unsigned i = 0; i < all->count; i++) {
		struct battery_supply *supply = &all->supplies[i];

		file_close(&supply->state);
		file_close(&supply->capacity.file);
		file_close(&supply->power.power.file);
		file_close(&supply->power.volts.file);
		file_close(&supply->power.amperes.file);
	}
	free(all);
}

const struct part battery_part = { "battery", battery_open, battery_describe, battery_read,
	battery_close };
