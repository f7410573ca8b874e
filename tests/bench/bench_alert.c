/* SPDX-License-Identifier: MIT */
/* What judging one sample costs, in a hot loop: ns and allocations, of which there are none. */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "daemon/alert.h"
#include "daemon/judge.h"
#include "tests/bench/allocations.h"

#define ROUNDS 200000
#define CORES 16

struct bench {
	struct layout *layout;
	struct sample *sample;
	struct judge *judge;
	struct schema *schema;
	struct alerts *alerts;
	struct row row;
	double *values;
};

static double cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void bench_open_machine(struct bench *b)
{
	b->layout = layout_new();
	snprintf(b->layout->machine.os, sizeof(b->layout->machine.os), "macos");
	snprintf(b->layout->machine.chip, sizeof(b->layout->machine.chip), "Apple M4 Max");
	for (unsigned i = 0; i < 3; i++)
		layout_add(b->layout, SCOPE_CLUSTER, "P")->kind = i ? 'P' : 'E';
	for (unsigned i = 0; i < CORES; i++)
		layout_add(b->layout, SCOPE_CORE, "c")->kind = i < 4 ? 'E' : 'P';
	layout_seal(b->layout);
	b->sample = sample_new(b->layout);
	b->judge = judge_new(b->layout);
}

static void bench_open(struct bench *b)
{
	struct rules rules;
	struct message why;

	bench_open_machine(b);
	b->schema = schema_new();
	schema_extend(b->schema, b->layout);
	rules_load(&rules, NULL, &why);
	b->alerts = alerts_new(&rules, b->schema);
	b->values = calloc(b->schema->count, sizeof(*b->values));
	assert(b->values);
	b->row = (struct row){ .dt_ns = 1000000000, .values = b->values };
}

static void step_judge(struct bench *b)
{
	for (unsigned i = 0; i < b->layout->width; i++)
		b->sample->values[i] = 50;
	sample_set(b->sample, METRIC_LIMIT, 0, NAN);
	sample_set(b->sample, METRIC_THROTTLE_CPU, 0, NAN);
	sample_set(b->sample, METRIC_THROTTLE_GPU, 0, NAN);
	judge_sample(b->judge, b->sample);
}

static void step_alerts(struct bench *b)
{
	unsigned count;

	b->row.ts_ms += 1000;
	b->row.mono_ns += 1000000000;
	alerts_step(b->alerts, &b->row, &count);
}

static void measure(struct bench *b, const char *name, void (*step)(struct bench *))
{
	unsigned long before;
	double start, ns;

	for (unsigned i = 0; i < 1000; i++)
		step(b);
	before = allocations_count();
	start = cpu_ns();
	for (unsigned i = 0; i < ROUNDS; i++)
		step(b);
	ns = (cpu_ns() - start) / ROUNDS;
	assert(allocations_count() == before);
	printf("%-44s %10.0f ns\n", name, ns);
}

int main(void)
{
	struct bench b = { 0 };

	bench_open(&b);
	measure(&b, "shares and verdicts, 16 cores", step_judge);
	measure(&b, "built-in rules, none fires", step_alerts);
	for (unsigned i = 0; i < b.schema->count; i++)
		b.values[i] = 90;
	measure(&b, "built-in rules, all but swap_rise fire", step_alerts);
	return 0;
}
