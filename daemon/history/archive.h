/* SPDX-License-Identifier: MIT */
#ifndef ARCHIVE_H
#define ARCHIVE_H

#include "daemon/history/tier.h"

/*
 * All coarser tiers, what their columns are called, and where boots began.  Lives on the loop's
 * thread.  The finest tier, every sample as it is, stays in struct history.
 */

#define ARCHIVE_TIERS_MAX 3
#define ARCHIVE_BOOTS_MAX 1024
/* What a value of a coarse row may take in closed blocks, in the mean over a tier: the bound on
 * memory and disk counts with it, and blocks give way early where values take more. */
#define ARCHIVE_VALUE_QUARTERS 7 /* of a byte; measured: 4 to 6 */
#define ARCHIVE_ROW_BYTES 8

/* Appends the bytes of a block that is in the store.  0 or -errno. */
typedef int (*archive_fetch)(void *arg, unsigned step_ms, uint64_t first_seq, struct buf *out);

struct archive_tier {
	uint64_t step_ms, span_ms;
};

struct archive_boot {
	unsigned boot;
	uint64_t first_seq;
};

struct archive {
	const struct schema *schema;
	unsigned base_ms;
	struct columns *columns; /* of the schema as it is; the newest of all */
	unsigned last_id;
	unsigned tier_count;
	struct tier tiers[ARCHIVE_TIERS_MAX];
	archive_fetch fetch;
	void *fetch_arg;
	uint64_t bad_blocks; /* that could not be read */
	unsigned boot;	     /* this one */
	struct archive_boot *boots;
	unsigned boot_count;
};

/* width: most series that there can ever be, which the bounds count with. */
struct archive *archive_new(const struct schema *schema, unsigned base_ms,
	const struct archive_tier *tiers, unsigned count, unsigned width);
void archive_free(struct archive *archive);

/* Takes columns over that blocks of the store have. */
void archive_add_columns(struct archive *archive, struct columns *columns);
struct columns *archive_columns(const struct archive *archive, unsigned id); /* NULL = none */

/* Adds a sample to all tiers. */
void archive_add(struct archive *archive, const struct row *row);

/* Ends blocks and takes the columns of the schema where that has grown.  Implied by add. */
void archive_renew(struct archive *archive);

/* Says where a boot begins; in order. */
void archive_add_boot(struct archive *archive, unsigned boot, uint64_t first_seq);

/* This boot (0), the one before (-1)...; NULL where there is none known. */
const struct archive_boot *archive_boot_of(const struct archive *archive, int64_t boot);

/* The samples of this boot (0), the one before (-1)...; false where there are none known. */
bool archive_find_boot(
	const struct archive *archive, int64_t boot, uint64_t *first, uint64_t *last);

struct tier *archive_tier_of(struct archive *archive, unsigned step_ms);

/* The samples that open blocks still need: rows behind this seq rebuild them. */
uint64_t archive_kept(const struct archive *archive);

/* How many samples back an open block may reach. */
uint64_t archive_open_samples(const struct archive *archive);

/* Most bytes that it will ever take in memory without a store, and that closed blocks will take
 * anywhere. */
size_t archive_bound(const struct archive *archive);
size_t archive_bytes(const struct archive *archive); /* now */
size_t archive_blocks_bound(const struct archive *archive);

/*
 * The tier that an answer comes from: the finest that reaches back to the start, or the one
 * that reaches furthest; -1 is the history itself.  The start is a seq, or, with seq 0, a wall
 * time.
 */
int archive_choose(const struct archive *archive, const struct history *history,
	uint64_t from_seq, int64_t from_ts_ms);

#endif
