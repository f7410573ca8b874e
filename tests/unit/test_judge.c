/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <stdio.h>
#include <string.h>

#include "daemon/engine.h"
#include "daemon/judge.h"
#include "proto/schema.h"

static struct layout *layout;
static struct sample *s;
static struct judge *judge;

static void add_cluster(const char *name, char kind)
{
	layout_add(layout, SCOPE_CLUSTER, name)->kind = kind;
}

/* A Mac with one efficiency and two performance clusters, 12 performance cores. */
static void setup(void)
{
	layout = layout_new();
	snprintf(layout->machine.os, sizeof(layout->machine.os), "macos");
	snprintf(layout->machine.chip, sizeof(layout->machine.chip), "Apple M4 Max");
	add_cluster("E0", 'E');
	add_cluster("P0", 'P');
	add_cluster("P1", 'P');
	for (unsigned i = 0; i < 12; i++) {
		char name[8];

		snprintf(name, sizeof(name), "%u", i);
		layout_add(layout, SCOPE_CORE, name)->kind = 'P';
	}
	layout_add(layout, SCOPE_RAIL, "cpu");
	judge_describe(layout);
	layout_seal(layout);
	s = sample_new(layout);
	judge = judge_new(layout);
}

static void teardown(void)
{
	judge_free(judge);
	sample_free(s);
	layout_free(layout);
}

static double get(enum metric_id id)
{
	return sample_get(s, id, 0);
}

static void set(enum metric_id id, double value)
{
	sample_set(s, id, 0, value);
}

static void set_cluster(unsigned i, double busy, double mhz, double max)
{
	sample_set(s, METRIC_CLUSTER_UTIL_PCT, i, busy);
	sample_set(s, METRIC_CLUSTER_FREQ_MHZ, i, mhz);
	sample_set(s, METRIC_CLUSTER_MAX_FREQ_MHZ, i, max);
}

START_TEST(shares_are_taken_of_the_references_of_the_chip)
{
	set(METRIC_CPU_WATTS, 22);
	set(METRIC_GPU_WATTS, 45);
	set(METRIC_ANE_WATTS, 2);
	set(METRIC_PACKAGE_WATTS, 76.5);
	set(METRIC_BANDWIDTH_GBPS, 136.5);
	judge_sample(judge, s);
	ck_assert_double_eq(get(METRIC_CPU_POWER_PCT), 40);
	ck_assert_double_eq(get(METRIC_GPU_POWER_PCT), 50);
	ck_assert_double_eq(get(METRIC_ANE_UTIL_PCT), 25);
	ck_assert_double_eq(get(METRIC_PACKAGE_POWER_PCT), 50);
	ck_assert_double_eq(get(METRIC_BANDWIDTH_PCT), 25);
}
END_TEST

START_TEST(a_reading_above_its_reference_raises_the_reference)
{
	set(METRIC_PACKAGE_WATTS, 200);
	set(METRIC_BANDWIDTH_GBPS, 600);
	set(METRIC_CPU_WATTS, 66);
	judge_sample(judge, s);
	ck_assert_double_eq(get(METRIC_PACKAGE_POWER_PCT), 100);
	ck_assert_double_eq(get(METRIC_CPU_POWER_PCT), 100);
	sample_clear(s);
	set(METRIC_PACKAGE_WATTS, 150);
	set(METRIC_BANDWIDTH_GBPS, 300);
	judge_sample(judge, s);
	ck_assert_double_eq(get(METRIC_PACKAGE_POWER_PCT), 75);
	ck_assert_double_eq(get(METRIC_BANDWIDTH_PCT), 50);
	ck_assert_double_eq(judge_ceilings(judge)->package_w, 200);
	ck_assert_double_eq(judge_ceilings(judge)->bandwidth_gbps, 600);
	ck_assert_double_eq(judge_ceilings(judge)->highest_cpu_w, 66);
	ck_assert_double_eq(judge_profile(judge)->bandwidth_gbps, 546);
}
END_TEST

START_TEST(without_readings_nothing_is_judged)
{
	char reason[VERDICT_REASON_MAX];

	judge_sample(judge, s);
	ck_assert(!sample_has(s, METRIC_CPU_POWER_PCT, 0));
	ck_assert(!sample_has(s, METRIC_THROTTLE_CPU, 0));
	ck_assert(!sample_has(s, METRIC_THROTTLE_GPU, 0));
	ck_assert(!sample_has(s, METRIC_LIMIT, 0));
	ck_assert_str_eq(judge_reason(judge, reason), "");
}
END_TEST

START_TEST(one_performance_cluster_that_is_held_down_throttles_the_cpu)
{
	char reason[VERDICT_REASON_MAX];

	set(METRIC_CPU_TEMP_C, 101);
	set_cluster(0, 100, 1000, 2800);
	set_cluster(1, 20, 2000, 4512);
	set_cluster(2, 95, 4000, 4512);
	judge_sample(judge, s);
	ck_assert_double_eq(get(METRIC_THROTTLE_CPU), 1);
	ck_assert_double_eq(get(METRIC_LIMIT), LIMIT_THERMAL);
	ck_assert_str_eq(
		judge_reason(judge, reason), "the CPU is busy, hot and below its frequency");
	sample_clear(s);
	set(METRIC_CPU_TEMP_C, 101);
	set_cluster(0, 100, 1000, 2800);
	set_cluster(1, 20, 2000, 4512);
	set_cluster(2, 95, 4100, 4512);
	judge_sample(judge, s);
	ck_assert_double_eq(get(METRIC_THROTTLE_CPU), 0);
}
END_TEST

START_TEST(without_realised_frequencies_those_of_the_core_kind_decide)
{
	set(METRIC_CPU_TEMP_C, 95);
	set(METRIC_PCPU_UTIL_PCT, 90);
	set(METRIC_PCPU_FREQ_MHZ, 4000);
	set(METRIC_PCPU_MAX_FREQ_MHZ, 4512);
	judge_sample(judge, s);
	ck_assert_double_eq(get(METRIC_THROTTLE_CPU), 1);
}
END_TEST

START_TEST(without_kinds_the_fastest_core_decides)
{
	set(METRIC_CPU_TEMP_C, 95);
	set(METRIC_CPU_UTIL_PCT, 90);
	for (unsigned i = 0; i < 12; i++) {
		sample_set(s, METRIC_CORE_FREQ_MHZ, i, 2000);
		sample_set(s, METRIC_CORE_MAX_FREQ_MHZ, i, 3000);
	}
	judge_sample(judge, s);
	ck_assert_double_eq(get(METRIC_THROTTLE_CPU), 1);
	set(METRIC_THROTTLE_CPU, NAN);
	sample_set(s, METRIC_CORE_FREQ_MHZ, 7, 2900);
	judge_sample(judge, s);
	ck_assert_double_eq(get(METRIC_THROTTLE_CPU), 0);
}
END_TEST

START_TEST(the_gpu_is_throttled_by_its_own_temperature)
{
	set(METRIC_GPU_UTIL_PCT, 99);
	set(METRIC_GPU_FREQ_MHZ, 1000);
	set(METRIC_GPU_MAX_FREQ_MHZ, 1578);
	set(METRIC_CPU_TEMP_C, 100);
	set(METRIC_GPU_TEMP_C, 80);
	judge_sample(judge, s);
	ck_assert_double_eq(get(METRIC_THROTTLE_GPU), 0);
	ck_assert_double_eq(get(METRIC_LIMIT), LIMIT_COMPUTE);
	sample_clear(s);
	set(METRIC_GPU_UTIL_PCT, 99);
	set(METRIC_GPU_FREQ_MHZ, 1000);
	set(METRIC_GPU_MAX_FREQ_MHZ, 1578);
	set(METRIC_GPU_TEMP_C, 90);
	judge_sample(judge, s);
	ck_assert_double_eq(get(METRIC_THROTTLE_GPU), 1);
}
END_TEST

START_TEST(headroom_is_what_the_gpu_may_still_hold)
{
	set(METRIC_GPU_MEM_LIMIT_BYTES, 96e9);
	judge_sample(judge, s);
	ck_assert(!sample_has(s, METRIC_GPU_MEM_HEADROOM_BYTES, 0));
	set(METRIC_GPU_MEM_USED_BYTES, 52e9);
	judge_sample(judge, s);
	ck_assert_double_eq(get(METRIC_GPU_MEM_HEADROOM_BYTES), 44e9);
	sample_clear(s);
	set(METRIC_GPU_MEM_LIMIT_BYTES, 50e9);
	set(METRIC_GPU_MEM_USED_BYTES, 52e9);
	judge_sample(judge, s);
	ck_assert_double_eq(get(METRIC_GPU_MEM_HEADROOM_BYTES), 0);
}
END_TEST

START_TEST(what_the_source_says_itself_stays)
{
	set(METRIC_CPU_WATTS, 22);
	set(METRIC_CPU_POWER_PCT, 12);
	set(METRIC_LIMIT, LIMIT_POWER);
	judge_sample(judge, s);
	ck_assert_double_eq(get(METRIC_CPU_POWER_PCT), 12);
	ck_assert_double_eq(get(METRIC_LIMIT), LIMIT_POWER);
}
END_TEST

START_TEST(a_share_without_a_reference_says_why_it_is_missing)
{
	struct layout *other = layout_new();

	judge_describe(other);
	ck_assert_int_eq(other->notes[METRIC_BANDWIDTH_PCT].avail, AVAIL_UNSUPPORTED);
	ck_assert_str_eq(other->notes[METRIC_BANDWIDTH_PCT].reason,
		"no reference is known for this chip");
	ck_assert_int_eq(layout->notes[METRIC_BANDWIDTH_PCT].avail, AVAIL_OK);
	layout_free(other);
}
END_TEST

START_TEST(the_engine_judges_what_it_commits)
{
	struct schema *schema = schema_new();
	struct history *history;
	struct engine *engine;
	const struct row *row;

	schema_extend(schema, layout);
	history = history_new(4, schema_capacity(layout));
	engine = engine_new(layout, schema, history, 1, ROW_START);
	set(METRIC_GPU_WATTS, 45);
	set(METRIC_GPU_UTIL_PCT, 95);
	set(METRIC_RAIL_JOULES, 1000);
	row = history_row(history, engine_commit(engine, s, 1, false));
	ck_assert_double_eq(row->values[schema_find(schema, "gpu_power_pct")], 50);
	ck_assert_double_eq(row->values[schema_find(schema, "limit")], LIMIT_COMPUTE);
	ck_assert_int_eq(schema->series[schema_find(schema, "gpu_power_pct")].avail, AVAIL_OK);
	ck_assert_double_eq(judge_ceilings(engine_judge(engine))->highest_gpu_w, 45);
	ck_assert(isnan(row->values[schema_find(schema, "cpu_power_pct")]));
	ck_assert_int_eq(schema->series[schema_find(schema, "cpu_power_pct")].avail, AVAIL_OK);
	engine_free(engine);
	history_free(history);
	schema_free(schema);
}
END_TEST

RUN_TESTS("judge", setup, teardown, shares_are_taken_of_the_references_of_the_chip,
	a_reading_above_its_reference_raises_the_reference, without_readings_nothing_is_judged,
	one_performance_cluster_that_is_held_down_throttles_the_cpu,
	without_realised_frequencies_those_of_the_core_kind_decide,
	without_kinds_the_fastest_core_decides, the_gpu_is_throttled_by_its_own_temperature,
	headroom_is_what_the_gpu_may_still_hold, what_the_source_says_itself_stays,
	a_share_without_a_reference_says_why_it_is_missing, the_engine_judges_what_it_commits)
