/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "client/energies.h"
#include "client/holes.h"
#include "client/steps.h"
#include "tests/unit/run.h"

#define ROW(name, kind, unit) \
	"{\"name\":\"" name "\",\"kind\":\"" kind "\",\"unit\":\"" unit \
	"\",\"decimals\":3,\"avail\":\"ok\"}"

static const char schema_line[] = "{\"type\":\"reply\",\"op\":\"schema\",\"metrics\":[" ROW(
	"cpu_watts", "gauge", "W") "," ROW("cpu_joules", "counter", "J") "," ROW("rail.a.watts",
	"gauge", "W") "," ROW("rail.a.joules", "counter", "J") "," ROW("adapter_watts", "gauge",
	"W") "]}";

static struct message schema;
static struct columns all, chosen;
static struct energies energies;
static struct cell cells[16];

static void setup(void)
{
	ck_assert_int_eq(message_parse(&schema, schema_line, sizeof(schema_line) - 1), 0);
	columns_read(&all, &schema);
}

static void teardown(void)
{
	energies_fini(&energies);
	columns_fini(&chosen);
	columns_fini(&all);
	message_free(&schema);
}

static void choose(const char *pattern, const char *const *aggs, unsigned count)
{
	columns_choose(&chosen, &all, &pattern, 1);
	columns_split(&chosen, aggs, count);
	energies_add_columns(&chosen, &all);
	energies_init(&energies, &chosen);
}

static double take(const char *line, unsigned column)
{
	struct message m;

	ck_assert_int_eq(message_parse(&m, line, strlen(line)), 0);
	columns_cells(&chosen, &m, cells);
	energies_take(&energies, &chosen, &m, cells);
	message_free(&m);
	return cells[column].kind == CELL_NUMBER ? cells[column].number : NAN;
}

START_TEST(each_power_gets_the_counter_behind_it)
{
	char name[ENERGIES_NAME_MAX];

	ck_assert(energies_counter("rail.cpu.watts", name));
	ck_assert_str_eq(name, "rail.cpu.joules");
	ck_assert(energies_counter("*_watts", name));
	ck_assert_str_eq(name, "*_joules");
	ck_assert(!energies_counter("cpu_temp_c", name));
	ck_assert(!energies_counter("kilowatts", name));
	choose("**watts", (const char *const[]){ "mean", "min", "max" }, 3);
	ck_assert_uint_eq(chosen.count, 11); /* three of three parts, and two counters */
	ck_assert_str_eq(chosen.items[9].name, "cpu_joules");
	ck_assert_str_eq(chosen.items[9].part_name, "step");
	ck_assert_str_eq(chosen.items[10].name, "rail.a.joules");
}
END_TEST

START_TEST(the_energy_of_a_step_is_the_growth_of_the_counter)
{
	choose("cpu_watts", (const char *const[]){ "mean", "min", "max" }, 3);
	/* Nothing is known of the counter before the first row: 2 s of 5 W. */
	ck_assert_double_eq(take("{\"type\":\"row\",\"dt_ms\":2000,\"v\":{\"cpu_watts\":"
				 "[5,1,9],\"cpu_joules\":100}}",
				    3),
		10);
	ck_assert_double_eq(take("{\"type\":\"row\",\"dt_ms\":2000,\"v\":{\"cpu_watts\":"
				 "[6,1,9],\"cpu_joules\":111.5}}",
				    3),
		11.5);
}
END_TEST

START_TEST(over_a_hole_or_a_reset_it_is_power_times_time)
{
	choose("cpu_watts", NULL, 0);
	take("{\"type\":\"row\",\"dt_ms\":1000,\"v\":{\"cpu_watts\":5,\"cpu_joules\":100}}", 1);
	ck_assert_double_eq(take("{\"type\":\"row\",\"dt_ms\":1000,\"flags\":[\"wake\"],\"v\":{"
				 "\"cpu_watts\":4,\"cpu_joules\":900}}",
				    1),
		4);
	ck_assert_double_eq(take("{\"type\":\"row\",\"dt_ms\":1000,\"v\":{\"cpu_watts\":3,"
				 "\"cpu_joules\":0.5}}",
				    1),
		3);
	ck_assert(isnan(take("{\"type\":\"row\",\"dt_ms\":null,\"flags\":[\"restart\"],\"v\":{"
			     "\"cpu_watts\":null,\"cpu_joules\":1}}",
		1)));
}
END_TEST

static bool hole(struct holes *holes, const char *line, struct hole *to)
{
	struct message m;
	bool found;

	ck_assert_int_eq(message_parse(&m, line, strlen(line)), 0);
	found = holes_take(holes, &m, to);
	message_free(&m);
	return found;
}

START_TEST(holes_are_measured_by_the_clock_that_is_left)
{
	struct holes holes = { 0 };
	struct hole h;

	ck_assert(!hole(&holes,
		"{\"type\":\"row\",\"ts_ms\":1000,\"mono_ms\":500,\"dt_ms\":null,"
		"\"flags\":[\"boot\"]}",
		&h));
	ck_assert(!hole(&holes,
		"{\"type\":\"row\",\"ts_ms\":2000,\"mono_ms\":1500,\"dt_ms\":1000}", &h));
	/* The clock was set back over the sleep: it does not matter. */
	ck_assert(hole(&holes,
		"{\"type\":\"row\",\"ts_ms\":1000,\"mono_ms\":553500,\"dt_ms\":null,"
		"\"flags\":[\"wake\",\"clock_step\"]}",
		&h));
	ck_assert_str_eq(h.why, "sleep");
	ck_assert_int_eq(h.ms, 552000);
	ck_assert(hole(&holes,
		"{\"type\":\"row\",\"ts_ms\":61000,\"mono_ms\":10,\"dt_ms\":null,"
		"\"flags\":[\"boot\"]}",
		&h));
	ck_assert_str_eq(h.why, "boot");
	ck_assert_int_eq(h.ms, 60000);
	/* A row of a step: what it covers is no hole. */
	ck_assert(hole(&holes,
		"{\"type\":\"row\",\"ts_ms\":81000,\"mono_ms\":20010,\"dt_ms\":5000.4,"
		"\"flags\":[\"late\",\"restart\"]}",
		&h));
	ck_assert_str_eq(h.why, "restart");
	ck_assert_int_eq(h.ms, 15000);
	ck_assert(!hole(&holes,
		"{\"type\":\"row\",\"ts_ms\":91000,\"mono_ms\":30010,\"dt_ms\":10000,"
		"\"flags\":[\"late\"]}",
		&h));
}
END_TEST

START_TEST(steps_are_round_and_as_fine_as_fits)
{
	ck_assert_int_eq(steps_choose(50000, 50, 1000), 0);
	ck_assert_int_eq(steps_choose(50001, 50, 1000), 2000);
	ck_assert_int_eq(steps_choose(3600000, 50, 1000), 120000);
	ck_assert_int_eq(steps_choose(86400000, 24, 1000), 3600000);
	ck_assert_int_eq(steps_choose(30 * INT64_C(86400000), 24, 1000), 3600000);
	ck_assert_int_eq(steps_choose(10000, 20, 200), 500);
	ck_assert_int_eq(steps_choose(0, 0, 1000), 0);
}
END_TEST

RUN_TESTS("client_stat", setup, teardown, each_power_gets_the_counter_behind_it,
	the_energy_of_a_step_is_the_growth_of_the_counter,
	over_a_hole_or_a_reset_it_is_power_times_time,
	holes_are_measured_by_the_clock_that_is_left, steps_are_round_and_as_fine_as_fits)
