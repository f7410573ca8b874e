/* SPDX-License-Identifier: MIT */
#ifndef FAKE_PROCESSES_H
#define FAKE_PROCESSES_H

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/source/process.h"

/*
 * Processes that do the same in every second: the table says how much.  Those that a test wants
 * otherwise it changes between two walks.
 */

#define FAKE_MAX 64

struct fake_process {
	int32_t pid, ppid, responsible;
	uint32_t uid;
	const char *name, *command; /* NULL: may not be read */
	unsigned cpu_ms, gpu_ms;    /* a second */
	unsigned read_bytes;	    /* a second; twice that is written */
	uint64_t mem_bytes;
	uint64_t start;
	uint64_t energy_mj; /* a second; 0 = not measured */
	bool restricted;    /* only who it is can be read */
	bool gone;
};

struct fake_processes {
	struct fake_process rows[FAKE_MAX];
	unsigned count;
	uint64_t now_ms; /* since the boot */
	unsigned walks, details, commands;
	unsigned wanted; /* of the last walk */
	bool truncated;
};

/* A shell, its two children and a daemon, all of the user who runs the tests. */
static inline void fake_init(struct fake_processes *fake)
{
	const uint32_t me = geteuid();

	*fake = (struct fake_processes){ .count = 5,
		.rows = {
			{ 1, 0, 0, me, "init", "/sbin/init", 0, 0, 0, 1 << 20, 1, 0, false,
				false },
			{ 10, 1, 0, me, "shell", "-sh", 0, 0, 0, 2 << 20, 2, 0, false, false },
			{ 20, 10, 0, me, "llama", "/opt/llama --model x", 1500, 250, 4096,
				UINT64_C(3) << 30, 3, 0, false, false },
			{ 21, 20, 0, me, "worker", "/opt/llama worker", 500, 0, 0, 64 << 20, 4,
				0, false, false },
			{ 30, 1, 0, me, "kthread", "", 0, 0, 0, 0, 5, 0, true, false },
		} };
}

static inline void fake_fill(
	const struct fake_processes *fake, const struct fake_process *f, struct process *p)
{
	p->pid = f->pid;
	p->ppid = f->ppid;
	p->responsible = f->responsible;
	p->uid = f->uid;
	p->start = f->start;
	p->start_ms = INT64_C(1700000000000) + (int64_t)f->start;
	p->restricted = f->restricted;
	snprintf(p->name, sizeof(p->name), "%s", f->name);
	if (f->restricted)
		return;
	p->taken_ns = fake->now_ms * 1000000;
	p->cpu_ns = f->cpu_ms * fake->now_ms * 1000;
	p->children_ns = 0;
	if (f->energy_mj)
		p->energy_nj = f->energy_mj * fake->now_ms * 1000;
	p->rss_bytes = f->mem_bytes / 2;
	p->threads = 1;
	p->state = f->cpu_ms ? PROCESS_RUNNING : PROCESS_SLEEPING;
}

static inline struct fake_process *fake_find(struct fake_processes *fake, int32_t pid)
{
	for (unsigned i = 0; i < fake->count; i++)
		if (fake->rows[i].pid == pid)
			return &fake->rows[i];
	return NULL;
}

static inline int fake_detail(void *self, unsigned want, struct process *p)
{
	struct fake_processes *fake = self;
	const struct fake_process *f = fake_find(fake, p->pid);

	fake->details++;
	if (!f || f->gone || f->start != p->start)
		return -ESRCH;
	if (f->restricted)
		return 0;
	if (want & PROCESS_WANT_MEMORY)
		p->footprint_bytes = f->mem_bytes;
	if (want & PROCESS_WANT_GPU)
		p->gpu_ns = f->gpu_ms * fake->now_ms * 1000;
	if (want & PROCESS_WANT_DISK) {
		p->read_bytes = f->read_bytes * fake->now_ms / 1000;
		p->written_bytes = 2 * p->read_bytes;
	}
	return 0;
}

static inline int fake_walk(void *self, unsigned want, struct process_table *table)
{
	struct fake_processes *fake = self;

	fake->walks++;
	fake->wanted = want;
	for (unsigned i = 0; i < fake->count; i++) {
		struct process *p;

		if (fake->rows[i].gone)
			continue;
		p = process_table_add(table);
		fake_fill(fake, &fake->rows[i], p);
		if (want)
			fake_detail(fake, want, p);
	}
	table->truncated = fake->truncated;
	return 0;
}

static inline int fake_command(void *self, const struct process *p, char *to)
{
	struct fake_processes *fake = self;
	const struct fake_process *f = fake_find(fake, p->pid);

	fake->commands++;
	if (!f || f->gone || f->start != p->start)
		return -ESRCH;
	if (!f->command)
		return -EACCES;
	snprintf(to, PROCESS_COMMAND_MAX, "%s", f->command);
	return 0;
}

static const struct process_source fake_source = {
	.walk = fake_walk, .detail = fake_detail, .command = fake_command
};

#endif
