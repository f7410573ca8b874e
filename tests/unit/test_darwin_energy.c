/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "daemon/energy.h"
#include "daemon/engine.h"
#include "tests/apple/scene.h"
#include "tests/apple/world.h"

/*
 * The energy of windows over a pretended Mac whose rates are known: 8.42 W of the CPU, 3.5 W of
 * the GPU, 0.04 and 1.5 W of the neural engine and the memory, 24.5 W of the whole machine.
 * Sampled every second, with edges anywhere; what comes out is rate x time to a thousandth.
 */

static struct source *source;
static struct schema *schema;
static struct history *history;
static struct engine *engine;
static struct sample *sample;
static struct energy energy;
static uint64_t tick;
static int64_t clock_ms; /* how far the wall clock was set */

static void run_from(unsigned flags)
{
	struct fault why;

	source = source_open("darwin", &why);
	ck_assert_msg(source, "%s", why.text);
	if (!schema) {
		schema = schema_new();
		schema_extend(schema, source_layout(source));
		history = history_new(3600, schema_capacity(source_layout(source)));
	}
	engine = engine_new(source_layout(source), schema, history, 1, flags);
	sample = sample_new(source_layout(source));
}

static void run_ends(void)
{
	sample_free(sample);
	engine_free(engine);
	source_close(source);
}

static void setup(void)
{
	char error[256];

	ck_assert_msg(world_load("tests/fixtures/apple/m4-pro.json", error, sizeof(error)) == 0,
		"%s", error);
	tick = 0;
	clock_ms = 0;
	run_from(ROW_START);
}

static void teardown(void)
{
	energy_fini(&energy);
	run_ends();
	history_free(history);
	schema_free(schema);
	schema = NULL;
	world_unload();
}

static void read_now(void)
{
	source_read(source, sample);
	sample->time.wall_ms += clock_ms;
	engine_commit(engine, sample, ++tick, false);
}

/* Readings up to so many seconds, each a little late, as real ones are. */
static void run(unsigned seconds)
{
	static const double late[] = { 0.004, -0.001, 0.011, -0.014 };

	if (tick == 0)
		read_now();
	for (unsigned i = 0; i < seconds; i++) {
		world_advance(1 + late[tick % 4]);
		read_now();
	}
}

static int64_t mono_ms(uint64_t seq)
{
	return (int64_t)(history_row(history, seq)->mono_ns / 1000000);
}

/* The window between so many ms behind one row and behind another. */
static void measure(uint64_t from, int64_t from_ms, uint64_t to, int64_t to_ms)
{
	struct energy_window window;

	energy_fini(&energy);
	energy_window_mono(&window, history, mono_ms(from) + from_ms, mono_ms(to) + to_ms);
	energy_measure(&energy, history, NULL, schema, &window);
}

static const struct energy_rail *rail_of(const char *name)
{
	for (unsigned i = 0; i < energy.count; i++)
		if (strcmp(energy.rails[i].name, name) == 0)
			return &energy.rails[i];
	ck_abort_msg("nothing is known of %s", name);
	return NULL;
}

static void assert_rails(double seconds)
{
	static const struct {
		const char *name;
		double watts;
	} rails[] = { { "cpu", 8.42 }, { "gpu", 3.5 }, { "ane", 0.04 }, { "dram", 1.5 },
		{ "package", 11.96 }, { "soc", 13.46 }, { "system", 24.5 } };

	for (size_t i = 0; i < sizeof(rails) / sizeof(*rails); i++) {
		const struct energy_rail *rail = rail_of(rails[i].name);
		double joules = rails[i].watts * seconds, off = fabs(rail->joules - joules);

		ck_assert_msg(off <= joules / 1000, "%s: %.4f J, not %.4f", rail->name,
			rail->joules, joules);
		ck_assert_double_le(off, rail->error_joules + 0.001);
	}
}

/* The first readings have no batch of energy yet, which comes every 2.1 s. */
START_TEST(energy_is_rate_times_time_whatever_the_edges)
{
	run(9);
	for (int64_t ms = 0; ms < 1000; ms += 170) {
		measure(5, ms, 9, 990 - ms);
		assert_rails((double)(mono_ms(9) - mono_ms(5) + 990 - 2 * ms) / 1000);
		ck_assert_double_eq_tol(energy.uncovered_s, 0, 1e-6);
	}
}
END_TEST

START_TEST(a_clock_that_is_set_changes_nothing)
{
	run(6);
	clock_ms = -3600 * 1000;
	run(3);
	measure(5, 250, 9, 750);
	assert_rails((double)(mono_ms(9) - mono_ms(5) + 500) / 1000);
	ck_assert_double_eq_tol(energy.uncovered_s, 0, 1e-6);
}
END_TEST

/* The CPU draws 20 W from 10 s on, so that the GPU and the machine are looked at. */
START_TEST(a_sleep_is_said_not_to_be_covered_and_nothing_is_made_up_for_it)
{
	const struct energy_rail *gpu;
	double awake;

	run(36); /* at 30 s it sleeps for ten minutes */
	measure(21, 500, 36, 500);
	awake = (double)(mono_ms(36) - mono_ms(21)) / 1000 - 600;
	gpu = rail_of("gpu");
	/* The second in which it fell asleep is part of the hole. */
	ck_assert_double_eq_tol(gpu->covered_s, awake - 1, 0.02);
	ck_assert_double_eq_tol(gpu->mean_watts, 3.5, 0.0035);
	ck_assert_double_eq_tol(energy.uncovered_s, 601, 0.02);
}
END_TEST

START_TEST(a_restart_is_not_covered_and_its_counters_that_begin_anew_are_no_loss)
{
	double before, after;

	run(6);
	run_ends();
	world_advance(3);
	run_from(ROW_RESTART);
	read_now();
	run(2);
	measure(4, 0, 10, 0);
	before = (double)(mono_ms(7) - mono_ms(4)) / 1000;
	/* A counter of the GPU is believed once it has moved. */
	after = (double)(mono_ms(10) - mono_ms(9)) / 1000;
	ck_assert_double_eq_tol(rail_of("gpu")->covered_s, before + after, 1e-3);
	ck_assert_double_eq_tol(rail_of("gpu")->joules, 3.5 * (before + after), 3.5 * 0.004);
	/* Not all rails were measured as soon. */
	ck_assert_double_ge(energy.uncovered_s, (double)(mono_ms(9) - mono_ms(7)) / 1000);
}
END_TEST

RUN_TESTS("darwin energy", setup, teardown, energy_is_rate_times_time_whatever_the_edges,
	a_clock_that_is_set_changes_nothing,
	a_sleep_is_said_not_to_be_covered_and_nothing_is_made_up_for_it,
	a_restart_is_not_covered_and_its_counters_that_begin_anew_are_no_loss)
