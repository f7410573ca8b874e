/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "proto/expr.h"

#define S UINT64_C(1000000000)

static const char *const names[] = { "cpu_watts", "cpu_temp_c", "gpu_temp_c", "bandwidth_pct",
	"swap_used_bytes", "thermal_state", "throttle_cpu", "pcpu_freq_mhz", "bandwidth_gbps",
	"ram_used_gb", "disk_read_bytes_per_s", "sensor.TCMb-2.temp_c", "fan.0.rpm",
	"ram_used_bytes" };

#define SERIES (sizeof(names) / sizeof(*names))

static struct schema *schema;
static double values[SERIES];
static char why[WHY_MAX];

static void setup(void)
{
	schema = schema_new();
	for (size_t i = 0; i < SERIES; i++) {
		schema_add(schema, names[i], KIND_GAUGE, 3);
		values[i] = NAN;
	}
}

static void teardown(void)
{
	schema_free(schema);
}

static void set(const char *name, double value)
{
	values[schema_find(schema, name)] = value;
}

static enum truth eval(const char *text)
{
	struct expr *expr;
	enum truth truth;

	why[0] = '\0';
	ck_assert_msg(expr_parse(&expr, text, why) == 0, "%s: %s", text, why);
	ck_assert_msg(!expr_bind(expr, schema), "%s", text);
	truth = expr_eval(expr, values, S, false);
	expr_free(expr);
	return truth;
}

static void assert_true(const char *text)
{
	ck_assert_msg(eval(text) == TRUTH_TRUE, "%s", text);
}

static void assert_false(const char *text)
{
	ck_assert_msg(eval(text) == TRUTH_FALSE, "%s", text);
}

static void assert_unknown(const char *text)
{
	ck_assert_msg(eval(text) == TRUTH_UNKNOWN, "%s", text);
}

/* What is not there is told from what is wrong. */
static void assert_error(const char *text, const char *message)
{
	int code = strstr(message, "there is no series") ? -ENOENT : -EINVAL;
	struct expr *expr;

	ck_assert_int_eq(expr_parse(&expr, text, why), code);
	ck_assert_ptr_null(expr);
	ck_assert_str_eq(why, message);
}

START_TEST(each_operator_compares)
{
	set("cpu_watts", 25);
	assert_true("cpu_watts >= 25");
	assert_false("cpu_watts > 25");
	assert_true("cpu_watts <= 25");
	assert_false("cpu_watts < 25");
	assert_true("cpu_watts == 25");
	assert_false("cpu_watts != 25");
	assert_true("cpu_watts>-1.5");
	assert_true("24 < cpu_watts");
	assert_false("26 <= cpu_watts");
}
END_TEST

START_TEST(numbers_have_the_unit_that_is_written_else_that_of_the_series)
{
	set("swap_used_bytes", 322122547.2);
	assert_true("swap_used_bytes == 0.3GiB");
	assert_false("swap_used_bytes >= 0.33 GB");
	set("bandwidth_gbps", 100);
	assert_true("bandwidth_gbps >= 100");
	assert_true("bandwidth_gbps == 100000MB/s");
	set("pcpu_freq_mhz", 3200);
	assert_true("pcpu_freq_mhz == 3.2GHz");
	set("cpu_watts", 0.5);
	assert_true("cpu_watts == 500mW");
	set("bandwidth_pct", 85);
	assert_true("bandwidth_pct >= 85%");
	assert_true("bandwidth_pct >= 85 % and cpu_watts < 1 W");
	set("cpu_temp_c", 90);
	assert_true("cpu_temp_c >= 90C and cpu_temp_c <= 90 °C");
	set("ram_used_gb", 2);
	set("ram_used_bytes", 2147483648.0);
	assert_true("ram_used_gb == 2048MiB");
	assert_true("ram_used_gb == ram_used_bytes");
	assert_true("ram_used_bytes == ram_used_gb");
}
END_TEST

START_TEST(states_compare_by_rank_and_by_word)
{
	set("thermal_state", 1);
	assert_true("thermal_state >= Fair");
	assert_true("thermal_state == Fair");
	assert_false("thermal_state >= Serious");
	assert_true("Critical > thermal_state");
}
END_TEST

START_TEST(a_series_that_is_true_or_false_stands_alone)
{
	set("throttle_cpu", 1);
	assert_true("throttle_cpu");
	assert_false("not throttle_cpu");
	assert_false("!throttle_cpu");
	assert_true("throttle_cpu == true");
	set("throttle_cpu", 0);
	assert_true("throttle_cpu == false");
	assert_false("throttle_cpu");
}
END_TEST

START_TEST(and_binds_closer_than_or_and_parentheses_closest)
{
	set("cpu_watts", 10);
	assert_true("cpu_watts > 5 or cpu_watts > 20 and cpu_watts > 30");
	assert_false("(cpu_watts > 5 or cpu_watts > 20) and cpu_watts > 30");
	assert_false("(cpu_watts > 5 || cpu_watts > 20) && cpu_watts > 30");
	assert_true("not cpu_watts > 20 and cpu_watts > 5");
	assert_false("not (cpu_watts > 5 or cpu_watts > 20)");
	assert_true("not not cpu_watts > 5");
}
END_TEST

START_TEST(an_unknown_value_decides_nothing)
{
	set("cpu_watts", 10);
	assert_unknown("cpu_temp_c > 5");
	assert_unknown("cpu_temp_c <= 5");
	assert_unknown("not cpu_temp_c > 5");
	assert_unknown("cpu_temp_c != gpu_temp_c");
	set("ram_used_gb", 1);
	assert_unknown("ram_used_gb != ram_used_bytes");
	assert_unknown("cpu_temp_c > 5 and cpu_watts > 5");
	assert_false("cpu_temp_c > 5 and cpu_watts > 50");
	assert_true("cpu_temp_c > 5 or cpu_watts > 5");
	assert_unknown("cpu_temp_c > 5 or cpu_watts > 50");
	assert_unknown("throttle_cpu");
	assert_unknown("thermal_state >= Nominal");
}
END_TEST

START_TEST(series_of_entities_have_their_full_names)
{
	set("sensor.TCMb-2.temp_c", 71);
	set("fan.0.rpm", 2500);
	assert_true("sensor.TCMb-2.temp_c > 70 and fan.0.rpm < 3000rpm");
}
END_TEST

START_TEST(a_series_that_the_machine_does_not_have_is_unknown_and_named)
{
	struct expr *expr;

	ck_assert_int_eq(expr_parse(&expr, "fan.7.rpm > 1 or cpu_watts > 1", why), 0);
	ck_assert_str_eq(expr_bind(expr, schema), "fan.7.rpm");
	ck_assert_int_eq(expr_eval(expr, values, S, false), TRUTH_UNKNOWN);
	set("cpu_watts", 2);
	ck_assert_int_eq(expr_eval(expr, values, S, false), TRUTH_TRUE);
	expr_free(expr);
}
END_TEST

START_TEST(a_rise_is_the_growth_over_its_window)
{
	struct expr *expr;
	struct expr_reading r;

	ck_assert_int_eq(expr_parse(&expr, "rise(swap_used_bytes, 2s) >= 10 MB", why), 0);
	expr_bind(expr, schema);
	set("swap_used_bytes", 5e6);
	ck_assert_int_eq(expr_eval(expr, values, 10 * S, true), TRUTH_UNKNOWN);
	set("swap_used_bytes", 12e6);
	ck_assert_int_eq(expr_eval(expr, values, 11 * S, false), TRUTH_UNKNOWN);
	set("swap_used_bytes", 15e6);
	ck_assert_int_eq(expr_eval(expr, values, 12 * S, false), TRUTH_TRUE);
	set("swap_used_bytes", 21e6);
	ck_assert_int_eq(expr_eval(expr, values, 13 * S, false), TRUTH_FALSE);
	r = expr_reading(expr, expr_decisive(expr));
	ck_assert_str_eq(r.name, "swap_used_bytes");
	ck_assert(r.rise);
	ck_assert_double_eq(r.value, 9e6);
	ck_assert_double_eq(r.threshold, 10e6);
	expr_free(expr);
}
END_TEST

/* The truth with the sum of group 0 as it is given. */
static enum truth eval_group(const char *text, double value, bool partial)
{
	struct expr *expr;
	enum truth truth;

	ck_assert_msg(expr_parse(&expr, text, why) == 0, "%s: %s", text, why);
	ck_assert_ptr_null(expr_bind(expr, schema));
	ck_assert_int_eq(expr_eval(expr, values, S, false), TRUTH_UNKNOWN);
	expr_set_group(expr, 0, (struct group_sum){ value, partial });
	truth = expr_eval(expr, values, S, false);
	expr_free(expr);
	return truth;
}

static void assert_group(const char *text, enum group_function function, const char *match)
{
	struct expr *expr;

	ck_assert_msg(expr_parse(&expr, text, why) == 0, "%s: %s", text, why);
	ck_assert_int_eq(expr_group(expr, 0)->function, function);
	ck_assert_str_eq(expr_group(expr, 0)->match, match);
	ck_assert_ptr_null(expr_series(expr, 0));
	ck_assert_ptr_null(expr_group(expr, 1));
	expr_free(expr);
}

START_TEST(a_group_of_processes_is_compared_with_its_sum)
{
	const double gib = 1073741824.0;

	ck_assert_int_eq(
		eval_group("footprint(ollama|mlx) > 20GiB", 21 * gib, false), TRUTH_TRUE);
	ck_assert_int_eq(
		eval_group("footprint(ollama|mlx) > 20GiB", 20 * gib, false), TRUTH_FALSE);
	ck_assert_int_eq(eval_group("20 GiB < rss(x)", 21 * gib, false), TRUTH_TRUE);
	ck_assert_int_eq(eval_group("cpu(make) >= 150 %", 150, false), TRUTH_TRUE);
	ck_assert_int_eq(eval_group("gpu(make) < 1", 2, false), TRUTH_FALSE);
	ck_assert_int_eq(eval_group("watts(make) > 500mW", 1, false), TRUTH_TRUE);
	ck_assert_int_eq(eval_group("count(make) == 0", 0, false), TRUTH_TRUE);
	ck_assert_int_eq(eval_group("count(make) == 0", NAN, false), TRUTH_UNKNOWN);
	set("ram_used_bytes", 8 * gib);
	ck_assert_int_eq(
		eval_group("footprint(x) > ram_used_bytes or cpu_watts > 1", 9 * gib, false),
		TRUTH_TRUE);
	values[schema_find(schema, "ram_used_bytes")] = NAN;
}
END_TEST

START_TEST(a_sum_that_is_known_in_part_decides_what_it_can)
{
	static const struct {
		const char *op;
		enum truth above, at, below;
	} rows[] = {
		{ ">", TRUTH_TRUE, TRUTH_UNKNOWN, TRUTH_UNKNOWN },
		{ ">=", TRUTH_TRUE, TRUTH_TRUE, TRUTH_UNKNOWN },
		{ "<", TRUTH_FALSE, TRUTH_FALSE, TRUTH_UNKNOWN },
		{ "<=", TRUTH_FALSE, TRUTH_UNKNOWN, TRUTH_UNKNOWN },
		{ "==", TRUTH_FALSE, TRUTH_UNKNOWN, TRUTH_UNKNOWN },
		{ "!=", TRUTH_TRUE, TRUTH_UNKNOWN, TRUTH_UNKNOWN },
	};
	char text[64];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		snprintf(text, sizeof(text), "count(x) %s 5", rows[i].op);
		ck_assert_int_eq(eval_group(text, 6, true), rows[i].above);
		ck_assert_int_eq(eval_group(text, 5, true), rows[i].at);
		ck_assert_int_eq(eval_group(text, 4, true), rows[i].below);
	}
	ck_assert_int_eq(eval_group("5 < count(x)", 6, true), TRUTH_TRUE);
	ck_assert_int_eq(eval_group("5 < count(x)", 4, true), TRUTH_UNKNOWN);
	ck_assert_int_eq(eval_group("count(x) > 5", NAN, true), TRUTH_UNKNOWN);
}
END_TEST

START_TEST(a_group_may_rise)
{
	struct expr *expr;
	const double grown[] = { 1, 2, 4 };
	enum truth truth = TRUTH_UNKNOWN;

	ck_assert_int_eq(expr_parse(&expr, "rise(count(a|b), 2s) >= 3", why), 0);
	for (unsigned i = 0; i < 3; i++) {
		expr_set_group(expr, 0, (struct group_sum){ grown[i], false });
		truth = expr_eval(expr, values, i * S, i == 0);
	}
	ck_assert_int_eq(truth, TRUTH_TRUE);
	ck_assert_str_eq(expr_reading(expr, 0).name, "count(a|b)");
	ck_assert_double_eq(expr_reading(expr, 0).value, 3);
	ck_assert_uint_eq(expr_window_ns(expr), 2 * S);
	expr_set_group(expr, 0, (struct group_sum){ 9, true });
	ck_assert_int_eq(expr_eval(expr, values, 3 * S, false), TRUTH_UNKNOWN);
	expr_free(expr);
}
END_TEST

START_TEST(the_regular_expression_ends_with_its_function)
{
	assert_group("footprint(ollama|mlx) > 1", GROUP_FOOTPRINT, "ollama|mlx");
	assert_group("footprint ( (ollama|mlx)_?lm ) > 1", GROUP_FOOTPRINT, "(ollama|mlx)_?lm");
	assert_group("cpu(a[)]b) > 1", GROUP_CPU, "a[)]b");
	assert_group("cpu(a\\)b) > 1", GROUP_CPU, "a\\)b");
	assert_group("cpu([[:alpha:])]+) > 1", GROUP_CPU, "[[:alpha:])]+");
	assert_group("count(\"a (b)\\)\") > 1", GROUP_COUNT, "a (b)\\)");
	assert_group("count(' x') > 1", GROUP_COUNT, " x");
	assert_group("not (watts(and or not) > 1)", GROUP_WATTS, "and or not");
	assert_group("rise(footprint(a), 1h) > 1GiB", GROUP_FOOTPRINT, "a");
}
END_TEST

START_TEST(errors_in_groups_say_where)
{
	char text[256] = "count(";

	assert_error("footprint() > 1",
		"column 11: footprint() needs a regular expression: footprint(ollama|mlx)");
	assert_error(
		"footprint(a+*) > 1", "column 11: one repetition behind another means nothing");
	assert_error("footprint(a > 1", "column 16: expected ')'");
	assert_error("footprint([a > 1", "column 11: a [ without its ]");
	assert_error("footprint('a) > 1", "column 11: a ' without its other one");
	assert_error("footprint(a\tb) > 1", "column 12: a control character");
	assert_error("footprint(a) > 1 W", "column 16: footprint() is in B, not in W");
	assert_error("count(a) > 1 W", "column 12: count() has no unit");
	assert_error("count(a)", "column 9: expected a comparison: >=, >, <=, <, == or !=");
	assert_error("count(a) > Fair",
		"column 12: there is no series 'Fair'; "
		"'actopctl info' lists those of this machine");
	assert_error("count(a) == thermal_state",
		"column 13: count() and thermal_state cannot be compared");
	assert_error("throttle_cpu == count(a)",
		"column 17: throttle_cpu and count() cannot be compared");
	assert_error("footprnt(a) > 1",
		"column 1: there is no series 'footprnt'; "
		"'actopctl info' lists those of this machine");
	memset(text + 6, 'a', GROUP_MATCH_MAX + 1);
	snprintf(text + 6 + GROUP_MATCH_MAX + 1, 16, ") > 1");
	assert_error(text, "column 7: regular expression too long (128 bytes)");
	assert_error(
		"count(a)>1 and count(a)>1 and count(a)>1 and count(a)>1 and count(a)>1 and "
		"count(a)>1 and count(a)>1 and count(a)>1 and count(a)>1",
		"column 127: too many groups of processes (8)");
}
END_TEST

START_TEST(what_decided_is_the_first_comparison_that_is_true)
{
	struct expr *expr;
	struct expr_reading r;

	set("cpu_watts", 1);
	set("cpu_temp_c", 95);
	ck_assert_int_eq(expr_parse(&expr, "cpu_watts > 50 or 90 < cpu_temp_c", why), 0);
	expr_bind(expr, schema);
	ck_assert_int_eq(expr_eval(expr, values, S, false), TRUTH_TRUE);
	ck_assert_uint_eq(expr_decisive(expr), 1);
	r = expr_reading(expr, 1);
	ck_assert_str_eq(r.name, "cpu_temp_c");
	ck_assert_double_eq(r.value, 95);
	ck_assert_double_eq(r.threshold, 90);
	set("cpu_temp_c", 5);
	ck_assert_int_eq(expr_eval(expr, values, S, false), TRUTH_FALSE);
	ck_assert_uint_eq(expr_decisive(expr), 0);
	expr_free(expr);
}
END_TEST

START_TEST(errors_say_where_and_what_is_meant)
{
	assert_error("cpu_wats > 5",
		"column 1: there is no series 'cpu_wats'; did you mean cpu_watts?");
	assert_error("cpu_watts > 5 and xyzzy > 1",
		"column 19: there is no series 'xyzzy'; 'actopctl info' lists those of this "
		"machine");
	assert_error(
		"swap_used_bytes > 3Gib", "column 20: 'Gib' is not a unit; did you mean GiB?");
	assert_error("cpu_watts > 3GiB", "column 13: cpu_watts is in W, not in GiB");
	assert_error("cpu_watts > 3s", "column 13: cpu_watts is in W, not in s");
	assert_error("cpu_temp_c > 90W", "column 14: cpu_temp_c is in °C, not in W");
	assert_error(
		"swap_used_bytes > 3 GIB", "column 21: 'GIB' is not a unit; did you mean GiB?");
	assert_error("cpu_temp_c > 3 Celsius and load_1m > 1",
		"column 16: 'Celsius' is not a unit; write %, W, C, MHz, GiB, MB/s...");
	assert_error("load_1m > 3W", "column 11: load_1m has no unit");
	assert_error("thermal_state >= Hot",
		"column 18: thermal_state is compared with one of Nominal, Fair, Serious, "
		"Critical");
	assert_error("thermal_state >= 1",
		"column 18: thermal_state is compared with one of Nominal, Fair, Serious, "
		"Critical");
	assert_error("throttle_cpu == 3",
		"column 17: throttle_cpu is true or false; write it alone, or not "
		"throttle_cpu");
	assert_error("cpu_watts = 3", "column 11: write == to compare");
	assert_error("cpu_watts", "column 10: expected a comparison: >=, >, <=, <, == or !=");
	assert_error("1 < 2", "column 1: one side of a comparison is a series");
	assert_error(
		"1 < cpu_watts < 3", "column 15: comparisons do not chain; join two with and");
	assert_error("cpu_watts > gpu_temp_c",
		"column 13: cpu_watts and gpu_temp_c cannot be compared");
	assert_error("busy_ticks > 1",
		"column 1: there is no series 'busy_ticks'; 'actopctl info' lists those of "
		"this "
		"machine");
}
END_TEST

START_TEST(errors_of_form_say_where)
{
	assert_error("", "column 1: expected a series, a number or '('");
	assert_error("cpu_watts > 1 and", "column 18: expected a series, a number or '('");
	assert_error("(cpu_watts > 1", "column 15: expected ')'");
	assert_error("cpu_watts > 1)", "column 14: expected and, or, or the end");
	assert_error(
		"cpu_watts > 1 & cpu_watts > 2", "column 15: expected and, or, or the end");
	assert_error("cpu_watts > 1.2.3", "column 13: '1.2.3' is not a number");
	assert_error("cpu_watts > -", "column 13: '-' is not a number");
	assert_error(
		"rise(cpu_watts) > 1", "column 15: rise() needs a time: rise(cpu_watts, 8s)");
	assert_error(
		"rise(cpu_watts, 8) > 1", "column 17: '8' has no unit; did you mean 8s or 8m?");
	assert_error(
		"rise(cpu_watts, 25h) > 1", "column 17: the window of rise() is 1ms to 24h");
	assert_error("rise(thermal_state, 8s) > 1",
		"column 6: thermal_state is not a number and cannot rise");
	assert_error("rise(cpu_wat, 8s) > 1",
		"column 6: there is no series 'cpu_wat'; did you mean cpu_watts?");
	assert_error("rise > 1", "column 6: rise is written rise(SERIES, WINDOW)");
}
END_TEST

/* text, then the piece so many times, then the end. */
static int parse_repeated(const char *text, const char *piece, unsigned times, const char *end)
{
	static char all[4096];
	struct expr *expr;
	int rc;

	snprintf(all, sizeof(all), "%s", text);
	while (times--)
		strcat(all, piece);
	strcat(all, end);
	rc = expr_parse(&expr, all, why);
	expr_free(expr);
	return rc;
}

START_TEST(length_depth_and_number_of_comparisons_have_limits)
{
	ck_assert_int_eq(parse_repeated("cpu_watts>1", " or cpu_watts>1", 31, ""), 0);
	ck_assert_int_eq(parse_repeated("cpu_watts>1", " or cpu_watts>1", 32, ""), -EINVAL);
	ck_assert_str_eq(why, "column 481: too many comparisons (32)");
	ck_assert_int_eq(parse_repeated("", "not ", 16, "cpu_watts>1"), 0);
	ck_assert_int_eq(parse_repeated("", "not ", 17, "cpu_watts>1"), -EINVAL);
	ck_assert_int_eq(parse_repeated("", "(", 17, "cpu_watts>1"), -EINVAL);
	ck_assert_str_eq(why, "column 18: nested too deeply (16)");
	ck_assert_int_eq(parse_repeated("cpu_watts>1", " ", 1013, ""), 0);
	ck_assert_int_eq(parse_repeated("cpu_watts>1", " ", 1014, ""), -EINVAL);
	ck_assert_int_eq(
		parse_repeated("!!!cpu_watts>1", " or !!!cpu_watts>1", 10, ""), -EINVAL);
	ck_assert_str_eq(why, "column 195: too many nots (32)");
}
END_TEST

RUN_TESTS("expr", setup, teardown, each_operator_compares,
	numbers_have_the_unit_that_is_written_else_that_of_the_series,
	states_compare_by_rank_and_by_word, a_series_that_is_true_or_false_stands_alone,
	and_binds_closer_than_or_and_parentheses_closest, an_unknown_value_decides_nothing,
	series_of_entities_have_their_full_names,
	a_series_that_the_machine_does_not_have_is_unknown_and_named,
	a_rise_is_the_growth_over_its_window, a_group_of_processes_is_compared_with_its_sum,
	a_sum_that_is_known_in_part_decides_what_it_can, a_group_may_rise,
	the_regular_expression_ends_with_its_function, errors_in_groups_say_where,
	what_decided_is_the_first_comparison_that_is_true, errors_say_where_and_what_is_meant,
	errors_of_form_say_where, length_depth_and_number_of_comparisons_have_limits)
