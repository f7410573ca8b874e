/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "client/alerts.h"
#include "client/event.h"
#include "client/gate.h"
#include "client/report.h"
#include "tests/unit/run.h"

static struct alerts alerts;
static struct gate gate;
static struct buf out;

static void setup(void)
{
	buf_init(&out, 4096);
	alerts = (struct alerts){ 0 };
	gate = (struct gate){ 0 };
}

static void teardown(void)
{
	alerts_fini(&alerts);
	gate_close(&gate);
	buf_fini(&out);
}

static struct message parse(const char *line)
{
	struct message m;

	ck_assert_int_eq(message_parse(&m, line, strlen(line)), 0);
	return m;
}

static void check_event(const char *line, const char *expected)
{
	struct message m = parse(line);

	buf_clear(&out);
	event_describe(&m, &out);
	buf_add(&out, "", 1);
	ck_assert_str_eq(out.data, expected);
	message_free(&m);
}

START_TEST(events_are_told_in_words)
{
	check_event("{\"type\":\"event\",\"kind\":\"mark\",\"text\":\"a\\u001b[2Jb\"}",
		"a\\x1b[2Jb");
	check_event("{\"type\":\"event\",\"kind\":\"wake\",\"slept_ms\":552000}",
		"slept for 9m12s");
	check_event("{\"type\":\"event\",\"kind\":\"clock\",\"step_ms\":-90000}",
		"the clock was set back by 1m30s");
	check_event("{\"type\":\"event\",\"kind\":\"throttle\",\"domain\":\"cpu\",\"state\":"
		    "\"throttled\"}",
		"cpu is throttled");
	check_event("{\"type\":\"event\",\"kind\":\"alert\",\"rule\":\"thermal\",\"state\":"
		    "\"firing\",\"severity\":\"warn\",\"metric\":\"thermal_state\",\"value\":"
		    "\"Serious\",\"threshold\":\"Fair\",\"held_ms\":5000}",
		"thermal fires: thermal_state Serious, limit Fair, held for 5 s (warn)");
	check_event("{\"type\":\"event\",\"kind\":\"alert\",\"rule\":\"big\",\"state\":"
		    "\"firing\",\"metric\":\"footprint(ollama|mlx)\",\"value\":22548578304,"
		    "\"threshold\":21474836480,\"held_ms\":0}",
		"big fires: footprint(ollama|mlx) 21.0 GiB, limit 20.0 GiB");
	check_event("{\"type\":\"event\",\"kind\":\"alert\",\"rule\":\"busy\",\"state\":"
		    "\"firing\",\"metric\":\"cpu(cc1)\",\"value\":150.5,\"threshold\":100}",
		"busy fires: cpu(cc1) 150.5 %, limit 100 %");
	check_event("{\"type\":\"event\",\"kind\":\"alert\",\"rule\":\"hot\",\"state\":"
		    "\"firing\",\"metric\":\"cpu_temp_c\",\"value\":96.5,\"threshold\":90}",
		"hot fires: cpu_temp_c 96.5 °C, limit 90 °C");
	check_event("{\"type\":\"event\",\"kind\":\"alert\",\"rule\":\"drain\",\"state\":"
		    "\"firing\",\"metric\":\"rail.p_cluster.watts\",\"value\":12.25,"
		    "\"threshold\":10}",
		"drain fires: rail.p_cluster.watts 12.25 W, limit 10 W");
	check_event("{\"type\":\"event\",\"kind\":\"alert\",\"rule\":\"disk\",\"state\":"
		    "\"firing\",\"metric\":\"disk_read_bytes_per_s\",\"value\":1572864,"
		    "\"threshold\":1048576}",
		"disk fires: disk_read_bytes_per_s 1.5 MiB/s, limit 1.0 MiB/s");
	check_event("{\"type\":\"event\",\"kind\":\"alert\",\"rule\":\"load\",\"state\":"
		    "\"firing\",\"metric\":\"load_1m\",\"value\":9.5,\"threshold\":8}",
		"load fires: load_1m 9.5, limit 8");
	check_event("{\"type\":\"event\",\"kind\":\"alert\",\"rule\":\"swap\",\"state\":"
		    "\"resolved\",\"metric\":\"swap_used_bytes\",\"value\":0,\"threshold\":"
		    "322122547}",
		"swap is resolved: swap_used_bytes 0 B, limit 307 MiB");
	check_event("{\"type\":\"event\",\"kind\":\"of the future\"}", "");
}
END_TEST

static void take_alert(const char *line)
{
	struct message m = parse(line);

	alerts_take_event(&alerts, &m);
	message_free(&m);
}

START_TEST(an_alert_that_was_resolved_ends_the_one_that_fired)
{
	take_alert("{\"type\":\"event\",\"ts_ms\":1000,\"kind\":\"alert\",\"rule\":\"a\","
		   "\"state\":\"firing\",\"metric\":\"m\",\"value\":9}");
	take_alert("{\"type\":\"event\",\"ts_ms\":2000,\"kind\":\"alert\",\"rule\":\"b\","
		   "\"state\":\"firing\",\"metric\":\"n\",\"value\":1}");
	take_alert("{\"type\":\"event\",\"ts_ms\":6000,\"kind\":\"alert\",\"rule\":\"a\","
		   "\"state\":\"resolved\",\"metric\":\"m\",\"value\":2,\"held_ms\":5000}");
	take_alert("{\"type\":\"event\",\"ts_ms\":9000,\"kind\":\"alert\",\"rule\":\"c\","
		   "\"state\":\"resolved\",\"metric\":\"o\",\"held_ms\":8500}");
	ck_assert_uint_eq(alerts.count, 3);
	ck_assert(!alerts.items[0].firing);
	ck_assert_int_eq(alerts.items[0].since_ms, 1000);
	ck_assert_int_eq(alerts.items[0].until_ms, 6000);
	ck_assert_str_eq(alerts.items[0].value, "9");
	ck_assert(alerts.items[1].firing);
	ck_assert_int_eq(alerts.items[2].since_ms, 500);
}
END_TEST

START_TEST(what_fires_now_is_listed_once)
{
	struct message m =
		parse("{\"type\":\"reply\",\"op\":\"alerts\",\"alerts\":[{\"since_ts_ms\":1000,"
		      "\"rule\":\"a\",\"state\":\"firing\",\"metric\":\"m\",\"value\":9},"
		      "{\"since_ts_ms\":500,\"rule\":\"old\",\"metric\":\"m\"}]}");

	take_alert("{\"type\":\"event\",\"ts_ms\":1000,\"kind\":\"alert\",\"rule\":\"a\","
		   "\"state\":\"firing\"}");
	alerts_take_reply(&alerts, &m);
	message_free(&m);
	ck_assert_uint_eq(alerts.count, 2);
	ck_assert_int_eq(alerts.items[1].since_ms, 500);
}
END_TEST

static void take_row(const char *line)
{
	struct message m = parse(line);

	gate_take(&gate, &m);
	message_free(&m);
}

START_TEST(conditions_are_evaluated_over_rows)
{
	const char *const texts[] = { "cpu_temp_c < 90 and thermal_state < Serious",
		"not throttle_cpu", "rise(swap_used_bytes, 2s) > 1 KiB",
		"cpu_temp_c > gpu_temp_c" };

	ck_assert_int_eq(gate_open(&gate, texts, 4), 0);
	ck_assert_uint_eq(gate.name_count, 5);
	ck_assert_int_eq(gate_window_ms(&gate), 2000);
	take_row(
		"{\"type\":\"row\",\"mono_ms\":1000,\"v\":{\"cpu_temp_c\":60,\"thermal_state\":"
		"\"Fair\",\"throttle_cpu\":false,\"swap_used_bytes\":0,\"gpu_temp_c\":null}}");
	ck_assert_int_eq(gate.truths[0], TRUTH_TRUE);
	ck_assert_int_eq(gate.truths[1], TRUTH_TRUE);
	ck_assert_int_eq(gate.truths[2], TRUTH_UNKNOWN);
	ck_assert_int_eq(gate.truths[3], TRUTH_UNKNOWN);
	take_row(
		"{\"type\":\"row\",\"mono_ms\":3000,\"v\":{\"cpu_temp_c\":60,\"thermal_state\":"
		"\"Serious\",\"throttle_cpu\":true,\"swap_used_bytes\":2048,\"gpu_temp_c\":5}"
		"}");
	ck_assert_int_eq(gate.truths[0], TRUTH_FALSE);
	ck_assert_int_eq(gate.truths[1], TRUTH_FALSE);
	ck_assert_int_eq(gate.truths[2], TRUTH_TRUE);
	ck_assert_int_eq(gate.truths[3], TRUTH_TRUE);
	gate_describe(&gate, 2, &out);
	buf_add(&out, "", 1);
	ck_assert_str_eq(out.data, "swap_used_bytes rose by 2.0 KiB");
}
END_TEST

START_TEST(a_wrong_condition_is_a_usage_error)
{
	const char *const texts[] = { "cpu_temp_c < < 90" };

	ck_assert_int_eq(gate_open(&gate, texts, 1), EXIT_USAGE);
}
END_TEST

START_TEST(a_series_that_there_is_not_is_nothing_found)
{
	const char *const texts[] = { "cpu_tmp_c < 90" };

	ck_assert_int_eq(gate_open(&gate, texts, 1), EXIT_NOTHING);
}
END_TEST

RUN_TESTS("client_event", setup, teardown, events_are_told_in_words,
	an_alert_that_was_resolved_ends_the_one_that_fired, what_fires_now_is_listed_once,
	conditions_are_evaluated_over_rows, a_wrong_condition_is_a_usage_error,
	a_series_that_there_is_not_is_nothing_found)
