/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "client/gate.h"
#include "client/muster.h"

/* Groups of processes, as the daemon lists them, in conditions of check and wait. */

#define MIB 1048576.0

static struct message list;
static struct gate gate;
static struct buf said;

static void setup(void)
{
	buf_init(&said, 1024);
}

static void teardown(void)
{
	message_free(&list);
	list = (struct message){ .root = NULL };
	gate_close(&gate);
	buf_fini(&said);
}

static void take(const char *text)
{
	message_free(&list);
	ck_assert_int_eq(message_parse(&list, text, strlen(text)), 0);
}

static const char three[] =
	"{\"type\":\"processes\",\"sub\":\"g0\",\"ts_ms\":5000,\"dt_ms\":1000,\"total\":3,"
	"\"shown\":3,\"restricted\":0,\"truncated\":false,\"rows\":["
	"{\"pid\":10,\"ppid\":1,\"mem_bytes\":10485760,\"rss_bytes\":1048576,"
	"\"cpu_pct\":50,\"gpu_pct\":10,\"watts\":1.5},"
	"{\"pid\":20,\"ppid\":10,\"mem_bytes\":20971520,\"rss_bytes\":2097152,"
	"\"cpu_pct\":25,\"gpu_pct\":null,\"watts\":0.5},"
	"{\"pid\":30,\"ppid\":20,\"mem_bytes\":41943040,\"rss_bytes\":4194304,"
	"\"cpu_pct\":null,\"gpu_pct\":null,\"watts\":null}]}";

static void assert_sum(enum group_function function, int64_t self, double value, bool partial)
{
	struct group_sum sum = muster_sum(&list, function, self);

	if (isnan(value))
		ck_assert(isnan(sum.value));
	else
		ck_assert_double_eq_tol(sum.value, value, 1e-9);
	ck_assert(sum.partial == partial);
}

START_TEST(a_group_is_the_sum_of_its_processes)
{
	take(three);
	assert_sum(GROUP_FOOTPRINT, 0, 70 * MIB, false);
	assert_sum(GROUP_RSS, 0, 7 * MIB, false);
	assert_sum(GROUP_COUNT, 0, 3, false);
	ck_assert(muster_has_rates(&list));
}
END_TEST

START_TEST(what_is_not_known_of_one_makes_it_one_of_at_least)
{
	take(three);
	assert_sum(GROUP_CPU, 0, 75, true);
	assert_sum(GROUP_GPU, 0, 10, true);
	assert_sum(GROUP_WATTS, 0, 2, true);
}
END_TEST

START_TEST(this_process_and_those_above_it_are_not_of_the_group)
{
	take(three);
	assert_sum(GROUP_COUNT, 20, 1, false);
	assert_sum(GROUP_FOOTPRINT, 20, 40 * MIB, false);
	assert_sum(GROUP_CPU, 20, NAN, false);
	assert_sum(GROUP_COUNT, 30, 0, false);
	assert_sum(GROUP_COUNT, 99, 3, false);
}
END_TEST

START_TEST(pids_that_stand_above_each_other_are_no_end)
{
	take("{\"type\":\"processes\",\"total\":2,\"shown\":2,\"truncated\":false,\"rows\":["
	     "{\"pid\":1,\"ppid\":2},{\"pid\":2,\"ppid\":1}]}");
	assert_sum(GROUP_COUNT, 1, 0, false);
	ck_assert(!muster_has_rates(&list));
}
END_TEST

START_TEST(a_list_that_is_cut_makes_it_one_of_at_least)
{
	take("{\"type\":\"processes\",\"total\":1200,\"shown\":1,\"truncated\":false,\"rows\":["
	     "{\"pid\":1,\"ppid\":0}]}");
	assert_sum(GROUP_COUNT, 0, 1, true);
	take("{\"type\":\"processes\",\"total\":0,\"shown\":0,\"truncated\":true,\"rows\":[]}");
	assert_sum(GROUP_COUNT, 0, 0, true);
	take("{\"type\":\"processes\",\"total\":0,\"shown\":0,\"truncated\":false,\"rows\":[]"
	     "}");
	assert_sum(GROUP_COUNT, 0, 0, false);
}
END_TEST

static void open_gate(const char *text)
{
	ck_assert_int_eq(gate_open(&gate, &text, 1), 0);
}

static void take_row(const char *text)
{
	struct message row;

	ck_assert_int_eq(message_parse(&row, text, strlen(text)), 0);
	gate_take(&gate, &row);
	message_free(&row);
}

static const char *describe(void)
{
	buf_clear(&said);
	gate_describe(&gate, 0, &said);
	buf_add(&said, "", 1);
	return said.data;
}

START_TEST(a_gate_asks_for_each_group_once)
{
	open_gate("count(a|b) > 1 and footprint(a|b) > 1 and rss(c) > 1");
	ck_assert_uint_eq(gate.group_count, 2);
	ck_assert_str_eq(gate.groups[0], "a|b");
	ck_assert_str_eq(gate.groups[1], "c");
	ck_assert(!gate.rates);
	ck_assert_uint_eq(gate.name_count, 0);
	ck_assert_uint_eq(gate_metrics(&gate).count, 1);
}
END_TEST

START_TEST(a_gate_judges_a_row_and_a_list_together_whichever_comes_last)
{
	open_gate("footprint(a) > 60 MiB and load_1m >= 1");
	take_row("{\"type\":\"sample\",\"seq\":1,\"mono_ms\":1000,\"v\":{\"load_1m\":2}}");
	ck_assert_int_eq(gate.truths[0], TRUTH_UNKNOWN);
	ck_assert_str_eq(describe(), "footprint(a) is unknown");
	take(three);
	gate_take_group(&gate, 0, &list);
	ck_assert_int_eq(gate.truths[0], TRUTH_TRUE);
	ck_assert_str_eq(describe(), "footprint(a) is 70.0 MiB");
	take_row("{\"type\":\"sample\",\"seq\":2,\"mono_ms\":2000,\"v\":{\"load_1m\":0}}");
	ck_assert_int_eq(gate.truths[0], TRUTH_FALSE);
	ck_assert_str_eq(describe(), "load_1m is 0");
}
END_TEST

START_TEST(what_is_known_in_part_is_said_so)
{
	open_gate("cpu(a) > 100");
	ck_assert(gate.rates);
	take(three);
	gate_take_group(&gate, 0, &list);
	take_row("{\"type\":\"sample\",\"seq\":1,\"mono_ms\":1000,\"v\":{}}");
	ck_assert_int_eq(gate.truths[0], TRUTH_UNKNOWN);
	ck_assert_str_eq(describe(), "cpu(a) is at least 75");
}
END_TEST

RUN_TESTS("client muster", setup, teardown, a_group_is_the_sum_of_its_processes,
	what_is_not_known_of_one_makes_it_one_of_at_least,
	this_process_and_those_above_it_are_not_of_the_group,
	pids_that_stand_above_each_other_are_no_end,
	a_list_that_is_cut_makes_it_one_of_at_least, a_gate_asks_for_each_group_once,
	a_gate_judges_a_row_and_a_list_together_whichever_comes_last,
	what_is_known_in_part_is_said_so)
