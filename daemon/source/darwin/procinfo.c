/* SPDX-License-Identifier: MIT */
#include "daemon/source/darwin/procinfo.h"

#include <errno.h>
#include <libproc.h>
#include <mach/mach_time.h>
#include <string.h>
#include <sys/param.h>
#include <sys/proc.h>

#include "daemon/source/darwin/clock.h"

#define US_PER_S 1000000u
#define WITH_ZOMBIES 1	/* the argument of the flavors that know them */
#define PATH_BYTES 4096 /* PROC_PIDPATHINFO_MAXSIZE; more is refused */

/* 0 or -errno: what is shorter than it should be is of a process that has just gone. */
static int procinfo_ask(int32_t pid, int flavor, uint64_t arg, void *answer, int size)
{
	int bytes;

	errno = 0;
	bytes = proc_pidinfo(pid, flavor, arg, answer, size);
	if (bytes >= size)
		return 0;
	return bytes == 0 && errno ? -errno : -ESRCH;
}

/* Most live processes are "runnable" to the kernel whatever they do: their threads tell. */
static enum process_state procinfo_state(uint32_t status, int32_t running)
{
	switch (status) {
	case SIDL:
		return PROCESS_IDLE;
	case SSTOP:
		return PROCESS_STOPPED;
	case SZOMB:
		return PROCESS_ZOMBIE;
	default:
		if (running < 0)
			return PROCESS_STATE_UNKNOWN;
		return running > 0 ? PROCESS_RUNNING : PROCESS_SLEEPING;
	}
}

/* A name fills its field up to the NUL, or beyond. */
static void procinfo_name(struct process *p, const char *name, size_t size)
{
	process_clean(p->name, sizeof(p->name), name, strnlen(name, size));
}

static uint64_t procinfo_start(const struct proc_bsdinfo *bsd)
{
	return bsd->pbi_start_tvsec * US_PER_S + bsd->pbi_start_tvusec;
}

static void procinfo_fill(struct process *p, const struct proc_bsdinfo *bsd, int32_t running)
{
	p->pid = (int32_t)bsd->pbi_pid;
	p->ppid = (int32_t)bsd->pbi_ppid;
	p->uid = bsd->pbi_uid;
	p->start = procinfo_start(bsd);
	p->start_ms = (int64_t)(p->start / 1000);
	p->state = (uint8_t)procinfo_state(bsd->pbi_status, running);
	if (bsd->pbi_name[0])
		procinfo_name(p, bsd->pbi_name, sizeof(bsd->pbi_name));
	else
		procinfo_name(p, bsd->pbi_comm, sizeof(bsd->pbi_comm));
}

/* Times are in ticks of mach_absolute_time(), those of threads that have ended included. */
static void procinfo_fill_task(struct process *p, const struct proc_taskinfo *task)
{
	p->taken_ns = clock_from_ticks(mach_absolute_time());
	p->cpu_ns = clock_from_ticks(task->pti_total_user + task->pti_total_system);
	p->rss_bytes = task->pti_resident_size;
	p->threads = task->pti_threadnum < 0 ? 0 : (uint32_t)task->pti_threadnum;
}

/* What everybody is told of everybody's: neither times nor when it began. */
static void procinfo_fill_short(struct process *p, const struct proc_bsdshortinfo *brief)
{
	p->pid = (int32_t)brief->pbsi_pid;
	p->ppid = (int32_t)brief->pbsi_ppid;
	p->uid = brief->pbsi_uid;
	p->state = (uint8_t)procinfo_state(brief->pbsi_status, -1);
	procinfo_name(p, brief->pbsi_comm, sizeof(brief->pbsi_comm));
}

static int procinfo_read_short(int32_t pid, struct process *p)
{
	struct proc_bsdshortinfo brief = { 0 };
	int rc = procinfo_ask(pid, PROC_PIDT_SHORTBSDINFO, WITH_ZOMBIES, &brief, sizeof(brief));

	if (rc == -ESRCH)
		return rc;
	p->pid = pid;
	if (rc == 0)
		procinfo_fill_short(p, &brief);
	p->restricted = true;
	return 0;
}

/* It has no task: either a zombie, or gone. */
static int procinfo_read_zombie(int32_t pid, struct process *p)
{
	struct proc_bsdinfo bsd = { 0 };
	int rc = procinfo_ask(pid, PROC_PIDTBSDINFO, WITH_ZOMBIES, &bsd, sizeof(bsd));

	if (rc == 0)
		procinfo_fill(p, &bsd, -1);
	return rc;
}

int procinfo_read(int32_t pid, struct process *p)
{
	struct proc_taskallinfo all = { 0 };
	int rc = procinfo_ask(pid, PROC_PIDTASKALLINFO, 0, &all, sizeof(all));

	if (rc == 0) {
		procinfo_fill_task(p, &all.ptinfo);
		procinfo_fill(p, &all.pbsd, all.ptinfo.pti_numrunning);
		return 0;
	}
	if (rc == -ESRCH)
		rc = procinfo_read_zombie(pid, p);
	return rc == 0 || rc == -ESRCH ? rc : procinfo_read_short(pid, p);
}

bool procinfo_name_is_cut(const struct process *p)
{
	return p->restricted && strlen(p->name) == MAXCOMLEN - 1;
}

/* A program that has another name than the process has given itself tells nothing. */
void procinfo_complete_name(struct process *p)
{
	char path[PATH_BYTES] = "", name[PROCESS_NAME_MAX];
	int length = proc_pidpath(p->pid, path, sizeof(path));
	const char *base;

	if (length <= 0 || length >= PATH_BYTES)
		return;
	path[length] = '\0';
	base = strrchr(path, '/');
	base = base ? base + 1 : path;
	process_clean(name, sizeof(name), base, strlen(base));
	if (strncmp(name, p->name, strlen(p->name)) == 0)
		memcpy(p->name, name, sizeof(name));
}

bool procinfo_is(const struct process *p)
{
	struct proc_bsdshortinfo brief = { 0 };
	struct proc_bsdinfo bsd = { 0 };

	if (p->restricted)
		return procinfo_ask(p->pid, PROC_PIDT_SHORTBSDINFO, WITH_ZOMBIES, &brief,
			       sizeof(brief)) != -ESRCH;
	return procinfo_ask(p->pid, PROC_PIDTBSDINFO, WITH_ZOMBIES, &bsd, sizeof(bsd)) == 0 &&
		procinfo_start(&bsd) == p->start;
}
