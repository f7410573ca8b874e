/* SPDX-License-Identifier: MIT */
#include "daemon/source/linux/parts.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>

#include "daemon/source/linux/cpufreq.h"
#include "daemon/source/linux/file.h"
#include "daemon/source/linux/procfile.h"
#include "daemon/source/linux/topology.h"
#include "proto/alloc.h"

/* A line of /proc/stat: "cpu1023" and ten numbers of 20 digits at most, with their blanks. */
#define CPU_LINE_MAX 224
#define CPU_STAT_SPARE 1024

struct cpu {
	struct file stat;
	struct topology topology;
	struct cpufreq freq;
	char *buf; /* holds the CPU lines, which come first; the rest of the file is not needed
		    */
	size_t size;
};

/* By frequency policy where cores share them; Intel has one per CPU, so there by package. */
static void cpu_group(struct cpu *cpu, const char *root)
{
	int packages[TOPOLOGY_MAX];

	if (cpu->freq.shared) {
		topology_group(&cpu->topology, cpu->freq.of);
		return;
	}
	topology_load_packages(&cpu->topology, root, packages);
	topology_group(&cpu->topology, packages);
}

static void cpu_close(void *self)
{
	struct cpu *cpu = self;

	file_close(&cpu->stat);
	cpufreq_close(&cpu->freq);
	free(cpu->buf);
	free(cpu);
}

static int cpu_open(void **self, const struct source_options *options, struct fault *why)
{
	struct cpu *cpu = xcalloc(1, sizeof(*cpu));
	int rc = file_open(&cpu->stat, "%s/proc/stat", options->root);

	if (topology_load(&cpu->topology, options->root) == 0 && rc == 0)
		rc = fault_set(why, -EBADMSG, "found no CPU in /proc/stat");
	cpufreq_open(&cpu->freq, &cpu->topology, options->root);
	cpu_group(cpu, options->root);
	cpu->size = CPU_STAT_SPARE + (size_t)cpu->topology.count * CPU_LINE_MAX;
	cpu->buf = xcalloc(1, cpu->size);
	if (rc < 0)
		cpu_close(cpu);
	else
		*self = cpu;
	return rc;
}

static void cpu_describe_clusters(const struct topology *t, struct layout *layout)
{
	unsigned seen[128] = { 0 };

	for (unsigned i = 0; i < t->clusters; i++) {
		char kind = t->cluster_kind[i], name[LAYOUT_NAME_MAX];
		struct entity *e;

		snprintf(name, sizeof(name), "%c%u", kind, seen[kind & 127]++);
		e = layout_add(layout, SCOPE_CLUSTER, name);
		if (e)
			e->kind = kind;
	}
}

static void cpu_note_freq(const struct cpu *cpu, struct layout *layout)
{
	const char *reason = "the kernel has no cpufreq driver for this CPU";

	if (cpu->freq.count > 0)
		return;
	layout_note(layout, METRIC_CORE_FREQ_MHZ, AVAIL_UNSUPPORTED, reason);
	layout_note(layout, METRIC_CORE_SCALED_PCT, AVAIL_UNSUPPORTED, reason);
	layout_note(layout, METRIC_CPU_SCALED_PCT, AVAIL_UNSUPPORTED, reason);
}

static int cpu_describe(void *self, struct layout *layout)
{
	const struct cpu *cpu = self;
	const struct topology *t = &cpu->topology;

	for (unsigned i = 0; i < t->count; i++) {
		char name[LAYOUT_NAME_MAX];
		struct entity *e;

		snprintf(name, sizeof(name), "%u", t->number[i]);
		e = layout_add(layout, SCOPE_CORE, name);
		if (!e)
			break;
		e->kind = t->kind[i];
		e->cluster = t->cluster[i];
	}
	cpu_describe_clusters(t, layout);
	cpu_note_freq(cpu, layout);
	return 0;
}

static int cpu_read_ticks(struct cpu *cpu, struct sample *s)
{
	int n = file_read(&cpu->stat, cpu->buf, cpu->size), core;
	struct text file = text_of(cpu->buf, n < 0 ? 0 : (size_t)n), line;
	struct procfile_cpu ticks;
	bool any = false;

	if (n < 0)
		return n;
	text_take_line(&file, &line, false); /* the sum */
	while (text_take_line(&file, &line, false) && procfile_parse_cpu(line, &ticks)) {
		any = true;
		core = topology_find(&cpu->topology, ticks.number);
		if (core < 0)
			continue;
		sample_set(s, METRIC_CORE_BUSY_TICKS, (unsigned)core, (double)ticks.busy);
		sample_set(s, METRIC_CORE_TOTAL_TICKS, (unsigned)core, (double)ticks.total);
	}
	return any ? 0 : -EBADMSG;
}

/* The frequency of an offline core is no one's: its policy may show that of its neighbours. */
static double cpu_core_mhz(const struct cpu *cpu, const struct sample *s, unsigned core)
{
	return sample_has(s, METRIC_CORE_TOTAL_TICKS, core) ? cpufreq_mhz(&cpu->freq, core)
							    : NAN;
}

static void cpu_read_freq(struct cpu *cpu, struct sample *s)
{
	const struct topology *t = &cpu->topology;
	double mhz[TOPOLOGY_MAX], max[TOPOLOGY_MAX];

	cpufreq_read(&cpu->freq);
	for (unsigned i = 0; i < t->clusters; i++)
		mhz[i] = max[i] = NAN;
	for (unsigned i = 0; i < t->count; i++) {
		double core_mhz = cpu_core_mhz(cpu, s, i),
		       core_max = cpufreq_max_mhz(&cpu->freq, i);
		int c = t->cluster[i];

		sample_set(s, METRIC_CORE_FREQ_MHZ, i, core_mhz);
		sample_set(s, METRIC_CORE_MAX_FREQ_MHZ, i, core_max);
		if (c >= 0) {
			mhz[c] = fmax(mhz[c], core_mhz);
			max[c] = fmax(max[c], core_max);
		}
	}
	for (unsigned i = 0; i < t->clusters; i++) {
		sample_set(s, METRIC_CLUSTER_FREQ_MHZ, i, mhz[i]);
		sample_set(s, METRIC_CLUSTER_MAX_FREQ_MHZ, i, max[i]);
	}
}

static int cpu_read(void *self, struct sample *s)
{
	struct cpu *cpu = self;
	int rc = cpu_read_ticks(cpu, s);

	if (cpu->freq.count > 0)
		cpu_read_freq(cpu, s);
	return rc;
}

const struct part cpu_part = { "cpu", cpu_open, cpu_describe, cpu_read, cpu_close };
