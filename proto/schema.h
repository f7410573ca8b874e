/* SPDX-License-Identifier: MIT */
#ifndef SCHEMA_H
#define SCHEMA_H

#include "proto/layout.h"
#include "proto/sample.h"

#define SERIES_NAME_MAX 80 /* NUL included */

/* One series: a column of the history and a key of "v". */
struct series {
	/* What every sample touches comes first. */
	unsigned source; /* index of its value in a sample */
	int decimals;
	double power; /* 10 to the decimals */
	enum kind kind;
	enum avail avail;
	unsigned missing; /* rows without a value since it had one */
	bool seen;	  /* it had a value at least once */

	enum unit unit;
	enum agg agg;
	const char *const *states; /* STATE: its words, ended by NULL */
	unsigned state_count;
	const char *help;
	int show;
	const struct entity *entity; /* NULL for host metrics */
	enum metric_id metric;
	const char *remark; /* what is to be known of its values; NULL = nothing */
	const char *reason; /* why avail is not ok; the remark where it is; NULL = none */
	char name[SERIES_NAME_MAX];
};

/*
 * What the daemon serves, in the order of proto/metrics.def and, within a metric, of its
 * entities. Series are only ever added at the end (rev grows): an index once given stays.
 */
struct schema {
	unsigned rev, count, cap;
	struct series *series;
};

/* An empty schema, rev 1. */
struct schema *schema_new(void);
void schema_free(struct schema *schema);

/* Adds a series by hand: name, kind and decimals; the rest is unit 1, own aggregation MEAN for
 * gauges and LAST otherwise, available.  Borrowed until the next add. */
struct series *schema_add(
	struct schema *schema, const char *name, enum kind kind, int decimals);

/*
 * Adds every series of the layout (INPUT rows left out) that is not there yet; rev grows when
 * there was a schema already.  The layout must be sealed and outlive the schema.
 */
void schema_extend(struct schema *schema, const struct layout *layout);

/* Most series that the layout can ever have: the width of a row. */
unsigned schema_capacity(const struct layout *layout);

/* Index of the series; -1 = none. */
int schema_find(const struct schema *schema, const char *name);

/*
 * Copies a sample's values into row, in the order of the schema and at each series' resolution,
 * and keeps avail up to date: a series that had a value is ok, and an error once it had none
 * for SCHEMA_MISSING_MAX rows; so is a counter beyond what an answer can say.
 */
#define SCHEMA_MISSING_MAX 60
void schema_take(struct schema *schema, const struct sample *s, double *row);

/*
 * Marks as available every series that has a value in s: used once, with a first sample whose
 * rates were derived as if there had been one before it (daemon/engine.h).
 */
void schema_expect(struct schema *schema, const struct sample *s);

#endif
