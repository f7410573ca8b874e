/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/tally.h"

/* What a group used between 10.5 s and 13.5 s, from lists at whole seconds. */

static struct tally tally;
static struct buf out;

static void setup(void)
{
	tally_init(&tally, "ollama|mlx");
	buf_init(&out, 4096);
}

static void teardown(void)
{
	buf_fini(&out);
}

/* A list at second ts of one process, and of another one that is not known. */
static bool take(int ts, const char *dt_ms, const char *row, const char *other)
{
	char text[512];
	struct message m;
	bool last;
	int n = row ? (other ? 2 : 1) : 0;

	snprintf(text, sizeof(text),
		"{\"type\":\"processes\",\"ts_ms\":%d000,\"dt_ms\":%s,\"total\":%d,\"shown\":%"
		"d,"
		"\"truncated\":false,\"rows\":[%s%s%s]}",
		ts, dt_ms, n, n, row ? row : "", other ? "," : "", other ? other : "");
	ck_assert_int_eq(message_parse(&m, text, strlen(text)), 0);
	last = tally_take(&tally, &m);
	message_free(&m);
	return last;
}

static const char *text(void)
{
	buf_clear(&out);
	tally_write(&tally, &out);
	buf_add(&out, "", 1);
	return out.data;
}

static const char busy[] = "{\"pid\":1,\"mem_bytes\":1073741824,\"cpu_pct\":200,\"gpu_pct\":40,"
			   "\"watts\":8,\"energy_quality\":\"estimated\"}";
static const char idle[] = "{\"pid\":1,\"mem_bytes\":2147483648,\"cpu_pct\":0,\"gpu_pct\":0,"
			   "\"watts\":0,\"energy_quality\":\"measured\"}";

START_TEST(only_what_lies_in_the_window_counts)
{
	ck_assert(!take(10, "null", busy, NULL));
	tally.from_ms = 10500;
	ck_assert(!take(11, "1000", busy, NULL));
	ck_assert(!take(12, "1000", idle, NULL));
	ck_assert(!take(13, "1000", busy, NULL));
	tally.to_ms = 13500;
	ck_assert(take(14, "1000", busy, NULL));
	ck_assert_double_eq_tol(tally.seconds, 3, 1e-9);
	ck_assert_double_eq_tol(tally.cpu_s, 2 * (0.5 + 1 + 0.5), 1e-9);
	ck_assert_double_eq_tol(tally.gpu_s, 0.4 * 2, 1e-9);
	ck_assert_double_eq_tol(tally.joules, 8 * 2, 1e-9);
	ck_assert_str_eq(text(),
		"          ollama|mlx: 1 process  memory 2.0 GiB  cpu time 4.00 s  gpu time "
		"0.80 s"
		"  16.0 J (a share of the rails)\n");
}
END_TEST

START_TEST(measured_joules_are_no_share)
{
	tally.from_ms = 10000;
	take(11, "1000",
		"{\"pid\":1,\"mem_bytes\":1024,\"cpu_pct\":100,\"gpu_pct\":null,\"watts\":5,"
		"\"energy_quality\":\"measured\"}",
		NULL);
	ck_assert_str_eq(text(),
		"          ollama|mlx: 1 process  memory 1.0 KiB  cpu time 1.00 s  5.0 J\n");
}
END_TEST

START_TEST(where_one_is_not_known_it_is_said)
{
	tally.from_ms = 10000;
	take(11, "1000", busy, "{\"pid\":2,\"mem_bytes\":null,\"cpu_pct\":null}");
	ck_assert(tally.partial);
	ck_assert_ptr_nonnull(
		strstr(text(), "ollama|mlx: at least 2 processes  memory 1.0 GiB"));
}
END_TEST

START_TEST(a_tree_counts_while_the_child_is_there)
{
	char ours[256], others[256];

	tally_init(&tally, NULL);
	tally.from_ms = 10000;
	tally.root = 7;
	snprintf(ours, sizeof(ours),
		"{\"pid\":7,\"ppid\":%d,\"mem_bytes\":1024,\"cpu_pct\":100,\"gpu_pct\":null,"
		"\"watts\":4,\"energy_quality\":\"estimated\"}",
		(int)getpid());
	snprintf(others, sizeof(others),
		"{\"pid\":8,\"ppid\":7,\"mem_bytes\":4096,"
		"\"cpu_pct\":50,\"gpu_pct\":null,\"watts\":2,"
		"\"energy_quality\":\"estimated\"}");
	ck_assert(!take(10, "1000", NULL, NULL)); /* of a walk before it was there */
	ck_assert(!take(11, "1000", ours, NULL));
	ck_assert(!take(12, "1000", ours, others));
	ck_assert_double_eq_tol(tally.joules, 4 + 6, 1e-9);
	ck_assert_double_eq(tally.most_bytes, 5120);
	ck_assert(take(13, "1000", NULL, NULL)); /* it has ended */
	ck_assert_str_eq(text(),
		"          its processes:  10.0 J (a share of the rails)  seen for 2.0 s\n");
}
END_TEST

START_TEST(a_pid_of_another_machine_is_not_our_child)
{
	tally_init(&tally, NULL);
	tally.from_ms = 10000;
	tally.root = 1;
	ck_assert(take(
		11, "1000", "{\"pid\":1,\"ppid\":0,\"mem_bytes\":1024,\"watts\":4}", NULL));
	ck_assert(!tally.joules_known && isnan(tally.most_bytes));
	ck_assert_str_eq(text(), "");
}
END_TEST

START_TEST(nobody_and_nothing_are_told_apart)
{
	ck_assert_str_eq(text(), "          ollama|mlx: not known\n");
	tally.from_ms = 10000;
	take(11, "1000", NULL, NULL);
	ck_assert_str_eq(text(), "          ollama|mlx: no process\n");
}
END_TEST

START_TEST(as_json_what_is_not_known_is_null)
{
	struct json j;
	struct message m;
	double x;

	tally.from_ms = 10000;
	take(11, "null", busy, NULL);
	json_init(&j, &out);
	json_object_open(&j);
	tally_write_json(&tally, &j);
	json_object_close(&j);
	buf_add(&out, "", 1);
	ck_assert_int_eq(message_parse(&m, out.data, strlen(out.data)), 0);
	ck_assert(node_number(message_at(&m, "peak_memory_bytes"), &x));
	ck_assert_double_eq(x, 1073741824);
	ck_assert(!node_number(message_at(&m, "joules"), &x));
	ck_assert(!node_number(message_at(&m, "cpu_s"), &x));
	ck_assert_ptr_null(node_text(message_at(&m, "energy_quality")));
	message_free(&m);
}
END_TEST

RUN_TESTS("client tally", setup, teardown, only_what_lies_in_the_window_counts,
	measured_joules_are_no_share, where_one_is_not_known_it_is_said,
	a_tree_counts_while_the_child_is_there, a_pid_of_another_machine_is_not_our_child,
	nobody_and_nothing_are_told_apart, as_json_what_is_not_known_is_null)
