/* SPDX-License-Identifier: MIT */
#include "daemon/source/darwin/dumpprocess.h"

#include <unistd.h>

#include "daemon/source/darwin/procinfo.h"

static bool dumpprocess_read(struct dumpprocess *dump, struct process *p)
{
	struct process_table table = { 0 };
	bool found;

	*p = *process_table_add(&table);
	process_table_fini(&table);
	found = procinfo_read((int32_t)getpid(), p) == 0 &&
		usage_read_all(&dump->usage, p) == 0;
	return found && !p->restricted;
}

void dumpprocess_begin(struct dumpprocess *dump)
{
	*dump = (struct dumpprocess){ .found = false };
	dump->found = dumpprocess_read(dump, &dump->first);
}

void dumpprocess_end(struct dumpprocess *dump)
{
	dump->found &= dumpprocess_read(dump, &dump->last);
}

static void write_counter(struct jsonfile *j, const char *key, uint64_t last, uint64_t first,
	const struct dumpprocess *dump)
{
	uint64_t ns = dump->last.taken_ns - dump->first.taken_ns;

	if (last == PROCESS_UNKNOWN || first == PROCESS_UNKNOWN || ns == 0)
		return;
	jsonfile_growing(j, key, (double)last, (double)(last - first) / ((double)ns / 1e9));
}

void dumpprocess_write(const struct dumpprocess *dump, struct jsonfile *j)
{
	const struct process *first = &dump->first, *last = &dump->last;

	if (!dump->found)
		return;
	jsonfile_number(j, "rusage_version", dump->usage.version);
	jsonfile_open(j, "processes", '[');
	jsonfile_open(j, NULL, '{');
	jsonfile_number(j, "pid", last->pid);
	jsonfile_number(j, "ppid", last->ppid);
	jsonfile_number(j, "uid", last->uid);
	jsonfile_number(j, "start", (double)last->start_ms / 1000);
	jsonfile_text(j, "name", last->name);
	write_counter(j, "user_ns", last->cpu_ns, first->cpu_ns, dump);
	jsonfile_number(j, "system_ns", 0);
	jsonfile_number(j, "rss", (double)last->rss_bytes);
	jsonfile_number(j, "footprint", (double)last->footprint_bytes);
	jsonfile_number(j, "threads", last->threads);
	write_counter(j, "energy_nj", last->energy_nj, first->energy_nj, dump);
	jsonfile_close(j, '}');
	jsonfile_close(j, ']');
}
