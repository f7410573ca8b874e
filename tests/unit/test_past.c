/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/energy.h"

/*
 * Each row goes into a history that keeps all of them and into one that keeps few, with coarser
 * tiers behind it: what the second tells of the energy is held against the first.
 */

#define EPOCH_MS INT64_C(1763906400000)
#define SHORT_ROWS 200
#define LONG_ROWS 20000
#define STEP_S 60 /* of the coarsest tier */
#define WATTS_MAX 50.0

enum column { CPU, LOAD, GPU, CPU_WATTS, GPU_WATTS, COLUMNS };

static struct schema *schema;
static struct history *all, *some;
static struct archive *archive;
static struct energy want, got;
static double counters[COLUMNS];
static struct row row;
static uint64_t now_ms, random_state;
static unsigned holes, misses;

static void setup(void)
{
	static const struct archive_tier tiers[] = { { 10000, 3000000 }, { 60000, 86400000 } };

	schema = schema_new();
	schema_add(schema, "cpu_joules", KIND_COUNTER, 3);
	schema_add(schema, "load_1m", KIND_GAUGE, 2);
	schema_add(schema, "gpu_joules", KIND_COUNTER, 3);
	schema_add(schema, "cpu_watts", KIND_GAUGE, 3);
	schema_add(schema, "gpu_watts", KIND_GAUGE, 3);
	all = history_new(LONG_ROWS, COLUMNS);
	some = history_new(SHORT_ROWS, COLUMNS);
	archive = archive_new(schema, 1000, tiers, 2, COLUMNS);
	memset(counters, 0, sizeof(counters));
	row = (struct row){ .flags = ROW_START, .run = 1, .boot = 1, .ts_ms = EPOCH_MS };
	now_ms = 500000;
	random_state = 88172645463325252u;
	holes = misses = 0;
	want = got = (struct energy){ 0 };
}

static void teardown(void)
{
	energy_fini(&want);
	energy_fini(&got);
	archive_free(archive);
	history_free(all);
	history_free(some);
	schema_free(schema);
}

/* 0 to 1. */
static double chance(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (double)(random_state >> 11) / 9007199254740992.0;
}

static void add(double watts)
{
	row.tick++;
	row.ts_ms += 1000;
	now_ms += 1000;
	row.mono_ns = now_ms * 1000000;
	row.dt_ns = row.flags & ROW_FIRST ? 0 : 1000000000;
	row.values = counters;
	watts = round(watts * 1000) / 1000;
	counters[CPU] = round((counters[CPU] + watts) * 1000) / 1000;
	counters[GPU] += 10;
	counters[CPU_WATTS] = row.flags & ROW_FIRST ? NAN : watts;
	counters[GPU_WATTS] = row.flags & ROW_FIRST ? NAN : 10;
	history_append(all, &row);
	row.seq = history_append(some, &row);
	archive_add(archive, &row);
	row.flags = 0;
}

static void add_many(unsigned n, double watts)
{
	while (n--)
		add(watts);
}

static void pause_for(unsigned flags, uint64_t ms)
{
	row.flags = flags;
	row.run += flags != ROW_WAKE;
	row.ts_ms += (int64_t)ms;
	now_ms += ms;
	holes++;
	if (!(flags & ROW_BOOT))
		return;
	row.boot++;
	now_ms = 20000;
}

static void add_life(unsigned rows)
{
	double watts = 5;

	for (unsigned i = 0; i < rows; i++) {
		if (chance() < 0.02)
			watts = chance() * WATTS_MAX;
		if (chance() < 0.001)
			pause_for(ROW_RESTART, (uint64_t)(chance() * 90000));
		else if (chance() < 0.0005)
			pause_for(ROW_WAKE, (uint64_t)(chance() * 900000));
		else if (chance() < 0.0005)
			pause_for(ROW_BOOT, (uint64_t)(chance() * 300000));
		add(watts);
	}
}

static void measure(struct energy *energy, const struct history *history, struct archive *tiers,
	const struct energy_window *window)
{
	energy_fini(energy);
	energy_measure(energy, history, tiers, schema, window);
}

static void measure_wall(int64_t from, int64_t to)
{
	struct energy_window window;

	energy_window_wall(&window, all, from, to);
	measure(&want, all, NULL, &window);
	energy_window_wall(&window, some, from, to);
	measure(&got, some, archive, &window);
}

static void measure_mono(int64_t from, int64_t to)
{
	struct energy_window window;

	energy_window_mono(&window, all, from, to);
	measure(&want, all, NULL, &window);
	energy_window_mono(&window, some, from, to);
	measure(&got, some, archive, &window);
}

static void measure_seq(uint64_t from, uint64_t to)
{
	struct energy_window window;

	energy_window_seq(&window, all, from, to);
	measure(&want, all, NULL, &window);
	energy_window_seq(&window, some, from, to);
	measure(&got, some, archive, &window);
}

static void check_same(double tolerance)
{
	ck_assert_double_eq_tol(
		got.covered_s + got.uncovered_s, want.covered_s + want.uncovered_s, 0.01);
	ck_assert_double_eq_tol(got.covered_s, want.covered_s, 0.01);
	ck_assert_uint_eq(got.count, want.count);
	for (unsigned i = 0; i < got.count; i++)
		ck_assert_double_eq_tol(got.rails[i].joules, want.rails[i].joules, tolerance);
}

START_TEST(a_constant_power_is_power_times_time_however_long_ago)
{
	add_many(9000, 25);
	for (int64_t from = 61234; from < 8900000; from += 777777)
		for (int64_t s = 3; s < 9000; s = s * 3 + 1) {
			measure_wall(EPOCH_MS + from, EPOCH_MS + from + s * 1000 + 321);
			check_same(0.03);
			ck_assert_int_eq(got.from_ts_ms, EPOCH_MS + from);
			measure_mono(500000 + from, 500000 + from + s * 1000 + 321);
			check_same(0.03);
		}
	ck_assert_double_eq_tol(got.rails[1].mean_watts, 10, 0.01);
}
END_TEST

START_TEST(no_edge_of_a_step_or_block_takes_anything_away)
{
	add_many(9000, 25);
	for (int64_t from = 3599000; from < 7300000; from += 1000) {
		measure_wall(EPOCH_MS + from, EPOCH_MS + from + 5000);
		check_same(0.03);
	}
}
END_TEST

START_TEST(numbers_of_samples_reach_back_as_well)
{
	add_many(9000, 25);
	for (uint64_t from = 61; from < 9000; from += 333) {
		measure_seq(from, UINT64_MAX);
		check_same(0.03);
		ck_assert_int_eq(got.from_ts_ms, want.from_ts_ms);
		ck_assert_int_eq(got.to_ts_ms, want.to_ts_ms);
		measure_seq(from, from + 100);
		check_same(0.03);
		ck_assert_int_eq(got.from_ts_ms, want.from_ts_ms);
		ck_assert_int_eq(got.to_ts_ms, want.to_ts_ms);
	}
}
END_TEST

/* What is known of fewer moments may be off by what it says, and by what a mean is rounded to;
 * a step behind a hole that reaches from one tier into the next may be missing. */
static void check_close(void)
{
	double slack = holes * STEP_S * 0.001, missing = want.covered_s - got.covered_s;

	ck_assert_double_eq_tol(
		got.covered_s + got.uncovered_s, want.covered_s + want.uncovered_s, 0.05);
	ck_assert_double_ge(missing, -0.05);
	ck_assert_double_le(missing, STEP_S);
	misses += missing > 0.05;
	for (unsigned i = 0; i < got.count; i++) {
		const struct energy_rail *g = &got.rails[i], *w = &want.rails[i];
		double off = g->error_joules + w->error_joules + slack + 0.1;

		ck_assert_double_le(g->joules, w->joules + off);
		ck_assert_double_ge(g->joules, w->joules - off - fmax(missing, 0) * WATTS_MAX);
	}
}

START_TEST(whatever_happened_the_energy_is_what_every_sample_told)
{
	int64_t length;

	for (unsigned life = 0; life < 10; life++) {
		add_life(1500);
		length = row.ts_ms - EPOCH_MS;
		for (unsigned i = 0; i < 40; i++) {
			int64_t from = (int64_t)(chance() * 0.9 * (double)length) + 61000;
			int64_t to = from + (int64_t)(chance() * (double)(length - from));

			measure_wall(EPOCH_MS + from, EPOCH_MS + to);
			check_close();
			from += (int64_t)now_ms - length;
			to += (int64_t)now_ms - length;
			measure_mono(from, to);
			check_close();
		}
	}
	ck_assert_uint_gt(holes, 10);
	ck_assert_uint_le(misses, 80); /* one life of ten */
}
END_TEST

START_TEST(a_hole_is_no_energy_and_nothing_is_lost_with_it)
{
	add_many(1000, 20);
	pause_for(ROW_RESTART, 500000);
	counters[CPU] += 7000;
	add_many(5, 45);
	add_many(995, 20);
	measure_wall(EPOCH_MS + 61000, EPOCH_MS + 2500000);
	ck_assert_double_eq_tol(got.covered_s + got.uncovered_s, 2439, 0.01);
	ck_assert_double_eq_tol(got.covered_s, 1938, 0.01);
	ck_assert_double_eq_tol(got.rails[0].joules, want.rails[0].joules, 0.05);
}
END_TEST

/* The first step behind it has lost samples to the tiers already. */
START_TEST(a_sleep_right_before_the_oldest_row_is_none_of_its_energy)
{
	add_many(1000, 20);
	pause_for(ROW_WAKE, 500000);
	add_many(SHORT_ROWS + 3, 20);
	measure_wall(EPOCH_MS + 990000, EPOCH_MS + 1600000);
	ck_assert_double_le(got.covered_s, 110.01);
	ck_assert_double_eq_tol(got.covered_s + got.uncovered_s, 610, 0.01);
}
END_TEST

/* Two boots, of which the first is known by tiers only. */
START_TEST(a_boot_is_measured_from_its_first_sample_to_its_last)
{
	add_many(1000, 20);
	history_lose(all, 20);
	history_lose(some, 20);
	pause_for(ROW_BOOT, 500000);
	add_many(1000, 30);
	pause_for(ROW_BOOT, 500000);
	add_many(600, 40);
	measure_seq(1, 1015);
	ck_assert_double_eq_tol(got.rails[0].joules, 20 * got.covered_s, 0.01);
	ck_assert_double_eq_tol(got.covered_s, 999, 0.01);
	ck_assert_int_eq(got.to_ts_ms, want.to_ts_ms);
	ck_assert_double_eq_tol(got.uncovered_s, 0, 0.01);
	measure_seq(1021, 2020);
	ck_assert_double_eq_tol(got.rails[0].joules, 30 * got.covered_s, 0.01);
	ck_assert_double_eq_tol(got.covered_s, 999, 0.01);
	ck_assert_double_eq_tol(got.uncovered_s, 0, 0.01);
	ck_assert_int_eq(got.from_ts_ms, want.from_ts_ms);
	ck_assert_int_eq(got.to_ts_ms, want.to_ts_ms);
}
END_TEST

START_TEST(what_is_older_than_everything_is_not_covered)
{
	add_many(1000, 20);
	measure_wall(EPOCH_MS - 1000000, EPOCH_MS + 1000000);
	ck_assert_double_eq_tol(got.covered_s + got.uncovered_s, 2000, 0.01);
	ck_assert_double_eq_tol(got.covered_s, 999, 0.01);
	measure_wall(EPOCH_MS - 1000000, EPOCH_MS - 500000);
	ck_assert_uint_eq(got.count, 0);
	ck_assert_double_eq_tol(got.uncovered_s, 500, 0.01);
	ck_assert_uint_eq(past_oldest(archive, some), 1);
}
END_TEST

RUN_TESTS("past", setup, teardown, a_constant_power_is_power_times_time_however_long_ago,
	no_edge_of_a_step_or_block_takes_anything_away, numbers_of_samples_reach_back_as_well,
	whatever_happened_the_energy_is_what_every_sample_told,
	a_hole_is_no_energy_and_nothing_is_lost_with_it,
	a_sleep_right_before_the_oldest_row_is_none_of_its_energy,
	a_boot_is_measured_from_its_first_sample_to_its_last,
	what_is_older_than_everything_is_not_covered)
