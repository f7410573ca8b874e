/* SPDX-License-Identifier: MIT */
#ifndef SAMPLES_H
#define SAMPLES_H

#include "daemon/history/archive.h"

/*
 * Blocks of samples as they are, for the store: the finest tier.  A tail gathers samples until
 * there are enough for a block; what is behind "written" of it goes out as a small block first.
 */

#define SAMPLES_BLOCK_ROWS 120

struct tail {
	const struct columns *columns; /* NULL at first */
	unsigned rows, written;	       /* written: of these, already in small blocks */
	unsigned base_ms;
	struct span spans[SAMPLES_BLOCK_ROWS];
	int64_t *cells; /* a column has SAMPLES_BLOCK_ROWS places */
};

void tail_init(struct tail *tail, unsigned base_ms);
void tail_fini(struct tail *tail);

/* Forgets the rows. */
void tail_reset(struct tail *tail, const struct columns *columns);

/* There must be room; the row has the columns of the tail. */
void tail_add(struct tail *tail, const struct row *row);

/* Rows from on as a block, its bytes in out. */
void tail_put(
	const struct tail *tail, unsigned from, struct buf *out, struct shelf_block *block);

/*
 * Reads a block of samples: each row, with the values in the order of the archive's schema and
 * width places (NaN where the block has none), goes to take.  Ticks of another base_ms are
 * converted.  0 or -EBADMSG.
 */
typedef void (*samples_take)(void *arg, const struct row *row);
int samples_read(struct archive *archive, unsigned width, const void *bytes, size_t size,
	samples_take take, void *arg);

#endif
