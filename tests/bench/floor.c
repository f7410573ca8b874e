/* SPDX-License-Identifier: MIT */

/*
 * floor INTERVAL_MS COUNT: the least that reading this machine can cost.  Reads the files that
 * the Linux source reads here again, COUNT times at INTERVAL_MS (0 = without a pause), by pread
 * on descriptors that stay open, and parses nothing.  Prints the CPU time per round (user and
 * system, by getrusage), the system calls per round and the largest resident size.  Holds no
 * code of the project.
 */
#include <fcntl.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <time.h>
#include <unistd.h>

#define FLOOR_FILES_MAX 1024
#define FLOOR_PAGE_LEFT 3072 /* a read by records that returns more is followed by another */

struct floor_file {
	int fd;
	bool records; /* the kernel hands it out a page at a time */
};

struct floor {
	struct floor_file files[FLOOR_FILES_MAX];
	unsigned count;
	int proc; /* its link count tells the number of processes */
	unsigned long calls;
	char buf[65536];
};

static const struct floor_pattern {
	const char *path;
	bool records, swap;
} floor_patterns[] = {
	{ "/proc/stat", false, false },
	{ "/proc/meminfo", false, false },
	{ "/proc/vmstat", true, true },
	{ "/proc/loadavg", false, false },
	{ "/proc/pressure/*", false, false },
	{ "/proc/diskstats", true, false },
	{ "/proc/net/dev", true, false },
	{ "/sys/devices/system/cpu/cpufreq/policy*/scaling_cur_freq", false, false },
	{ "/sys/class/hwmon/hwmon*/temp*_input", false, false },
	{ "/sys/class/hwmon/hwmon*/fan*_input", false, false },
	{ "/sys/class/powercap/intel-rapl:*/energy_uj", false, false },
	{ "/sys/class/power_supply/BAT*/status", false, false },
	{ "/sys/class/power_supply/BAT*/capacity", false, false },
	{ "/sys/class/power_supply/BAT*/power_now", false, false },
	{ "/sys/class/drm/card?/gt_act_freq_mhz", false, false },
	{ "/sys/class/drm/card?/device/gpu_busy_percent", false, false },
};

static void floor_open(struct floor *all, const char *path, bool records)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && all->count < FLOOR_FILES_MAX)
		all->files[all->count++] = (struct floor_file){ fd, records };
	else if (fd >= 0)
		close(fd);
}

static bool floor_has_swap(void)
{
	struct sysinfo info;

	return sysinfo(&info) == 0 && info.totalswap > 0;
}

static void floor_open_all(struct floor *all)
{
	bool swap = floor_has_swap();

	for (size_t i = 0; i < sizeof(floor_patterns) / sizeof(*floor_patterns); i++) {
		const struct floor_pattern *pattern = &floor_patterns[i];
		glob_t found;

		if ((pattern->swap && !swap) || glob(pattern->path, 0, NULL, &found) != 0)
			continue;
		for (size_t n = 0; n < found.gl_pathc; n++)
			floor_open(all, found.gl_pathv[n], pattern->records);
		globfree(&found);
	}
	all->proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void floor_read(struct floor *all)
{
	struct stat st;

	for (unsigned i = 0; i < all->count; i++) {
		const struct floor_file *file = &all->files[i];
		off_t offset = 0;
		ssize_t n;

		do {
			n = pread(file->fd, all->buf, sizeof(all->buf), offset);
			offset += n;
			all->calls++;
		} while (file->records && n > FLOOR_PAGE_LEFT);
	}
	if (fstat(all->proc, &st) == 0)
		all->calls++;
}

static double floor_cpu_ns(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e9 +
		(double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e3;
}

static void floor_wait(struct timespec *next, long interval_ms)
{
	next->tv_nsec += interval_ms % 1000 * 1000000;
	next->tv_sec += interval_ms / 1000 + next->tv_nsec / 1000000000;
	next->tv_nsec %= 1000000000;
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, next, NULL);
}

static void floor_run(struct floor *all, long interval_ms, long count)
{
	struct timespec next;
	struct rusage usage;
	double start_ns;

	floor_read(all); /* the first one lets the kernel grow its buffers */
	all->calls = 0;
	clock_gettime(CLOCK_MONOTONIC, &next);
	start_ns = floor_cpu_ns();
	for (long i = 0; i < count; i++) {
		if (interval_ms > 0)
			floor_wait(&next, interval_ms);
		floor_read(all);
	}
	start_ns = floor_cpu_ns() - start_ns;
	getrusage(RUSAGE_SELF, &usage);
	printf("floor: %.0f ns/round, %u files, %.1f calls/round, maxrss %ld KiB\n",
		start_ns / (double)count, all->count, (double)all->calls / (double)count,
		usage.ru_maxrss);
}

int main(int argc, char **argv)
{
	static struct floor all;
	long interval_ms = argc > 1 ? strtol(argv[1], NULL, 10) : -1;
	long count = argc > 2 ? strtol(argv[2], NULL, 10) : -1;

	if (argc != 3 || interval_ms < 0 || count <= 0) {
		fprintf(stderr, "usage: floor INTERVAL_MS COUNT\n");
		return 2;
	}
	floor_open_all(&all);
	floor_run(&all, interval_ms, count);
	return 0;
}
