/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "daemon/crowd.h"
#include "daemon/rails.h"
#include "daemon/share.h"
#include "tests/apple/scene.h"
#include "tests/apple/world.h"
#include "tests/unit/run.h"

/* The processes of a Mac, over worlds: the reference, sections 10 and 11. */

#define M4 "tests/fixtures/apple/m4.json"

static void *walker;
static struct crowd crowd;
static char command[PROCESS_COMMAND_MAX];

static void load_text(const char *text)
{
	char error[256] = "";

	ck_assert_msg(world_load_text(text, error, sizeof(error)) == 0, "%s", error);
}

static void load_m4(void)
{
	char error[256] = "";

	ck_assert_msg(world_load(M4, error, sizeof(error)) == 0, "%s", error);
}

static void open_walker(void)
{
	const struct source_options options = { "" };
	struct fault why = { 0 };

	ck_assert_msg(platform_processes.open(&walker, &options, &why) == 0, "%s", why.text);
}

static void start_m4(void)
{
	load_m4();
	open_walker();
}

static void setup(void)
{
	crowd = (struct crowd){ .walked = false };
	walker = NULL;
}

static void teardown(void)
{
	if (walker)
		platform_processes.close(walker);
	ck_assert_int_eq(world_held(), 0);
	crowd_forget(&crowd);
	world_unload();
}

static int walk(unsigned want)
{
	struct instant now;
	int rc;

	platform_now(&now);
	crowd_begin(&crowd);
	rc = platform_processes.walk(walker, want, &crowd.table);
	crowd_settle(&crowd, now.awake_ns);
	return rc;
}

static struct process *row(int32_t pid)
{
	uint32_t i = crowd_find(&crowd, pid);

	return i == CROWD_NOBODY ? NULL : &crowd.table.rows[i];
}

static void detail_all(void)
{
	struct instant now;

	platform_now(&now);
	for (uint32_t i = 0; i < crowd.table.count; i++) {
		platform_processes.detail(walker, PROCESS_WANT_ALL, &crowd.table.rows[i]);
		crowd_note_detail(&crowd, i, now.awake_ns);
	}
}

static double cpu_rate(int32_t pid)
{
	return crowd_cpu_rate(&crowd, crowd_find(&crowd, pid));
}

static unsigned long calls(const char *function)
{
	unsigned long count = 0;
	const char *name;

	for (unsigned i = 0; (name = world_call_name(i, &count)) != NULL; i++)
		if (strcmp(name, function) == 0)
			return count;
	return 0;
}

/* ---- the table of the M4 ---- */

struct expected {
	int32_t pid, ppid, responsible;
	uint32_t uid;
	int64_t start_ms;
	const char *name, *command;
	enum process_state state;
	uint32_t threads;
	uint64_t rss, footprint;
	double cpu_pct, gpu_pct, read_rate, write_rate, watts;
	enum share_quality quality;
};

/*
 * Of 10 busy cores and 16 W: measured processes use 0.2 + 0.5 + 2.5 + 0.1 + 0.3 = 3.6 cores and
 * 0.15 + 0.6 + 2.9 + 0.1 + 0.25 = 4 W.  12 W are left for 6.4 cores: 1.875 W a core.  The GPU
 * is busy for 0.05 of the time, all of it for two processes, on 0.02 W: 0.4 W for all of it.
 */
static const struct expected table[] = {
	/* 0.2 x 1.875 */
	{ 0, 0, 0, 0, 1763900000000, "kernel_task", "", PROCESS_RUNNING, 620, 20000000,
		15000000, 20, 0, 0, 0, 0.375, SHARE_ESTIMATED },
	{ 1, 0, 0, 0, 1763900001500, "launchd", "/sbin/launchd", PROCESS_SLEEPING, 4, 12000000,
		9000000, 0, 0, 0, 0, 0, SHARE_ESTIMATED },
	/* 0.15 + 0.03 x 0.4 */
	{ 410, 1, 0, 88, 1763900012125, "WindowServer",
		"/System/Library/PrivateFrameworks/SkyLight.framework/Resources/WindowServer",
		PROCESS_RUNNING, 22, 400000000, 900000000, 20, 3, 0, 0, 0.162,
		SHARE_ESTIMATED },
	{ 612, 1, 0, 501, 1763990000250, "ollama", "ollama serve", PROCESS_RUNNING, 14,
		130000000, 314572800, 50, 0, 2097152, 1024, 0.6, SHARE_MEASURED },
	/* 2.9 + 0.02 x 0.4; 1.2 + 0.3 + 0.5 = 2 % in three queues of two clients */
	{ 613, 612, 0, 501, 1763990060750, "ollama",
		"/opt/homebrew/bin/ollama runner --model /Users/Shared/a model",
		PROCESS_RUNNING, 11, 570000000, 3543348019, 250, 2, 0, 0, 2.908,
		SHARE_ESTIMATED },
	/* its energy is 0, which is no measurement: 1 x 1.875 */
	{ 700, 1, 0, 501, 1763999990000, "yes", "/usr/bin/yes", PROCESS_RUNNING, 1, 1100000,
		950000, 100, 0, 0, 0, 1.875, SHARE_ESTIMATED },
	{ 720, 1, 0, 501, 1763991000000, "Safari",
		"/Applications/Safari.app/Contents/MacOS/Safari", PROCESS_RUNNING, 9, 250000000,
		200000000, 10, 0, 0, 0, 0.1, SHARE_MEASURED },
	{ 721, 1, 720, 501, 1763991002000, "com.apple.WebKit.WebContent",
		"/System/Library/Frameworks/WebKit.framework/com.apple.WebKit.WebContent",
		PROCESS_RUNNING, 7, 700000000, 600000000, 30, 0, 0, 0, 0.25, SHARE_MEASURED },
};
#define TABLE_ROWS (sizeof(table) / sizeof(*table))

static void check_near(double value, double wanted, const struct expected *e, const char *what)
{
	ck_assert_msg(fabs(value - wanted) <= 1e-6 + fabs(wanted) * 1e-6,
		"%s of %d is %.9g, not %.9g", what, (int)e->pid, value, wanted);
}

static void check_identity(const struct expected *e, const struct process *p)
{
	ck_assert_int_eq(p->pid, e->pid);
	ck_assert_int_eq(p->ppid, e->ppid);
	ck_assert_int_eq(p->responsible, e->responsible);
	ck_assert_uint_eq(p->uid, e->uid);
	ck_assert_int_eq(p->start_ms, e->start_ms);
	ck_assert_str_eq(p->name, e->name);
	ck_assert_int_eq(platform_processes.command(walker, p, command), 0);
	ck_assert_str_eq(command, e->command);
	ck_assert_int_eq(p->state, e->state);
	ck_assert(!p->restricted);
}

static void check_use(const struct expected *e, uint32_t i, const struct share *share)
{
	const struct process *p = &crowd.table.rows[i];
	enum share_quality quality;

	ck_assert_uint_eq(p->threads, e->threads);
	ck_assert_uint_eq(p->rss_bytes, e->rss);
	ck_assert_uint_eq(p->footprint_bytes, e->footprint);
	check_near(100 * crowd_cpu_rate(&crowd, i), e->cpu_pct, e, "CPU %");
	check_near(100 * crowd_gpu_rate(&crowd, i), e->gpu_pct, e, "GPU %");
	check_near(crowd_read_rate(&crowd, i), e->read_rate, e, "reads");
	check_near(crowd_write_rate(&crowd, i), e->write_rate, e, "writes");
	check_near(share_watts(share, &crowd, i, &quality), e->watts, e, "power");
	ck_assert_int_eq(quality, e->quality);
}

static void read_rails(const struct scene *scene, struct rails *rails)
{
	*rails = (struct rails){ scene_get(scene, "cpu_watts"), scene_get(scene, "gpu_watts"),
		10 * scene_get(scene, "cpu_util_pct") / 100,
		scene_get(scene, "gpu_util_pct") / 100 };
}

static void check_table(unsigned want)
{
	struct scene scene;
	struct rails rails;
	struct share share;

	start_m4();
	scene_open(&scene);
	scene_read(&scene);
	walk(want);
	detail_all();
	scene_run(&scene, 3);
	walk(want);
	detail_all();
	read_rails(&scene, &rails);
	share_init(&share, &crowd, &rails, false);
	ck_assert_uint_eq(crowd.table.count, TABLE_ROWS);
	for (uint32_t i = 0; i < TABLE_ROWS; i++) {
		check_identity(&table[i], &crowd.table.rows[i]);
		check_use(&table[i], i, &share);
	}
	scene_close(&scene);
}

START_TEST(the_table_of_the_m4_is_what_was_worked_out_by_hand)
{
	check_table(0);
	ck_assert_uint_eq(row(612)->children_ns, 60000000000);
}
END_TEST

START_TEST(it_is_the_same_where_the_walk_reads_it_all)
{
	check_table(PROCESS_WANT_ALL);
}
END_TEST

START_TEST(nothing_has_a_rate_before_the_second_walk)
{
	enum share_quality quality;
	struct rails rails = { 16, 0.02, 10, 0.05 };
	struct share share;

	start_m4();
	ck_assert_int_eq(walk(PROCESS_WANT_ALL), 0);
	share_init(&share, &crowd, &rails, true);
	for (uint32_t i = 0; i < crowd.table.count; i++) {
		ck_assert(isnan(crowd_cpu_rate(&crowd, i)));
		ck_assert(isnan(crowd_gpu_rate(&crowd, i)));
		ck_assert(isnan(crowd_read_rate(&crowd, i)));
		ck_assert(isnan(crowd_measured_watts(&crowd, i)));
		ck_assert(isnan(share_watts(&share, &crowd, i, &quality)));
		ck_assert_int_eq(quality, SHARE_UNKNOWN);
	}
}
END_TEST

/* What the kernel measured and what is shared are never more than the rail together. */
START_TEST(the_sum_over_processes_never_exceeds_the_rails)
{
	const struct rails tight[] = { { 3, 0.02, 10, 0.05 }, { 4.5, 0.01, NAN, NAN },
		{ 16, 0, 0.5, 0.001 } };
	enum share_quality quality;
	struct share share;

	start_m4();
	walk(PROCESS_WANT_ALL);
	world_advance(2);
	walk(PROCESS_WANT_ALL);
	for (unsigned k = 0; k < sizeof(tight) / sizeof(*tight); k++) {
		double sum = 0;

		share_init(&share, &crowd, &tight[k], true);
		for (uint32_t i = 0; i < crowd.table.count; i++)
			sum += share_watts(&share, &crowd, i, &quality);
		ck_assert_double_le(sum, tight[k].cpu_watts + tight[k].gpu_watts + 1e-9);
		ck_assert_double_gt(sum, 0);
	}
}
END_TEST

/* ---- clocks ---- */

START_TEST(times_are_ticks_of_whatever_timebase_there_is)
{
	static const char *const bases[] = { "[125, 3]", "[1, 1]", "[7, 2]" };

	for (unsigned i = 0; i < 3; i++) {
		load_m4();
		world_set("timebase", bases[i]);
		open_walker();
		walk(0);
		world_advance(2);
		walk(0);
		ck_assert_double_eq_tol(cpu_rate(613), 2.5, 1e-6);
		ck_assert_double_eq_tol((double)row(613)->cpu_ns / 1e9, 7105, 1e-6);
		platform_processes.close(walker);
		walker = NULL;
		crowd_forget(&crowd);
	}
}
END_TEST

START_TEST(time_asleep_is_no_time)
{
	load_text(
		"{\"euid\": 0, \"script\": [{\"at_s\": 1, \"sleep_s\": 600}], \"processes\": ["
		"{\"pid\": 7, \"user_ns\": {\"value\": 0, \"per_s\": 5e8}}]}");
	open_walker();
	walk(0);
	world_advance(3);
	walk(0);
	ck_assert_double_eq_tol(cpu_rate(7), 0.5, 1e-6);
}
END_TEST

/* ---- what may not be read ---- */

START_TEST(processes_of_others_are_there_and_restricted)
{
	unsigned restricted = 0;

	load_m4();
	world_set("euid", "501");
	open_walker();
	walk(PROCESS_WANT_ALL);
	world_advance(2);
	walk(PROCESS_WANT_ALL);
	detail_all();
	ck_assert_uint_eq(crowd.table.count, TABLE_ROWS);
	for (uint32_t i = 0; i < TABLE_ROWS; i++) {
		const struct process *p = &crowd.table.rows[i];

		ck_assert_str_eq(
			p->name, i == 7 ? "com.apple.WebKit.WebContent" : table[i].name);
		ck_assert_uint_eq(p->uid, table[i].uid);
		ck_assert_int_eq(p->ppid, table[i].ppid);
		ck_assert(p->restricted == (table[i].uid != 501));
		ck_assert(isnan(crowd_cpu_rate(&crowd, i)) == p->restricted);
		ck_assert_int_eq(platform_processes.command(walker, p, command),
			p->restricted ? -EACCES : 0);
		restricted += p->restricted;
	}
	ck_assert_uint_eq(restricted, 3);
}
END_TEST

START_TEST(what_is_said_of_others_is_told)
{
	load_m4();
	world_set("euid", "501");
	world_set("processes/2/name", "\"a_name_of_22_ch\"");
	open_walker();
	walk(PROCESS_WANT_ALL);
	ck_assert_str_eq(row(410)->name, "a_name_of_22_ch");
	ck_assert_int_eq(row(410)->state, PROCESS_STATE_UNKNOWN);
	ck_assert_uint_eq(row(410)->start_ms, 0);
	ck_assert_uint_eq(row(410)->threads, PROCESS_UNKNOWN_THREADS);
	ck_assert_uint_eq(row(410)->cpu_ns, PROCESS_UNKNOWN);
	ck_assert_uint_eq(row(410)->footprint_bytes, PROCESS_UNKNOWN);
	ck_assert_uint_eq(row(410)->energy_nj, PROCESS_UNKNOWN);
	/* the registry tells everybody */
	ck_assert_uint_eq(row(410)->gpu_ns, 50000000000);
}
END_TEST

START_TEST(a_name_that_is_cut_is_read_whole_where_it_is_shown_or_searched)
{
	load_m4();
	world_set("euid", "501");
	world_set("processes/2/name", "\"com.apple.WindowServer\"");
	world_set("processes/2/path", "\"/System/com.apple.WindowServer\"");
	open_walker();
	world_reset_calls();
	walk(0);
	ck_assert_str_eq(row(410)->name, "com.apple.Windo");
	ck_assert_uint_eq(calls("proc_pidpath"), 0);
	detail_all();
	ck_assert_str_eq(row(410)->name, "com.apple.WindowServer");
	ck_assert_uint_eq(calls("proc_pidpath"), 1);
	walk(PROCESS_WANT_NAME);
	ck_assert_str_eq(row(410)->name, "com.apple.WindowServer");
	world_set("processes/2/path", "\"/System/another\"");
	walk(PROCESS_WANT_NAME);
	ck_assert_str_eq(row(410)->name, "com.apple.Windo");
}
END_TEST

/* ---- states ---- */

START_TEST(states_are_those_of_the_threads)
{
	load_m4();
	world_set("processes/3/running", "0");
	world_set("processes/4/status", "4");
	world_set("processes/5/status", "1");
	world_set("processes/6/running", "2");
	open_walker();
	walk(0);
	ck_assert_int_eq(row(612)->state, PROCESS_SLEEPING);
	ck_assert_int_eq(row(613)->state, PROCESS_STOPPED);
	ck_assert_int_eq(row(700)->state, PROCESS_IDLE);
	ck_assert_int_eq(row(720)->state, PROCESS_RUNNING);
}
END_TEST

START_TEST(a_zombie_keeps_its_times_and_has_no_command_line)
{
	start_m4();
	walk(0);
	world_set("processes/5/status", "5");
	world_set("processes/5/user_ns", "10e9");
	world_advance(1);
	walk(0);
	ck_assert_int_eq(row(700)->state, PROCESS_ZOMBIE);
	ck_assert_str_eq(row(700)->name, "yes");
	ck_assert_uint_eq(row(700)->start_ms, 1763999990000);
	ck_assert_uint_eq(row(700)->cpu_ns / 100000000, 111);
	ck_assert_uint_eq(row(700)->threads, PROCESS_UNKNOWN_THREADS);
	ck_assert_int_eq(platform_processes.command(walker, row(700), command), 0);
	ck_assert_str_eq(command, "");
}
END_TEST

/* ---- kernels ---- */

static void check_version(const char *version, bool has_usage)
{
	load_m4();
	world_set("rusage_version", version);
	open_walker();
	walk(PROCESS_WANT_ALL);
	world_advance(1);
	walk(PROCESS_WANT_ALL);
	ck_assert_double_eq_tol(cpu_rate(613), 2.5, 1e-6);
	ck_assert_uint_eq(row(613)->footprint_bytes, has_usage ? 3543348019 : PROCESS_UNKNOWN);
	ck_assert_uint_eq(row(613)->energy_nj, PROCESS_UNKNOWN);
	platform_processes.close(walker);
	walker = NULL;
	crowd_forget(&crowd);
}

START_TEST(older_kernels_measure_no_energy)
{
	check_version("5", true);
	check_version("4", true);
	check_version("3", false);
}
END_TEST

START_TEST(an_older_kernel_is_asked_for_what_it_has)
{
	load_m4();
	world_set("rusage_version", "5");
	open_walker();
	world_reset_calls();
	walk(PROCESS_WANT_MEMORY);
	ck_assert_uint_eq(calls("proc_pid_rusage"), TABLE_ROWS + 1);
}
END_TEST

START_TEST(where_no_energy_is_measured_the_walk_does_not_ask_for_it)
{
	char path[64];

	load_m4();
	for (unsigned i = 0; i < TABLE_ROWS; i++) {
		snprintf(path, sizeof(path), "processes/%u/energy_nj", i);
		world_set(path, NULL);
	}
	open_walker();
	walk(0);
	world_reset_calls();
	world_advance(1);
	walk(0);
	ck_assert_uint_eq(calls("proc_pid_rusage"), 0);
	ck_assert_uint_eq(row(613)->footprint_bytes, PROCESS_UNKNOWN);
	ck_assert_int_eq(platform_processes.detail(walker, PROCESS_WANT_MEMORY, row(613)), 0);
	ck_assert_uint_eq(row(613)->footprint_bytes, 3543348019);
	ck_assert_uint_eq(row(613)->children_ns, 0);
	ck_assert_double_eq_tol(cpu_rate(613), 2.5, 1e-6);
	/* but for a zombie, whose time is nowhere else */
	world_set("processes/5/status", "5");
	walk(0);
	ck_assert_uint_eq(calls("proc_pid_rusage"), 2);
	ck_assert_uint_ne(row(700)->cpu_ns, PROCESS_UNKNOWN);
}
END_TEST

/* ---- the GPU ---- */

START_TEST(the_gpu_time_of_a_process_is_that_of_all_its_clients)
{
	start_m4();
	walk(PROCESS_WANT_GPU);
	ck_assert_uint_eq(row(613)->gpu_ns, 3000000000);
	ck_assert_uint_eq(row(410)->gpu_ns, 50000000000);
	ck_assert_uint_eq(row(700)->gpu_ns, 0);
	world_reset_calls();
	world_advance(1);
	walk(0);
	ck_assert_uint_eq(calls("IOIteratorNext"), 0);
	ck_assert_uint_eq(row(613)->gpu_ns, PROCESS_UNKNOWN);
	detail_all();
	ck_assert_uint_eq(calls("IORegistryEntryGetChildIterator"), 1);
	ck_assert_uint_eq(row(613)->gpu_ns, 3020000000);
}
END_TEST

START_TEST(a_client_that_closes_takes_its_time_with_it)
{
	start_m4();
	walk(PROCESS_WANT_GPU);
	world_advance(1);
	world_set("registry/AGXAccelerator/clients/1", NULL);
	walk(PROCESS_WANT_GPU);
	ck_assert(isnan(crowd_gpu_rate(&crowd, crowd_find(&crowd, 613))));
	world_advance(1);
	walk(PROCESS_WANT_GPU);
	ck_assert_double_eq_tol(crowd_gpu_rate(&crowd, crowd_find(&crowd, 613)), 0.005, 1e-9);
}
END_TEST

START_TEST(a_client_that_does_not_tell_makes_the_sum_unknown)
{
	load_m4();
	world_set("registry/AGXAccelerator/clients/2/gpu_ns", NULL);
	open_walker();
	walk(PROCESS_WANT_GPU);
	ck_assert_uint_eq(row(613)->gpu_ns, PROCESS_UNKNOWN);
	ck_assert_uint_eq(row(410)->gpu_ns, 50000000000);
	world_set("registry/AGXAccelerator/clients/2/creator", "\"WindowServer\"");
	walk(PROCESS_WANT_GPU);
	ck_assert_uint_eq(row(410)->gpu_ns, PROCESS_UNKNOWN);
}
END_TEST

START_TEST(a_machine_without_an_accelerator_knows_no_gpu_time)
{
	load_m4();
	world_set("registry/AGXAccelerator", NULL);
	open_walker();
	walk(PROCESS_WANT_GPU);
	detail_all();
	ck_assert_uint_eq(row(613)->gpu_ns, PROCESS_UNKNOWN);
}
END_TEST

/* ---- texts ---- */

static const char texts[] =
	"{\"world\": 1, \"euid\": 0, \"processes\": ["
	"{\"pid\": 7, \"name\": \"a\\nb\\u001b[31mc\", \"path\": \"/a\","
	" \"args\": [\"x\\ny\", \"\\u009bq\", \"z\", \"\", \"\"]},"
	"{\"pid\": 8, \"name\": \"0123456789abcdefghijklmnopqrstuvwxyz\"},"
	"{\"pid\": 9, \"name\": \"\xff\xfe\", \"path\": \"/b\", \"args\": []},"
	"{\"pid\": 10, \"name\": \"title\", \"path\": \"/c\", \"args\": [\"one two   \"]}]}";

START_TEST(names_and_command_lines_cannot_command_a_terminal)
{
	load_text(texts);
	open_walker();
	walk(0);
	ck_assert_str_eq(row(7)->name, "a b [31mc");
	ck_assert_int_eq(platform_processes.command(walker, row(7), command), 0);
	ck_assert_str_eq(command, "x y  q z");
	ck_assert_str_eq(row(8)->name, "0123456789abcdefghijklmnopqrstu");
	ck_assert_str_eq(row(9)->name, "\xEF\xBF\xBD\xEF\xBF\xBD");
	ck_assert_int_eq(platform_processes.command(walker, row(9), command), 0);
	ck_assert_str_eq(command, "");
	ck_assert_int_eq(platform_processes.command(walker, row(10), command), 0);
	ck_assert_str_eq(command, "one two");
}
END_TEST

START_TEST(a_long_command_line_is_cut_and_one_that_grows_is_not_shown)
{
	static char world[20000];
	size_t n = (size_t)snprintf(world, sizeof(world),
		"{\"processes\": [{\"pid\": 7, \"name\": \"long\", \"args\": [\"begin");

	memset(world + n, 'x', 9000);
	strcpy(world + n + 9000, "\", \"end\"]}]}");
	load_text(world);
	world_set("euid", "0");
	open_walker();
	walk(0);
	ck_assert_int_eq(platform_processes.command(walker, row(7), command), 0);
	ck_assert_uint_eq(strlen(command), PROCESS_COMMAND_MAX - 1);
	ck_assert_int_eq(strncmp(command, "beginxxx", 8), 0);
	/* the size was asked for, and then it was another program */
	world_fail_nth("sysctl", 2);
	ck_assert_int_eq(platform_processes.command(walker, row(7), command), -EACCES);
}
END_TEST

/* What the doubles know beyond the format is, elsewhere, anything. */
START_TEST(keys_that_others_use_otherwise_are_ignored)
{
	load_text(
		"{\"euid\": \"me\", \"rusage_version\": \"x\", \"processes\": [null, {\"pid\": "
		"7,"
		"\"uid\": 4294967295, \"name\": \"a\", \"path\": null, \"status\": \"running\","
		"\"args\": 3, \"responsible\": \"b\", \"children_ns\": null}]}");
	open_walker();
	walk(PROCESS_WANT_ALL);
	ck_assert_uint_eq(crowd.table.count, 1);
	ck_assert_str_eq(row(7)->name, "a");
	ck_assert_int_eq(row(7)->responsible, 0);
}
END_TEST

/* ---- what comes and goes ---- */

START_TEST(a_process_that_ends_within_the_walk_is_left_out)
{
	start_m4();
	walk(0);
	/* its task is gone, and then so is the rest of it */
	world_set("processes/5", NULL);
	ck_assert_int_eq(platform_processes.detail(walker, PROCESS_WANT_ALL, row(700)), -ESRCH);
	ck_assert_int_eq(platform_processes.command(walker, row(700), command), -ESRCH);
	walk(0);
	ck_assert_ptr_null(row(700));
	ck_assert_uint_eq(crowd.table.count, TABLE_ROWS - 1);
	ck_assert(!crowd.table.truncated);
}
END_TEST

START_TEST(a_pid_that_is_used_again_is_another_process)
{
	struct process before;

	start_m4();
	walk(0);
	before = *row(700);
	world_advance(1);
	world_set("processes/5/start", "1764000000.5");
	world_set("processes/5/user_ns", "1e6");
	ck_assert_int_eq(platform_processes.detail(walker, PROCESS_WANT_ALL, &before), -ESRCH);
	ck_assert_int_eq(platform_processes.command(walker, &before, command), -ESRCH);
	walk(0);
	ck_assert(isnan(cpu_rate(700)));
	ck_assert_int_eq(platform_processes.command(walker, row(700), command), 0);
}
END_TEST

START_TEST(more_processes_than_the_first_buffer_holds_are_listed)
{
	enum { MANY = 2500 };
	static char world[MANY * 64];
	size_t n = (size_t)snprintf(world, sizeof(world), "{\"euid\": 0, \"processes\": [");

	for (unsigned i = 0; i < MANY; i++)
		n += (size_t)snprintf(world + n, sizeof(world) - n,
			"%s{\"pid\": %u, \"name\": \"p\"}", i ? "," : "", i + 1);
	strcpy(world + n, "]}");
	load_text(world);
	open_walker();
	walk(0);
	ck_assert_uint_eq(crowd.table.count, MANY);
	for (unsigned i = 0; i < MANY; i++)
		ck_assert_int_eq(crowd.table.rows[i].pid, (int)i + 1);
}
END_TEST

START_TEST(one_that_stands_among_the_living_and_the_zombies_is_there_once)
{
	load_text("{\"euid\": 0, \"processes\": [{\"pid\": 8, \"name\": \"b\"},"
		  "{\"pid\": 7, \"name\": \"a\"}, {\"pid\": 7, \"name\": \"a\", \"status\": "
		  "5}]}");
	open_walker();
	walk(0);
	ck_assert_uint_eq(crowd.table.count, 2);
	ck_assert_int_eq(row(7)->state, PROCESS_SLEEPING);
}
END_TEST

START_TEST(a_machine_that_lists_nobody_is_a_fault)
{
	const struct source_options options = { "" };
	struct fault why = { 0 };

	load_text("{\"world\": 1}");
	ck_assert_int_eq(platform_processes.open(&walker, &options, &why), -EPERM);
	ck_assert_ptr_nonnull(strstr(why.text, "list"));
	walker = NULL;
}
END_TEST

START_TEST(a_walk_without_a_list_says_that_some_are_missing)
{
	start_m4();
	world_fail_next("proc_listpids");
	ck_assert_int_lt(walk(0), 0);
	ck_assert_uint_eq(crowd.table.count, 0);
	ck_assert(crowd.table.truncated);
	ck_assert_int_eq(walk(0), 0);
	ck_assert_uint_eq(crowd.table.count, TABLE_ROWS);
	ck_assert(!crowd.table.truncated);
}
END_TEST

/* ---- failures ---- */

/* What was read must be what it is, or unknown. */
static void check_counter(uint64_t value, uint64_t good, const char *call, unsigned long n)
{
	ck_assert_msg(value == good || value == PROCESS_UNKNOWN,
		"%s fails (call %lu): %llu, not %llu", call, n, (unsigned long long)value,
		(unsigned long long)good);
}

static void check_rate(double value, double good, const char *call, unsigned long n)
{
	ck_assert_msg(isnan(value) || fabs(value - good) < 1e-6,
		"%s fails (call %lu): a rate of %g, not %g", call, n, value, good);
}

static void check_rows(const char *call, unsigned long n)
{
	for (uint32_t i = 0; i < crowd.table.count; i++) {
		const struct process *p = &crowd.table.rows[i];
		const struct expected *e = table;

		while (e->pid != p->pid)
			e++;
		ck_assert_str_eq(p->name, e->name);
		check_counter(p->rss_bytes, e->rss, call, n);
		check_counter(p->footprint_bytes, e->footprint, call, n);
		check_rate(100 * crowd_cpu_rate(&crowd, i), e->cpu_pct, call, n);
		check_rate(100 * crowd_gpu_rate(&crowd, i), e->gpu_pct, call, n);
		check_rate(crowd_read_rate(&crowd, i), e->read_rate, call, n);
		if (platform_processes.command(walker, p, command) == 0)
			ck_assert_str_eq(command, e->command);
	}
}

static bool run_failing(unsigned long n)
{
	const struct source_options options = { "" };
	struct fault why;
	const char *call;

	load_m4();
	world_fail_at(n);
	if (platform_processes.open(&walker, &options, &why) < 0)
		return true;
	for (unsigned i = 0; i < 4; i++) {
		walk(i % 2 ? PROCESS_WANT_ALL : 0);
		detail_all();
		call = world_failed();
		check_rows(call ? call : "nothing", n);
		world_advance(1);
	}
	call = world_failed();
	ck_assert(crowd.table.count == TABLE_ROWS || strcmp(call, "proc_listpids") == 0);
	platform_processes.close(walker);
	walker = NULL;
	crowd_forget(&crowd);
	ck_assert_int_eq(world_held(), 0);
	return call != NULL;
}

START_TEST(every_call_fails_once_and_what_is_read_is_right_or_unknown)
{
	unsigned long n = 1;

	while (run_failing(n))
		n++;
	ck_assert_uint_gt(n, 300);
	printf("%lu calls failed once each\n", n - 1);
}
END_TEST

RUN_TESTS("darwin process", setup, teardown, the_table_of_the_m4_is_what_was_worked_out_by_hand,
	it_is_the_same_where_the_walk_reads_it_all, nothing_has_a_rate_before_the_second_walk,
	the_sum_over_processes_never_exceeds_the_rails,
	times_are_ticks_of_whatever_timebase_there_is, time_asleep_is_no_time,
	processes_of_others_are_there_and_restricted, what_is_said_of_others_is_told,
	a_name_that_is_cut_is_read_whole_where_it_is_shown_or_searched,
	states_are_those_of_the_threads, a_zombie_keeps_its_times_and_has_no_command_line,
	older_kernels_measure_no_energy, an_older_kernel_is_asked_for_what_it_has,
	where_no_energy_is_measured_the_walk_does_not_ask_for_it,
	the_gpu_time_of_a_process_is_that_of_all_its_clients,
	a_client_that_closes_takes_its_time_with_it,
	a_client_that_does_not_tell_makes_the_sum_unknown,
	a_machine_without_an_accelerator_knows_no_gpu_time,
	names_and_command_lines_cannot_command_a_terminal,
	a_long_command_line_is_cut_and_one_that_grows_is_not_shown,
	keys_that_others_use_otherwise_are_ignored,
	a_process_that_ends_within_the_walk_is_left_out,
	a_pid_that_is_used_again_is_another_process,
	more_processes_than_the_first_buffer_holds_are_listed,
	one_that_stands_among_the_living_and_the_zombies_is_there_once,
	a_machine_that_lists_nobody_is_a_fault,
	a_walk_without_a_list_says_that_some_are_missing,
	every_call_fails_once_and_what_is_read_is_right_or_unknown)
