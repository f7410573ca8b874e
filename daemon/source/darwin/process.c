/* SPDX-License-Identifier: MIT */
#include "daemon/source/process.h"

#include <errno.h>
#include <mach/mach_time.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/sysctl.h>

#include "daemon/source/darwin/clock.h"
#include "daemon/source/darwin/gpuclients.h"
#include "daemon/source/darwin/pids.h"
#include "daemon/source/darwin/procargs.h"
#include "daemon/source/darwin/procinfo.h"
#include "daemon/source/darwin/responsible.h"
#include "daemon/source/darwin/usage.h"
#include "proto/alloc.h"

#define ARGUMENTS_SLACK 64
#define ARGUMENTS_MAX (1048576 - ARGUMENTS_SLACK) /* the system refuses more than ARG_MAX */
#define CLIENTS_FRESH_NS 20000000 /* rows that are read one after the other share a reading */

struct walker {
	struct pids pids;
	struct usage usage;
	struct gpuclients clients;
	uint64_t clients_ns; /* when these were read; 0 = never */
	struct responsible responsible;
};

static int walker_open(void **self, const struct source_options *options, struct fault *why)
{
	struct walker *w = xcalloc(1, sizeof(*w));
	int rc = pids_read(&w->pids);

	(void)options;
	if (rc < 0) {
		pids_fini(&w->pids);
		free(w);
		return fault_set(why, rc, "the system does not list them: %s", strerror(-rc));
	}
	responsible_open(&w->responsible);
	*self = w;
	return 0;
}

static void walker_close(void *self)
{
	struct walker *w = self;

	responsible_close(&w->responsible);
	gpuclients_fini(&w->clients);
	pids_fini(&w->pids);
	free(w);
}

/* ---- the walk ---- */

static void walker_read_clients(struct walker *w)
{
	w->clients_ns = clock_from_ticks(mach_absolute_time());
	gpuclients_read(&w->clients);
}

/* What is to be known of every process in this walk. */
struct walker_wants {
	bool usage, gpu, responsible, name;
};

static void walker_fill(const struct walker_wants *wants, struct walker *w, struct process *p)
{
	if (!p->restricted && (wants->usage || p->state == PROCESS_ZOMBIE))
		usage_read_all(&w->usage, p);
	if (wants->gpu)
		p->gpu_ns = gpuclients_get(&w->clients, p->pid);
	if (wants->responsible)
		p->responsible = responsible_of(&w->responsible, p->pid);
	if (wants->name && procinfo_name_is_cut(p))
		procinfo_complete_name(p);
}

/*
 * Energy is read with CPU time where it is measured, or may be: shares of power need that of
 * all.
 */
static int walker_walk(void *self, unsigned want, struct process_table *table)
{
	struct walker *w = self;
	const struct walker_wants wants = {
		.usage = w->usage.energy != USAGE_ENERGY_NEVER ||
			(want & (PROCESS_WANT_MEMORY | PROCESS_WANT_DISK)) != 0,
		.gpu = (want & PROCESS_WANT_GPU) != 0,
		.responsible = (want & PROCESS_WANT_RESPONSIBLE) != 0,
		.name = (want & PROCESS_WANT_NAME) != 0,
	};
	int rc = pids_read(&w->pids);

	if (wants.gpu)
		walker_read_clients(w);
	for (unsigned i = 0; i < w->pids.count; i++) {
		struct process *p = process_table_add(table);

		if (!p)
			break;
		if (procinfo_read(w->pids.list[i], p) == 0)
			walker_fill(&wants, w, p);
		else
			table->count--;
	}
	table->truncated |= rc < 0;
	return rc;
}

/* ---- details ---- */

static void walker_detail_gpu(struct walker *w, struct process *p)
{
	uint64_t now_ns = clock_from_ticks(mach_absolute_time());

	if (!w->clients_ns || now_ns - w->clients_ns > CLIENTS_FRESH_NS)
		walker_read_clients(w);
	p->gpu_ns = gpuclients_get(&w->clients, p->pid);
}

static int walker_detail(void *self, unsigned want, struct process *p)
{
	struct walker *w = self;
	bool used = p->children_ns == PROCESS_UNKNOWN && !p->restricted;
	bool gpu = want & PROCESS_WANT_GPU && p->gpu_ns == PROCESS_UNKNOWN;
	bool responsible = want & PROCESS_WANT_RESPONSIBLE && !p->responsible;
	bool name = want & PROCESS_WANT_NAME && procinfo_name_is_cut(p);

	if (!used && !gpu && !responsible && !name)
		return 0;
	if (!procinfo_is(p))
		return -ESRCH;
	if (used)
		usage_read_rest(&w->usage, p);
	if (gpu)
		walker_detail_gpu(w, p);
	if (responsible)
		p->responsible = responsible_of(&w->responsible, p->pid);
	if (name)
		procinfo_complete_name(p);
	return 0;
}

/* ---- command lines ---- */

/*
 * To be freed; NULL when it is not to be had.  The size is asked for, since a buffer that is
 * too small is filled with the end of it all; one that comes back full was too small, as the
 * process has begun another program meanwhile.
 */
static char *walker_load_arguments(int32_t pid, size_t *size)
{
	int name[3] = { CTL_KERN, KERN_PROCARGS2, pid };
	size_t room = 0;
	char *bytes;

	if (sysctl(name, 3, NULL, &room, NULL, 0) < 0 || room > ARGUMENTS_MAX)
		return NULL;
	room += ARGUMENTS_SLACK;
	bytes = xcalloc(1, room);
	*size = room;
	if (sysctl(name, 3, bytes, size, NULL, 0) == 0 && *size < room)
		return bytes;
	free(bytes);
	return NULL;
}

/* The kernel answers for a pid, not for a process: whose it was is looked at afterwards. */
static int walker_command(void *self, const struct process *p, char *to)
{
	const char *text;
	char *bytes;
	size_t size, length;
	int rc = -EACCES;

	(void)self;
	if (p->restricted)
		return rc;
	to[0] = '\0';
	if (p->pid == 0 || p->state == PROCESS_ZOMBIE)
		return 0;
	bytes = walker_load_arguments(p->pid, &size);
	if (!procinfo_is(p)) {
		rc = -ESRCH;
	} else if (bytes && procargs_parse(bytes, size, &text, &length)) {
		process_clean(to, PROCESS_COMMAND_MAX, text, length);
		rc = 0;
	}
	free(bytes);
	return rc;
}

const struct process_source platform_processes = { walker_open, walker_walk, walker_detail,
	walker_command, NULL, walker_close };
