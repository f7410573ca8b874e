/* SPDX-License-Identifier: MIT */
#include "daemon/derive.h"

#include <stdio.h>
#include <string.h>

struct context {
	struct sample *cur;
	const struct sample *prev;
	double seconds;
};

/* METRICS.md: unknown if CPU or GPU is unknown; other terms that are absent are left out. */
static const struct {
	enum metric_id sum, terms[6];
} sums[] = {
	{ METRIC_PACKAGE_WATTS,
		{ METRIC_CPU_WATTS, METRIC_GPU_WATTS, METRIC_ANE_WATTS, METRIC_NONE } },
	{ METRIC_PACKAGE_JOULES,
		{ METRIC_CPU_JOULES, METRIC_GPU_JOULES, METRIC_ANE_JOULES, METRIC_NONE } },
	{ METRIC_SOC_WATTS,
		{ METRIC_CPU_WATTS, METRIC_GPU_WATTS, METRIC_ANE_WATTS, METRIC_DRAM_WATTS,
			METRIC_GPU_SRAM_WATTS, METRIC_NONE } },
	{ METRIC_SOC_JOULES,
		{ METRIC_CPU_JOULES, METRIC_GPU_JOULES, METRIC_ANE_JOULES, METRIC_DRAM_JOULES,
			METRIC_GPU_SRAM_JOULES, METRIC_NONE } },
};

const enum metric_id *derive_terms(enum metric_id id)
{
	for (size_t i = 0; i < sizeof(sums) / sizeof(*sums); i++)
		if (sums[i].sum == id)
			return sums[i].terms;
	return NULL;
}

int derive_rail(const struct layout *layout, enum metric_id id)
{
	char name[LAYOUT_NAME_MAX];
	char *unit;

	snprintf(name, sizeof(name), "%s", metrics[id].name);
	unit = strrchr(name, '_');
	if (unit)
		*unit = '\0';
	return layout_find(layout, SCOPE_RAIL, name);
}

/* Difference of a counter since the sample before; NaN when unknown or when it went back. */
static double delta(const struct context *c, enum metric_id of, unsigned entity)
{
	double d;

	if (!c->prev || !(c->seconds > 0))
		return NAN;
	d = sample_get(c->cur, of, entity) - sample_get(c->prev, of, entity);
	return d >= 0 ? d : NAN;
}

static double share(const struct context *c, const struct metric *m, unsigned entity)
{
	double whole = delta(c, m->of2, entity);

	return whole > 0 ? fmin(100 * delta(c, m->of, entity) / whole, 100) : NAN;
}

static double scaled(const struct context *c, const struct metric *m, unsigned entity)
{
	double max = sample_get(c->cur, METRIC_CORE_MAX_FREQ_MHZ, entity);
	double freq = sample_get(c->cur, m->of2, entity);

	return max > 0 ? sample_get(c->cur, m->of, entity) * fmin(freq / max, 1) : NAN;
}

/* Which cores, or sensors, an aggregate is about. */
struct choice {
	enum scope scope;
	char kind;   /* cores of this kind; 0 = all */
	int cluster; /* cores of this cluster; -1 = all */
	int domain;  /* sensors of this domain; -1 = all */
};

static bool chosen(const struct choice *choice, const struct entity *e)
{
	return (!choice->kind || e->kind == choice->kind) &&
		(choice->cluster < 0 || e->cluster == choice->cluster) &&
		(choice->domain < 0 || (int)e->domain == choice->domain);
}

/* Mean or maximum over the chosen entities that have a value; NaN when none has. */
static double gather(
	const struct context *c, enum metric_id of, const struct choice *choice, bool maximum)
{
	const struct layout *layout = c->cur->layout;
	double sum = 0, max = NAN;
	unsigned n = 0;

	for (unsigned i = 0; i < layout->count[choice->scope]; i++) {
		double x = sample_get(c->cur, of, i);

		if (isnan(x) || !chosen(choice, &layout->entities[choice->scope][i]))
			continue;
		sum += x;
		max = n++ ? fmax(max, x) : x;
	}
	if (n == 0)
		return NAN;
	return maximum ? max : sum / n;
}

static double over_cores(const struct context *c, enum metric_id of, char kind, bool maximum)
{
	struct choice choice = { SCOPE_CORE, kind, -1, -1 };

	return gather(c, of, &choice, maximum);
}

static double over_sensors(
	const struct context *c, enum metric_id of, enum domain domain, bool maximum)
{
	struct choice choice = { SCOPE_SENSOR, 0, -1, (int)domain };

	return gather(c, of, &choice, maximum);
}

static double over_cluster(const struct context *c, enum metric_id of, unsigned cluster)
{
	struct choice choice = { SCOPE_CORE, 0, (int)cluster, -1 };

	return gather(c, of, &choice, false);
}

/* GPU SRAM counts only where the GPU rail does not hold it already. */
static bool term_counts(const struct context *c, enum metric_id term)
{
	if (term != METRIC_GPU_SRAM_WATTS && term != METRIC_GPU_SRAM_JOULES)
		return true;
	return sample_get(c->cur, METRIC_GPU_SRAM_SEPARATE, 0) == 1;
}

static double sum_of(const struct context *c, enum metric_id id)
{
	const enum metric_id *terms = derive_terms(id);
	double sum = 0;

	for (unsigned i = 0; terms && terms[i] != METRIC_NONE; i++) {
		double x = sample_get(c->cur, terms[i], 0);

		if (isnan(x) && i < 2)
			return NAN;
		if (!isnan(x) && term_counts(c, terms[i]))
			sum += x;
	}
	return sum;
}

static double rail_of(const struct context *c, enum metric_id id, bool or_sum)
{
	int rail = derive_rail(c->cur->layout, id);

	if (rail >= 0)
		return sample_get(c->cur, metrics[id].of, (unsigned)rail);
	return or_sum ? sum_of(c, id) : NAN;
}

static double compute(const struct context *c, enum metric_id id, unsigned entity)
{
	const struct metric *m = &metrics[id];

	switch (m->op) {
	case OP_RAW:
		return NAN;
	case OP_RATE:
		return delta(c, m->of, entity) / c->seconds;
	case OP_TIME_SHARE:
		return fmin(delta(c, m->of, entity) / c->seconds / 1e4, 100);
	case OP_SHARE:
		return share(c, m, entity);
	case OP_SCALED:
		return scaled(c, m, entity);
	case OP_CORE_MEAN:
		return over_cores(c, m->of, 0, false);
	case OP_E_MEAN:
		return over_cores(c, m->of, 'E', false);
	case OP_P_MEAN:
		return over_cores(c, m->of, 'P', false);
	case OP_S_MEAN:
		return over_cores(c, m->of, 'S', false);
	case OP_E_MAX:
		return over_cores(c, m->of, 'E', true);
	case OP_P_MAX:
		return over_cores(c, m->of, 'P', true);
	case OP_S_MAX:
		return over_cores(c, m->of, 'S', true);
	case OP_CLUSTER_MEAN:
		return over_cluster(c, m->of, entity);
	case OP_RAIL:
		return rail_of(c, id, false);
	case OP_SUM:
		return sum_of(c, id);
	case OP_RAIL_OR_SUM:
		return rail_of(c, id, true);
	case OP_CPU_TEMP_MAX:
		return over_sensors(c, m->of, DOMAIN_CPU, true);
	case OP_CPU_TEMP_MEAN:
		return over_sensors(c, m->of, DOMAIN_CPU, false);
	case OP_GPU_TEMP_MAX:
		return over_sensors(c, m->of, DOMAIN_GPU, true);
	case OP_GPU_TEMP_MEAN:
		return over_sensors(c, m->of, DOMAIN_GPU, false);
	case OP_GIB:
		return sample_get(c->cur, m->of, 0) / (1024.0 * 1024 * 1024);
	case OP_PRESENT:
		return sample_has(c->cur, m->of, 0);
	}
	return NAN;
}

void derive(struct sample *cur, const struct sample *prev, uint64_t span_ns)
{
	struct context c = { cur, prev, (double)span_ns / 1e9 };

	for (enum metric_id id = 0; id < METRIC_COUNT; id++) {
		unsigned count =
			metrics[id].op == OP_RAW ? 0 : cur->layout->count[metrics[id].scope];

		for (unsigned e = 0; e < count; e++)
			if (!sample_has(cur, id, e))
				sample_set(cur, id, e, compute(&c, id, e));
	}
}
