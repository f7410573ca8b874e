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

struct query_row {
	struct span span;
	const struct gathered *values; /* one for each column asked for */
};

/* A column asked for: only what is needed of it is decoded, the rest reads as its base. */
struct query_column {
	unsigned place; /* in the schema */
	unsigned needs; /* 1 << enum column_stream; COLUMN_BASE is always there */
};

/* Rows behind seq after; columns are copied. */
struct query *query_new(struct archive *archive, unsigned tier, uint64_t after,
	const struct query_column *columns, unsigned count);
void query_free(struct query *query);

/* The next row; its values are borrowed until the call after the next.  False when there is
 * none now. */
bool query_next(struct query *query, struct query_row *row);

#endif
