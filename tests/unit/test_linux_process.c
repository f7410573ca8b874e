/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <sys/wait.h>

#include "daemon/source/linux/procstat.h"
#include "daemon/source/process.h"
#include "tests/unit/linux_tree.h"

/* Processes of a made /proc, and of the one that there is. */

static struct tree tree;
static struct process_table table;
static void *self;

static void setup(void)
{
	tree_copy(&tree, "");
	tree_run("mkdir -p %s/proc", tree.root);
	tree_write(&tree, "proc/stat", "cpu  1 2 3\nbtime 1700000000\nprocesses 3\n");
	table = (struct process_table){ 0 };
	self = NULL;
}

static void teardown(void)
{
	if (self)
		platform_processes.close(self);
	process_table_fini(&table);
	tree_close(&tree);
}

static void open_root(const char *root)
{
	const struct source_options options = { root };
	struct fault why = { 0 };

	ck_assert_int_eq(platform_processes.open(&self, &options, &why), 0);
}

static void walk(unsigned want)
{
	if (!self)
		open_root(tree.root);
	process_table_clear(&table);
	ck_assert_int_eq(platform_processes.walk(self, want, &table), 0);
}

static void add_file(int pid, const char *name, const char *content)
{
	char path[64];

	snprintf(path, sizeof(path), "proc/%d/%s", pid, name);
	tree_write(&tree, path, content);
}

/* The numbers of a stat file behind the name, start as given. */
#define AFTER(start) \
	" S 1 20 20 0 -1 4194560 100 200 3 4 150 50 30 10 20 0 5 0 " start " 1000000 256 0\n"

static void add_process(int pid, const char *content)
{
	tree_run("mkdir -p %s/proc/%d/fd %s/proc/%d/fdinfo", tree.root, pid, tree.root, pid);
	add_file(pid, "stat", content);
}

static struct process *find(int32_t pid)
{
	for (unsigned i = 0; i < table.count; i++)
		if (table.rows[i].pid == pid)
			return &table.rows[i];
	return NULL;
}

START_TEST(a_walk_reads_what_stat_says)
{
	const struct process *p;
	uint64_t tick_ns = 1000000000u / (uint64_t)sysconf(_SC_CLK_TCK);

	add_process(20, "20 (llama)" AFTER("300"));
	tree_run("mkdir -p %s/proc/self %s/proc/sys", tree.root, tree.root);
	walk(0);
	ck_assert_uint_eq(table.count, 1);
	p = &table.rows[0];
	ck_assert_int_eq(p->pid, 20);
	ck_assert_int_eq(p->ppid, 1);
	ck_assert_int_eq(p->responsible, 0);
	ck_assert_uint_eq(p->uid, geteuid());
	ck_assert_uint_eq(p->start, 300);
	ck_assert_int_eq(p->start_ms, 1700000000000 + (int64_t)(300 * (tick_ns / 1000000)));
	ck_assert_uint_eq(p->cpu_ns, 200 * tick_ns);
	ck_assert_uint_eq(p->children_ns, 40 * tick_ns);
	ck_assert_uint_eq(p->rss_bytes, 256 * (uint64_t)sysconf(_SC_PAGESIZE));
	ck_assert_uint_eq(p->threads, 5);
	ck_assert_int_eq(p->state, PROCESS_SLEEPING);
	ck_assert_str_eq(p->name, "llama");
	ck_assert(!p->restricted);
	ck_assert_uint_eq(p->gpu_ns, PROCESS_UNKNOWN);
	ck_assert_uint_eq(p->energy_nj, PROCESS_UNKNOWN);
	ck_assert_uint_eq(p->footprint_bytes, PROCESS_UNKNOWN);
	ck_assert_uint_eq(p->read_bytes, PROCESS_UNKNOWN);
	ck_assert_uint_ne(p->taken_ns, PROCESS_UNKNOWN);
}
END_TEST

START_TEST(names_may_hold_anything)
{
	add_process(1, "1 (a) S 7 (b\n)" AFTER("1"));
	add_process(2, "2 (\xff\x1b[31m\t)" AFTER("1"));
	add_process(3, "3 ()" AFTER("1"));
	add_process(4, "4 (((" AFTER("1")); /* no name ends */
	walk(0);
	ck_assert_uint_eq(table.count, 3);
	ck_assert_str_eq(find(1)->name, "a) S 7 (b ");
	ck_assert_int_eq(find(1)->ppid, 1);
	ck_assert_str_eq(find(2)->name, "\xEF\xBF\xBD [31m ");
	ck_assert_str_eq(find(3)->name, "");
}
END_TEST

START_TEST(files_that_are_cut_or_empty_are_left_out)
{
	add_process(1, "");
	add_process(2, "2 (x) S 1 20 20 0 -1 41 100 200 3 4 150 50 30 10 20 0 5 0 300 1000000");
	add_process(3, "3 (x) S 1");
	add_process(4, "99999999999999999999 (x)" AFTER("1"));
	add_process(5, "5 (x)" AFTER("5"));
	walk(0);
	ck_assert_uint_eq(table.count, 1);
	ck_assert_ptr_nonnull(find(5));
}
END_TEST

/* As with hidepid=1: who they are is not told, that they are is. */
static void check_closed(unsigned want, uid_t uid)
{
	/* root may read everything */
	ck_assert_int_eq(uid == 0 ? seteuid(65534) : 0, 0);
	walk(want);
	ck_assert_int_eq(seteuid(uid), 0);
	ck_assert_uint_eq(table.count, 3);
	ck_assert(!find(20)->restricted);
	for (int32_t pid = 21; pid <= 22; pid++) {
		ck_assert(find(pid)->restricted);
		ck_assert_uint_eq(find(pid)->uid, uid);
		ck_assert_str_eq(find(pid)->name, "");
		ck_assert_uint_eq(find(pid)->cpu_ns, PROCESS_UNKNOWN);
		ck_assert_uint_eq(find(pid)->footprint_bytes, PROCESS_UNKNOWN);
	}
	ck_assert(!table.truncated);
}

START_TEST(a_process_whose_folder_is_closed_is_there_and_restricted)
{
	add_process(20, "20 (mine)" AFTER("5000"));
	add_process(21, "21 (theirs)" AFTER("5000"));
	add_process(22, "22 (theirs)" AFTER("5000"));
	open_root(tree.root);
	tree_run("cd %s && chmod 755 . && chmod 0 proc/21/stat proc/22", tree.root);
	check_closed(0, geteuid());
	check_closed(PROCESS_WANT_MEMORY, geteuid());
	tree_run("chmod 755 %s/proc/22", tree.root);
}
END_TEST

START_TEST(details_are_read_for_those_who_are_asked_about)
{
	struct process *p;

	add_process(20, "20 (llama)" AFTER("300"));
	add_file(20, "status",
		"Name:\tllama\nVmRSS:\t 900 kB\nRssAnon:\t 500 kB\n"
		"RssFile:\t 300 kB\nRssShmem:\t 100 kB\nVmSwap:\t 24 kB\n");
	add_file(20, "io",
		"rchar: 9\nwchar: 9\nread_bytes: 4096\nwrite_bytes: 8192\n"
		"cancelled_write_bytes: 1\n");
	walk(0);
	p = find(20);
	ck_assert_int_eq(platform_processes.detail(self, PROCESS_WANT_MEMORY, p), 0);
	ck_assert_uint_eq(p->footprint_bytes, 624 * 1024);
	ck_assert_uint_eq(p->read_bytes, PROCESS_UNKNOWN);
	ck_assert_int_eq(platform_processes.detail(self, PROCESS_WANT_ALL, p), 0);
	ck_assert_uint_eq(p->read_bytes, 4096);
	ck_assert_uint_eq(p->written_bytes, 8192);
	ck_assert_uint_eq(p->gpu_ns, PROCESS_UNKNOWN); /* no GPU in this machine */
	walk(PROCESS_WANT_MEMORY);
	ck_assert_uint_eq(find(20)->footprint_bytes, 624 * 1024);
}
END_TEST

static void add_descriptor(int pid, int number, const char *target, const char *info)
{
	char path[32];

	tree_run("ln -s %s %s/proc/%d/fd/%d", target, tree.root, pid, number);
	snprintf(path, sizeof(path), "fdinfo/%d", number);
	add_file(pid, path, info);
}

#define CLIENT(device, id, render, copy) \
	"pos:\t0\ndrm-driver:\tamdgpu\ndrm-pdev:\t" device "\ndrm-client-id:\t" id \
	"\ndrm-engine-capacity-gfx:\t2\ndrm-engine-gfx:\t" render \
	" ns\ndrm-engine-dma:\t" copy " ns\n"

START_TEST(gpu_time_is_added_up_over_clients_each_once)
{
	struct process *p;

	tree_run("mkdir -p %s/sys/class/drm && touch %s/sys/class/drm/version", tree.root,
		tree.root);
	add_process(20, "20 (llama)" AFTER("300"));
	add_process(21, "21 (cat)" AFTER("300"));
	add_descriptor(20, 3, "/dev/dri/renderD128", CLIENT("0000:03:00.0", "5", "1000", "10"));
	add_descriptor(20, 4, "/dev/dri/renderD128", CLIENT("0000:03:00.0", "5", "1000", "10"));
	add_descriptor(20, 5, "/dev/dri/renderD128", CLIENT("0000:03:00.0", "6", "200", "0"));
	add_descriptor(20, 6, "/dev/dri/renderD129", CLIENT("0000:04:00.0", "5", "3", "0"));
	add_descriptor(20, 7, "/dev/null", CLIENT("0000:04:00.0", "9", "70000", "0"));
	add_descriptor(20, 8, "/dev/dri/card0", "pos:\t0\nflags:\t02\n");
	walk(PROCESS_WANT_GPU);
	p = find(20);
	ck_assert_uint_eq(p->gpu_ns, 1010 + 200 + 3);
	ck_assert_uint_eq(find(21)->gpu_ns, 0);
	ck_assert_uint_eq(p->footprint_bytes, PROCESS_UNKNOWN);
}
END_TEST

static void add_command(int pid, const char *bytes, size_t length)
{
	char path[PATH_MAX];
	FILE *f;

	snprintf(path, sizeof(path), "%s/proc/%d/cmdline", tree.root, pid);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	fwrite(bytes, 1, length, f);
	fclose(f);
}

START_TEST(command_lines_are_cleaned_and_cut)
{
	static const char bytes[] = "/bin/x\0-a\0b\nc\xff\0\0\0";
	char command[PROCESS_COMMAND_MAX], long_one[3000];

	add_process(20, "20 (x)" AFTER("300"));
	add_process(21, "21 (kthread)" AFTER("300"));
	add_process(22, "22 (long)" AFTER("300"));
	memset(long_one, 'a', sizeof(long_one));
	add_command(20, bytes, sizeof(bytes) - 1);
	add_command(21, "", 0);
	add_command(22, long_one, sizeof(long_one));
	walk(0);
	ck_assert_int_eq(platform_processes.command(self, find(20), command), 0);
	ck_assert_str_eq(command, "/bin/x -a b c\xEF\xBF\xBD");
	ck_assert_int_eq(platform_processes.command(self, find(21), command), 0);
	ck_assert_str_eq(command, "");
	ck_assert_int_eq(platform_processes.command(self, find(22), command), 0);
	ck_assert_uint_eq(strlen(command), PROCESS_COMMAND_MAX - 1);
}
END_TEST

static void check_cgroup(const char *file, const char *path)
{
	char cgroup[PROCESS_COMMAND_MAX] = "none";

	add_file(20, "cgroup", file);
	ck_assert_int_eq(platform_processes.cgroup(self, find(20), cgroup), path ? 0 : -ENOENT);
	ck_assert_str_eq(cgroup, path ? path : "none");
}

START_TEST(a_control_group_is_that_of_the_hierarchy_that_is_in_use)
{
	char cgroup[PROCESS_COMMAND_MAX];

	add_process(20, "20 (x)" AFTER("300"));
	walk(0);
	check_cgroup("0::/system.slice/ollama.service\n", "/system.slice/ollama.service");
	check_cgroup("0::/\n", "/");
	check_cgroup("12:pids:/user.slice\n1:name=systemd:/user.slice/a.scope\n0::/u/b.scope\n",
		"/u/b.scope");
	check_cgroup(
		"12:pids:/\n11:memory:/docker/7:8\n1:name=systemd:/x\n0::/\n", "/docker/7:8");
	check_cgroup("0::/a\nb\x1b[0m\n", "/a");
	check_cgroup("0::/\x1b[0m\xff\n", "/ [0m\xEF\xBF\xBD");
	check_cgroup("", NULL);
	check_cgroup("nonsense\n0:/\n0::\n", NULL);
	add_file(20, "stat", "20 (y)" AFTER("301"));
	ck_assert_int_eq(platform_processes.cgroup(self, find(20), cgroup), -ESRCH);
}
END_TEST

START_TEST(a_process_that_ends_or_whose_pid_is_used_again_is_told_from_it)
{
	char command[PROCESS_COMMAND_MAX];
	struct process *p;

	add_process(20, "20 (x)" AFTER("300"));
	add_file(20, "cmdline", "x");
	add_file(20, "io", "read_bytes: 1\nwrite_bytes: 2\n");
	walk(0);
	p = find(20);
	add_file(20, "stat", "20 (y)" AFTER("301"));
	ck_assert_int_eq(platform_processes.detail(self, PROCESS_WANT_ALL, p), -ESRCH);
	ck_assert_int_eq(platform_processes.command(self, p, command), -ESRCH);
	ck_assert_uint_eq(p->read_bytes, PROCESS_UNKNOWN);
	tree_run("rm -r %s/proc/20", tree.root);
	ck_assert_int_eq(platform_processes.detail(self, PROCESS_WANT_ALL, p), -ESRCH);
	walk(0);
	ck_assert_uint_eq(table.count, 0);
}
END_TEST

START_TEST(a_machine_without_proc_is_a_fault)
{
	const struct source_options options = { "/nowhere" };
	struct fault why = { 0 };

	ck_assert_int_eq(platform_processes.open(&self, &options, &why), -ENOENT);
	ck_assert_str_eq(why.text, "/nowhere/proc: No such file or directory");
	self = NULL;
}
END_TEST

/* All of them look like the first. */
START_TEST(many_processes_are_cut_at_the_limit)
{
	char path[128];

	add_process(1, "1 (x)" AFTER("1"));
	for (unsigned i = 2; i <= PROCESS_MAX + 100; i++) {
		snprintf(path, sizeof(path), "%s/proc/%u", tree.root, i);
		ck_assert_int_eq(symlink("1", path), 0);
	}
	walk(0);
	ck_assert_uint_eq(table.count, PROCESS_MAX);
	ck_assert(table.truncated);
}
END_TEST

START_TEST(this_process_sees_itself_and_a_child_that_ends)
{
	const struct process *p;
	struct process child;
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			pause();
	open_root("");
	walk(0);
	p = find(getpid());
	ck_assert_ptr_nonnull(p);
	ck_assert_int_eq(p->state, PROCESS_RUNNING);
	ck_assert_int_eq(p->ppid, getppid());
	ck_assert_uint_eq(p->uid, geteuid());
	ck_assert_ptr_nonnull(find(pid));
	child = *find(pid);
	ck_assert_int_eq(child.ppid, getpid());
	ck_assert_int_eq(platform_processes.detail(self, PROCESS_WANT_ALL, &child), 0);
	ck_assert_uint_lt(child.footprint_bytes, UINT64_C(1) << 32);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	child = *find(pid);
	ck_assert_int_eq(platform_processes.detail(self, PROCESS_WANT_ALL, &child), -ESRCH);
	walk(0);
	ck_assert_ptr_null(find(pid));
}
END_TEST

START_TEST(a_process_has_the_same_start_in_each_walk)
{
	int64_t start_ms, now_ms;
	struct instant now;

	open_root("");
	walk(0);
	start_ms = find(getpid())->start_ms;
	platform_now(&now);
	now_ms = now.wall_ms;
	ck_assert_int_le(start_ms, now_ms + 1000);
	ck_assert_int_gt(start_ms, now_ms - 60000);
	for (unsigned i = 0; i < 20; i++) {
		walk(0);
		ck_assert_int_eq(find(getpid())->start_ms, start_ms);
	}
}
END_TEST

RUN_TESTS("linux_process", setup, teardown, a_walk_reads_what_stat_says,
	names_may_hold_anything, files_that_are_cut_or_empty_are_left_out,
	a_process_whose_folder_is_closed_is_there_and_restricted,
	details_are_read_for_those_who_are_asked_about,
	gpu_time_is_added_up_over_clients_each_once,
	a_control_group_is_that_of_the_hierarchy_that_is_in_use,
	command_lines_are_cleaned_and_cut,
	a_process_that_ends_or_whose_pid_is_used_again_is_told_from_it,
	a_machine_without_proc_is_a_fault, many_processes_are_cut_at_the_limit,
	this_process_sees_itself_and_a_child_that_ends,
	a_process_has_the_same_start_in_each_walk)
