/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "daemon/crowd.h"
#include "tests/bench/allocations.h"

/*
 * A walk of 1000 and more processes, beside a bare loop that only opens, reads and closes
 * /proc/PID/stat of each.  Both are done in turn, and the median of the ratios counts, so that
 * what else the machine does hits both alike.  Then what a screen of 50 rows costs, beside what
 * the usual programs take for theirs.
 */

#define CHILDREN 1000
#define ROUNDS 60
#define TURNS 9
#define SCREEN_ROWS 50

static double now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static pid_t bench_spawn(pid_t *children)
{
	pid_t own = getpid();

	for (unsigned i = 0; i < CHILDREN; i++) {
		children[i] = fork();
		if (children[i] < 0) {
			perror("fork");
			exit(EXIT_FAILURE);
		}
		if (children[i] == 0) {
			while (getppid() == own)
				sleep(1);
			_exit(0);
		}
	}
	return own;
}

/* What nobody can do without. */
static unsigned bare_walk(DIR *proc)
{
	char path[64], buf[1024];
	const struct dirent *entry;
	unsigned count = 0;

	rewinddir(proc);
	while ((entry = readdir(proc)) != NULL) {
		int fd;

		if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
			continue;
		snprintf(path, sizeof(path), "/proc/%.20s/stat", entry->d_name);
		fd = open(path, O_RDONLY);
		if (fd < 0)
			continue;
		count += read(fd, buf, sizeof(buf)) > 0;
		close(fd);
	}
	return count;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, unsigned n)
{
	qsort(values, n, sizeof(*values), compare);
	return values[n / 2];
}

static void bench_rounds(struct crowd *crowd, void *self, DIR *proc)
{
	double bare[ROUNDS], walk[ROUNDS], ratio[ROUNDS];
	unsigned long allocations = 0;
	unsigned count = 0;

	for (unsigned i = 0; i < ROUNDS; i++) {
		double t0 = now_us(), t1, t2;

		count = bare_walk(proc);
		t1 = now_us();
		allocations -= allocations_count();
		crowd_begin(crowd);
		platform_processes.walk(self, 0, &crowd->table);
		crowd_settle(crowd, (uint64_t)(t1 * 1e3));
		allocations += allocations_count();
		t2 = now_us();
		bare[i] = t1 - t0;
		walk[i] = t2 - t1;
		ratio[i] = walk[i] / bare[i];
	}
	printf("walk of %u processes: %.0f us (%.2f us each); bare loop over %u: %.0f us; "
	       "ratio %.2f (at most 1.30); %.1f bytes each (at most 256), %lu allocations\n",
		crowd->table.count, median(walk, ROUNDS),
		median(walk, ROUNDS) / crowd->table.count, count, median(bare, ROUNDS),
		median(ratio, ROUNDS), (double)crowd_bytes(crowd) / crowd->table.count,
		allocations);
}

/* What an order by memory takes, or a rule about it. */
static void bench_memory(struct crowd *crowd, void *self)
{
	double walk[TURNS];

	for (unsigned i = 0; i < TURNS; i++) {
		double before = now_us();

		crowd_begin(crowd);
		platform_processes.walk(self, PROCESS_WANT_MEMORY, &crowd->table);
		crowd_settle(crowd, 1);
		walk[i] = now_us() - before;
	}
	printf("walk with the memory of all: %.0f us (%.2f us each)\n", median(walk, TURNS),
		median(walk, TURNS) / crowd->table.count);
}

/* User and system time so far, of this process or of the children that it has waited for. */
static double cpu_ms(int who)
{
	struct rusage usage;

	getrusage(who, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
		(double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

/* What a screen of 50 rows takes. */
static double bench_own(struct crowd *crowd, void *self)
{
	double times[TURNS];

	for (unsigned i = 0; i < TURNS; i++) {
		double before = cpu_ms(RUSAGE_SELF);

		crowd_begin(crowd);
		platform_processes.walk(self, 0, &crowd->table);
		crowd_settle(crowd, 1);
		for (unsigned k = 0; k < SCREEN_ROWS; k++)
			platform_processes.detail(
				self, PROCESS_WANT_ALL, &crowd->table.rows[k]);
		times[i] = cpu_ms(RUSAGE_SELF) - before;
	}
	return median(times, TURNS);
}

/* CPU time of a command with all that it starts; NaN where it is not here. */
static double bench_run(const char *command)
{
	double before = cpu_ms(RUSAGE_CHILDREN);

	if (system(command) != 0) /* NOLINT: fixed commands */
		return NAN;
	return cpu_ms(RUSAGE_CHILDREN) - before;
}

static void bench_told(const char *title, double other_ms, double own_ms)
{
	if (isnan(other_ms))
		printf("%-44s not here\n", title);
	else
		printf("%-44s %8.1f ms of CPU, %.1f times ours\n", title, other_ms,
			other_ms / own_ms);
}

static void bench_command(const char *command, double own_ms)
{
	double times[TURNS];
	char line[256];

	snprintf(line, sizeof(line), "command -v %.*s >/dev/null && %s >/dev/null",
		(int)strcspn(command, " "), command, command);
	for (unsigned i = 0; i < TURNS; i++)
		times[i] = bench_run(line);
	bench_told(command, median(times, TURNS), own_ms);
}

/* It has no other mode than that of a terminal: a refresh is what four more of them cost. */
static void bench_screen(const char *program, double own_ms)
{
	double times[2];
	char line[256];

	for (unsigned i = 0; i < 2; i++) {
		snprintf(line, sizeof(line),
			"command -v %s >/dev/null && command -v script >/dev/null && "
			"TERM=xterm script -qc 'stty rows 50 cols 160; timeout -s INT %u %s -d "
			"10' "
			"/dev/null >/dev/null </dev/null",
			program, 3 + 4 * i, program);
		times[i] = bench_run(line);
	}
	snprintf(line, sizeof(line), "%s, a refresh", program);
	bench_told(line, (times[1] - times[0]) / 4, own_ms);
}

static void bench_others(double own_ms)
{
	printf("%-44s %8.1f ms of CPU\n", "ours: a walk and the details of 50 rows", own_ms);
	bench_command("ps -eo pid,ppid,uid,comm,stat,nlwp,time,rss", own_ms);
	bench_command("ps aux", own_ms);
	bench_command("top -b -n1", own_ms);
	bench_screen("htop", own_ms);
}

int main(void)
{
	static pid_t children[CHILDREN];
	const struct source_options options = { "" };
	struct crowd crowd = { .walked = false };
	struct fault why;
	void *self;
	DIR *proc = opendir("/proc");

	if (!proc || platform_processes.open(&self, &options, &why) < 0)
		return EXIT_FAILURE;
	bench_spawn(children);
	bench_rounds(&crowd, self, proc);
	bench_memory(&crowd, self);
	bench_others(bench_own(&crowd, self));
	for (unsigned i = 0; i < CHILDREN; i++)
		kill(children[i], SIGKILL);
	while (wait(NULL) > 0 || errno == EINTR)
		;
	crowd_forget(&crowd);
	platform_processes.close(self);
	closedir(proc);
	return EXIT_SUCCESS;
}
