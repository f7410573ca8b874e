/* SPDX-License-Identifier: MIT */
#include "proto/metric.h"

#include <stdio.h>
#include <string.h>

const struct metric metrics[METRIC_COUNT] = {
#define METRIC( \
	id, name, scope, kind, unit, decimals, agg, op, of, of2, states, show, prom, help) \
	[METRIC_##id] = { name, SCOPE_##scope, KIND_##kind, UNIT_##unit, decimals, AGG_##agg, \
		OP_##op, METRIC_##of, METRIC_##of2, STATES_##states, show, prom, help },
#include "proto/metrics.def"
#undef METRIC
};

#define STATES(id, ...) static const char *const words_##id[] = { __VA_ARGS__, NULL };
#include "proto/states.def"
#undef STATES

const char *const *const state_words[STATES_COUNT] = {
#define STATES(id, ...) [STATES_##id] = words_##id,
#include "proto/states.def"
#undef STATES
};

static const struct {
	const char *symbol, *text;
} units[UNIT_COUNT] = {
#define UNIT(id, symbol, text) [UNIT_##id] = { symbol, text },
#include "proto/units.def"
#undef UNIT
};

static const struct {
	const char *name;
	unsigned spare;
} scopes[SCOPE_COUNT] = {
#define SCOPE(id, name, spare) [SCOPE_##id] = { name, spare },
#include "proto/scopes.def"
#undef SCOPE
};

static const char *const kinds[] = { "gauge", "counter", "state", "bool", "input" };
static const char *const aggs[] = { "mean", "last", "max", "min" };

enum metric_id metric_find(enum scope scope, const char *name)
{
	enum metric_id id = 0;

	while (id < METRIC_COUNT &&
		(metrics[id].scope != scope || strcmp(metrics[id].name, name) != 0))
		id++;
	return id;
}

enum metric_id metric_find_series(const char *name)
{
	const char *last = strrchr(name, '.');

	if (!last)
		return metric_find(SCOPE_HOST, name);
	for (enum scope scope = SCOPE_HOST + 1; scope < SCOPE_COUNT; scope++) {
		size_t length = strlen(scope_name(scope));

		if (strncmp(name, scope_name(scope), length) == 0 && name[length] == '.' &&
			last > name + length + 1)
			return metric_find(scope, last + 1);
	}
	return METRIC_COUNT;
}

size_t metric_prom_name(enum metric_id id, char *buf, size_t size)
{
	int n;

	if (metrics[id].prom[0] == '\0')
		return 0;
	n = snprintf(buf, size, "actop_%s", metrics[id].prom);
	return n > 0 ? (size_t)n : 0;
}

const char *unit_symbol(enum unit unit)
{
	return units[unit].symbol;
}

const char *unit_text(enum unit unit)
{
	return units[unit].text;
}

const char *scope_name(enum scope scope)
{
	return scopes[scope].name;
}

unsigned scope_spare(enum scope scope)
{
	return scopes[scope].spare;
}

const char *kind_name(enum kind kind)
{
	return kinds[kind];
}

const char *agg_name(enum agg agg)
{
	return aggs[agg];
}

enum agg agg_find(const char *name)
{
	enum agg agg = AGG_MEAN;

	while (agg < AGG_OWN && strcmp(aggs[agg], name) != 0)
		agg++;
	return agg;
}
