/* SPDX-License-Identifier: MIT */
#ifndef INTERLEAVE_H
#define INTERLEAVE_H

#include "client/pages.h"
#include "client/tail.h"
#include "client/view.h"

/* The events of a range, printed between its rows, each where it happened. */
struct interleave {
	struct view *view; /* NULL = none are wanted */
	struct ask_range range;
	struct tail lines;
	size_t next; /* of lines, to be printed */
	bool begun;  /* a row was printed: what happened before the first is left out */
};

void interleave_init(struct interleave *i, struct view *view);
void interleave_fini(struct interleave *i);

/* Asks for the events of its range, as rows are asked for.  0 or an exit code. */
int interleave_fetch(struct interleave *i, const struct pages *rows);

/* Prints what happened in and before a row that is to be printed next. */
void interleave_row(struct interleave *i, const struct message *row);

/* Prints what is left. */
void interleave_end(struct interleave *i);

#endif
