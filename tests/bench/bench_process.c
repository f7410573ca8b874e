/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "daemon/crowd.h"

/*
 * A walk of 1000 and more processes, beside a bare loop that only opens, reads and closes
 * /proc/PID/stat of each.  Both are done in turn, and the median of the ratios counts, so that
 * what else the machine does hits both alike.
 */

#define CHILDREN 1000
#define ROUNDS 60

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
	unsigned count = 0;

	for (unsigned i = 0; i < ROUNDS; i++) {
		double t0 = now_us(), t1, t2;

		count = bare_walk(proc);
		t1 = now_us();
		crowd_begin(crowd);
		platform_processes.walk(self, 0, &crowd->table);
		crowd_settle(crowd, (uint64_t)(t1 * 1e3));
		t2 = now_us();
		bare[i] = t1 - t0;
		walk[i] = t2 - t1;
		ratio[i] = walk[i] / bare[i];
	}
	printf("walk of %u processes: %.0f us (%.2f us each); bare loop over %u: %.0f us; "
	       "ratio %.2f (at most 1.30); %zu bytes each\n",
		crowd->table.count, median(walk, ROUNDS),
		median(walk, ROUNDS) / crowd->table.count, count, median(bare, ROUNDS),
		median(ratio, ROUNDS), crowd_bytes(crowd) / crowd->table.count);
}

/* User and system time of a command, of its children's. */
static void bench_command(const char *title, const char *command)
{
	struct rusage before, after;
	double cpu_ms;

	getrusage(RUSAGE_CHILDREN, &before);
	if (system(command) != 0) { /* NOLINT: fixed commands */
		printf("%s: not here\n", title);
		return;
	}
	getrusage(RUSAGE_CHILDREN, &after);
	cpu_ms = (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec) * 1e3 +
		(double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec) / 1e3 +
		(double)(after.ru_stime.tv_sec - before.ru_stime.tv_sec) * 1e3 +
		(double)(after.ru_stime.tv_usec - before.ru_stime.tv_usec) / 1e3;
	printf("%s: %.1f ms of CPU\n", title, cpu_ms);
}

static void bench_own(struct crowd *crowd, void *self)
{
	struct rusage before, after;
	double cpu_ms;

	getrusage(RUSAGE_SELF, &before);
	for (unsigned i = 0; i < 10; i++) {
		crowd_begin(crowd);
		platform_processes.walk(self, 0, &crowd->table);
		crowd_settle(crowd, 1);
		for (unsigned k = 0; k < 50; k++)
			platform_processes.detail(
				self, PROCESS_WANT_ALL, &crowd->table.rows[k]);
	}
	getrusage(RUSAGE_SELF, &after);
	cpu_ms = (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec) * 1e3 +
		(double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec) / 1e3 +
		(double)(after.ru_stime.tv_sec - before.ru_stime.tv_sec) * 1e3 +
		(double)(after.ru_stime.tv_usec - before.ru_stime.tv_usec) / 1e3;
	printf("a walk and the details of 50 rows: %.1f ms of CPU\n", cpu_ms / 10);
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
	bench_own(&crowd, self);
	bench_command("ps -eo pid,ppid,uid,comm,stat,nlwp,time,rss",
		"ps -eo pid,ppid,uid,comm,stat,nlwp,time,rss >/dev/null");
	bench_command("ps aux", "ps aux >/dev/null");
	bench_command("top -b -n1", "top -b -n1 >/dev/null");
	for (unsigned i = 0; i < CHILDREN; i++)
		kill(children[i], SIGKILL);
	while (wait(NULL) > 0 || errno == EINTR)
		;
	crowd_forget(&crowd);
	platform_processes.close(self);
	closedir(proc);
	return EXIT_SUCCESS;
}
