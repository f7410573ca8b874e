/* SPDX-License-Identifier: MIT */
#include "daemon/profile.h"

#include <math.h>
#include <string.h>

#define UNKNOWN NAN

enum profile_split { SPLIT_NONE, SPLIT_P_CORES, SPLIT_GPU_CORES };

struct profile_row {
	const char *name;
	double cpu_w, gpu_w, ane_w, gbps;
	enum profile_split split;
	unsigned most;
	double few_gbps;
};

static const struct profile_row profile_rows[] = {
#define PROFILE(name, cpu_w, gpu_w, ane_w, gbps, split, most, few) \
	{ name, cpu_w, gpu_w, ane_w, gbps, SPLIT_##split, most, few },
#include "daemon/profiles.def"
#undef PROFILE
};

#define PROFILE_ROWS (sizeof(profile_rows) / sizeof(*profile_rows))

static const struct profile_row profile_generic = { "generic", 30, 30, 8, UNKNOWN, SPLIT_NONE,
	0, UNKNOWN };

/* What stands behind "Apple M<n>" in a chip's name (" Max", ""); NULL for any other name. */
static const char *profile_tier(const char *chip)
{
	static const char family[] = "Apple M";
	const char *at = chip + strlen(family);
	size_t digits;

	if (strncmp(chip, family, strlen(family)) != 0)
		return NULL;
	digits = strspn(at, "0123456789");
	if (digits == 0 || (at[digits] && at[digits] != ' '))
		return NULL;
	return at + digits;
}

static const struct profile_row *profile_find(const char *chip)
{
	for (size_t i = 0; i < PROFILE_ROWS; i++)
		if (strcmp(profile_rows[i].name, chip) == 0)
			return &profile_rows[i];
	return NULL;
}

/* The newest row of the tier of a chip that is not in the table; an unknown tier is the base.
 */
static const struct profile_row *profile_find_tier(const char *chip)
{
	const char *tier = profile_tier(chip);
	const struct profile_row *base = NULL;

	if (!tier)
		return NULL;
	for (size_t i = PROFILE_ROWS; i-- > 0;) {
		const char *other = profile_tier(profile_rows[i].name);

		if (other && strcmp(other, tier) == 0)
			return &profile_rows[i];
		if (!base && other && *other == '\0')
			base = &profile_rows[i];
	}
	return base;
}

static double profile_bandwidth(
	const struct profile_row *row, const struct machine *machine, unsigned p_cores)
{
	unsigned cores = row->split == SPLIT_P_CORES ? p_cores : machine->gpu_cores;

	if (row->split == SPLIT_NONE)
		return row->gbps;
	if (cores == 0)
		return NAN;
	return cores <= row->most ? row->few_gbps : row->gbps;
}

void profile_choose(struct profile *profile, const struct machine *machine, unsigned p_cores)
{
	const struct profile_row *row = profile_find(machine->chip);

	*profile = (struct profile){ "", row != NULL, NAN, NAN, NAN, NAN, NAN };
	if (!row)
		row = profile_find_tier(machine->chip);
	if (!row && strcmp(machine->os, "macos") == 0)
		row = &profile_generic;
	if (!row)
		return;
	profile->name = row->name;
	profile->cpu_w = row->cpu_w;
	profile->gpu_w = row->gpu_w;
	profile->ane_w = row->ane_w;
	profile->package_w = row->cpu_w + row->gpu_w + row->ane_w;
	if (profile->exact)
		profile->bandwidth_gbps = profile_bandwidth(row, machine, p_cores);
}

double profile_full_scale(
	enum power_scale scale, double reference, double highest, double floor)
{
	double full = reference;

	if (scale == POWER_SCALE_AUTO)
		full = isnan(highest) ? floor : PROFILE_AUTO_FACTOR * highest;
	return full < floor ? floor : full;
}

double profile_percent(double value, double full)
{
	double percent = full > 0 ? 100 * value / full : NAN;

	if (percent > 100)
		return 100;
	return percent < 0 ? 0 : percent;
}
