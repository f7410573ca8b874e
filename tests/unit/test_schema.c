/* SPDX-License-Identifier: MIT */
#include "proto/schema.h"
#include "proto/alloc.h"
#include "tests/unit/run.h"

static struct layout *layout;
static struct schema *schema;
static struct sample *s;
static double *row;

static void setup(void)
{
	layout = layout_new();
	layout_add(layout, SCOPE_CORE, "0");
	layout_add(layout, SCOPE_CORE, "1");
	layout_add(layout, SCOPE_SENSOR, "CPU die");
	layout_note(layout, METRIC_CPU_WATTS, AVAIL_NEEDS_ROOT, "only root may");
	layout_seal(layout);
	schema = schema_new();
	schema_extend(schema, layout);
	s = sample_new(layout);
	row = xcalloc(schema_capacity(layout), sizeof(*row));
}

static void teardown(void)
{
	free(row);
	sample_free(s);
	schema_free(schema);
	layout_free(layout);
}

static struct series *find(const char *name)
{
	int i = schema_find(schema, name);

	ck_assert_msg(i >= 0, "%s is missing", name);
	return &schema->series[i];
}

START_TEST(series_are_named_by_scope_and_entity)
{
	ck_assert_ptr_null(find("cpu_watts")->entity);
	ck_assert_str_eq(find("sensor.CPU_die.temp_c")->entity->label, "CPU die");
	ck_assert_int_eq(schema_find(schema, "core.2.active_pct"), -1);
}
END_TEST

START_TEST(inputs_are_no_series)
{
	ck_assert_int_eq(schema_find(schema, "core.0.busy_ticks"), -1);
	ck_assert_int_eq(schema_find(schema, "psi_cpu_some_us"), -1);
	for (unsigned i = 0; i < schema->count; i++)
		ck_assert_int_ne(schema->series[i].kind, KIND_INPUT);
}
END_TEST

START_TEST(series_stand_in_the_order_of_the_table)
{
	for (unsigned i = 1; i < schema->count; i++)
		ck_assert_int_le(schema->series[i - 1].metric, schema->series[i].metric);
	ck_assert_int_eq(schema_find(schema, "core.1.active_pct"),
		schema_find(schema, "core.0.active_pct") + 1);
	ck_assert_uint_eq(schema->rev, 1);
}
END_TEST

START_TEST(what_appears_later_goes_to_the_end_and_fits)
{
	unsigned before = schema->count;

	layout_add(layout, SCOPE_SENSOR, "new");
	schema_extend(schema, layout);
	ck_assert_uint_eq(schema->rev, 2);
	ck_assert_int_eq(schema_find(schema, "sensor.new.temp_c"), (int)before);
	ck_assert_uint_le(schema->count, schema_capacity(layout));
	schema_extend(schema, layout);
	ck_assert_uint_eq(schema->rev, 2);
}
END_TEST

START_TEST(a_series_is_unsupported_until_it_had_a_value)
{
	ck_assert_int_eq(find("load_1m")->avail, AVAIL_UNSUPPORTED);
	ck_assert_int_eq(find("cpu_watts")->avail, AVAIL_NEEDS_ROOT);
	ck_assert_str_eq(find("cpu_watts")->reason, "only root may");
	sample_set(s, METRIC_LOAD_1M, 0, 1);
	sample_set(s, METRIC_CPU_WATTS, 0, 1);
	schema_take(schema, s, row);
	ck_assert_int_eq(find("load_1m")->avail, AVAIL_OK);
	ck_assert_int_eq(find("cpu_watts")->avail, AVAIL_OK);
	ck_assert_ptr_null(find("cpu_watts")->reason);
}
END_TEST

START_TEST(a_series_that_stays_away_is_an_error_until_it_is_back)
{
	sample_set(s, METRIC_LOAD_1M, 0, 1);
	schema_take(schema, s, row);
	sample_clear(s);
	for (unsigned i = 0; i < SCHEMA_MISSING_MAX; i++)
		schema_take(schema, s, row);
	ck_assert_int_eq(find("load_1m")->avail, AVAIL_OK);
	schema_take(schema, s, row);
	ck_assert_int_eq(find("load_1m")->avail, AVAIL_ERROR);
	ck_assert_ptr_nonnull(find("load_1m")->reason);
	ck_assert_int_eq(find("load_5m")->avail, AVAIL_UNSUPPORTED);
	sample_set(s, METRIC_LOAD_1M, 0, 1);
	schema_take(schema, s, row);
	ck_assert_int_eq(find("load_1m")->avail, AVAIL_OK);
}
END_TEST

START_TEST(a_counter_beyond_the_integers_of_json_is_an_error)
{
	sample_set(s, METRIC_NET_RX_BYTES, 0, 9007199254740991.0);
	schema_take(schema, s, row);
	ck_assert_int_eq(find("net_rx_bytes")->avail, AVAIL_OK);
	sample_set(s, METRIC_NET_RX_BYTES, 0, 9007199254740992.0);
	schema_take(schema, s, row);
	ck_assert_int_eq(find("net_rx_bytes")->avail, AVAIL_ERROR);
	ck_assert_str_eq(find("net_rx_bytes")->reason, "beyond 2^53-1, which is shown instead");
	sample_set(s, METRIC_NET_RX_BYTES, 0, 1);
	schema_take(schema, s, row);
	ck_assert_int_eq(find("net_rx_bytes")->avail, AVAIL_OK);
}
END_TEST

START_TEST(what_is_expected_is_available_before_its_first_value)
{
	sample_set(s, METRIC_NET_RX_RATE, 0, 1);
	schema_expect(schema, s);
	ck_assert_int_eq(find("net_rx_bytes_per_s")->avail, AVAIL_OK);
	ck_assert_int_eq(find("net_tx_bytes_per_s")->avail, AVAIL_UNSUPPORTED);
}
END_TEST

START_TEST(rows_hold_values_at_the_resolution_of_the_series)
{
	sample_set(s, METRIC_LOAD_1M, 0, 1.005001);
	sample_set(s, METRIC_CPU_WATTS, 0, -3.14159);
	sample_set(s, METRIC_NET_RX_BYTES, 0, 9007199254740991.0);
	sample_set(s, METRIC_CORE_ACTIVE_PCT, 1, 12.345678);
	schema_take(schema, s, row);
	ck_assert_double_eq(row[schema_find(schema, "load_1m")], 1.01);
	ck_assert_double_eq(row[schema_find(schema, "cpu_watts")], -3.142);
	ck_assert_double_eq(row[schema_find(schema, "net_rx_bytes")], 9007199254740991.0);
	ck_assert_double_eq(row[schema_find(schema, "core.1.active_pct")], 12.35);
	ck_assert(isnan(row[schema_find(schema, "core.0.active_pct")]));
}
END_TEST

START_TEST(states_know_their_words)
{
	ck_assert_uint_eq(find("thermal_state")->state_count, 4);
	ck_assert_str_eq(find("thermal_state")->states[3], "Critical");
	ck_assert_ptr_null(find("load_1m")->states);
}
END_TEST

START_TEST(series_may_be_added_by_hand)
{
	struct schema *own = schema_new();

	for (unsigned i = 0; i < 300; i++)
		schema_add(own, i ? "more" : "first", i % 2 ? KIND_COUNTER : KIND_GAUGE, 2);
	ck_assert_uint_eq(own->count, 300);
	ck_assert_str_eq(own->series[0].name, "first");
	ck_assert_int_eq(own->series[0].agg, AGG_MEAN);
	ck_assert_int_eq(own->series[1].agg, AGG_LAST);
	ck_assert_int_eq(own->series[0].avail, AVAIL_OK);
	schema_free(own);
}
END_TEST

RUN_TESTS("schema", setup, teardown, series_are_named_by_scope_and_entity, inputs_are_no_series,
	series_stand_in_the_order_of_the_table, what_appears_later_goes_to_the_end_and_fits,
	a_series_is_unsupported_until_it_had_a_value,
	a_series_that_stays_away_is_an_error_until_it_is_back,
	a_counter_beyond_the_integers_of_json_is_an_error,
	what_is_expected_is_available_before_its_first_value,
	rows_hold_values_at_the_resolution_of_the_series, states_know_their_words,
	series_may_be_added_by_hand)
