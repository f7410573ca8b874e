/* SPDX-License-Identifier: MIT */
#include "daemon/source/process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "daemon/source/linux/file.h"
#include "daemon/source/linux/procstat.h"
#include "proto/alloc.h"

#define NS_PER_S 1000000000u
#define STAT_BYTES 1024	   /* of /proc/PID/stat: 52 numbers and a name of 15 bytes */
#define STATUS_BYTES 4096  /* what is wanted of status stands in its first kilobytes */
#define FDINFO_BYTES 4096  /* of /proc/PID/fdinfo/N of a GPU */
#define COMMAND_BYTES 4096 /* cleaned and cut afterwards */
#define CGROUP_BYTES 8192  /* a line for each hierarchy, a dozen at most */
#define FDS_MAX 4096	   /* descriptors of a process that are looked at for a GPU */
#define CLIENTS_MAX 64	   /* clients of GPUs that one process has */
#define BOOT_MOVED_MS 500  /* the wall clock was set: start times move with it */
#define PID_CHARS 16
#define GPU_DEVICE "/dev/dri/"

/* /proc stays open; everything else is opened relative to it, read once and closed. */
struct walker {
	DIR *proc;
	uint64_t tick_ns, page_bytes;
	bool own_clock; /* the machine itself, not a tree of files */
	bool has_gpu;
	bool hides; /* mounted with hidepid=2: it does not list everybody */
	uid_t uid;
	int64_t boot_ms; /* Unix time of the boot */
};

/* ---- open ---- */

/*
 * Unix time minus time since boot.  Kept as it is while it moves less than BOOT_MOVED_MS, so
 * that a process has the same start_ms in each walk.
 */
static void walker_follow_clock(struct walker *w)
{
	struct instant now;
	int64_t boot_ms;

	if (!w->own_clock)
		return;
	platform_now(&now);
	boot_ms = now.wall_ms - (int64_t)(now.mono_ns / 1000000u);
	if (llabs(boot_ms - w->boot_ms) > BOOT_MOVED_MS)
		w->boot_ms = boot_ms;
}

/* A tree of files says when it was booted. */
static void walker_load_boot(struct walker *w, const char *root)
{
	char buf[65536];
	uint64_t boot_s;
	int n = file_load(buf, sizeof(buf), "%s/proc/stat", root);

	if (n > 0 && procstat_parse_boot(text_of(buf, (size_t)n), &boot_s))
		w->boot_ms = (int64_t)boot_s * 1000;
}

static int walker_open(void **self, const struct source_options *options, struct fault *why)
{
	struct walker *w = xcalloc(1, sizeof(*w));
	char path[FILE_PATH_MAX];
	int rc;

	snprintf(path, sizeof(path), "%s/proc", options->root);
	w->proc = opendir(path);
	if (!w->proc) {
		rc = -errno;
		free(w);
		return fault_set(why, rc, "%s: %s", path, strerror(-rc));
	}
	w->tick_ns = NS_PER_S / (uint64_t)sysconf(_SC_CLK_TCK);
	w->page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
	w->own_clock = options->root[0] == '\0';
	w->has_gpu = file_exists("%s/sys/class/drm/version", options->root);
	w->uid = geteuid();
	w->hides =
		w->own_clock && faccessat(dirfd(w->proc), "1", F_OK, 0) < 0 && errno == ENOENT;
	walker_load_boot(w, options->root);
	*self = w;
	return 0;
}

static void walker_close(void *self)
{
	struct walker *w = self;

	closedir(w->proc);
	free(w);
}

/* ---- files ---- */

/* Reads a file from its start, NUL-terminated; its length or -errno. */
static int walker_load(int folder, const char *path, char *buf, size_t size)
{
	int fd = openat(folder, path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read(fd, buf, size - 1);
	if (n < 0)
		n = -errno;
	else
		buf[n] = '\0';
	close(fd);
	return (int)n;
}

static enum process_state walker_state(char letter)
{
	switch (letter) {
	case 'R':
		return PROCESS_RUNNING;
	case 'S':
		return PROCESS_SLEEPING;
	case 'D':
		return PROCESS_WAITING;
	case 'T':
	case 't':
		return PROCESS_STOPPED;
	case 'Z':
	case 'X':
		return PROCESS_ZOMBIE;
	case 'I':
		return PROCESS_IDLE;
	default:
		return PROCESS_STATE_UNKNOWN;
	}
}

/* ---- the walk ---- */

static uint64_t walker_now_ns(void)
{
	struct timespec ts = { 0, 0 };

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

static void walker_fill(const struct walker *w, const struct procstat *stat, struct process *p)
{
	p->pid = stat->pid;
	p->ppid = stat->ppid;
	p->start = stat->start_ticks;
	if (w->boot_ms)
		p->start_ms =
			w->boot_ms + (int64_t)(stat->start_ticks * (w->tick_ns / 1000000u));
	p->taken_ns = walker_now_ns();
	p->cpu_ns = stat->cpu_ticks * w->tick_ns;
	p->children_ns = stat->children_ticks * w->tick_ns;
	p->rss_bytes = stat->rss_pages * w->page_bytes;
	p->threads = stat->threads;
	p->state = (uint8_t)walker_state(stat->state);
	process_clean(p->name, sizeof(p->name), stat->name.at,
		(size_t)(stat->name.end - stat->name.at));
}

/* The folder belongs to the effective user; files in it to root where the process is not
 * dumpable. */
static void walker_fill_owner(const struct walker *w, const struct stat *st, struct process *p)
{
	p->uid = st->st_uid;
	p->restricted = w->uid != 0 && st->st_uid != w->uid;
}

/* Mounted with hidepid=1, /proc says only that it is there and whose it is. */
static void walker_visit_hidden(
	const struct walker *w, const char *pid, struct process_table *table)
{
	struct process *p;
	struct stat st;

	if (fstatat(dirfd(w->proc), pid, &st, 0) < 0)
		return;
	p = process_table_add(table);
	if (!p)
		return;
	p->pid = (int32_t)strtol(pid, NULL, 10);
	walker_fill_owner(w, &st, p);
	p->restricted = true;
}

/* A new row of what stat says, n bytes or -errno; NULL when that is nothing. */
static struct process *walker_add(const struct walker *w, const char *pid, const char *buf,
	int n, struct process_table *table)
{
	struct procstat stat;
	struct process *p;

	if (n == -EACCES || n == -EPERM)
		walker_visit_hidden(w, pid, table);
	if (n <= 0 || !procstat_parse(text_of(buf, (size_t)n), &stat))
		return NULL;
	p = process_table_add(table);
	if (p)
		walker_fill(w, &stat, p);
	return p;
}

/* Memory for files is that of the stack: nothing is allocated but rows. */
static void walker_visit(const struct walker *w, const char *pid, struct process_table *table)
{
	char path[PID_CHARS + sizeof("/stat")], buf[STAT_BYTES];
	size_t length = strnlen(pid, PID_CHARS);
	struct process *p;
	struct stat st;

	memcpy(path, pid, length); /* a walk is a thousand of these: no printf */
	memcpy(path + length, "/stat", sizeof("/stat"));
	p = walker_add(w, pid, buf, walker_load(dirfd(w->proc), path, buf, sizeof(buf)), table);
	if (p && fstatat(dirfd(w->proc), pid, &st, 0) == 0)
		walker_fill_owner(w, &st, p);
}

static void walker_read_details(
	const struct walker *w, int folder, unsigned want, struct process *p);

/* Where more is wanted of all of them than stat says. */
static void walker_visit_whole(
	const struct walker *w, unsigned want, const char *pid, struct process_table *table)
{
	int folder = openat(dirfd(w->proc), pid, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char buf[STAT_BYTES];
	struct process *p;
	struct stat st;

	if (folder < 0) {
		walker_add(w, pid, NULL, -errno, table);
		return;
	}
	p = walker_add(w, pid, buf, walker_load(folder, "stat", buf, sizeof(buf)), table);
	if (p && fstat(folder, &st) == 0)
		walker_fill_owner(w, &st, p);
	if (p)
		walker_read_details(w, folder, want, p);
	close(folder);
}

/* What this machine has to tell beyond stat; nobody works for anybody else here. */
static unsigned walker_offers(const struct walker *w)
{
	return PROCESS_WANT_MEMORY | PROCESS_WANT_DISK | (w->has_gpu ? PROCESS_WANT_GPU : 0);
}

static int walker_walk(void *self, unsigned want, struct process_table *table)
{
	struct walker *w = self;
	const struct dirent *entry;

	want &= walker_offers(w);
	walker_follow_clock(w);
	rewinddir(w->proc);
	while (!table->truncated && (entry = readdir(w->proc)) != NULL)
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9') {
			if (want)
				walker_visit_whole(w, want, entry->d_name, table);
			else
				walker_visit(w, entry->d_name, table);
		}
	table->truncated |= w->hides;
	return 0;
}

/* ---- details ---- */

/*
 * The folder of the process, which stays that of this process whatever becomes of the pid; a
 * descriptor or -ESRCH.
 */
static int walker_enter(const struct walker *w, const struct process *p)
{
	char path[16], buf[STAT_BYTES];
	struct procstat stat;
	int folder, n;

	snprintf(path, sizeof(path), "%d", (int)p->pid);
	folder = openat(dirfd(w->proc), path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return -ESRCH;
	n = walker_load(folder, "stat", buf, sizeof(buf));
	if (n > 0 && procstat_parse(text_of(buf, (size_t)n), &stat) &&
		stat.start_ticks == p->start)
		return folder;
	close(folder);
	return -ESRCH;
}

static void walker_detail_memory(int folder, struct process *p)
{
	char buf[STATUS_BYTES];
	int n = walker_load(folder, "status", buf, sizeof(buf));

	if (n > 0)
		p->footprint_bytes = procstat_parse_footprint(text_of(buf, (size_t)n));
}

static void walker_detail_disk(int folder, struct process *p)
{
	char buf[512];
	uint64_t in, out;
	int n = walker_load(folder, "io", buf, sizeof(buf));

	if (n > 0 && procstat_parse_io(text_of(buf, (size_t)n), &in, &out)) {
		p->read_bytes = in;
		p->written_bytes = out;
	}
}

/* Clients of GPUs that were counted already: descriptors may share one. */
struct walker_clients {
	uint64_t seen[CLIENTS_MAX];
	unsigned count;
	uint64_t gpu_ns;
};

static void walker_add_client(struct walker_clients *clients, uint64_t client, uint64_t gpu_ns)
{
	for (unsigned i = 0; i < clients->count; i++)
		if (clients->seen[i] == client)
			return;
	if (clients->count == CLIENTS_MAX)
		return;
	clients->seen[clients->count++] = client;
	clients->gpu_ns += gpu_ns;
}

static void walker_visit_descriptor(
	int folder, const char *number, struct walker_clients *clients)
{
	char path[32], buf[FDINFO_BYTES];
	uint64_t client, gpu_ns;
	ssize_t length;
	int n;

	snprintf(path, sizeof(path), "fd/%.16s", number);
	length = readlinkat(folder, path, buf, sizeof(buf));
	if (length <= (ssize_t)strlen(GPU_DEVICE) ||
		memcmp(buf, GPU_DEVICE, strlen(GPU_DEVICE)) != 0)
		return;
	snprintf(path, sizeof(path), "fdinfo/%.16s", number);
	n = walker_load(folder, path, buf, sizeof(buf));
	if (n > 0 && procstat_parse_gpu(text_of(buf, (size_t)n), &client, &gpu_ns))
		walker_add_client(clients, client, gpu_ns);
}

/* 0 where it has no GPU open; unknown where its descriptors may not be read. */
static void walker_detail_gpu(int folder, struct process *p)
{
	struct walker_clients clients = { .count = 0 };
	int fd = openat(folder, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return;
	}
	for (unsigned i = 0; i < FDS_MAX && (entry = readdir(dir)) != NULL; i++)
		if (entry->d_name[0] != '.')
			walker_visit_descriptor(folder, entry->d_name, &clients);
	closedir(dir);
	p->gpu_ns = clients.gpu_ns;
}

/* What of this is not known yet, and may be had. */
static unsigned walker_lacks(const struct walker *w, unsigned want, const struct process *p)
{
	unsigned offered = walker_offers(w);

	if (p->footprint_bytes != PROCESS_UNKNOWN)
		offered &= ~(unsigned)PROCESS_WANT_MEMORY;
	if (p->gpu_ns != PROCESS_UNKNOWN)
		offered &= ~(unsigned)PROCESS_WANT_GPU;
	if (p->read_bytes != PROCESS_UNKNOWN)
		offered &= ~(unsigned)PROCESS_WANT_DISK;
	return want & offered;
}

static void walker_read_details(
	const struct walker *w, int folder, unsigned want, struct process *p)
{
	want = walker_lacks(w, want, p);
	if (want & PROCESS_WANT_MEMORY)
		walker_detail_memory(folder, p);
	if (want & PROCESS_WANT_GPU)
		walker_detail_gpu(folder, p);
	if (want & PROCESS_WANT_DISK)
		walker_detail_disk(folder, p);
}

static int walker_detail(void *self, unsigned want, struct process *p)
{
	const struct walker *w = self;
	int folder;

	if (!walker_lacks(w, want, p))
		return 0;
	folder = walker_enter(w, p);
	if (folder < 0)
		return folder;
	walker_read_details(w, folder, want, p);
	close(folder);
	return 0;
}

/* Arguments end with NUL, which is cleaned to a space; programs that set a title may leave a
 * row of them. */
static int walker_command(void *self, const struct process *p, char *to)
{
	char buf[COMMAND_BYTES];
	int folder = walker_enter(self, p), n;

	if (folder < 0)
		return folder;
	n = walker_load(folder, "cmdline", buf, sizeof(buf));
	close(folder);
	if (n < 0)
		return n;
	while (n > 0 && (buf[n - 1] == '\0' || buf[n - 1] == ' '))
		n--;
	process_clean(to, PROCESS_COMMAND_MAX, buf, (size_t)n);
	return 0;
}

static int walker_cgroup(void *self, const struct process *p, char *to)
{
	char buf[CGROUP_BYTES];
	int folder = walker_enter(self, p), n;
	struct text path;

	if (folder < 0)
		return folder;
	n = walker_load(folder, "cgroup", buf, sizeof(buf));
	close(folder);
	if (n < 0)
		return n;
	if (!procstat_parse_cgroup(text_of(buf, (size_t)n), &path))
		return -ENOENT;
	process_clean(to, PROCESS_COMMAND_MAX, path.at, (size_t)(path.end - path.at));
	return 0;
}

const struct process_source platform_processes = { walker_open, walker_walk, walker_detail,
	walker_command, walker_cgroup, walker_close };
