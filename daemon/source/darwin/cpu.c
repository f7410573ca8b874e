/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "daemon/source/darwin/clock.h"
#include "daemon/source/darwin/ioreport.h"
#include "daemon/source/darwin/parts.h"
#include "daemon/source/darwin/pmgr.h"
#include "daemon/source/darwin/residency.h"
#include "daemon/source/darwin/ticks.h"
#include "daemon/source/darwin/topology.h"
#include "proto/alloc.h"

/*
 * Cores and clusters.  Core channels tell the states that were requested; what the hardware ran
 * at is told by the complex channels ending in CPM, and only goes into the clusters.
 */

#define GROUP "CPU Stats"
#define CORES "CPU Core Performance States"
#define COMPLEXES "CPU Complex Performance States"

/* A channel of states and the table that they index. */
struct meter_states {
	unsigned channel;
	struct residency residency;
	const struct dvfs_table *table; /* NULL = not known */
};

struct cpu {
	struct ioreport io;
	struct subscription sub; /* handle NULL = none */
	struct fault why;	 /* no subscription */
	struct topology topology;
	struct pmgr pmgr;
	struct gap gap;
	bool needs_ticks;
	struct ticks ticks;
	struct meter_states cores[TOPOLOGY_CORES_MAX];	     /* by CPU number */
	struct meter_states realised[TOPOLOGY_CLUSTERS_MAX]; /* by cluster; no states = none */
};

static bool cpu_wants(const struct channel *channel)
{
	struct core_name name;

	if (channel->format != FORMAT_STATE)
		return false;
	if (strcmp(channel->subgroup, CORES) == 0)
		return channel_parse_core(channel->name, &name);
	return strcmp(channel->subgroup, COMPLEXES) == 0 &&
		channel_parse_complex(channel->name, &name);
}

/* ---- opening ---- */

static const struct dvfs_table *cpu_table(
	const struct cpu *cpu, char letter, const struct residency *r)
{
	return pmgr_choose(
		letter == cpu->topology.top_letter ? &cpu->pmgr.top : &cpu->pmgr.lower,
		residency_actives(r));
}

static bool cpu_open_states(
	struct cpu *cpu, struct meter_states *states, unsigned channel, char letter)
{
	memset(states, 0, sizeof(*states));
	states->channel = channel;
	if (!ioreport_describe_states(
		    &cpu->io, subscription_channel(&cpu->sub, channel), &states->residency)) {
		states->residency.count = 0;
		return false;
	}
	states->table = cpu_table(cpu, letter, &states->residency);
	return true;
}

/* Core channels by name; channels[i] is where names[i] stands in the subscription. */
static unsigned cpu_core_names(
	const struct cpu *cpu, struct core_name *names, unsigned *channels)
{
	unsigned n = 0;

	for (unsigned i = 0; i < cpu->sub.count && n < TOPOLOGY_CORES_MAX; i++) {
		const struct channel *c = &cpu->sub.channels[i];

		if (strcmp(c->subgroup, CORES) == 0 && channel_parse_core(c->name, &names[n]))
			channels[n++] = i;
	}
	return n;
}

static void cpu_open_cores(struct cpu *cpu, const unsigned *channels)
{
	for (unsigned i = 0; i < cpu->topology.count; i++) {
		struct topology_core *core = &cpu->topology.cores[i];

		if (core->channel < 0 ||
			!cpu_open_states(
				cpu, &cpu->cores[i], channels[core->channel], core->letter))
			cpu->needs_ticks = true;
	}
}

static void cpu_open_complexes(struct cpu *cpu)
{
	struct core_name name;

	for (unsigned i = 0; i < cpu->sub.count; i++) {
		const struct channel *c = &cpu->sub.channels[i];
		int cluster = -1;

		if (strcmp(c->subgroup, COMPLEXES) == 0 &&
			channel_parse_complex(c->name, &name))
			cluster = topology_find_cluster(&cpu->topology, &name);
		if (cluster >= 0)
			cpu_open_states(cpu, &cpu->realised[cluster], i, name.letter);
	}
}

static void cpu_open_topology(struct cpu *cpu)
{
	struct core_name names[TOPOLOGY_CORES_MAX];
	unsigned channels[TOPOLOGY_CORES_MAX], n = cpu_core_names(cpu, names, channels);
	struct topology_facts facts;

	topology_read_facts(&facts);
	if (n == 0 && facts.cpus == 0 && ticks_read(&cpu->ticks) == 0)
		facts.cpus = cpu->ticks.count;
	topology_build(&cpu->topology, &facts, names, n);
	cpu_open_cores(cpu, channels);
	cpu_open_complexes(cpu);
}

static int cpu_open(void **self, const struct source_options *options, struct fault *why)
{
	struct cpu *cpu = xcalloc(1, sizeof(*cpu));

	(void)options, (void)why;
	ticks_open(&cpu->ticks);
	pmgr_read(&cpu->pmgr);
	if (ioreport_open(&cpu->io, &cpu->why) == 0)
		subscription_open(&cpu->sub, &cpu->io, GROUP, cpu_wants, &cpu->why);
	cpu_open_topology(cpu);
	*self = cpu;
	return 0;
}

/* ---- describing ---- */

static void cpu_describe_clusters(struct cpu *cpu, struct layout *layout)
{
	unsigned numbers[128] = { 0 };

	for (unsigned i = 0; i < cpu->topology.cluster_count; i++) {
		const struct topology_cluster *cluster = &cpu->topology.clusters[i];
		char kind = (char)(cluster->kind ? cluster->kind : cluster->letter), name[16];
		struct entity *e;

		snprintf(name, sizeof(name), "%c%u", kind, numbers[(unsigned char)kind]++);
		e = layout_add(layout, SCOPE_CLUSTER, name);
		if (e)
			e->kind = cluster->kind;
	}
}

static void cpu_describe_cores(struct cpu *cpu, struct layout *layout)
{
	for (unsigned i = 0; i < cpu->topology.count; i++) {
		const struct topology_core *core = &cpu->topology.cores[i];
		char name[16];
		struct entity *e;

		snprintf(name, sizeof(name), "%u", i);
		e = layout_add(layout, SCOPE_CORE, name);
		if (!e)
			return;
		e->kind = core->kind;
		e->cluster = core->cluster;
		if (cpu->cores[i].residency.count)
			snprintf(e->label, sizeof(e->label), "%s",
				cpu->sub.channels[cpu->cores[i].channel].name);
	}
}

static void cpu_describe_notes(struct cpu *cpu, struct layout *layout)
{
	static const enum metric_id frequencies[] = { METRIC_CORE_FREQ_MHZ,
		METRIC_CORE_SCALED_PCT, METRIC_CLUSTER_MAX_FREQ_MHZ, METRIC_CPU_SCALED_PCT,
		METRIC_ECPU_FREQ_MHZ, METRIC_PCPU_FREQ_MHZ, METRIC_SCPU_FREQ_MHZ,
		METRIC_ECPU_MAX_FREQ_MHZ, METRIC_PCPU_MAX_FREQ_MHZ, METRIC_SCPU_MAX_FREQ_MHZ,
		METRIC_NONE };
	static const enum metric_id promised[] = { METRIC_CORE_ACTIVE_PCT, METRIC_CORE_FREQ_MHZ,
		METRIC_CORE_SCALED_PCT, METRIC_CLUSTER_FREQ_MHZ, METRIC_CLUSTER_IDLE_PCT,
		METRIC_CLUSTER_LOW_PCT, METRIC_CLUSTER_MID_PCT, METRIC_CLUSTER_HIGH_PCT,
		METRIC_NONE };
	bool realised = false;

	for (unsigned i = 0; i < cpu->topology.cluster_count; i++)
		realised = realised || cpu->realised[i].residency.count;
	if (cpu->sub.handle)
		parts_promise(layout, promised);
	if (!cpu->sub.handle)
		parts_note(layout, frequencies, AVAIL_UNSUPPORTED, cpu->why.text);
	else if (!cpu->pmgr.top.count && !cpu->pmgr.lower.count)
		parts_note(layout, frequencies, AVAIL_UNSUPPORTED,
			"no frequency table that can be read");
	if (!realised)
		layout_note(layout, METRIC_CLUSTER_FREQ_MHZ, AVAIL_UNSUPPORTED,
			"no channel tells what the hardware ran at");
	if (cpu->sub.handle && !cpu->topology.ordered)
		layout_note(layout, METRIC_CORE_ACTIVE_PCT, AVAIL_OK,
			"CPU numbers are in the order of the channels' names");
}

static int cpu_describe(void *self, struct layout *layout)
{
	cpu_describe_clusters(self, layout);
	cpu_describe_cores(self, layout);
	cpu_describe_notes(self, layout);
	return 0;
}

/* ---- reading ---- */

static void cpu_feed(struct cpu *cpu, struct meter_states *states, bool slept)
{
	if (!states->residency.count)
		return;
	if (slept)
		residency_drop(&states->residency);
	ioreport_feed(
		&cpu->io, subscription_channel(&cpu->sub, states->channel), &states->residency);
}

static void cpu_read_core(struct cpu *cpu, unsigned i, struct sample *s)
{
	const struct meter_states *states = &cpu->cores[i];
	struct residency_sum sum = { 0 };
	double max = states->table ? dvfs_max_mhz(states->table) : NAN;

	sample_set(s, METRIC_CORE_MAX_FREQ_MHZ, i, max);
	if (!residency_sum(&states->residency, states->table, &sum))
		return;
	sample_set(s, METRIC_CORE_ACTIVE_PCT, i, 100 * sum.active / sum.total);
	if (!states->table || sum.outside)
		return;
	sample_set(s, METRIC_CORE_FREQ_MHZ, i, sum.active > 0 ? sum.weighted / sum.active : 0);
	sample_set(s, METRIC_CORE_SCALED_PCT, i, 100 * sum.weighted / (max * sum.total));
}

/* Time of all cores of a cluster; false when one of them is not known. */
static bool cpu_sum_cluster(
	const struct cpu *cpu, unsigned cluster, struct residency_sum *sum, unsigned *cores)
{
	*cores = 0;
	for (unsigned i = 0; i < cpu->topology.count; i++) {
		if (cpu->topology.cores[i].cluster != (int)cluster)
			continue;
		if (!residency_sum(&cpu->cores[i].residency, cpu->cores[i].table, sum))
			return false;
		(*cores)++;
	}
	return *cores > 0;
}

static void cpu_read_realised(struct cpu *cpu, unsigned cluster, struct sample *s)
{
	const struct meter_states *states = &cpu->realised[cluster];
	struct residency_sum sum = { 0 };

	if (!states->residency.count || !states->table ||
		!residency_has_idled(&states->residency) ||
		!residency_sum(&states->residency, states->table, &sum) || sum.outside)
		return;
	sample_set(s, METRIC_CLUSTER_FREQ_MHZ, cluster,
		sum.active > 0 ? sum.weighted / sum.active : 0);
}

static void cpu_read_cluster(struct cpu *cpu, unsigned cluster, struct sample *s)
{
	struct residency_sum sum = { 0 };
	unsigned cores;

	cpu_read_realised(cpu, cluster, s);
	if (!cpu_sum_cluster(cpu, cluster, &sum, &cores))
		return;
	sample_set(s, METRIC_CLUSTER_IDLE_PCT, cluster,
		100 * (sum.total - sum.active) / sum.total);
	sample_set(s, METRIC_CLUSTER_LOW_PCT, cluster, 100 * sum.thirds[0] / sum.total);
	sample_set(s, METRIC_CLUSTER_MID_PCT, cluster, 100 * sum.thirds[1] / sum.total);
	sample_set(s, METRIC_CLUSTER_HIGH_PCT, cluster, 100 * sum.thirds[2] / sum.total);
}

/* The top of the tables of a cluster's cores, and their mean activity. */
static void cpu_read_cores_of(struct cpu *cpu, unsigned cluster, struct sample *s)
{
	double max = NAN, active = 0;
	unsigned cores = 0;

	for (unsigned i = 0; i < cpu->topology.count; i++) {
		if (cpu->topology.cores[i].cluster != (int)cluster)
			continue;
		max = fmax(max, sample_get(s, METRIC_CORE_MAX_FREQ_MHZ, i));
		active += sample_get(s, METRIC_CORE_ACTIVE_PCT, i);
		cores++;
	}
	sample_set(s, METRIC_CLUSTER_MAX_FREQ_MHZ, cluster, max);
	if (cores > 0)
		sample_set(s, METRIC_CLUSTER_UTIL_PCT, cluster, active / cores);
}

static int cpu_read_states(struct cpu *cpu, struct sample *s, bool slept)
{
	if (!cpu->sub.handle)
		return 0;
	if (subscription_sample(&cpu->sub) < 0)
		return -EIO;
	for (unsigned i = 0; i < cpu->topology.count; i++) {
		cpu_feed(cpu, &cpu->cores[i], slept);
		cpu_read_core(cpu, i, s);
	}
	for (unsigned i = 0; i < cpu->topology.cluster_count; i++) {
		cpu_feed(cpu, &cpu->realised[i], slept);
		cpu_read_cluster(cpu, i, s);
		cpu_read_cores_of(cpu, i, s);
	}
	return 0;
}

static int cpu_read_ticks(struct cpu *cpu, struct sample *s)
{
	if (!cpu->needs_ticks)
		return 0;
	if (ticks_read(&cpu->ticks) < 0)
		return -EIO;
	for (unsigned i = 0; i < cpu->ticks.count; i++) {
		if (cpu->cores[i].residency.count)
			continue;
		sample_set(s, METRIC_CORE_BUSY_TICKS, i, (double)cpu->ticks.busy[i]);
		sample_set(s, METRIC_CORE_TOTAL_TICKS, i, (double)cpu->ticks.total[i]);
	}
	return 0;
}

static int cpu_read(void *self, struct sample *s)
{
	struct cpu *cpu = self;
	bool slept = gap_step(&cpu->gap, &s->time);
	int rc = cpu_read_states(cpu, s, slept);
	int ticks_rc = cpu_read_ticks(cpu, s);

	return rc < 0 ? rc : ticks_rc;
}

static void cpu_close(void *self)
{
	struct cpu *cpu = self;

	subscription_close(&cpu->sub);
	ioreport_close(&cpu->io);
	ticks_close(&cpu->ticks);
	free(cpu);
}

const struct part darwin_cpu = { "cpu", cpu_open, cpu_describe, cpu_read, cpu_close };
