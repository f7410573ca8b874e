/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <math.h>

#include "daemon/roster_line.h"
#include "proto/alloc.h"
#include "tests/unit/fake_processes.h"

/* Who is chosen, in which order, and what of them is told to whom. */

#define OTHER 4242 /* a uid that is not that of who runs the tests */

static struct fake_processes fake;
static struct crowd crowd;
static struct roster_query query;
static struct roster roster;
static struct rails rails;
static struct share share;
static struct buf out;
static char command[PROCESS_COMMAND_MAX];
static unsigned walks;

static void setup(void)
{
	fake_init(&fake);
	walks = 2;
	crowd = (struct crowd){ .walked = false };
	query = (struct roster_query){ .sort = SORT_PID,
		.limit = 10,
		.pid = ROSTER_ANY_PID,
		.user = PROCESS_UNKNOWN_UID,
		.viewer = geteuid() };
	roster = (struct roster){ 0 };
	rails = (struct rails){ 8, NAN, NAN, NAN };
	buf_init(&out, 1 << 20);
}

static void teardown(void)
{
	roster_fini(&roster);
	roster_query_fini(&query);
	crowd_forget(&crowd);
	buf_fini(&out);
}

static const char *get_command(void *arg, const struct process *p)
{
	return fake_command(arg, p, command) == 0 ? command : NULL;
}

static void choose(void)
{
	const struct roster_commands commands = { &fake, get_command };

	for (unsigned i = 1; i <= walks; i++) {
		fake.now_ms = 1000 * i;
		crowd_begin(&crowd);
		fake_walk(&fake, PROCESS_WANT_ALL, &crowd.table);
		crowd_settle(&crowd, fake.now_ms * 1000000);
	}
	share_init(&share, &crowd, &rails, false);
	roster_choose(&roster, &crowd, &share, &query, &commands);
}

/* The pids that were chosen, in order, as text. */
static const char *chosen(void)
{
	static char text[256];
	size_t used = 0;

	choose();
	text[0] = '\0';
	for (unsigned i = 0; i < roster.count; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%d", i ? " " : "",
			(int)roster.picks[i].pid);
	return text;
}

static void match(const char *pattern)
{
	char why[MATCHER_WHY_MAX];

	query.matcher = matcher_new(pattern, why);
	query.match = xstrdup(pattern);
	ck_assert_ptr_nonnull(query.matcher);
}

START_TEST(everybody_by_pid)
{
	ck_assert_str_eq(chosen(), "1 10 20 21 30");
	ck_assert_uint_eq(roster.total, 5);
	ck_assert_uint_eq(roster.restricted, 1);
}
END_TEST

START_TEST(by_cpu_and_watts_and_memory_what_is_unknown_comes_last)
{
	query.sort = SORT_CPU;
	ck_assert_str_eq(chosen(), "20 21 1 10 30");
	roster_fini(&roster);
	query.sort = SORT_WATTS;
	ck_assert_str_eq(chosen(), "20 21 1 10 30");
	roster_fini(&roster);
	query.sort = SORT_MEM;
	ck_assert_str_eq(chosen(), "20 21 10 1 30");
	roster_fini(&roster);
	query.sort = SORT_GPU;
	ck_assert_str_eq(chosen(), "20 1 10 21 30");
}
END_TEST

START_TEST(what_is_unknown_comes_behind_what_is_nothing)
{
	walks = 1;
	fake.rows[0].restricted = true;
	query.sort = SORT_CPU;
	ck_assert_str_eq(chosen(), "20 21 10 1 30");
}
END_TEST

START_TEST(a_limit_keeps_the_first_and_counts_all)
{
	query.sort = SORT_CPU;
	query.limit = 1;
	ck_assert_str_eq(chosen(), "20");
	ck_assert_uint_eq(roster.total, 5);
	ck_assert_uint_eq(roster.restricted, 1);
}
END_TEST

START_TEST(a_limit_keeps_the_first_of_many)
{
	for (unsigned i = 5; i < FAKE_MAX; i++)
		fake.rows[fake.count++] = (struct fake_process){ .pid = (int32_t)(100 + i),
			.name = "many",
			.command = "",
			.cpu_ms = 1 + i * 37 % 64,
			.start = i };
	query.sort = SORT_CPU;
	query.limit = 3;
	ck_assert_str_eq(chosen(), "20 21 119"); /* 19 * 37 = 10 * 64 + 63 */
}
END_TEST

START_TEST(a_tree_has_all_descendants_and_who_works_for_them)
{
	fake.rows[fake.count++] = (struct fake_process){
		.pid = 7, .ppid = 21, .name = "x", .command = "", .start = 9
	}; /* a child with a smaller pid than its parent's */
	fake.rows[fake.count++] = (struct fake_process){ .pid = 40,
		.ppid = 1,
		.responsible = 7,
		.name = "helper",
		.command = "",
		.start = 9 };
	query.pid = 20;
	query.tree = true;
	ck_assert_str_eq(chosen(), "7 20 21 40");
}
END_TEST

START_TEST(processes_that_are_their_own_parents_do_not_loop)
{
	fake_find(&fake, 10)->ppid = 20; /* and 20's is 10 */
	fake_find(&fake, 1)->ppid = 1;
	query.pid = 20;
	query.tree = true;
	ck_assert_str_eq(chosen(), "10 20 21");
}
END_TEST

START_TEST(users_are_told_apart)
{
	fake_find(&fake, 21)->uid = OTHER;
	query.user = OTHER;
	ck_assert_str_eq(chosen(), "21");
}
END_TEST

START_TEST(command_lines_of_others_are_not_searched)
{
	fake_find(&fake, 21)->uid = OTHER;
	query.viewer = OTHER;
	match("/opt/llama");
	ck_assert_str_eq(chosen(), "21");
	ck_assert_uint_eq(fake.commands, 1);
}
END_TEST

START_TEST(root_searches_all_of_them)
{
	fake_find(&fake, 21)->uid = OTHER;
	query.viewer = 0;
	match("/opt/llama");
	ck_assert_str_eq(chosen(), "20 21");
}
END_TEST

/* ---- lines ---- */

static void name_user(void *arg, uint32_t uid, char *name)
{
	(void)arg;
	snprintf(name, ROSTER_USER_MAX, "%s", uid == OTHER ? "other" : "");
}

/* NULL = there are no control groups here. */
static const char *(*get_cgroup)(void *arg, const struct process *p);

static const char *fake_cgroup(void *arg, const struct process *p)
{
	(void)arg;
	return p->pid == 20 ? "/system.slice/llama.service" : NULL;
}

static const char *line(size_t limit)
{
	const struct roster_line said = { 5000, 1000250000, 4, &rails, &share, &query,
		{ &fake, get_command }, { NULL, get_cgroup }, NULL, name_user };

	choose();
	buf_fini(&out);
	buf_init(&out, limit);
	roster_line_write(&said, &roster, &crowd, &out);
	ck_assert(buf_ok(&out));
	buf_add(&out, "", 1);
	return out.data;
}

START_TEST(a_row_says_what_is_known)
{
	fake_find(&fake, 20)->uid = OTHER;
	query.viewer = OTHER;
	query.pid = 20;
	ck_assert_str_eq(line(4096),
		"\"ts_ms\":5000,\"dt_ms\":1000.25,\"cpu_watts\":8,\"gpu_watts\":null,"
		"\"total\":1,\"shown\":1,\"restricted\":0,\"truncated\":false,\"rows\":["
		"{\"pid\":20,\"ppid\":10,\"start_ms\":1700000000003,\"uid\":4242,"
		"\"user\":\"other\",\"name\":\"llama\",\"command\":\"/opt/llama --model x\","
		"\"state\":\"running\",\"threads\":1,\"cpu_pct\":150,\"cpu_machine_pct\":37.5,"
		"\"gpu_pct\":25,\"mem_bytes\":3221225472,\"rss_bytes\":1610612736,"
		"\"disk_read_bytes_per_s\":4096,\"disk_write_bytes_per_s\":8192,\"watts\":6,"
		"\"energy_quality\":\"estimated\",\"cpu_ms\":3000,\"children_cpu_ms\":0,"
		"\"gpu_ms\":500}]}\n");
}
END_TEST

START_TEST(a_row_has_its_control_group_where_there_are_such)
{
	get_cgroup = fake_cgroup;
	ck_assert_ptr_nonnull(strstr(
		line(4096), "\"gpu_ms\":500,\"cgroup\":\"/system.slice/llama.service\"}"));
	ck_assert_ptr_nonnull(strstr(out.data, "\"cgroup\":null}"));
}
END_TEST

START_TEST(command_lines_are_for_their_user_and_for_root)
{
	query.pid = 20;
	query.viewer = OTHER;
	ck_assert_ptr_nonnull(strstr(line(4096), "\"command\":null"));
	roster_fini(&roster);
	query.viewer = 0;
	ck_assert_ptr_nonnull(strstr(line(4096), "\"command\":\"/opt/llama --model x\""));
	roster_fini(&roster);
	fake_find(&fake, 20)->command = NULL; /* not to be read by the daemon itself */
	ck_assert_ptr_nonnull(strstr(line(4096), "\"command\":null"));
}
END_TEST

START_TEST(rows_that_do_not_fit_are_left_out_and_it_says_so)
{
	const char *text = line(1440);

	ck_assert_ptr_nonnull(strstr(text, "\"total\":5,\"shown\":2,"));
	ck_assert_ptr_nonnull(strstr(text, "\"truncated\":true,\"rows\":[{\"pid\":1,"));
	ck_assert_ptr_null(strstr(text, "\"pid\":20"));
	ck_assert_str_eq(text + strlen(text) - 4, "}]}\n");
}
END_TEST

START_TEST(a_walk_that_was_cut_is_said_to_be)
{
	fake.truncated = true;
	ck_assert_ptr_nonnull(
		strstr(line(8192), "\"shown\":5,\"restricted\":1,\"truncated\":true"));
}
END_TEST

RUN_TESTS("roster", setup, teardown, everybody_by_pid,
	by_cpu_and_watts_and_memory_what_is_unknown_comes_last,
	what_is_unknown_comes_behind_what_is_nothing, a_limit_keeps_the_first_and_counts_all,
	a_limit_keeps_the_first_of_many, a_tree_has_all_descendants_and_who_works_for_them,
	processes_that_are_their_own_parents_do_not_loop, users_are_told_apart,
	command_lines_of_others_are_not_searched, root_searches_all_of_them,
	a_row_says_what_is_known, a_row_has_its_control_group_where_there_are_such,
	command_lines_are_for_their_user_and_for_root,
	rows_that_do_not_fit_are_left_out_and_it_says_so, a_walk_that_was_cut_is_said_to_be)
