/* SPDX-License-Identifier: MIT */
#ifndef COLUMNS_H
#define COLUMNS_H

#include <math.h>
#include <stdint.h>

#include "daemon/history/codec.h"
#include "proto/schema.h"

/*
 * What the columns of stored blocks are: the schema as it was when they were written, by name,
 * so that blocks of an older schema or of another machine state stay readable.  Never changed
 * once made; a schema that has grown gets a new list.  May be read from every thread.
 */

struct column_kind {
	char name[SERIES_NAME_MAX];
	enum kind kind;
	int decimals;
	double power;	 /* 10 to the decimals */
	unsigned stream; /* first of its streams in a coarse block */
};

struct columns {
	struct columns *next; /* older ones */
	unsigned id;	      /* from 1, unique within a store */
	unsigned count;
	unsigned coarse_streams; /* 1 of a counter, 4 of everything else */
	struct column_kind *items;
	int *places;	      /* of each series of a schema here, -1 = not here */
	unsigned place_count; /* so many series are known; see columns_place */
};

/* The four streams of a column in a coarse block; what follows the first is a difference to it,
 * so that what does not change costs nothing.  A counter has the first only: its last value. */
enum column_stream {
	COLUMN_BASE, /* the mean of gauges, the last of states and bools */
	COLUMN_BELOW,
	COLUMN_ABOVE,
	COLUMN_LAST,
	COLUMN_STREAMS
};

#define COLUMNS_TEXT_MAX ((size_t)512 * 1024)

struct columns *columns_new(unsigned id, const struct schema *schema);

/* "name kind decimals\n" for each.  NULL when the text is none of these. */
struct columns *columns_parse(unsigned id, const char *text);
void columns_write(const struct columns *columns, struct buf *out);
void columns_free(struct columns *columns);

/* Whether they are the ones of the schema, in its order. */
bool columns_fit(const struct columns *columns, const struct schema *schema);

/* Which column is series i of the schema; -1 = none.  Works out all of them the first time, and
 * is therefore for one thread only. */
int columns_place(struct columns *columns, const struct schema *schema, unsigned i);

/* A value as the whole number that is stored, and back. */
static inline int64_t column_code(const struct column_kind *c, double x)
{
	const double most = 4611686018427387904.0; /* 2^62 */

	x *= c->power;
	if (isnan(x))
		return CODEC_ABSENT;
	if (x >= most || x <= -most)
		return x < 0 ? -(INT64_C(1) << 62) : INT64_C(1) << 62;
	return (int64_t)llround(x);
}

static inline double column_value(const struct column_kind *c, int64_t code)
{
	return code == CODEC_ABSENT ? NAN : (double)code / c->power;
}

#endif
