/* SPDX-License-Identifier: MIT */
#ifndef TIER_H
#define TIER_H

#include "daemon/history/columns.h"
#include "daemon/history/gather.h"
#include "daemon/history/history.h"
#include "daemon/history/shelf.h"

/*
 * A coarser tier: the samples of each step summed up to one row.  Steps are aligned to
 * scheduled ticks, as windows are (PROTOCOL.md 2.1), so that a row equals the line of a
 * subscription with that interval; none spans two runs, and one ends before a sample that
 * follows a sleep.  Rows are gathered in an open block, closed blocks stand on a shelf.
 */

#define TIER_BLOCK_ROWS ((size_t)60)
#define TIER_BLOCKS_SHORT 64 /* blocks may be half full in the mean, and so many more empty */

struct tier {
	unsigned step_ms, base_ms;
	uint64_t ticks; /* in a step */
	struct tier *coarser;
	uint64_t
		kept; /* rows up to this seq are in closed blocks: a rebuild passes them over */

	struct columns *columns;   /* of the open block and the open step; NULL at first */
	struct gathered *gathered; /* one per column: the open step */
	struct span step;	   /* covers nothing while last_seq is 0 */

	unsigned rows; /* in the open block */
	struct span spans[TIER_BLOCK_ROWS];
	int64_t *cells; /* a stream has TIER_BLOCK_ROWS places */

	struct shelf shelf;
};

/* rows: most that are kept; bytes: most that their blocks may take. */
void tier_init(
	struct tier *tier, unsigned step_ms, unsigned base_ms, uint64_t rows, size_t bytes);
void tier_fini(struct tier *tier);

/* Ends the open step and the open block, and goes on with other columns. */
void tier_set_columns(struct tier *tier, struct columns *columns);

/* Adds a sample, which has the columns that were set; coarser tiers get whole steps. */
void tier_add(struct tier *tier, const struct row *row);

/* Samples that the tier can tell of, from the oldest row's first one on; 0 = none. */
uint64_t tier_oldest_seq(const struct tier *tier);
int64_t tier_oldest_ts_ms(const struct tier *tier);

/* Rows that have ended. */
uint64_t tier_rows(const struct tier *tier);

/* Bytes that it takes in memory beside its closed blocks. */
size_t tier_bytes(const struct tier *tier);

#endif
