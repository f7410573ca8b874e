/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "client/bill.h"
#include "tests/unit/run.h"

static const char energy_line[] =
	"{\"type\":\"reply\",\"op\":\"energy\",\"from_ts_ms\":10000,\"to_ts_ms\":14000,"
	"\"covered_s\":4,\"uncovered_s\":0,\"rails\":{"
	"\"cpu\":{\"joules\":40,\"mean_watts\":10,\"error_joules\":1.5},"
	"\"soc\":{\"joules\":60,\"mean_watts\":15,\"error_joules\":2},"
	"\"gone\":{\"joules\":null}}}";

static struct bill bill;
static struct buf out;

static void read_energy(const char *line)
{
	struct message m;

	ck_assert_int_eq(message_parse(&m, line, strlen(line)), 0);
	meter_read(&bill.meter, &m);
	bill.measured = true;
	message_free(&m);
}

static void setup(void)
{
	bill_init(&bill);
	bill.command = "make";
	bill.from_ms = 10000;
	bill.to_ms = 14000;
	bill.child = (struct child){ .seconds = 4,
		.user_s = 2,
		.system_s = 0.5,
		.largest_bytes = 1 << 20,
		.tree_bytes = 3 << 20 };
	buf_init(&out, 65536);
}

static void teardown(void)
{
	buf_fini(&out);
}

static void take(const char *line)
{
	struct message m;

	ck_assert_int_eq(message_parse(&m, line, strlen(line)), 0);
	bill_take_row(&bill, &m);
	message_free(&m);
}

static const char *text(void)
{
	buf_add(&out, "", 1);
	return out.data;
}

START_TEST(the_total_is_soc_and_unknown_rails_are_left_out)
{
	ck_assert_ptr_null(bill_total(&bill));
	read_energy(energy_line);
	ck_assert_uint_eq(bill.meter.count, 2);
	ck_assert_str_eq(bill_total(&bill)->name, "soc");
	ck_assert_double_eq(bill_total(&bill)->joules, 60);
}
END_TEST

START_TEST(above_idle_is_less_what_an_idle_machine_needs_in_that_time)
{
	read_energy(energy_line);
	ck_assert(isnan(bill_above_idle(&bill)));
	bill.idle_watts = 5;
	ck_assert_double_eq(bill_above_idle(&bill), 40);
	bill.idle_watts = 15.00001;
	ck_assert_double_eq(bill_above_idle(&bill), 0);
}
END_TEST

START_TEST(only_what_of_a_row_lies_in_the_window_counts)
{
	take("{\"type\":\"row\",\"ts_ms\":10000,\"dt_ms\":1000,\"v\":{\"soc_watts\":99}}");
	take("{\"type\":\"row\",\"ts_ms\":11000,\"dt_ms\":2000,\"v\":{\"soc_watts\":20,"
	     "\"bandwidth_gbps\":100,\"throttle_cpu\":true,\"throttle_gpu\":null,"
	     "\"cpu_temp_c\":70,\"gpu_temp_c\":81.5}}");
	take("{\"type\":\"row\",\"ts_ms\":13000,\"dt_ms\":2000,\"v\":{\"soc_watts\":null,"
	     "\"bandwidth_gbps\":400,\"throttle_cpu\":false,\"cpu_temp_c\":75}}");
	take("{\"type\":\"row\",\"ts_ms\":15000,\"dt_ms\":2000,\"v\":{\"soc_watts\":30,"
	     "\"bandwidth_gbps\":null,\"throttle_cpu\":true}}");
	take("{\"type\":\"row\",\"ts_ms\":16000,\"dt_ms\":1000,\"v\":{\"soc_watts\":98}}");
	ck_assert_double_eq(bill.peak_watts[BILL_SOC], 30);
	ck_assert(isnan(bill.peak_watts[BILL_PACKAGE]));
	ck_assert_double_eq(bill.peak_temp_c, 81.5);
	ck_assert_double_eq(bill.throttled_s, 2); /* 1 s of the second row, 1 s of the fourth */
	ck_assert_double_eq(bill.traffic_s, 3);
	ck_assert_double_eq(bill.traffic_gb / bill.traffic_s, 300);
}
END_TEST

START_TEST(the_report_has_the_figures)
{
	read_energy(energy_line);
	bill.units = 8;
	bill.idle_watts = 5;
	bill.peak_watts[BILL_SOC] = 30;
	bill_write(&bill, &out);
	ck_assert_str_eq(text(),
		"actopctl: 4.00 s  soc 60.0 J +- 2.0 (15.0 W mean, 30.0 peak)  cpu 40.0 J\n"
		"          cpu time 2.50 s (2.00 user, 0.50 system)  memory 3.0 MiB\n"
		"          above idle 40.0 J (idle 5.0 W)\n"
		"          per unit 0.5 s  7.5 J  above idle 5 J\n");
}
END_TEST

START_TEST(nothing_above_idle_has_no_sign)
{
	read_energy(energy_line);
	bill.units = 4;
	bill.idle_watts = 15.01;
	bill_write(&bill, &out);
	ck_assert_ptr_nonnull(strstr(text(), "above idle 0.0 J (idle 15.0 W)"));
	ck_assert_ptr_nonnull(strstr(out.data, "above idle 0 J\n"));
}
END_TEST

START_TEST(without_sensors_it_says_so_and_tells_the_rest)
{
	read_energy("{\"type\":\"reply\",\"covered_s\":0,\"uncovered_s\":4,\"rails\":{}}");
	bill_write(&bill, &out);
	ck_assert_str_eq(text(),
		"actopctl: 4.00 s  no joules: this machine has no power sensors\n"
		"          cpu time 2.50 s (2.00 user, 0.50 system)  memory 3.0 MiB\n");
}
END_TEST

START_TEST(as_json_what_is_unknown_is_null)
{
	struct message m;
	double x;

	read_energy(energy_line);
	bill.units = 8;
	bill.child.code = 3;
	bill_write_json(&bill, &out);
	out.data[out.len - 1] = '\0';
	ck_assert_int_eq(message_parse(&m, out.data, strlen(out.data)), 0);
	ck_assert_int_eq(message_int(&m, "status", 0), 3);
	ck_assert(node_number(message_at(&m, "j_per_unit"), &x));
	ck_assert_double_eq(x, 7.5);
	ck_assert(!node_number(message_at(&m, "above_idle_j_per_unit"), &x));
	ck_assert(!node_number(message_at(&m, "peak_watts"), &x));
	ck_assert(node_number(message_at(&m, "rails.cpu.error_joules"), &x));
	ck_assert_double_eq(x, 1.5);
	message_free(&m);
}
END_TEST

RUN_TESTS("client_bill", setup, teardown, the_total_is_soc_and_unknown_rails_are_left_out,
	above_idle_is_less_what_an_idle_machine_needs_in_that_time,
	only_what_of_a_row_lies_in_the_window_counts, the_report_has_the_figures,
	nothing_above_idle_has_no_sign, without_sensors_it_says_so_and_tells_the_rest,
	as_json_what_is_unknown_is_null)
