/* SPDX-License-Identifier: MIT */
#ifndef TABLE_H
#define TABLE_H

#include "client/columns.h"
#include "proto/buf.h"

#define TABLE_GAP 2 /* spaces between columns */

/*
 * Aligned columns, a time in front.  Names are broken at "_" and "." so that a column is no
 * wider than its values need; the unit stands in the last line of the header.
 */
struct table {
	const struct columns *columns; /* borrowed */
	unsigned shown;		       /* the first so many of them */
	unsigned *widths;
	unsigned time_width;
	unsigned label_lines; /* lines of the header above the unit */
};

/*
 * Lays out the columns.  limit is the width there is, 0 = any; what does not fit is left out
 * from the end, but one column always stays.
 */
void table_init(
	struct table *t, const struct columns *columns, unsigned time_width, unsigned limit);
void table_fini(struct table *t);

/* Lines that table_header() writes. */
unsigned table_header_lines(const struct table *t);

/* Each line ends with LF and has no spaces at its end. */
void table_header(const struct table *t, struct buf *out);
void table_row(
	const struct table *t, const char *time, const struct cell *cells, struct buf *out);

#endif
