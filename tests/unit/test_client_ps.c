/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "client/process_json.h"
#include "client/process_table.h"
#include "client/processes.h"
#include "client/workload.h"
#include "tests/unit/run.h"

#define LINE_MAX_BYTES 8192

static struct processes list;
static struct workload load;
static struct message message;
static struct buf out;
static char line[LINE_MAX_BYTES];

static void test_ps_setup(void)
{
	buf_init(&out, 65536);
}

static void test_ps_teardown(void)
{
	buf_fini(&out);
	processes_fini(&list);
	workload_fini(&load);
	message_free(&message);
}

/* A line with these rows, written with ' for ". */
static void read_line(long long ts_ms, const char *rest)
{
	message_free(&message);
	snprintf(line, sizeof(line), "{'type':'processes','ts_ms':%lld,%s", ts_ms, rest);
	for (char *s = line; *s; s++)
		*s = *s == '\'' ? '"' : *s;
	ck_assert_int_eq(message_parse(&message, line, strlen(line)), 0);
	processes_read(&list, &message);
}

static void check_out(const char *expected)
{
	buf_add(&out, "", 1);
	ck_assert_str_eq(out.data, expected);
	buf_clear(&out);
}

#define TWO \
	"'dt_ms':1000,'cpu_watts':40.1,'gpu_watts':5,'total':312,'shown':2,'restricted':12," \
	"'truncated':false,'rows':[" \
	"{'pid':20,'ppid':10,'start_ms':5,'user':'me','name':'llama','command':'/opt/llama " \
	"-m " \
	"x'," \
	"'threads':9,'cpu_pct':150.25,'gpu_pct':25,'mem_bytes':3221225472," \
	"'disk_read_bytes_per_s':4096,'disk_write_bytes_per_s':0,'watts':12.3," \
	"'energy_quality':'estimated'}," \
	"{'pid':1,'ppid':0,'start_ms':1,'user':'root','name':'init','command':'','threads':1," \
	"'cpu_pct':null,'gpu_pct':null,'mem_bytes':null,'disk_read_bytes_per_s':null," \
	"'disk_write_bytes_per_s':null,'watts':0.004,'energy_quality':'measured'}]}"

START_TEST(what_is_not_known_is_a_dash_and_what_is_estimated_is_marked)
{
	const struct process_style style = { 0 };

	read_line(1000, TWO);
	process_table_write(&out, &list, &style);
	check_out("PID USER  CPU% GPU%  WATTS     MEM  READ/s WRITE/s THR COMMAND\n"
		  " 20 me   150.2 25.0 ~12.30 3.0 GiB 4.0 KiB     0 B   9 /opt/llama -m x\n"
		  "  1 root     -    -   0.00       -       -       -   1 [init]\n");
}
END_TEST

START_TEST(a_user_without_a_name_has_a_number)
{
	const struct process_style style = { 0 };

	read_line(1000,
		"'dt_ms':1,'total':2,'shown':2,'restricted':0,'truncated':false,'rows':["
		"{'pid':7,'uid':501,'user':null,'name':'a','command':'a'},"
		"{'pid':8,'uid':null,'user':null,'name':'b','command':'b'}]}");
	process_table_write(&out, &list, &style);
	check_out("PID USER CPU% GPU% WATTS MEM READ/s WRITE/s THR COMMAND\n"
		  "  7 501     -    -     -   -      -       -   - a\n"
		  "  8 -       -    -     -   -      -       -   - b\n");
	process_table_plain(&out, &list, &style);
	check_out("7 501 - - - - - - - a\n8 - - - - - - - - b\n");
}
END_TEST

START_TEST(the_foot_tells_what_is_shown_of_the_rails)
{
	struct process_style style = { 0 };

	read_line(1000, TWO);
	process_table_foot(&out, &list, &style);
	check_out("shown ~12.3 W of 45.1 W (cpu and gpu rails) - 12 restricted - 2 of 312 "
		  "shown\n");
	style.rows = 1;
	list.gpu_watts = NAN;
	list.restricted = 0;
	list.truncated = true;
	process_table_foot(&out, &list, &style);
	check_out("shown ~12.3 W of 40.1 W (cpu rail) - 1 of 312 shown - there are more than "
		  "actopd lists\n");
	style.width = 20;
	process_table_foot(&out, &list, &style);
	check_out("shown ~12.3 W of 40.\n");
	read_line(1000, "'dt_ms':1000,'total':0,'rows':[]}");
	style.width = 0;
	process_table_foot(&out, &list, &style);
	check_out("power is not measured here - 0 of 0 shown\n");
}
END_TEST

START_TEST(a_narrow_terminal_loses_columns_before_the_command)
{
	struct process_style style = { .width = 60, .rows = 1 };

	read_line(1000, TWO);
	process_table_write(&out, &list, &style);
	check_out("PID USER  CPU% GPU%  WATTS     MEM THR COMMAND\n"
		  " 20 me   150.2 25.0 ~12.30 3.0 GiB   9 /opt/llama -m x\n");
	style.width = 40;
	process_table_write(&out, &list, &style);
	check_out("PID  CPU%  WATTS     MEM COMMAND\n"
		  " 20 150.2 ~12.30 3.0 GiB /opt/llama -m x\n");
	style.width = 32;
	process_table_write(&out, &list, &style);
	check_out("PID  CPU%  WATTS     MEM COMMAND\n"
		  " 20 150.2 ~12.30 3.0 GiB /opt/ll\n");
}
END_TEST

START_TEST(names_cannot_command_the_terminal)
{
	const struct process_style style = { .width = 100 };

	read_line(1000,
		"'dt_ms':null,'rows':[{'pid':7,'user':'a\\u001b]b','name':'n',"
		"'command':'x\\u001b[2J\\n\\u202ey'}]}");
	process_table_write(&out, &list, &style);
	buf_add(&out, "", 1);
	ck_assert_ptr_nonnull(strstr(out.data, "x\\x1b[2J\\x0a\\u{202e}y\n"));
	ck_assert_ptr_nonnull(strstr(out.data, "a\\x1b]b"));
	ck_assert_ptr_null(strchr(out.data, '\033'));
}
END_TEST

#define TREE \
	"'dt_ms':1,'rows':[" \
	"{'pid':30,'ppid':20,'user':'','name':'runner','command':null,'cpu_pct':90,'mem_" \
	"bytes':" \
	"5," \
	"'watts':2,'energy_quality':'estimated'}," \
	"{'pid':40,'ppid':2,'user':'','name':'cc1','command':null,'cpu_pct':50}," \
	"{'pid':20,'ppid':1,'user':'','name':'ollama','command':null,'cpu_pct':1,'mem_bytes':" \
	"7," \
	"'watts':1,'energy_quality':'measured'}," \
	"{'pid':31,'ppid':20,'user':'','name':'other','command':null,'cpu_pct':null}," \
	"{'pid':1,'ppid':0,'user':'','name':'systemd','command':null,'cpu_pct':0}," \
	"{'pid':9,'ppid':8,'user':'','name':'ring','command':null}," \
	"{'pid':8,'ppid':9,'user':'','name':'ring','command':null}]}"

static void check_tree(const char *expected)
{
	processes_make_tree(&list);
	for (size_t i = 0; i < list.count; i++) {
		char text[64];

		snprintf(text, sizeof(text), "%u:%lld ", list.items[i].depth,
			(long long)list.items[i].pid);
		buf_puts(&out, text);
	}
	check_out(expected);
}

START_TEST(a_tree_has_children_below_their_parents)
{
	read_line(1000, TREE);
	check_tree("0:40 0:1 1:20 2:30 2:31 0:9 1:8 ");
}
END_TEST

START_TEST(a_tree_of_the_first_has_them_and_those_above_them)
{
	read_line(1000, TREE);
	processes_keep_branches(&list, 1, 0);
	check_tree("0:1 1:20 2:30 ");
	read_line(1000, TREE);
	processes_keep_branches(&list, 3, 0);
	check_tree("0:40 0:1 1:20 2:30 ");
	read_line(1000, TREE);
	processes_keep_branches(&list, 100, 0);
	check_tree("0:40 0:1 1:20 2:30 2:31 0:9 1:8 ");
}
END_TEST

START_TEST(a_tree_that_has_little_room_has_the_first_that_fit)
{
	read_line(1000, TREE);
	processes_keep_branches(&list, 100, 4);
	check_tree("0:40 0:1 1:20 2:30 ");
	read_line(1000, TREE);
	processes_keep_branches(&list, 100, 2);
	check_tree("0:1 1:20 2:30 ");
}
END_TEST

/* A browser and its helpers, which launchd has started. */
START_TEST(a_tree_without_the_parent_goes_by_who_is_responsible)
{
	read_line(1000,
		"'dt_ms':1,'rows':[{'pid':8,'ppid':1,'responsible_pid':7},"
		"{'pid':7,'ppid':1},{'pid':9,'ppid':8,'responsible_pid':7}]}");
	check_tree("0:7 1:8 2:9 ");
	read_line(1000,
		"'dt_ms':1,'rows':[{'pid':8,'ppid':3,'responsible_pid':7},"
		"{'pid':7,'ppid':3,'responsible_pid':8}]}");
	check_tree("0:8 1:7 ");
}
END_TEST

START_TEST(a_group_is_an_application_with_its_helpers)
{
	const struct process_style style = { .rows = 3, .groups = true };

	read_line(1000, TREE);
	processes_make_groups(&list, SORT_CPU);
	process_table_write(&out, &list, &style);
	check_out("PROCS USER CPU% GPU% WATTS  MEM READ/s WRITE/s THR COMMAND\n"
		  "    3 -    91.0    - ~3.00 12 B      -       -   - ollama\n"
		  "    1 -    50.0    -     -    -      -       -   - cc1\n"
		  "    1 -     0.0    -     -    -      -       -   - systemd\n");
	read_line(1000,
		"'dt_ms':1,'rows':[{'pid':5,'ppid':1,'responsible_pid':9,'user':'','name':'x',"
		"'mem_bytes':1},{'pid':9,'ppid':1,'user':'','name':'App','mem_bytes':1},"
		"{'pid':3,'ppid':1,'user':'','name':'big','mem_bytes':3}]}");
	processes_make_groups(&list, SORT_MEM);
	ck_assert_uint_eq(list.count, 2);
	ck_assert_str_eq(list.items[0].name, "big");
	ck_assert_str_eq(list.items[1].name, "App");
	ck_assert_int_eq(list.items[1].pid, 5);
}
END_TEST

START_TEST(groups_are_json_and_rows_are_csv)
{
	read_line(1000, TREE);
	processes_make_groups(&list, SORT_CPU);
	list.count = 1;
	process_json_groups(&out, &list, 7);
	check_out("{\"type\":\"groups\",\"ts_ms\":1000,\"dt_ms\":1,\"cpu_watts\":null,"
		  "\"gpu_watts\":null,\"total\":7,\"shown\":7,\"restricted\":0,"
		  "\"truncated\":false,\"groups\":[{\"name\":\"ollama\",\"processes\":3,"
		  "\"pid\":20,\"threads\":null,\"cpu_pct\":91,\"gpu_pct\":null,"
		  "\"mem_bytes\":12,\"disk_read_bytes_per_s\":null,"
		  "\"disk_write_bytes_per_s\":null,\"watts\":3,"
		  "\"energy_quality\":\"estimated\"}]}");
	read_line(1000, "'rows':[{'pid':3,'name':'a,b','command':null,'cpu_pct':1.25}]}");
	process_csv_rows(&out, &message);
	check_out("1000,3,,,,,\"a,b\",,,,1.25,,,,,,,,,,,,,\n");
}
END_TEST

/* pid, ppid, start_ms, cpu_ms, children_cpu_ms */
#define ROW "{'pid':%d,'ppid':%d,'start_ms':%d,'cpu_ms':%d,'children_cpu_ms':%d}"

static void take(long long ts_ms, const char *rows)
{
	char rest[2048];

	snprintf(rest, sizeof(rest), "'dt_ms':1,'rows':[%s]}", rows);
	read_line(ts_ms, rest);
	workload_take(&load, &list);
}

static const char *row(int pid, int ppid, int start_ms, int cpu_ms, int children_ms)
{
	static char text[4][200];
	static unsigned next;

	next = (next + 1) % 4;
	snprintf(text[next], sizeof(text[next]), ROW, pid, ppid, start_ms, cpu_ms, children_ms);
	return text[next];
}

START_TEST(a_workload_counts_what_began_and_ended_between_two_looks)
{
	char rows[1024];

	/* 10 has a child 11, which has used 300 ms so far. */
	snprintf(
		rows, sizeof(rows), "%s,%s", row(10, 1, 1, 100, 50), row(11, 10, 9000, 300, 0));
	take(10000, rows);
	ck_assert(isnan(load.step_cpu_ms));
	ck_assert_double_eq(load.cpu_ms, 0);
	/* 11 went on for 200 ms and ended; two others came and went with 400 ms; 12 is new. */
	snprintf(rows, sizeof(rows), "%s,%s", row(10, 1, 1, 150, 50 + 500 + 400),
		row(12, 10, 10900, 80, 0));
	take(11000, rows);
	ck_assert_double_eq(load.step_gone_ms, 200 + 400);
	ck_assert_double_eq(load.step_cpu_ms, 50 + 600 + 80);
	ck_assert_double_eq(load.step_ms, 1000);
	/* An old one that comes from elsewhere brings nothing along. */
	snprintf(rows, sizeof(rows), "%s,%s,%s", row(10, 1, 1, 160, 950),
		row(12, 10, 10900, 80, 0), row(5, 10, 2, 9999, 9999));
	take(12000, rows);
	ck_assert_double_eq(load.step_cpu_ms, 10);
	ck_assert_double_eq(load.cpu_ms, 740);
}
END_TEST

START_TEST(what_a_child_left_goes_to_its_nearest_living_ancestor)
{
	char rows[1024];

	snprintf(rows, sizeof(rows), "%s,%s,%s", row(10, 1, 1, 0, 0), row(11, 10, 2, 100, 0),
		row(12, 11, 3, 400, 0));
	take(10000, rows);
	/* 12 ended, then 11, each waited for: nothing was used meanwhile. */
	take(11000, row(10, 1, 1, 0, 500));
	ck_assert_double_eq(load.step_cpu_ms, 0);
	/* A number that is used again is another process. */
	take(12000, row(10, 1, 11500, 70, 0));
	ck_assert_double_eq(load.step_cpu_ms, 70);
}
END_TEST

START_TEST(a_workload_is_told_in_one_line)
{
	char rows[1024];

	snprintf(rows, sizeof(rows), "%s", row(10, 1, 1, 0, 0));
	take(10000, rows);
	process_table_workload(&out, &list, &load);
	check_out("workload: 1 process\n");
	take(12000, row(10, 1, 1, 500, 1500));
	list.items[0].mem_bytes = 3 << 20;
	process_table_workload(&out, &list, &load);
	check_out("workload: 1 process, CPU 100.0 % (75.0 % by processes that have ended), "
		  "2 s so far, 3.0 MiB\n");
}
END_TEST

RUN_TESTS("client_ps", test_ps_setup, test_ps_teardown,
	what_is_not_known_is_a_dash_and_what_is_estimated_is_marked,
	a_user_without_a_name_has_a_number, the_foot_tells_what_is_shown_of_the_rails,
	a_narrow_terminal_loses_columns_before_the_command, names_cannot_command_the_terminal,
	a_tree_has_children_below_their_parents,
	a_tree_of_the_first_has_them_and_those_above_them,
	a_tree_that_has_little_room_has_the_first_that_fit,
	a_tree_without_the_parent_goes_by_who_is_responsible,
	a_group_is_an_application_with_its_helpers, groups_are_json_and_rows_are_csv,
	a_workload_counts_what_began_and_ended_between_two_looks,
	what_a_child_left_goes_to_its_nearest_living_ancestor, a_workload_is_told_in_one_line)
