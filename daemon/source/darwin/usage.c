/* SPDX-License-Identifier: MIT */
#include "daemon/source/darwin/usage.h"

#include <errno.h>
#include <libproc.h>
#include <mach/mach_time.h>

#include "daemon/source/darwin/clock.h"

#define VERSION_MAX 6
#define BUSY_NS 1000000000u /* nobody computes for a second on less than a nanojoule */

/* Version 6, from macOS 13 on; the SDK of macOS 12 ends with 5, which adds the flags. */
struct usage_info {
	struct rusage_info_v4 v4;
	uint64_t flags;
	uint64_t user_ptime, system_ptime, pinstructions, pcycles;
	uint64_t energy_nj, penergy_nj;
	uint64_t secure_time, secure_ptime;
	uint64_t neural_footprint, lifetime_max_neural_footprint, interval_max_neural_footprint;
	uint64_t reserved[9];
};
_Static_assert(sizeof(struct usage_info) == 464, "not the layout of the kernel");

static int usage_ask(int32_t pid, int version, struct usage_info *info)
{
	errno = 0;
	if (proc_pid_rusage(pid, version, (rusage_info_t *)info) == 0)
		return 0;
	return errno ? -errno : -EIO;
}

/* The newest version that this kernel has: EINVAL of one that the next older does not get. */
static int usage_ask_newest(struct usage *usage, int32_t pid, struct usage_info *info)
{
	int version = usage->version ? usage->version : VERSION_MAX;
	int rc = usage_ask(pid, version, info);

	if (rc == -EINVAL && version > RUSAGE_INFO_V4) {
		version = RUSAGE_INFO_V4;
		rc = usage_ask(pid, version, info);
	}
	if (rc == 0)
		usage->version = version;
	return rc;
}

static void usage_fill_energy(struct usage *usage, uint64_t energy_nj, struct process *p)
{
	if (energy_nj) {
		p->energy_nj = energy_nj;
		usage->energy = USAGE_ENERGY_MEASURED;
	} else if (usage->energy == USAGE_ENERGY_UNSURE && p->cpu_ns >= BUSY_NS) {
		usage->energy = USAGE_ENERGY_NEVER;
	}
}

static void usage_fill_rest(const struct usage_info *info, struct process *p)
{
	p->children_ns =
		clock_from_ticks(info->v4.ri_child_user_time + info->v4.ri_child_system_time);
	p->footprint_bytes = info->v4.ri_phys_footprint;
	p->read_bytes = info->v4.ri_diskio_bytesread;
	p->written_bytes = info->v4.ri_diskio_byteswritten;
}

int usage_read_all(struct usage *usage, struct process *p)
{
	struct usage_info info = { .flags = 0 };
	int rc = usage_ask_newest(usage, p->pid, &info);

	if (rc < 0)
		return rc;
	p->taken_ns = clock_from_ticks(mach_absolute_time());
	p->cpu_ns = clock_from_ticks(info.v4.ri_user_time + info.v4.ri_system_time);
	usage_fill_energy(usage, info.energy_nj, p);
	usage_fill_rest(&info, p);
	return 0;
}

int usage_read_rest(struct usage *usage, struct process *p)
{
	struct usage_info info = { .flags = 0 };
	int rc = usage_ask_newest(usage, p->pid, &info);

	if (rc == 0)
		usage_fill_rest(&info, p);
	return rc;
}
