/* SPDX-License-Identifier: MIT */
#ifndef DUMPCOUNTERS_H
#define DUMPCOUNTERS_H

#include <mach/mach.h>
#include <stdint.h>

#include "daemon/source/common/jsonfile.h"
#include "daemon/source/darwin/net.h"
#include "daemon/source/darwin/ticks.h"

/*
 * What counts up outside IOReport, read twice for the description of a machine: CPU ticks,
 * memory, interfaces and disks.
 */
#define DUMP_NETS_MAX 64
#define DUMP_DISKS_MAX 32

struct dumpdisk {
	uint64_t id;
	int64_t bytes[2]; /* read, written */
	bool is_virtual;
};

struct dumpcounters {
	struct ticks ticks;
	bool has_ticks, has_vm, asked_more;
	vm_statistics64_data_t vm;
	unsigned net_count, disk_count;
	struct interface nets[DUMP_NETS_MAX]; /* bytes in full */
	struct dumpdisk disks[DUMP_DISKS_MAX];
};

/* Reads it all; the result is as large as that, so kept on the heap by callers. */
void dumpcounters_read(struct dumpcounters *c);

/* Sections cpu_ticks, vm and net; seconds lie between the two. */
void dumpcounters_write(const struct dumpcounters *first, const struct dumpcounters *last,
	double seconds, struct jsonfile *j);

/* The disks, inside section registry. */
void dumpcounters_write_disks(const struct dumpcounters *first, const struct dumpcounters *last,
	double seconds, struct jsonfile *j);

#endif
