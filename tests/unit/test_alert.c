/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "daemon/alert.h"

#define S UINT64_C(1000000000)
#define MS UINT64_C(1000000)
#define EPOCH_MS INT64_C(1763906400000)
#define UP 1000 /* seconds between boot and second 0 */

enum column { BANDWIDTH, THROTTLE_CPU, THROTTLE_GPU, SWAP_USED, SWAP_TOTAL, THERMAL, COLUMNS };

static struct schema *schema;
static struct alerts *alerts;
static double values[COLUMNS];
static char heard[1024];
static uint64_t now_ms; /* the newest row, from second 0 */

static void setup(void)
{
	static const char *const names[COLUMNS] = { "bandwidth_pct", "throttle_cpu",
		"throttle_gpu", "swap_used_bytes", "swap_total_bytes", "thermal_state" };

	schema = schema_new();
	for (unsigned i = 0; i < COLUMNS; i++) {
		schema_add(schema, names[i], KIND_GAUGE, 2);
		values[i] = NAN;
	}
	alerts = NULL;
	heard[0] = '\0';
	now_ms = 0;
}

static void teardown(void)
{
	alerts_free(alerts);
	schema_free(schema);
}

/* The rules of this text and nothing built in. */
static struct alerts *only(const char *text)
{
	struct config config;
	struct rules rules;
	struct message why;
	char all[1024];

	snprintf(all, sizeof(all),
		"%s\n[alert mem_bound]\nenabled = no\n[alert package_power]\nenabled = no\n"
		"[alert swap_rise]\nenabled = no\n[alert thermal]\nenabled = no\n"
		"[alert throttle]\nenabled = no\n[alert memory]\nenabled = no\n",
		text);
	ck_assert_int_eq(config_parse(&config, "test", all, strlen(all), &why), 0);
	ck_assert_msg(rules_load(&rules, &config, &why) == 0, "%s", why.text);
	config_fini(&config);
	return alerts_new(&rules, schema);
}

static struct alerts *defaults(void)
{
	struct rules rules;
	struct message why;

	ck_assert_int_eq(rules_load(&rules, NULL, &why), 0);
	return alerts_new(&rules, schema);
}

static void hear(const struct transition *t)
{
	char text[96];

	if (t->kind == EVENT_THROTTLE)
		snprintf(text, sizeof(text), "%g throttle %s %s\n", (double)now_ms / 1000,
			domain_name(t->domain), t->on ? "on" : "off");
	else
		snprintf(text, sizeof(text), "%g %s %s %s=%g/%g held %g\n",
			(double)now_ms / 1000, t->rule->name, t->on ? "firing" : "resolved",
			t->reading.name, t->reading.value, t->reading.threshold,
			(double)t->held_ms / 1000);
	strncat(heard, text, sizeof(heard) - strlen(heard) - 1);
}

static void take(uint64_t dt_ms, unsigned flags)
{
	struct row row = { .flags = flags, .values = values };
	const struct transition *t;
	unsigned count;

	now_ms += dt_ms;
	row.ts_ms = EPOCH_MS + (int64_t)now_ms;
	row.mono_ns = UP * S + now_ms * MS;
	row.dt_ns = flags & ROW_FIRST ? 0 : dt_ms * MS;
	t = alerts_step(alerts, &row, &count);
	for (unsigned i = 0; i < count; i++)
		hear(&t[i]);
}

/* Rows every step_ms up to a second, all with this bandwidth. */
static void until(unsigned second, uint64_t step_ms, double bandwidth)
{
	values[BANDWIDTH] = bandwidth;
	while (now_ms < second * 1000)
		take(step_ms, now_ms == 0 ? ROW_START : 0);
}

static void assert_heard(const char *text)
{
	ck_assert_str_eq(heard, text);
	heard[0] = '\0';
}

static const char half_minute[] = "[alert busy]\nwhen = bandwidth_pct >= 85\nfor = 30s\n"
				  "clear = bandwidth_pct < 80\n";

/* High from second 100 on, which the row of second 101 is the first to say: 30 s later is 130.
 */
START_TEST(it_fires_once_when_for_has_passed_and_clears_with_hysteresis)
{
	alerts = only(half_minute);
	until(100, 1000, 50);
	until(129, 1000, 90);
	assert_heard("");
	until(130, 1000, 91);
	assert_heard("130 busy firing bandwidth_pct=91/85 held 30\n");
	until(200, 1000, 95);
	until(210, 1000, 82);
	assert_heard("");
	until(211, 1000, 79.5);
	assert_heard("211 busy resolved bandwidth_pct=79.5/85 held 111\n");
	until(300, 1000, 82);
	assert_heard("");
}
END_TEST

START_TEST(the_interval_does_not_change_the_meaning)
{
	static const uint64_t steps_ms[] = { 100, 250, 500, 1000, 2000, 5000, 10000 };

	for (size_t i = 0; i < sizeof(steps_ms) / sizeof(*steps_ms); i++) {
		alerts = only(half_minute);
		now_ms = 0;
		until(100, steps_ms[i], 50);
		until(200, steps_ms[i], 90);
		assert_heard("130 busy firing bandwidth_pct=90/85 held 30\n");
		alerts_free(alerts);
		alerts = NULL;
	}
}
END_TEST

START_TEST(rows_that_come_a_little_early_do_not_cost_another_one)
{
	alerts = only(half_minute);
	until(100, 1000, 50);
	values[BANDWIDTH] = 90;
	take(999, 0);
	for (unsigned i = 0; i < 29; i++)
		take(1000, 0);
	assert_heard("129.999 busy firing bandwidth_pct=90/85 held 29.999\n");
}
END_TEST

START_TEST(a_break_in_the_condition_lets_for_begin_anew)
{
	alerts = only(half_minute);
	until(29, 1000, 90);
	until(30, 1000, 84);
	until(59, 1000, 90);
	assert_heard("");
	until(60, 1000, 90);
	assert_heard("60 busy firing bandwidth_pct=90/85 held 30\n");
}
END_TEST

START_TEST(a_hole_in_time_lets_for_begin_anew_and_is_not_counted)
{
	alerts = only(half_minute);
	until(29, 1000, 90);
	take(3600000, ROW_WAKE);
	assert_heard("");
	until(3629 + 29, 1000, 90);
	assert_heard("");
	until(3629 + 30, 1000, 90);
	assert_heard("3659 busy firing bandwidth_pct=90/85 held 30\n");
	take(3600000, ROW_WAKE);
	until(3659 + 3600 + 10, 1000, 90);
	until(3659 + 3600 + 11, 1000, 10);
	assert_heard("7270 busy resolved bandwidth_pct=10/85 held 41\n");
}
END_TEST

START_TEST(late_rows_and_a_clock_that_is_set_change_nothing)
{
	alerts = only(half_minute);
	until(100, 1000, 50);
	until(110, 1000, 90);
	take(15000, ROW_LATE);
	take(1000, ROW_CLOCK_STEP);
	until(129, 1000, 90);
	assert_heard("");
	until(130, 1000, 90);
	assert_heard("130 busy firing bandwidth_pct=90/85 held 30\n");
}
END_TEST

START_TEST(nothing_fires_or_clears_from_unknown_values)
{
	alerts = only(half_minute);
	until(100, 1000, NAN);
	until(129, 1000, 90);
	until(130, 1000, NAN);
	assert_heard("");
	until(160, 1000, 90);
	assert_heard("160 busy firing bandwidth_pct=90/85 held 30\n");
	until(170, 1000, NAN);
	assert_heard("");
	until(171, 1000, 20);
	assert_heard("171 busy resolved bandwidth_pct=20/85 held 41\n");
}
END_TEST

START_TEST(without_a_clear_the_condition_must_be_known_to_be_false)
{
	alerts = only("[alert busy]\nwhen = bandwidth_pct >= 85\n");
	until(10, 1000, 50);
	until(11, 1000, 90);
	assert_heard("11 busy firing bandwidth_pct=90/85 held 1\n");
	until(15, 1000, NAN);
	assert_heard("");
	until(16, 1000, 84);
	assert_heard("16 busy resolved bandwidth_pct=84/85 held 6\n");
}
END_TEST

START_TEST(hold_is_the_least_time_that_it_fires)
{
	alerts = only("[alert busy]\nwhen = bandwidth_pct >= 85\nhold = 10s\n");
	until(100, 1000, 50);
	until(101, 1000, 90);
	assert_heard("101 busy firing bandwidth_pct=90/85 held 1\n");
	until(110, 1000, 20);
	assert_heard("");
	until(111, 1000, 20);
	assert_heard("111 busy resolved bandwidth_pct=20/85 held 11\n");
}
END_TEST

START_TEST(while_it_fires_its_state_says_since_when_and_what)
{
	const struct alert *a;

	alerts = only(half_minute);
	until(100, 1000, 50);
	until(140, 1000, 90);
	until(150, 1000, 83);
	a = alerts_get(alerts, 0);
	ck_assert(a->firing);
	ck_assert_int_eq(a->since_ts_ms, EPOCH_MS + 100000);
	ck_assert_double_eq(alert_reading(a).value, 83);
	ck_assert_int_eq(alert_reading(a).series, BANDWIDTH);
	ck_assert_ptr_null(alerts_get(alerts, 1));
	until(151, 1000, 20);
	ck_assert(!a->firing && a->since_ts_ms == 0);
}
END_TEST

/* 0.05 GiB a second from second 20 on: 0.3 GiB within 8 s are full at second 26. */
START_TEST(swap_that_grows_fires_at_the_right_second_at_any_interval)
{
	static const struct {
		uint64_t step_ms;
		const char *heard;
	} cases[] = {
		{ 500,
			"26 swap_rise firing swap_used_bytes=3.22123e+08/3.22123e+08 held "
			"0.5\n" },
		{ 1000,
			"26 swap_rise firing swap_used_bytes=3.22123e+08/3.22123e+08 held "
			"1\n" },
		{ 2000,
			"26 swap_rise firing swap_used_bytes=3.22123e+08/3.22123e+08 held "
			"2\n" },
		/* At 30, 0.5 GiB in 10 s, 0.4 of them in the last 8. */
		{ 10000,
			"30 swap_rise firing swap_used_bytes=4.29497e+08/3.22123e+08 held "
			"10\n" },
	};

	values[SWAP_TOTAL] = 4294967296.0;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		alerts = defaults();
		for (now_ms = 0; now_ms < 30000;) {
			double s = (double)(now_ms + cases[i].step_ms) / 1000 - 20;

			values[SWAP_USED] = s < 0 ? 0 : s * 53687091.2 + 1e-3;
			take(cases[i].step_ms, now_ms == 0 ? ROW_START : 0);
		}
		assert_heard(cases[i].heard);
		alerts_free(alerts);
		alerts = NULL;
	}
}
END_TEST

START_TEST(swap_that_grew_over_a_hole_does_not_fire)
{
	alerts = defaults();
	values[SWAP_TOTAL] = 4294967296.0;
	values[SWAP_USED] = 0;
	until(20, 1000, NAN);
	values[SWAP_USED] = 2147483648.0;
	take(1000, ROW_WAKE);
	until(60, 1000, NAN);
	assert_heard("");
}
END_TEST

START_TEST(throttling_is_an_event_at_once_and_an_alert_when_it_lasts)
{
	alerts = defaults();
	values[THROTTLE_CPU] = values[THROTTLE_GPU] = 0;
	until(10, 1000, 50);
	values[THROTTLE_GPU] = 1;
	until(11, 1000, 50);
	assert_heard("11 throttle gpu on\n");
	values[THROTTLE_GPU] = NAN;
	until(12, 1000, 50);
	assert_heard("");
	values[THROTTLE_GPU] = 1;
	until(18, 1000, 50);
	assert_heard("18 throttle firing throttle_gpu=1/1 held 6\n");
	values[THROTTLE_GPU] = 0;
	until(19, 1000, 50);
	assert_heard("19 throttle resolved throttle_gpu=0/1 held 7\n19 throttle gpu off\n");
}
END_TEST

START_TEST(what_was_never_known_does_not_keep_an_alert_from_ending)
{
	alerts = defaults();
	values[THROTTLE_CPU] = 1;
	until(6, 1000, NAN);
	until(7, 1000, NAN);
	assert_heard("1 throttle cpu on\n7 throttle firing throttle_cpu=1/1 held 6\n");
	values[THROTTLE_CPU] = NAN;
	until(8, 1000, NAN);
	assert_heard("");
	values[THROTTLE_CPU] = 0;
	until(9, 1000, NAN);
	assert_heard("9 throttle resolved throttle_cpu=0/1 held 8\n9 throttle cpu off\n");
}
END_TEST

START_TEST(what_was_true_while_it_fires_must_be_known_to_be_over)
{
	alerts = defaults();
	values[THROTTLE_CPU] = 1;
	until(8, 1000, NAN);
	values[THROTTLE_GPU] = 1;
	until(9, 1000, NAN);
	values[THROTTLE_CPU] = 0;
	values[THROTTLE_GPU] = NAN;
	heard[0] = '\0';
	until(20, 1000, NAN);
	assert_heard("10 throttle cpu off\n");
	values[THROTTLE_GPU] = 0;
	until(21, 1000, NAN);
	assert_heard("21 throttle resolved throttle_cpu=0/1 held 20\n21 throttle gpu off\n");
}
END_TEST

START_TEST(a_condition_that_is_true_by_not_ends_when_it_is_known_to_be_false)
{
	alerts = only("[alert low]\nwhen = throttle_cpu or not bandwidth_pct >= 20\n");
	until(10, 1000, 50);
	until(11, 1000, 5);
	until(20, 1000, NAN);
	assert_heard("11 low firing bandwidth_pct=5/20 held 1\n");
	until(21, 1000, 50);
	assert_heard("");
	values[THROTTLE_CPU] = 0;
	until(22, 1000, 50);
	assert_heard("22 low resolved bandwidth_pct=50/20 held 12\n");
}
END_TEST

START_TEST(thermal_fires_at_once)
{
	alerts = defaults();
	values[THERMAL] = 0;
	until(5, 1000, NAN);
	values[THERMAL] = 1;
	until(6, 1000, NAN);
	assert_heard("6 thermal firing thermal_state=1/1 held 1\n");
	values[THERMAL] = 0;
	until(7, 1000, NAN);
	assert_heard("7 thermal resolved thermal_state=0/1 held 2\n");
}
END_TEST

START_TEST(an_unchanged_rule_survives_a_reload_with_its_timer)
{
	struct alerts *old = only(half_minute);

	alerts = old;
	until(100, 1000, 50);
	until(115, 1000, 90);
	alerts = only(half_minute);
	alerts_adopt(alerts, old);
	alerts_free(old);
	until(130, 1000, 90);
	assert_heard("130 busy firing bandwidth_pct=90/85 held 30\n");
	old = alerts;
	alerts = only("[alert busy]\nwhen = bandwidth_pct >= 86\n");
	alerts_adopt(alerts, old);
	ck_assert(!alerts_get(alerts, 0)->firing);
	ck_assert(alerts_get(old, 0)->firing);
	alerts_free(old);
}
END_TEST

/* 1 a second: 8 s after the first row, whenever the rules were read. */
START_TEST(a_reload_does_not_empty_the_window_of_a_rise)
{
	static const char text[] = "[alert rise]\nwhen = rise(bandwidth_pct, 8s) >= 8\n";
	struct alerts *old = only(text);

	alerts = old;
	for (unsigned second = 1; second <= 9; second++) {
		if (second == 5) {
			alerts = only(text);
			alerts_adopt(alerts, old);
			alerts_free(old);
		}
		until(second, 1000, second);
	}
	assert_heard("9 rise firing bandwidth_pct=8/8 held 1\n");
}
END_TEST

RUN_TESTS("alert", setup, teardown,
	it_fires_once_when_for_has_passed_and_clears_with_hysteresis,
	the_interval_does_not_change_the_meaning,
	rows_that_come_a_little_early_do_not_cost_another_one,
	a_break_in_the_condition_lets_for_begin_anew,
	a_hole_in_time_lets_for_begin_anew_and_is_not_counted,
	late_rows_and_a_clock_that_is_set_change_nothing,
	nothing_fires_or_clears_from_unknown_values,
	without_a_clear_the_condition_must_be_known_to_be_false,
	hold_is_the_least_time_that_it_fires, while_it_fires_its_state_says_since_when_and_what,
	swap_that_grows_fires_at_the_right_second_at_any_interval,
	swap_that_grew_over_a_hole_does_not_fire,
	throttling_is_an_event_at_once_and_an_alert_when_it_lasts,
	what_was_never_known_does_not_keep_an_alert_from_ending,
	what_was_true_while_it_fires_must_be_known_to_be_over,
	a_condition_that_is_true_by_not_ends_when_it_is_known_to_be_false,
	thermal_fires_at_once, an_unchanged_rule_survives_a_reload_with_its_timer,
	a_reload_does_not_empty_the_window_of_a_rise)
