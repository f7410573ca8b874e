/* SPDX-License-Identifier: MIT */
#ifndef SHELF_H
#define SHELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/history/block.h"

/*
 * The closed blocks of one tier, oldest first: where each stands in time, and its bytes while
 * these are not in the store.  Bounded by rows, by bytes and, since blocks may be short, by
 * their number; the oldest give way.
 */

struct shelf_block {
	uint64_t first_seq, last_seq;
	int64_t first_ts_ms, last_ts_ms;
	uint64_t last_mono_us;
	unsigned last_boot, rows;
	size_t size;
	void *bytes; /* NULL = in the store only */
	bool stored;
	bool lent; /* its bytes are being stored: must stay */
};

struct shelf {
	struct shelf_block *blocks; /* count of them from first on */
	unsigned first, count, cap, count_max;
	uint64_t rows, rows_max;
	size_t bytes, bytes_max; /* of all blocks, wherever they are */
};

void shelf_init(struct shelf *shelf, uint64_t rows_max, size_t bytes_max, unsigned count_max);
void shelf_fini(struct shelf *shelf);

static inline struct shelf_block *shelf_at(const struct shelf *shelf, unsigned i)
{
	return &shelf->blocks[shelf->first + i];
}

/* Bytes in memory now, and what they are at most, those of the blocks themselves included. */
size_t shelf_bytes(const struct shelf *shelf);
size_t shelf_bound(const struct shelf *shelf);

/* Adds the newest block, whose bytes are taken over, and drops what is too much. */
void shelf_add(struct shelf *shelf, const struct shelf_block *block);

/* The place of the first block with rows behind seq; count when there is none. */
unsigned shelf_find(const struct shelf *shelf, uint64_t seq);

/* The place of the first block that is not stored; count when there is none. */
unsigned shelf_unstored(const struct shelf *shelf);

/* The store is gone: forgets blocks whose bytes were there, and that others were stored. */
void shelf_forget_stored(struct shelf *shelf);

#endif
