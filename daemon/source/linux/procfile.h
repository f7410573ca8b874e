/* SPDX-License-Identifier: MIT */
#ifndef PROCFILE_H
#define PROCFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/source/linux/text.h"

/*
 * The formats of the files of /proc and /sys that the Linux source reads, described in the
 * kernel's Documentation/filesystems/proc.rst, admin-guide/iostats.rst, accounting/psi.rst and
 * admin-guide/cputopology.rst.  Pure: text in, numbers out.  What does not parse yields false
 * and changes nothing that is not named.
 */

#define PROCFILE_NAME_MAX 32 /* of a disk or network interface, NUL included */

/* ---- /proc/stat ---- */

/*
 * Ticks of one CPU since boot.  busy = user + nice + system + irq + softirq: guest time is
 * inside user (guest_nice inside nice) already.  Waiting for I/O is idle time, and stolen time
 * is time that the CPU was not there: neither is busy, both are part of the total.
 */
struct procfile_cpu {
	unsigned number;
	uint64_t busy, total;
};

/* A line "cpuN ..."; false for the sum line "cpu" and for every other line. */
bool procfile_parse_cpu(struct text line, struct procfile_cpu *cpu);

/* ---- /proc/meminfo, in bytes ---- */

enum meminfo_field {
	MEMINFO_TOTAL,
	MEMINFO_AVAILABLE,
	MEMINFO_BUFFERS,
	MEMINFO_CACHED,
	MEMINFO_SWAP_TOTAL,
	MEMINFO_SWAP_FREE,
	MEMINFO_ZSWAP,
	MEMINFO_SRECLAIMABLE,
	MEMINFO_COUNT
};

struct procfile_meminfo {
	bool has[MEMINFO_COUNT];
	uint64_t bytes[MEMINFO_COUNT];
};

/* In the order of the file; what stands behind the last field is not looked at. */
void procfile_parse_meminfo(struct text file, struct procfile_meminfo *meminfo);

/* ---- the rest of /proc ---- */

/* Pages swapped in and out since boot, of /proc/vmstat; true when line tells one of them. */
bool procfile_parse_swap(struct text line, uint64_t *in, uint64_t *out);

/* One device of /proc/diskstats or /proc/net/dev: bytes read or received, written or sent. */
struct procfile_device {
	char name[PROCFILE_NAME_MAX];
	uint64_t in, out;
};

bool procfile_parse_disk(struct text line, struct procfile_device *disk);
bool procfile_parse_interface(struct text line, struct procfile_device *interface);

/* The three averages of /proc/loadavg. */
bool procfile_parse_load(struct text file, double load[3]);

/* The total of the line "some" or "full" of a file of /proc/pressure, in microseconds. */
bool procfile_parse_pressure(struct text file, const char *line, uint64_t *total_us);

/* ---- /sys ---- */

/* What a zram device takes of memory: the third number of mm_stat
 * (admin-guide/blockdev/zram.rst). */
bool procfile_parse_zram(struct text file, uint64_t *bytes);

/* A file that holds one decimal number. */
bool procfile_parse_number(struct text file, int64_t *value);

/*
 * The numbers of "0-3,8" or "0 1 2 3 8", each to add() in the order of the text.  Numbers of
 * max and above are left out.  False when the text is no such list; what came before counts.
 */
typedef void (*procfile_add)(void *arg, unsigned number);
bool procfile_parse_list(struct text file, unsigned max, procfile_add add, void *arg);

/* A clock table of amdgpu ("1: 1200Mhz *"): the marked clock and the highest; NaN = none. */
void procfile_parse_clocks(struct text file, double *now_mhz, double *max_mhz);

/*
 * What follows key up to the end of its line, without quotes and blanks around it: key
 * "PRETTY_NAME=" of os-release, "DRIVER=" of a uevent, "model name\t:" of cpuinfo.  False when
 * no line starts with key.
 */
bool procfile_parse_value(struct text file, const char *key, char *to, size_t size);

#endif
