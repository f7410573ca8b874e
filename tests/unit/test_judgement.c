/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "daemon/alert.h"
#include "daemon/energy.h"
#include "daemon/engine.h"

/*
 * Raw readings of a pretended Apple M4 Max (12 P cores, 546 GB/s) through the engine, the
 * built-in rules and energy: events and joules worked out by hand.  Readings come up to 2 ms
 * late, as real ones do.
 */

#define MS INT64_C(1000000)
#define EPOCH_MS INT64_C(1763906400000)

static struct layout *layout;
static struct schema *schema;
static struct history *history;
static struct engine *engine;
static struct alerts *alerts;
static struct sample *sample;
static struct instant now;
static uint64_t tick;
static double cpu_w, gpu_w, gbps, pcpu_pct, pcpu_mhz, temp_c, swap_bytes;
static double cpu_j, gpu_j;
static char heard[1024];

static void open_machine(void)
{
	layout = layout_new();
	snprintf(layout->machine.os, sizeof(layout->machine.os), "macos");
	snprintf(layout->machine.chip, sizeof(layout->machine.chip), "Apple M4 Max");
	layout_add(layout, SCOPE_CLUSTER, "P0")->kind = 'P';
	for (unsigned i = 0; i < 12; i++) {
		struct entity *core = layout_add(layout, SCOPE_CORE, "c");

		core->kind = 'P';
		core->cluster = 0;
	}
	layout_add(layout, SCOPE_RAIL, "cpu");
	layout_add(layout, SCOPE_RAIL, "gpu");
	layout_seal(layout);
}

static void setup(void)
{
	struct rules rules;
	struct message why;

	open_machine();
	schema = schema_new();
	schema_extend(schema, layout);
	history = history_new(3600, schema_capacity(layout));
	engine = engine_new(layout, schema, history, 1, ROW_START);
	ck_assert_int_eq(rules_load(&rules, NULL, &why), 0);
	alerts = alerts_new(&rules, schema);
	sample = sample_new(layout);
	now = (struct instant){ EPOCH_MS, 1000000 * MS, 1000000 * MS };
	tick = 0;
	cpu_w = gpu_w = gbps = cpu_j = gpu_j = swap_bytes = 0;
	pcpu_pct = 10;
	pcpu_mhz = 4500;
	temp_c = 50;
	heard[0] = '\0';
}

static void teardown(void)
{
	sample_free(sample);
	alerts_free(alerts);
	engine_free(engine);
	history_free(history);
	schema_free(schema);
	layout_free(layout);
}

static void hear(const struct transition *t, int64_t ts_ms)
{
	size_t used = strlen(heard);
	long second = (long)((ts_ms - EPOCH_MS + 500) / 1000);

	if (t->kind == EVENT_THROTTLE)
		snprintf(heard + used, sizeof(heard) - used, "%ld %s %d\n", second,
			domain_name(t->domain), t->on);
	else
		snprintf(heard + used, sizeof(heard) - used, "%ld %s %s\n", second,
			t->rule->name, t->on ? "firing" : "resolved");
}

static void read_machine(void)
{
	sample_clear(sample);
	sample_set(sample, METRIC_RAIL_JOULES, 0, cpu_j);
	sample_set(sample, METRIC_RAIL_JOULES, 1, gpu_j);
	sample_set(sample, METRIC_BANDWIDTH_GBPS, 0, gbps);
	sample_set(sample, METRIC_CPU_TEMP_C, 0, temp_c);
	sample_set(sample, METRIC_CLUSTER_FREQ_MHZ, 0, pcpu_mhz);
	sample_set(sample, METRIC_CLUSTER_MAX_FREQ_MHZ, 0, 4512);
	sample_set(sample, METRIC_SWAP_USED_BYTES, 0, swap_bytes);
	sample_set(sample, METRIC_SWAP_TOTAL_BYTES, 0, 4e9);
	for (unsigned i = 0; i < 12; i++)
		sample_set(sample, METRIC_CORE_ACTIVE_PCT, i, pcpu_pct);
}

/* One reading, late by some of a ms; the counters are those of its own moment. */
static void commit(int64_t late_us)
{
	const struct transition *t;
	const struct row *row;
	unsigned count;

	now.mono_ns += (uint64_t)late_us * 1000;
	now.awake_ns += (uint64_t)late_us * 1000;
	cpu_j += cpu_w * (double)late_us / 1e6;
	gpu_j += gpu_w * (double)late_us / 1e6;
	read_machine();
	sample->time = now;
	row = history_row(history, engine_commit(engine, sample, ++tick, false));
	t = alerts_step(alerts, row, &count);
	for (unsigned i = 0; i < count; i++)
		hear(&t[i], row->ts_ms);
	now.mono_ns -= (uint64_t)late_us * 1000;
	now.awake_ns -= (uint64_t)late_us * 1000;
	cpu_j -= cpu_w * (double)late_us / 1e6;
	gpu_j -= gpu_w * (double)late_us / 1e6;
}

/* A reading each second until a second has passed that many times. */
static void run(unsigned seconds)
{
	if (tick == 0)
		commit(0);
	while (seconds--) {
		now.wall_ms += 1000;
		now.mono_ns += 1000 * MS;
		now.awake_ns += 1000 * MS;
		cpu_j += cpu_w;
		gpu_j += gpu_w;
		commit((int64_t)(tick * 777 % 2000));
	}
}

static void sleep_for(unsigned seconds)
{
	now.wall_ms += seconds * 1000;
	now.mono_ns += seconds * 1000 * MS;
	cpu_j += 0.1 * seconds;
}

static void assert_heard(const char *text)
{
	ck_assert_str_eq(heard, text);
	heard[0] = '\0';
}

static const struct energy_rail *rail(const struct energy *energy, const char *name)
{
	for (unsigned i = 0; i < energy->count; i++)
		if (strcmp(energy->rails[i].name, name) == 0)
			return &energy->rails[i];
	return NULL;
}

/* 500 of 546 GB/s are 91 %; 430 are 78.8 %. */
START_TEST(a_saturated_memory_bus_fires_after_six_seconds_and_clears_below_80_percent)
{
	run(100);
	gbps = 500;
	run(50);
	assert_heard("106 mem_bound firing\n");
	gbps = 450;
	run(50);
	assert_heard("");
	gbps = 430;
	run(50);
	assert_heard("201 mem_bound resolved\n");
}
END_TEST

/* The references are 55 + 90 + 8 = 153 W: 131 W are 85.6 %, 130 W are 84.97 %. */
START_TEST(package_power_fires_over_its_reference)
{
	cpu_w = 40;
	gpu_w = 90;
	run(60);
	assert_heard("");
	gpu_w = 91;
	run(60);
	assert_heard("66 package_power firing\n");
	gpu_w = 10;
	run(10);
	assert_heard("121 package_power resolved\n");
}
END_TEST

/* 4000 of 4512 MHz are 88.7 %. */
START_TEST(throttling_needs_heat_and_ends_with_it)
{
	pcpu_pct = 95;
	pcpu_mhz = 4000;
	run(60);
	assert_heard("");
	temp_c = 97;
	run(20);
	assert_heard("61 cpu 1\n66 throttle firing\n");
	temp_c = 85;
	run(5);
	assert_heard("81 throttle resolved\n81 cpu 0\n");
}
END_TEST

START_TEST(a_sleep_starts_no_alert_and_lets_for_begin_anew)
{
	run(60);
	gbps = 500;
	run(4);
	sleep_for(7200);
	swap_bytes = 2e9;
	run(6);
	assert_heard("");
	run(1);
	assert_heard("7271 mem_bound firing\n");
}
END_TEST

/* Of 60 s from 30.25 on, 300 s of sleep behind second 60 are not measured. */
START_TEST(energy_is_rate_times_time_to_a_thousandth_and_a_sleep_is_left_out)
{
	struct energy_window window;
	struct energy energy;
	int64_t boot_ms = 1000000;

	cpu_w = 12.345;
	gpu_w = 33.3;
	run(60);
	sleep_for(300);
	run(60);
	energy_window_mono(&window, history, boot_ms + 5250, boot_ms + 55750);
	energy_measure(&energy, history, NULL, schema, &window);
	ck_assert_double_eq_tol(rail(&energy, "cpu")->joules, 12.345 * 50.5, 0.62);
	ck_assert_double_eq_tol(rail(&energy, "gpu")->joules, 33.3 * 50.5, 1.68);
	ck_assert_double_eq_tol(rail(&energy, "package")->joules, 45.645 * 50.5, 2.3);
	ck_assert_double_eq_tol(energy.covered_s, 50.5, 0.01);
	energy_fini(&energy);
	energy_window_mono(&window, history, boot_ms + 30250, boot_ms + 390250);
	energy_measure(&energy, history, NULL, schema, &window);
	ck_assert_double_eq_tol(rail(&energy, "gpu")->mean_watts, 33.3, 0.0333);
	ck_assert_double_eq_tol(energy.covered_s, 29.75 + 29.25, 0.01);
	ck_assert_double_eq_tol(energy.uncovered_s, 301, 0.01);
	energy_fini(&energy);
}
END_TEST

RUN_TESTS("judgement", setup, teardown,
	a_saturated_memory_bus_fires_after_six_seconds_and_clears_below_80_percent,
	package_power_fires_over_its_reference, throttling_needs_heat_and_ends_with_it,
	a_sleep_starts_no_alert_and_lets_for_begin_anew,
	energy_is_rate_times_time_to_a_thousandth_and_a_sleep_is_left_out)
