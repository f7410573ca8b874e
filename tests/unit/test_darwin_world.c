/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <mach/mach_time.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/apple/scene.h"
#include "tests/apple/world.h"
#include "tests/unit/run.h"

/* The worlds themselves: what loads, what is refused and how it changes over time. */

static char error[256];

static void load(const char *text)
{
	ck_assert_msg(world_load_text(text, error, sizeof(error)) == 0, "%s", error);
}

static double number(const char *key)
{
	return world_number(world_find(key, NULL), NAN);
}

static void check_refused(const char *text, const char *path)
{
	error[0] = '\0';
	ck_assert_int_eq(world_load_text(text, error, sizeof(error)), -EINVAL);
	ck_assert_msg(strstr(error, path), "'%s' does not name %s", error, path);
}

START_TEST(a_value_of_the_wrong_type_is_an_error_that_names_its_path)
{
	check_refused("{\"sysctl\": {\"hw.memsize\": \"much\"}}", "sysctl/hw.memsize");
	check_refused("{\"net\": [{\"up\": true}, {\"up\": 1}]}", "net/1/up");
	check_refused("{\"ioreport\": {\"channels\": [{\"states\": [[\"IDLE\", \"half\"]]}]}}",
		"ioreport/channels/0/states/0/1");
	check_refused("{\"smc\": {\"TCMb\": 40}}", "smc/TCMb");
	check_refused("{\"registry\": {\"pmgr\": {\"x\": 1}}}", "registry/pmgr/x");
	check_refused("{\"thermal_pressure\": {\"per_s\": 1}}", "thermal_pressure");
	check_refused("{\"script\": [{\"at_s\": \"soon\"}]}", "script/0/at_s");
	check_refused("{\"processes\": [{\"pid\": 1}, {\"pid\": \"two\"}]}", "processes/1/pid");
	check_refused(
		"{\"processes\": [{\"user_ns\": {\"per_s\": 1}}]}", "processes/0/user_ns");
	check_refused("{\"registry\": {\"AGXAccelerator\": {\"clients\": [{\"creator\": 1}]}}}",
		"registry/AGXAccelerator/clients/0/creator");
	check_refused("[]", "one JSON object");
	check_refused("{\"net\": [", "not JSON");
}
END_TEST

START_TEST(unknown_keys_are_ignored_and_every_section_may_be_missing)
{
	struct scene scene;

	load("{\"world\": 1, \"color\": \"grey\", \"net\": [{\"name\": \"en0\", \"moon\": "
	     "3}]}");
	scene_open(&scene);
	scene_read(&scene);
	scene_close(&scene);
}
END_TEST

START_TEST(a_world_file_that_is_not_there_is_told_by_name)
{
	ck_assert_int_eq(world_load("/nowhere/w.json", error, sizeof(error)), -ENOENT);
	ck_assert_ptr_nonnull(strstr(error, "/nowhere/w.json"));
	unsetenv("ACTOP_WORLD");
	ck_assert_int_lt(world_open_from_environment(error, sizeof(error)), 0);
	ck_assert_ptr_nonnull(strstr(error, "ACTOP_WORLD"));
}
END_TEST

START_TEST(numbers_grow_and_a_new_rate_does_not_make_them_jump)
{
	load("{\"thermal_pressure\": {\"value\": 5, \"per_s\": 2}}");
	world_advance(10);
	ck_assert_double_eq_tol(number("thermal_pressure"), 25, 1e-9);
	ck_assert_int_eq(world_set("thermal_pressure/per_s", "10"), 0);
	ck_assert_double_eq_tol(number("thermal_pressure"), 25, 1e-9);
	world_advance(1);
	ck_assert_double_eq_tol(number("thermal_pressure"), 35, 1e-9);
	ck_assert_int_eq(world_set("thermal_pressure", "3"), 0);
	ck_assert_double_eq(number("thermal_pressure"), 3);
	ck_assert_int_eq(world_set("nothing/here", "3"), -ENOENT);
}
END_TEST

START_TEST(sleep_stops_the_absolute_clock_and_counters_alone)
{
	uint64_t absolute, continuous, wall;

	load("{\"thermal_pressure\": {\"value\": 0, \"per_s\": 1},"
	     "\"script\": [{\"at_s\": 5, \"sleep_s\": 600}]}");
	absolute = mach_absolute_time();
	continuous = mach_continuous_time();
	wall = clock_gettime_nsec_np(CLOCK_REALTIME);
	world_advance(6);
	ck_assert_uint_eq(mach_absolute_time() - absolute, 6 * 24000000ULL);
	ck_assert_uint_eq(mach_continuous_time() - continuous, 606 * 24000000ULL);
	ck_assert_uint_eq(clock_gettime_nsec_np(CLOCK_REALTIME) - wall, 606 * 1000000000ULL);
	ck_assert_double_eq_tol(number("thermal_pressure"), 6, 1e-9);
}
END_TEST

START_TEST(a_script_starts_over_with_rates_and_gauges_while_counters_go_on)
{
	load("{\"vm\": {\"free\": {\"value\": 0, \"per_s\": 1}}, \"thermal_pressure\": 0,"
	     "\"script\": [{\"at_s\": 10, \"set\": {\"vm/free/per_s\": 5,"
	     "\"thermal_pressure\": 2}}], \"repeat_s\": 20}");
	world_advance(15);
	ck_assert_double_eq(number("thermal_pressure"), 2);
	world_advance(10);
	ck_assert_double_eq(number("thermal_pressure"), 0);
	/* 10 s at 1, 10 s at 5, 5 s at 1 again. */
	ck_assert_double_eq_tol(world_number(world_find("vm", "free", NULL), 0), 65, 1e-9);
	world_advance(6);
	ck_assert_double_eq(number("thermal_pressure"), 2);
}
END_TEST

START_TEST(a_slash_in_a_name_is_written_tilde_one)
{
	load("{\"ioreport\": {\"channels\": [{\"group\": \"PMP\", \"subgroup\": \"DCS BW\","
	     "\"name\": \"AMCC RD+WR\", \"states\": [[\"  16GB/s\", 1], [\"  32GB/s\", "
	     "0]]}]}}");
	ck_assert_int_eq(
		world_set("ioreport/PMP/DCS BW/AMCC RD+WR/states/  32GB~1s", "0.5"), 0);
	ck_assert_int_eq(world_set("ioreport/PMP/DCS BW/AMCC RD+WR/states/0/1", "0.5"), 0);
	ck_assert_int_eq(world_set("ioreport/PMP/DCS BW/nobody/value", "1"), -ENOENT);
}
END_TEST

START_TEST(exact_ticks_may_stand_for_shares)
{
	struct scene scene;

	load("{\"sysctl\": {\"hw.ncpu\": 1}, \"ioreport\": {\"channels\": [{"
	     "\"group\": \"CPU Stats\", \"subgroup\": \"CPU Core Performance States\","
	     "\"name\": \"PCPU0\", \"unit\": \"24Mticks\", \"format\": \"state\", \"states\":"
	     "[[\"IDLE\", {\"ticks\": 7, \"ticks_per_s\": 18000000}],"
	     "[\"V0P0\", {\"ticks\": 9, \"ticks_per_s\": 6000000}]]}]}}");
	scene_open(&scene);
	scene_read(&scene);
	scene_step(&scene, 1);
	ck_assert_double_eq_tol(scene_get(&scene, "core.0.active_pct"), 25, 1e-6);
	scene_close(&scene);
}
END_TEST

START_TEST(smc_keys_are_counted_and_sorted_without_a_key_that_says_so)
{
	struct scene scene;

	load("{\"smc\": {\"Tp01\": {\"celsius\": 50}, \"FNum\": {\"type\": \"ui8 \", \"bytes\":"
	     "\"01\"}, \"TCMz\": {\"celsius\": 60}, \"zzzz\": {\"type\": \"ui8 \", \"bytes\":"
	     "\"00\"}}}");
	scene_open(&scene);
	scene_read(&scene);
	ck_assert_double_eq(scene_get(&scene, "cpu_temp_c"), 60);
	ck_assert_double_eq(scene_get(&scene, "sensor.Tp01.temp_c"), 50);
	ck_assert_uint_eq(scene.s->layout->count[SCOPE_FAN], 1);
	scene_close(&scene);
}
END_TEST

static void nothing(void)
{
}

RUN_TESTS("darwin world", nothing, world_unload,
	a_value_of_the_wrong_type_is_an_error_that_names_its_path,
	unknown_keys_are_ignored_and_every_section_may_be_missing,
	a_world_file_that_is_not_there_is_told_by_name,
	numbers_grow_and_a_new_rate_does_not_make_them_jump,
	sleep_stops_the_absolute_clock_and_counters_alone,
	a_script_starts_over_with_rates_and_gauges_while_counters_go_on,
	a_slash_in_a_name_is_written_tilde_one, exact_ticks_may_stand_for_shares,
	smc_keys_are_counted_and_sorted_without_a_key_that_says_so)
