/* SPDX-License-Identifier: MIT */
#ifndef QUERY_H
#define QUERY_H

#include "daemon/history/archive.h"

/*
 * The rows of a coarse tier in order: closed blocks, of which only the columns asked for are
 * decoded, then the open block, then the samples of the step that has not ended.  Rows may come
 * and go between two calls.
 */
struct query;

/* A column asked for: only what is needed of it is decoded, the rest may read as anything. */
struct query_column {
	unsigned place; /* in the schema */
	unsigned needs; /* 1 << enum column_stream; COLUMN_BASE is always there */
};

/* Rows behind seq after; columns are copied. */
struct query *query_new(struct archive *archive, unsigned tier, uint64_t after,
	const struct query_column *columns, unsigned count);
void query_free(struct query *query);

/*
 * The next row, what it covers; NULL when there is none now.  It is either taken into what is
 * gathered or passed over, before anything else happens to the archive.
 */
const struct span *query_peek(struct query *query);
void query_take(struct query *query);
void query_pass(struct query *query);

/* What was gathered of the rows taken since the call before, at least one: one for each column
 * asked for, borrowed until the next row is taken. */
const struct gathered *query_gathered(struct query *query);

/* A row by itself. */
struct query_row {
	struct span span;
	const struct gathered *values;
};

/* Peeks, takes and gathers; false when there is none now. */
bool query_next(struct query *query, struct query_row *row);

#endif
