/* SPDX-License-Identifier: MIT */
#include "daemon/derive.h"

#include <stdio.h>
#include <string.h>

#include "proto/alloc.h"

/*
 * One value to compute.  a, b, c are indices of values in a sample; a step over several inputs
 * has them in deriver->inputs[first .. first + count).
 */
struct step {
	enum rule_op op;
	unsigned target;
	unsigned a, b, c;
	unsigned first, count;
};

struct deriver {
	struct step *steps;
	unsigned count, cap;
	unsigned *inputs;
	unsigned input_count, input_cap;
};

/*
 * METRICS.md: unknown if CPU or GPU is unknown; the others are left out where they are absent,
 * and GPU SRAM also where the GPU rail holds it already (METRIC_GPU_SRAM_SEPARATE is not 1).
 */
static const struct {
	enum metric_id sum, terms[4], sram;
} sums[] = {
	{ METRIC_PACKAGE_WATTS,
		{ METRIC_CPU_WATTS, METRIC_GPU_WATTS, METRIC_ANE_WATTS, METRIC_NONE },
		METRIC_NONE },
	{ METRIC_PACKAGE_JOULES,
		{ METRIC_CPU_JOULES, METRIC_GPU_JOULES, METRIC_ANE_JOULES, METRIC_NONE },
		METRIC_NONE },
	{ METRIC_SOC_WATTS,
		{ METRIC_CPU_WATTS, METRIC_GPU_WATTS, METRIC_ANE_WATTS, METRIC_DRAM_WATTS },
		METRIC_GPU_SRAM_WATTS },
	{ METRIC_SOC_JOULES,
		{ METRIC_CPU_JOULES, METRIC_GPU_JOULES, METRIC_ANE_JOULES, METRIC_DRAM_JOULES },
		METRIC_GPU_SRAM_JOULES },
};

/* ---- planning ---- */

static void add_input(struct deriver *d, struct step *step, unsigned input)
{
	if (d->input_count == d->input_cap) {
		d->input_cap = d->input_cap ? d->input_cap * 2 : 256;
		d->inputs = xrealloc(d->inputs, d->input_cap, sizeof(*d->inputs));
	}
	d->inputs[d->input_count++] = input;
	step->count++;
}

static void add_step(struct deriver *d, const struct step *step)
{
	if (d->count == d->cap) {
		d->cap = d->cap ? d->cap * 2 : 128;
		d->steps = xrealloc(d->steps, d->cap, sizeof(*d->steps));
	}
	d->steps[d->count++] = *step;
}

/* Cores of one kind (0 = any) and one cluster (-1 = any). */
static void add_cores(struct deriver *d, const struct layout *l, struct step *step,
	enum metric_id of, char kind, int cluster)
{
	for (unsigned i = 0; i < l->count[SCOPE_CORE]; i++) {
		const struct entity *e = &l->entities[SCOPE_CORE][i];

		if ((!kind || e->kind == kind) && (cluster < 0 || e->cluster == cluster))
			add_input(d, step, layout_index(l, of, i));
	}
}

static void add_sensors(struct deriver *d, const struct layout *l, struct step *step,
	enum metric_id of, enum domain domain)
{
	for (unsigned i = 0; i < l->count[SCOPE_SENSOR]; i++)
		if (l->entities[SCOPE_SENSOR][i].domain == domain)
			add_input(d, step, layout_index(l, of, i));
}

/* The rail of a host metric: its name without the unit ("cpu_watts" -> "cpu"). */
static int rail_of(const struct layout *layout, enum metric_id id)
{
	char name[LAYOUT_NAME_MAX];
	char *unit;

	snprintf(name, sizeof(name), "%s", metrics[id].name);
	unit = strrchr(name, '_');
	if (unit)
		*unit = '\0';
	return layout_find(layout, SCOPE_RAIL, name);
}

static void add_terms(
	struct deriver *d, const struct layout *l, struct step *step, enum metric_id id)
{
	unsigned i = 0;

	while (sums[i].sum != id)
		i++;
	for (unsigned t = 0; t < 4 && sums[i].terms[t] != METRIC_NONE; t++)
		add_input(d, step, layout_index(l, sums[i].terms[t], 0));
	step->op = OP_SUM;
	step->c = 0;
	if (sums[i].sram == METRIC_NONE)
		return;
	step->c = 1;
	step->a = layout_index(l, METRIC_GPU_SRAM_SEPARATE, 0);
	step->b = layout_index(l, sums[i].sram, 0);
}

static void plan_rail(
	struct deriver *d, const struct layout *l, struct step *step, enum metric_id id)
{
	int rail = rail_of(l, id);

	if (rail >= 0) {
		step->op = OP_RAIL;
		step->a = layout_index(l, metrics[id].of, (unsigned)rail);
		add_step(d, step);
	} else if (metrics[id].op == OP_RAIL_OR_SUM) {
		add_terms(d, l, step, id);
		add_step(d, step);
	}
}

/* The kind of core that an operation is about; 0 = all. */
static char kind_of(enum rule_op op)
{
	if (op == OP_E_MEAN || op == OP_E_MAX)
		return 'E';
	if (op == OP_P_MEAN || op == OP_P_MAX)
		return 'P';
	return op == OP_S_MEAN || op == OP_S_MAX ? 'S' : 0;
}

/* Steps over many inputs; without any there is nothing to compute. */
static void plan_many(struct deriver *d, const struct layout *l, struct step *step,
	enum metric_id id, unsigned entity)
{
	const struct metric *m = &metrics[id];

	if (m->op == OP_CPU_TEMP_MAX || m->op == OP_CPU_TEMP_MEAN)
		add_sensors(d, l, step, m->of, DOMAIN_CPU);
	else if (m->op == OP_GPU_TEMP_MAX || m->op == OP_GPU_TEMP_MEAN)
		add_sensors(d, l, step, m->of, DOMAIN_GPU);
	else if (m->op == OP_CLUSTER_MEAN)
		add_cores(d, l, step, m->of, 0, (int)entity);
	else
		add_cores(d, l, step, m->of, kind_of(m->op), -1);
	if (step->count)
		add_step(d, step);
}

static void plan(struct deriver *d, const struct layout *l, enum metric_id id, unsigned entity)
{
	const struct metric *m = &metrics[id];
	struct step step = { .op = m->op, .target = layout_index(l, id, entity) };

	/* A rate that the source promised is its own, and unknown when it says nothing: where a
	 * counter is published in batches its difference over a sample is not the rate. */
	if (m->op == OP_RATE && l->promised[id])
		return;
	step.first = d->input_count;
	switch (m->op) {
	case OP_RAW:
		break;
	case OP_RATE:
	case OP_TIME_SHARE:
	case OP_SHARE:
	case OP_SCALED:
	case OP_GIB:
	case OP_PRESENT:
		step.a = layout_index(l, m->of, entity);
		step.b = m->of2 == METRIC_NONE ? 0 : layout_index(l, m->of2, entity);
		if (m->op == OP_SCALED)
			step.c = layout_index(l, METRIC_CORE_MAX_FREQ_MHZ, entity);
		add_step(d, &step);
		break;
	case OP_RAIL:
	case OP_RAIL_OR_SUM:
		plan_rail(d, l, &step, id);
		break;
	case OP_SUM:
		add_terms(d, l, &step, id);
		add_step(d, &step);
		break;
	default:
		plan_many(d, l, &step, id, entity);
	}
}

struct deriver *deriver_new(const struct layout *layout)
{
	struct deriver *d = xcalloc(1, sizeof(*d));

	for (enum metric_id id = 0; id < METRIC_COUNT; id++)
		for (unsigned e = 0; e < layout->count[metrics[id].scope]; e++)
			plan(d, layout, id, e);
	return d;
}

void deriver_free(struct deriver *d)
{
	if (!d)
		return;
	free(d->steps);
	free(d->inputs);
	free(d);
}

/* ---- computing ---- */

struct context {
	const unsigned *inputs;
	const double *cur, *prev; /* prev NULL: there are no differences */
	double seconds;
};

/* Difference of a counter since the sample before; NaN when unknown or when it went back. */
static double delta(const struct context *c, unsigned index)
{
	double d = c->prev ? c->cur[index] - c->prev[index] : NAN;

	return d >= 0 ? d : NAN;
}

/* Not fmin(), which turns an unknown value into the bound. */
static double at_most(double x, double bound)
{
	return x > bound ? bound : x;
}

static double share(const struct context *c, const struct step *s)
{
	double whole = delta(c, s->b);

	return whole > 0 ? at_most(100 * delta(c, s->a) / whole, 100) : NAN;
}

static double scaled(const struct context *c, const struct step *s)
{
	double max = c->cur[s->c];

	return max > 0 ? c->cur[s->a] * at_most(c->cur[s->b] / max, 1) : NAN;
}

/* Over the inputs that have a value; NaN when none has. */
static double gather(const struct context *c, const struct step *s, bool maximum)
{
	double sum = 0, max = NAN;
	unsigned n = 0;

	for (unsigned i = 0; i < s->count; i++) {
		double x = c->cur[c->inputs[s->first + i]];

		if (isnan(x))
			continue;
		sum += x;
		max = n++ && max > x ? max : x;
	}
	if (n == 0)
		return NAN;
	return maximum ? max : sum / n;
}

static double sum_up(const struct context *c, const struct step *s)
{
	double sum = 0;

	for (unsigned i = 0; i < s->count; i++) {
		double x = c->cur[c->inputs[s->first + i]];

		if (isnan(x) && i < 2)
			return NAN;
		sum += isnan(x) ? 0 : x;
	}
	if (s->c && c->cur[s->a] == 1 && !isnan(c->cur[s->b]))
		sum += c->cur[s->b];
	return sum;
}

static double compute(const struct context *c, const struct step *s)
{
	switch (s->op) {
	case OP_RATE:
		return delta(c, s->a) / c->seconds;
	case OP_TIME_SHARE: /* microseconds per second are 1e-4 percent */
		return at_most(delta(c, s->a) / c->seconds / 1e4, 100);
	case OP_SHARE:
		return share(c, s);
	case OP_SCALED:
		return scaled(c, s);
	case OP_RAIL:
		return c->cur[s->a];
	case OP_SUM:
		return sum_up(c, s);
	case OP_GIB:
		return c->cur[s->a] / (1024.0 * 1024 * 1024);
	case OP_PRESENT:
		return !isnan(c->cur[s->a]);
	case OP_E_MAX:
	case OP_P_MAX:
	case OP_S_MAX:
	case OP_CPU_TEMP_MAX:
	case OP_GPU_TEMP_MAX:
		return gather(c, s, true);
	default:
		return gather(c, s, false);
	}
}

void derive(const struct deriver *d, struct sample *cur, const struct sample *prev,
	uint64_t span_ns)
{
	struct context c = { d->inputs, cur->values, prev && span_ns ? prev->values : NULL,
		(double)span_ns / 1e9 };

	for (unsigned i = 0; i < d->count; i++) {
		double *target = &cur->values[d->steps[i].target];
		double x;

		if (!isnan(*target))
			continue;
		x = compute(&c, &d->steps[i]);
		*target = isfinite(x) ? x : NAN;
	}
}
