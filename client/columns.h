/* SPDX-License-Identifier: MIT */
#ifndef COLUMNS_H
#define COLUMNS_H

#include <stdbool.h>

#include "client/message.h"
#include "proto/metric.h"

/* One series as the daemon's schema describes it; texts are borrowed from the schema message.
 */
struct column {
	const char *name;
	const char *unit_text;		   /* for people; "" = none */
	const char *desc, *avail, *reason; /* "" = not told */
	const char *kind_text, *agg;
	const char *core_kind; /* cores: "E", "P", "S"; "" = not known */
	const char *part_name; /* the aggregation of this column, "" = the only one */
	int part;	/* its place in an array of several aggregations; -1 = no array */
	bool gauge;	/* its values are numbers that several aggregations make an array of */
	bool growth;	/* its values are how much it has grown, not what the daemon sends */
	enum unit unit; /* UNIT_ONE for one that this client does not know */
	int decimals;
	int show;	/* place in the default table, 0 = not in it */
	unsigned words; /* width of its longest word; 0 = it has numbers */
};

struct columns {
	struct column *items;
	unsigned count, cap;
};

enum cell_kind { CELL_NONE, CELL_NUMBER, CELL_TEXT, CELL_BOOL };

/* A value of a row. */
struct cell {
	enum cell_kind kind;
	double number;
	const char *text; /* borrowed from the message */
	bool flag;
};

/* Every row of a schema reply, which must outlive the columns. */
void columns_read(struct columns *to, const struct message *schema);
void columns_fini(struct columns *c);

/* Those that the patterns name, in the order of the patterns, each once. */
void columns_choose(struct columns *to, const struct columns *from, const char *const *patterns,
	unsigned count);

/* Appends a column. */
void columns_add(struct columns *c, const struct column *column);

/* Those of the default table, in its order, that have values here.  A daemon that names none
 * gets its metrics of the whole machine. */
void columns_default(struct columns *to, const struct columns *from);

/* Makes of each gauge one column per aggregation.  Nothing happens with one or none. */
void columns_split(struct columns *c, const char *const *aggs, unsigned count);

/* The values of a data line (its member "v") into cells[count]. */
void columns_cells(const struct columns *c, const struct message *m, struct cell *cells);

/* NULL = none of that name. */
const struct column *columns_find(const struct columns *c, const char *name);

#endif
