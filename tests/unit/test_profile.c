/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "daemon/profile.h"

static struct profile p;

static void setup(void)
{
}

static void teardown(void)
{
}

static void choose(const char *os, const char *chip, unsigned p_cores, unsigned gpu_cores)
{
	struct machine machine = { .gpu_cores = gpu_cores };

	snprintf(machine.os, sizeof(machine.os), "%s", os);
	snprintf(machine.chip, sizeof(machine.chip), "%s", chip);
	profile_choose(&p, &machine, p_cores);
}

START_TEST(a_chip_is_found_by_its_exact_name)
{
	choose("macos", "Apple M2 Pro", 8, 19);
	ck_assert_str_eq(p.name, "Apple M2 Pro");
	ck_assert(p.exact);
	ck_assert_double_eq(p.cpu_w, 35);
	ck_assert_double_eq(p.gpu_w, 30);
	ck_assert_double_eq(p.ane_w, 8);
	ck_assert_double_eq(p.package_w, 73);
	ck_assert_double_eq(p.bandwidth_gbps, 200);
}
END_TEST

START_TEST(references_are_apples_own_figures_where_actop_had_others)
{
	static const struct {
		const char *chip;
		double cpu_w, gpu_w, gbps;
	} chips[] = { { "Apple M1", 20, 20, 68 }, { "Apple M1 Pro", 30, 30, 200 },
		{ "Apple M1 Max", 30, 60, 400 }, { "Apple M1 Ultra", 60, 120, 800 },
		{ "Apple M2", 25, 15, 100 }, { "Apple M2 Pro", 35, 30, 200 },
		{ "Apple M2 Max", 40, 65, 400 }, { "Apple M2 Ultra", 80, 130, 800 },
		{ "Apple M3", 25, 20, 100 }, { "Apple M3 Pro", 35, 30, 150 },
		{ "Apple M3 Max", 45, 75, 400 }, { "Apple M3 Ultra", 90, 150, 819 },
		{ "Apple M4", 30, 20, 120 }, { "Apple M4 Pro", 40, 35, 273 },
		{ "Apple M4 Max", 55, 90, 546 }, { "Apple M4 Ultra", 110, 180, 1092 },
		{ "Apple M5", 30, 20, 153 }, { "Apple M5 Pro", 40, 35, 307 },
		{ "Apple M5 Max", 55, 90, 614 }, { "Apple M5 Ultra", 110, 180, 1200 },
		{ "Apple M6", 30, 20, 170 } };

	for (size_t i = 0; i < sizeof(chips) / sizeof(*chips); i++) {
		choose("macos", chips[i].chip, 12, 40);
		ck_assert_str_eq(p.name, chips[i].chip);
		ck_assert(p.exact);
		ck_assert_double_eq(p.cpu_w, chips[i].cpu_w);
		ck_assert_double_eq(p.gpu_w, chips[i].gpu_w);
		ck_assert_double_eq(p.package_w, chips[i].cpu_w + chips[i].gpu_w + 8);
		ck_assert_double_eq(p.bandwidth_gbps, chips[i].gbps);
	}
}
END_TEST

START_TEST(the_count_of_cores_tells_two_memory_buses_of_one_name_apart)
{
	choose("macos", "Apple M4 Max", 12, 40);
	ck_assert_double_eq(p.bandwidth_gbps, 546);
	choose("macos", "Apple M4 Max", 10, 32);
	ck_assert_double_eq(p.bandwidth_gbps, 410);
	choose("macos", "Apple M3 Max", 12, 40);
	ck_assert_double_eq(p.bandwidth_gbps, 400);
	choose("macos", "Apple M3 Max", 10, 30);
	ck_assert_double_eq(p.bandwidth_gbps, 300);
	choose("macos", "Apple M5 Max", 6, 40);
	ck_assert_double_eq(p.bandwidth_gbps, 614);
}
END_TEST

START_TEST(what_is_not_confirmed_has_no_bandwidth_reference)
{
	choose("macos", "Apple M5 Max", 6, 32);
	ck_assert(isnan(p.bandwidth_gbps));
	choose("macos", "Apple M4 Max", 0, 40);
	ck_assert(isnan(p.bandwidth_gbps));
	choose("macos", "Apple A18 Pro", 2, 5);
	ck_assert(isnan(p.bandwidth_gbps));
	ck_assert_double_eq(p.package_w, 68);
}
END_TEST

START_TEST(an_unknown_generation_has_the_watts_of_the_newest_chip_of_its_tier)
{
	choose("macos", "Apple M9 Max", 12, 40);
	ck_assert_str_eq(p.name, "Apple M5 Max");
	ck_assert(!p.exact);
	ck_assert_double_eq(p.cpu_w, 55);
	ck_assert(isnan(p.bandwidth_gbps));
	choose("macos", "Apple M10", 4, 10);
	ck_assert_str_eq(p.name, "Apple M6");
	choose("macos", "Apple M7 Extreme", 4, 10);
	ck_assert_str_eq(p.name, "Apple M6");
}
END_TEST

START_TEST(any_other_mac_is_generic_and_any_other_machine_has_no_reference)
{
	choose("macos", "Apple processor", 0, 0);
	ck_assert_str_eq(p.name, "generic");
	ck_assert_double_eq(p.cpu_w, 30);
	ck_assert(isnan(p.bandwidth_gbps));
	choose("macos", "Apple M1x", 0, 0);
	ck_assert_str_eq(p.name, "generic");
	choose("linux", "AMD EPYC 9354 32-Core Processor", 0, 0);
	ck_assert_str_eq(p.name, "");
	ck_assert(isnan(p.cpu_w) && isnan(p.gpu_w) && isnan(p.ane_w) && isnan(p.package_w));
	choose("linux", "Apple M1", 4, 8);
	ck_assert_double_eq(p.bandwidth_gbps, 68);
}
END_TEST

START_TEST(the_auto_scale_is_a_quarter_above_the_highest_and_never_below_the_floor)
{
	ck_assert_double_eq(profile_full_scale(POWER_SCALE_PROFILE, 55, 70, 20), 55);
	ck_assert_double_eq(profile_full_scale(POWER_SCALE_PROFILE, 15, 70, 20), 20);
	ck_assert(isnan(profile_full_scale(POWER_SCALE_PROFILE, NAN, 70, 20)));
	ck_assert_double_eq(profile_full_scale(POWER_SCALE_AUTO, NAN, 40, 20), 50);
	ck_assert_double_eq(profile_full_scale(POWER_SCALE_AUTO, 55, 10, 20), 20);
	ck_assert_double_eq(profile_full_scale(POWER_SCALE_AUTO, 55, NAN, 20), 20);
}
END_TEST

START_TEST(a_percentage_is_between_0_and_100_or_unknown)
{
	ck_assert_double_eq(profile_percent(27.5, 55), 50);
	ck_assert_double_eq(profile_percent(60, 55), 100);
	ck_assert_double_eq(profile_percent(-1, 55), 0);
	ck_assert(isnan(profile_percent(NAN, 55)));
	ck_assert(isnan(profile_percent(1, NAN)));
	ck_assert(isnan(profile_percent(1, 0)));
}
END_TEST

RUN_TESTS("profile", setup, teardown, a_chip_is_found_by_its_exact_name,
	references_are_apples_own_figures_where_actop_had_others,
	the_count_of_cores_tells_two_memory_buses_of_one_name_apart,
	what_is_not_confirmed_has_no_bandwidth_reference,
	an_unknown_generation_has_the_watts_of_the_newest_chip_of_its_tier,
	any_other_mac_is_generic_and_any_other_machine_has_no_reference,
	the_auto_scale_is_a_quarter_above_the_highest_and_never_below_the_floor,
	a_percentage_is_between_0_and_100_or_unknown)
