/* SPDX-License-Identifier: MIT */
#ifndef PROCSTAT_H
#define PROCSTAT_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/source/linux/text.h"

/*
 * The formats of the files of /proc/PID (Documentation/filesystems/proc.rst and
 * gpu/drm-usage-stats.rst of the kernel).  Pure: text in, numbers out; what does not parse
 * yields false.
 */

/* /proc/PID/stat.  Times are in clock ticks (sysconf(_SC_CLK_TCK)). */
struct procstat {
	int32_t pid, ppid;
	char state;	  /* R, S, D, T, t, Z, X, I... */
	struct text name; /* as it is: any bytes, ")" and newlines included */
	uint64_t cpu_ticks, children_ticks;
	uint32_t threads;
	uint64_t start_ticks; /* since boot */
	uint64_t rss_pages;
};

/*
 * The name ends at the last ")", as it may hold any.  False when the file is cut before rss.
 */
bool procstat_parse(struct text file, struct procstat *stat);

/*
 * Of /proc/PID/status: anonymous and shared memory in RAM, and what of it was swapped out, in
 * bytes.  That is the memory that goes when the process ends; the file pages it shares with
 * others are left out.  0 for a kernel thread, whose file has no such lines.
 */
uint64_t procstat_parse_footprint(struct text status);

/* Of /proc/PID/io: bytes that went from and to disks, caches left out. */
bool procstat_parse_io(struct text io, uint64_t *read_bytes, uint64_t *written_bytes);

/*
 * Of /proc/PID/cgroup, "hierarchy:controllers:path" a line: the path, from the unified
 * hierarchy unless it is not in use there; "/" when it is in no group below the root.  False
 * without a line.
 */
bool procstat_parse_cgroup(struct text cgroup, struct text *path);

/* Of /proc/stat: Unix time of the boot in seconds. */
bool procstat_parse_boot(struct text stat, uint64_t *boot_s);

/*
 * Of /proc/PID/fdinfo/N of a GPU: the time that its engines worked for this client, added up.
 * client tells clients apart that several descriptors share: a hash of device and client-id.
 * False when the file names no client or no engine.
 */
bool procstat_parse_gpu(struct text fdinfo, uint64_t *client, uint64_t *gpu_ns);

#endif
