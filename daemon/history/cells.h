/* SPDX-License-Identifier: MIT */
#ifndef CELLS_H
#define CELLS_H

#include "daemon/history/columns.h"
#include "daemon/history/gather.h"

/* Rows of one column of a coarse block, decoded: its streams stand stride places behind one
 * another. */
struct cells {
	const int64_t *base;
	size_t stride;
	const double *weights; /* of each row */
	unsigned count;	       /* rows */
};

/* Adds them to what was gathered.  needs: 1 << enum column_stream of each that is there beside
 * the base; what another would have told is left as it is. */
void cells_gather(struct gathered *g, const struct column_kind *column, unsigned needs,
	const struct cells *cells);

#endif
