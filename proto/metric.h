/* SPDX-License-Identifier: MIT */
#ifndef METRIC_H
#define METRIC_H

#include <stddef.h>

/*
 * The metric table (proto/metrics.def) and its small companions, as enums and arrays.
 * The enums never leave the process: on the wire, in traces and in files metrics go by name.
 */

enum unit {
#define UNIT(id, ...) UNIT_##id,
#include "proto/units.def"
#undef UNIT
	UNIT_COUNT
};

enum scope {
#define SCOPE(id, ...) SCOPE_##id,
#include "proto/scopes.def"
#undef SCOPE
	SCOPE_COUNT
};

enum state_set {
#define STATES(id, ...) STATES_##id,
#include "proto/states.def"
#undef STATES
	STATES_COUNT,
	STATES_NONE = STATES_COUNT
};

enum metric_id {
#define METRIC(id, ...) METRIC_##id,
#include "proto/metrics.def"
#undef METRIC
	METRIC_COUNT,
	METRIC_NONE = METRIC_COUNT /* in the "of" columns: nothing */
};

enum kind { KIND_GAUGE, KIND_COUNTER, KIND_STATE, KIND_BOOL, KIND_INPUT };

enum agg { AGG_MEAN, AGG_LAST, AGG_MAX, AGG_MIN, AGG_OWN /* each metric's own */ };

/*
 * How a value that the source left absent comes to be (daemon/derive.c).  "of" is the metric of
 * the row's first input column, "of2" of its second.
 */
enum rule_op {
	OP_RAW,	       /* only the source sets it */
	OP_RATE,       /* difference of counter "of" per second of measured awake time */
	OP_TIME_SHARE, /* the same for a counter of microseconds, in percent of the time */
	OP_SHARE,      /* 100 x difference of "of" / difference of "of2" */
	OP_SCALED,     /* "of" percent x "of2" MHz / the highest MHz of the core */
	OP_CORE_MEAN,  /* mean of "of" over all cores, */
	OP_E_MEAN,     /* over the cores of one kind, */
	OP_P_MEAN,
	OP_S_MEAN,
	OP_E_MAX, /* the highest over the cores of one kind, */
	OP_P_MAX,
	OP_S_MAX,
	OP_CLUSTER_MEAN, /* mean over the cores of the cluster */
	OP_RAIL,	 /* "of" of the rail named like the metric without its unit */
	OP_SUM,		 /* sum of host metrics, listed in derive.c */
	OP_RAIL_OR_SUM,	 /* OP_RAIL where there is such a rail, else OP_SUM */
	OP_CPU_TEMP_MAX, /* hottest sensor, or mean, of the domain */
	OP_CPU_TEMP_MEAN,
	OP_GPU_TEMP_MAX,
	OP_GPU_TEMP_MEAN,
	OP_GIB,	   /* "of" bytes in GiB */
	OP_PRESENT /* whether "of" has a value */
};

struct metric {
	const char *name;
	enum scope scope;
	enum kind kind;
	enum unit unit;
	int decimals;
	enum agg agg;
	enum rule_op op;
	enum metric_id of, of2;
	enum state_set states;
	int show;	  /* place in the default table, 0 = not in it */
	const char *prom; /* without "actop_"; "" = not exported */
	const char *help; /* no full stop at the end */
};

/* Indexed by enum metric_id. */
extern const struct metric metrics[METRIC_COUNT];

/* Indexed by enum state_set: words from harmless to severe, ended by NULL. */
extern const char *const *const state_words[STATES_COUNT];

/* Returns METRIC_COUNT when no metric of that scope has that name. */
enum metric_id metric_find(enum scope scope, const char *name);

/* The metric of a series: "SCOPE.ENTITY.KEY", or the key of a host metric; else METRIC_COUNT.
 */
enum metric_id metric_find_series(const char *name);

/* Writes the full Prometheus name ("actop_cpu_power_watts") into buf; returns its length, 0
 * when the metric is not exported. */
size_t metric_prom_name(enum metric_id id, char *buf, size_t size);

const char *unit_symbol(enum unit unit);
const char *unit_text(enum unit unit);
const char *scope_name(enum scope scope);

/* How many entities of the scope may still appear after layout_seal(). */
unsigned scope_spare(enum scope scope);

const char *kind_name(enum kind kind);
const char *agg_name(enum agg agg);

/* Returns AGG_OWN when there is no such aggregation. */
enum agg agg_find(const char *name);

#endif
