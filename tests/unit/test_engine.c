/* SPDX-License-Identifier: MIT */
#include "daemon/engine.h"
#include "tests/unit/run.h"

#define SECOND UINT64_C(1000000000)

static struct layout *layout;
static struct schema *schema;
static struct history *history;
static struct engine *engine;
static struct sample *s;
static uint64_t tick;

static void setup(void)
{
	layout = layout_new();
	layout_add(layout, SCOPE_RAIL, "cpu");
	layout_seal(layout);
	schema = schema_new();
	schema_extend(schema, layout);
	history = history_new(100, schema_capacity(layout));
	engine = engine_new(layout, schema, history, 7, ROW_START);
	s = sample_new(layout);
	s->time = (struct instant){ 1000000, 50 * SECOND, 40 * SECOND };
	tick = 0;
}

static void teardown(void)
{
	sample_free(s);
	engine_free(engine);
	history_free(history);
	schema_free(schema);
	layout_free(layout);
}

/* The clocks go on, and with them what was received: 100 bytes per second awake. */
static void pass(int64_t wall_ms, int64_t mono_ms, int64_t awake_ms)
{
	s->time.wall_ms += wall_ms;
	s->time.mono_ns += (uint64_t)mono_ms * 1000000;
	s->time.awake_ns += (uint64_t)awake_ms * 1000000;
}

static const struct row *commit(bool late)
{
	struct instant time = s->time;

	sample_clear(s);
	s->time = time;
	sample_set(s, METRIC_NET_RX_BYTES, 0, (double)s->time.awake_ns / 1e7);
	sample_set(s, METRIC_RAIL_JOULES, 0, (double)s->time.awake_ns / 1e9);
	return history_row(history, engine_commit(engine, s, ++tick, late));
}

static double value(const struct row *row, const char *name)
{
	int column = schema_find(schema, name);

	ck_assert_int_ge(column, 0);
	return row->values[column];
}

START_TEST(the_first_row_carries_its_flags_and_knows_no_rates)
{
	const struct row *row = commit(true);

	ck_assert_uint_eq(row->seq, 1);
	ck_assert_uint_eq(row->flags, ROW_START);
	ck_assert_uint_eq(row->run, 7);
	ck_assert_uint_eq(row->dt_ns, 0);
	ck_assert_int_eq(row->ts_ms, 1000000);
	ck_assert(row->mono_ns == 50 * SECOND);
	ck_assert_double_eq(value(row, "net_rx_bytes"), 4000);
	ck_assert(isnan(value(row, "net_rx_bytes_per_s")));
	ck_assert(isnan(value(row, "cpu_watts")));
	ck_assert_double_eq(value(row, "cpu_joules"), 40);
}
END_TEST

START_TEST(rates_are_over_the_time_that_was_measured)
{
	const struct row *row;

	commit(false);
	pass(1002, 1002, 1002);
	row = commit(false);
	ck_assert_uint_eq(row->flags, 0);
	ck_assert_uint_eq(row->dt_ns, 1002000000);
	ck_assert_double_eq(value(row, "net_rx_bytes_per_s"), 100);
	ck_assert_double_eq(value(row, "cpu_watts"), 1);
}
END_TEST

START_TEST(what_the_machine_has_is_known_with_the_first_reading)
{
	commit(false);
	ck_assert_int_eq(schema->series[schema_find(schema, "cpu_watts")].avail, AVAIL_OK);
	ck_assert_int_eq(
		schema->series[schema_find(schema, "net_rx_bytes_per_s")].avail, AVAIL_OK);
	ck_assert_int_eq(
		schema->series[schema_find(schema, "gpu_watts")].avail, AVAIL_UNSUPPORTED);
	ck_assert_int_eq(schema->series[schema_find(schema, "psi_cpu_some_pct")].avail,
		AVAIL_UNSUPPORTED);
}
END_TEST

START_TEST(sleep_is_a_wake_without_rates)
{
	const struct row *row;

	commit(false);
	pass(3600000, 3600000, 1500);
	row = commit(true);
	ck_assert_uint_eq(row->flags, ROW_WAKE);
	ck_assert_uint_eq(row->dt_ns, 0);
	ck_assert(isnan(value(row, "net_rx_bytes_per_s")));
	pass(1000, 1000, 1000);
	row = commit(false);
	ck_assert_uint_eq(row->flags, 0);
	ck_assert_double_eq(value(row, "net_rx_bytes_per_s"), 100);
}
END_TEST

START_TEST(missed_ticks_are_late_and_keep_their_rates)
{
	const struct row *row;

	commit(false);
	pass(5000, 5000, 5000);
	row = commit(true);
	ck_assert_uint_eq(row->flags, ROW_LATE);
	ck_assert(row->dt_ns == 5 * SECOND);
	ck_assert_double_eq(value(row, "net_rx_bytes_per_s"), 100);
}
END_TEST

START_TEST(a_clock_that_was_set_is_a_step_either_way)
{
	const struct row *row;

	commit(false);
	pass(1500, 1000, 1000);
	ck_assert_uint_eq(commit(false)->flags, 0);
	pass(1501, 1000, 1000);
	ck_assert_uint_eq(commit(false)->flags, ROW_CLOCK_STEP);
	pass(-3600000, 1000, 1000);
	row = commit(false);
	ck_assert_uint_eq(row->flags, ROW_CLOCK_STEP);
	ck_assert_double_eq(value(row, "net_rx_bytes_per_s"), 100);
	pass(-3600000, 5000, 5000);
	ck_assert_uint_eq(commit(true)->flags, ROW_CLOCK_STEP | ROW_LATE);
}
END_TEST

START_TEST(a_counter_that_goes_back_costs_one_rate)
{
	commit(false);
	pass(1000, 1000, 1000);
	commit(false);
	pass(1000, 1000, 1000);
	sample_clear(s);
	sample_set(s, METRIC_NET_RX_BYTES, 0, 5);
	engine_commit(engine, s, ++tick, false);
	ck_assert(isnan(value(history_row(history, 3), "net_rx_bytes_per_s")));
	pass(1000, 1000, 1000);
	sample_clear(s);
	sample_set(s, METRIC_NET_RX_BYTES, 0, 25);
	engine_commit(engine, s, ++tick, false);
	ck_assert_double_eq(value(history_row(history, 4), "net_rx_bytes_per_s"), 20);
}
END_TEST

START_TEST(values_are_kept_at_the_resolution_of_their_series)
{
	sample_set(s, METRIC_LOAD_1M, 0, 0.123456);
	sample_set(s, METRIC_RAIL_JOULES, 0, 1.00049);
	engine_commit(engine, s, 1, false);
	ck_assert_double_eq(value(history_row(history, 1), "load_1m"), 0.12);
	ck_assert_double_eq(value(history_row(history, 1), "rail.cpu.joules"), 1);
}
END_TEST

RUN_TESTS("engine", setup, teardown, the_first_row_carries_its_flags_and_knows_no_rates,
	rates_are_over_the_time_that_was_measured,
	what_the_machine_has_is_known_with_the_first_reading, sleep_is_a_wake_without_rates,
	missed_ticks_are_late_and_keep_their_rates, a_clock_that_was_set_is_a_step_either_way,
	a_counter_that_goes_back_costs_one_rate,
	values_are_kept_at_the_resolution_of_their_series)
