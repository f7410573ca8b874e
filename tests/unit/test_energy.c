/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <math.h>
#include <string.h>

#include "daemon/energy.h"

#define EPOCH_MS INT64_C(1763906400000)
#define UP_MS 500000 /* of the boot, at time 0 */

enum column { CPU, GPU, PACKAGE, LOAD, HOST_CPU, COLUMNS };

static struct schema *schema;
static struct history *history;
static struct energy_window window;
static struct energy energy;
static double counters[COLUMNS];
static int64_t now_ms, wall_offset_ms, mono_offset_ms;

static void setup(void)
{
	schema = schema_new();
	schema_add(schema, "rail.cpu.joules", KIND_COUNTER, 3);
	schema_add(schema, "rail.gpu.joules", KIND_COUNTER, 3);
	schema_add(schema, "package_joules", KIND_COUNTER, 3);
	schema_add(schema, "load_1m", KIND_GAUGE, 2);
	schema_add(schema, "cpu_joules", KIND_COUNTER, 3);
	history = history_new(1000, COLUMNS);
	memset(counters, 0, sizeof(counters));
	now_ms = 0;
	wall_offset_ms = EPOCH_MS;
	mono_offset_ms = UP_MS;
	energy = (struct energy){ 0 };
}

static void teardown(void)
{
	energy_fini(&energy);
	history_free(history);
	schema_free(schema);
}

/* A row dt_ms after the one before, in which the CPU used watts and the GPU 10 W. */
static void add(int64_t dt_ms, double watts, unsigned flags)
{
	double s = (double)dt_ms / 1000;
	struct row row = { .flags = flags, .values = counters };

	now_ms += dt_ms;
	counters[CPU] += watts * s;
	counters[GPU] += 10 * s;
	counters[PACKAGE] += (watts + 10) * s;
	counters[HOST_CPU] = counters[CPU];
	row.ts_ms = now_ms + wall_offset_ms;
	row.mono_ns = (uint64_t)(now_ms + mono_offset_ms) * 1000000;
	row.dt_ns = flags & ROW_FIRST ? 0 : (uint64_t)dt_ms * 1000000;
	history_append(history, &row);
}

static void add_rows(unsigned n, double watts)
{
	while (n--)
		add(1000, watts, 0);
}

static const struct energy_rail *rail(const char *name)
{
	for (unsigned i = 0; i < energy.count; i++)
		if (strcmp(energy.rails[i].name, name) == 0)
			return &energy.rails[i];
	return NULL;
}

/* Times in ms since time 0. */
static void measure_wall(int64_t from, int64_t to)
{
	energy_fini(&energy);
	energy_window_wall(&window, history, EPOCH_MS + from, EPOCH_MS + to);
	energy_measure(&energy, history, NULL, schema, &window);
}

static void measure_mono(int64_t from, int64_t to)
{
	energy_fini(&energy);
	energy_window_mono(&window, history, mono_offset_ms + from, mono_offset_ms + to);
	energy_measure(&energy, history, NULL, schema, &window);
}

static void assert_near(double x, double expected)
{
	ck_assert_double_eq_tol(x, expected, 1e-6);
}

static void assert_cover(double covered, double uncovered)
{
	assert_near(energy.covered_s, covered);
	assert_near(energy.uncovered_s, uncovered);
}

START_TEST(a_constant_power_is_power_times_time_at_any_edges)
{
	add(0, 0, ROW_START);
	for (unsigned i = 0; i < 200; i++)
		add(i % 3 ? 990 : 1013, 25, 0);
	for (int64_t from = 1234; from < 100000; from += 7777) {
		measure_wall(from, from + 60321);
		assert_near(rail("cpu")->joules, 25 * 60.321);
		assert_near(rail("package")->joules, 35 * 60.321);
		assert_near(rail("gpu")->mean_watts, 10);
		assert_cover(60.321, 0);
		measure_mono(from, from + 60321);
		assert_near(rail("cpu")->joules, 25 * 60.321);
	}
}
END_TEST

START_TEST(each_rail_is_listed_once)
{
	add(0, 0, ROW_START);
	add_rows(2, 5);
	measure_wall(0, 2000);
	ck_assert_uint_eq(energy.count, 3);
	ck_assert_str_eq(energy.rails[0].name, "cpu");
	ck_assert_str_eq(energy.rails[1].name, "gpu");
	ck_assert_str_eq(energy.rails[2].name, "package");
}
END_TEST

/* 4 W, then 20 W from second 10 on: 0.25 s of 20 J and 0.5 s of 4 J, cut off at the edges. */
START_TEST(edges_take_their_share_of_an_interval_and_say_what_it_may_be_wrong_by)
{
	add(0, 0, ROW_START);
	add_rows(10, 4);
	add_rows(10, 20);
	measure_wall(5500, 12250);
	assert_near(rail("cpu")->joules, 4.5 * 4 + 2.25 * 20);
	assert_near(rail("cpu")->error_joules, 0.5 * 4 + 0.75 * 20);
	assert_near(rail("cpu")->mean_watts, 63 / 6.75);
	ck_assert_int_eq(energy.from_ts_ms, EPOCH_MS + 5500);
	ck_assert_int_eq(energy.to_ts_ms, EPOCH_MS + 12250);
	measure_wall(5000, 12000);
	assert_near(rail("cpu")->joules, 5 * 4 + 2 * 20);
	assert_near(rail("cpu")->error_joules, 0);
}
END_TEST

START_TEST(a_window_within_one_interval_has_its_share)
{
	add(0, 0, ROW_START);
	add(10000, 6, 0);
	add(10000, 6, 0);
	measure_wall(2000, 5000);
	assert_near(rail("cpu")->joules, 18);
	assert_near(rail("cpu")->error_joules, 42);
	assert_cover(3, 0);
	measure_wall(5000, 5000);
	ck_assert_uint_eq(energy.count, 0);
	assert_cover(0, 0);
	measure_wall(6000, 5000);
	assert_cover(0, 0);
}
END_TEST

START_TEST(between_two_rows_nothing_is_interpolated)
{
	add(0, 0, ROW_START);
	add_rows(10, 4);
	energy_window_seq(&window, history, 3, 8);
	energy_measure(&energy, history, NULL, schema, &window);
	assert_near(rail("cpu")->joules, 20);
	assert_near(rail("cpu")->error_joules, 0);
	assert_cover(5, 0);
	ck_assert_int_eq(energy.from_ts_ms, EPOCH_MS + 2000);
	energy_fini(&energy);
	energy_window_seq(&window, history, 9, 300);
	energy_measure(&energy, history, NULL, schema, &window);
	assert_near(rail("cpu")->joules, 8);
	ck_assert_int_eq(energy.to_ts_ms, EPOCH_MS + 10000);
}
END_TEST

START_TEST(a_sleep_is_not_covered_even_where_the_counters_went_on)
{
	add(0, 0, ROW_START);
	add_rows(10, 4);
	add(3600000, 1, ROW_WAKE);
	add_rows(10, 4);
	measure_wall(0, 3620000);
	assert_near(rail("cpu")->joules, 80);
	assert_near(rail("cpu")->mean_watts, 4);
	assert_cover(20, 3600);
	measure_wall(5000, 1805000);
	assert_near(rail("cpu")->joules, 20);
	assert_near(rail("cpu")->error_joules, 0);
	assert_cover(5, 1795);
}
END_TEST

START_TEST(a_restart_that_lost_the_counters_is_not_covered)
{
	add(0, 0, ROW_START);
	add_rows(10, 4);
	memset(counters, 0, sizeof(counters));
	add(30000, 0, ROW_RESTART);
	add_rows(10, 4);
	measure_wall(0, 50000);
	assert_near(rail("cpu")->joules, 80);
	assert_near(rail("package")->joules, 280);
	assert_cover(20, 30);
}
END_TEST

START_TEST(a_counter_that_goes_back_is_a_reset_and_never_negative)
{
	add(0, 0, ROW_START);
	add_rows(5, 4);
	counters[CPU] = -4;
	add_rows(5, 4);
	measure_wall(0, 10000);
	assert_near(rail("cpu")->joules, 36);
	assert_near(rail("cpu")->covered_s, 9);
	assert_near(rail("cpu")->mean_watts, 4);
	assert_near(rail("gpu")->joules, 100);
	assert_cover(9, 1);
}
END_TEST

/* n rows in which the counter of the GPU is not known; it goes on. */
static void add_unknown(unsigned n)
{
	while (n--) {
		double former = counters[GPU];

		counters[GPU] = NAN;
		add(1000, 4, 0);
		counters[GPU] = former + 10;
	}
}

START_TEST(a_reading_that_failed_loses_nothing)
{
	add(0, 0, ROW_START);
	add_rows(5, 4);
	add_unknown(3);
	add_rows(2, 4);
	measure_wall(0, 10000);
	assert_near(rail("gpu")->joules, 100);
	assert_near(rail("gpu")->error_joules, 0);
	assert_near(rail("cpu")->joules, 40);
	assert_cover(10, 0);
	measure_wall(4500, 10000);
	assert_near(rail("gpu")->joules, 55);
	measure_wall(0, 8500);
	assert_near(rail("gpu")->joules, 50 + 40 * 3.5 / 4);
	assert_near(rail("gpu")->error_joules, 40 * 3.5 / 4);
	assert_cover(8.5, 0);
}
END_TEST

START_TEST(a_counter_not_known_at_an_end_covers_nothing_there)
{
	add(0, 0, ROW_START);
	add_unknown(2);
	add_rows(5, 4);
	add_unknown(1);
	add(3000, 4, ROW_RESTART);
	add_unknown(1);
	add_rows(1, 4);
	add_unknown(1);
	measure_wall(1000, 14000);
	assert_near(rail("gpu")->joules, 40 + 20);
	assert_near(rail("cpu")->joules, 7 * 4 + 3 * 4);
	assert_near(rail("gpu")->covered_s, 6);
	assert_cover(6, 7);
}
END_TEST

START_TEST(a_rail_that_was_never_measured_is_not_listed)
{
	counters[GPU] = NAN;
	add(0, 0, ROW_START);
	add_rows(5, 4);
	measure_wall(0, 5000);
	ck_assert_ptr_null(rail("gpu"));
	assert_cover(5, 0);
	counters[CPU] = counters[PACKAGE] = NAN;
	add(0, 0, ROW_RESTART);
	add_rows(5, 4);
	measure_wall(5000, 10000);
	ck_assert_uint_eq(energy.count, 0);
	assert_cover(0, 5);
}
END_TEST

START_TEST(time_without_rows_is_not_covered)
{
	now_ms = 100000;
	add(0, 0, ROW_START);
	add_rows(10, 4);
	measure_wall(40000, 200000);
	assert_near(rail("cpu")->joules, 40);
	assert_cover(10, 150);
	measure_wall(10000, 20000);
	assert_cover(0, 10);
	measure_wall(300000, 330000);
	assert_cover(0, 30);
}
END_TEST

START_TEST(a_clock_that_is_set_does_not_matter_on_the_time_since_boot)
{
	add(0, 0, ROW_START);
	add_rows(10, 4);
	wall_offset_ms += 3600000;
	add(1000, 4, ROW_CLOCK_STEP);
	add_rows(9, 4);
	measure_mono(5500, 15500);
	assert_near(rail("cpu")->joules, 40);
	assert_cover(10, 0);
	measure_wall(5500, 3600000 + 15500);
	assert_near(rail("cpu")->joules, 40);
	assert_cover(10, 0);
	measure_wall(5500, 1800000);
	assert_near(rail("cpu")->joules, 18);
	assert_cover(4.5, 0);
	measure_wall(1800000, 3600000 + 15500);
	assert_near(rail("cpu")->joules, 22);
	assert_cover(5.5, 0);
}
END_TEST

START_TEST(time_before_this_boot_is_placed_by_the_clock)
{
	add(0, 0, ROW_START);
	add_rows(10, 4);
	mono_offset_ms = -(now_ms + 20000) + 30;
	add(20000, 0, ROW_BOOT);
	add_rows(10, 4);
	measure_mono(5000, 40000);
	assert_near(rail("cpu")->joules, 60);
	assert_cover(15, 20);
}
END_TEST

/* One boot by its name: a machine that was restored, or a pretended one. */
START_TEST(what_came_before_the_time_since_boot_went_back_is_placed_by_the_clock)
{
	add(0, 0, ROW_START);
	add_rows(100, 4);
	mono_offset_ms -= 95000;
	add(10000, 0, ROW_RESTART);
	add_rows(10, 4);
	measure_mono(60000, 120000);
	assert_near(rail("cpu")->joules, 50 * 4);
	assert_cover(50, 10);
}
END_TEST

START_TEST(an_empty_history_has_nothing)
{
	measure_wall(0, 5000);
	assert_cover(0, 5);
	measure_mono(0, 5000);
	assert_cover(0, 5);
	energy_window_seq(&window, history, 1, 5);
	ck_assert(window.first > window.last);
}
END_TEST

RUN_TESTS("energy", setup, teardown, a_constant_power_is_power_times_time_at_any_edges,
	each_rail_is_listed_once,
	edges_take_their_share_of_an_interval_and_say_what_it_may_be_wrong_by,
	a_window_within_one_interval_has_its_share, between_two_rows_nothing_is_interpolated,
	a_sleep_is_not_covered_even_where_the_counters_went_on,
	a_restart_that_lost_the_counters_is_not_covered,
	a_counter_that_goes_back_is_a_reset_and_never_negative,
	a_reading_that_failed_loses_nothing, a_counter_not_known_at_an_end_covers_nothing_there,
	a_rail_that_was_never_measured_is_not_listed, time_without_rows_is_not_covered,
	a_clock_that_is_set_does_not_matter_on_the_time_since_boot,
	time_before_this_boot_is_placed_by_the_clock,
	what_came_before_the_time_since_boot_went_back_is_placed_by_the_clock,
	an_empty_history_has_nothing)
