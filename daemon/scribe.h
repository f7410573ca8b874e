/* SPDX-License-Identifier: MIT */
#ifndef SCRIBE_H
#define SCRIBE_H

#include <stdbool.h>

#include "daemon/history/archive.h"
#include "daemon/history/store.h"

/*
 * Writes the store on a thread of its own, so that nobody waits for the disk.  There is one
 * job: the loop's thread fills it, gives it, and has it back once it is written or has failed.
 */

#define SCRIBE_ROWS 128	  /* samples in a job */
#define SCRIBE_BLOCKS 16  /* closed blocks */
#define SCRIBE_EVENTS 256 /* events */
#define SCRIBE_COLUMNS 4
#define SCRIBE_ERROR_MAX 256

struct scribe_block {
	unsigned step_ms;
	struct shelf_block block; /* its bytes are lent */
};

struct scribe_event {
	struct store_event event;
	char *text; /* owned: kind, NUL, text, NUL; event points into it */
};

struct scribe_job {
	struct store_meta meta;
	unsigned row_count;
	struct row *rows;
	double *values;		       /* width for each row */
	const struct columns *columns; /* of the rows */
	unsigned block_count;
	struct scribe_block blocks[SCRIBE_BLOCKS];
	unsigned drop_count; /* steps, and the first seq that stays */
	struct {
		unsigned step_ms;
		uint64_t before;
	} drops[ARCHIVE_TIERS_MAX + 1];
	uint64_t events_before; /* events before this number go */
	unsigned counter_count;
	struct store_counter *counters;
	unsigned columns_count; /* lists that the store does not have yet */
	const struct columns *new_columns[SCRIBE_COLUMNS];
	uint64_t boot_first_seq; /* of meta.boot; 0 = already there */
	unsigned event_count;
	struct scribe_event events[SCRIBE_EVENTS];

	/* What came of it. */
	int rc;
	bool recreated; /* the file was damaged and put aside: all is to come anew */
	uint64_t bytes; /* of the file now */
	char error[SCRIBE_ERROR_MAX]; /* "" = none */
};

struct scribe;

/* Takes the store over.  width and counters: most that a job will have.  NULL when there can be
 * no thread; then the store is closed. */
struct scribe *scribe_start(struct store *store, const char *path, uint64_t bytes_max,
	unsigned base_ms, unsigned width, unsigned counters);

/* The job, to be read and filled; NULL while it is being written. */
struct scribe_job *scribe_take(struct scribe *scribe);

/* Starts writing what was filled in. */
void scribe_give(struct scribe *scribe);

/* Waits until it is written. */
struct scribe_job *scribe_wait(struct scribe *scribe);

/* Waits, ends the thread, closes the store. */
void scribe_stop(struct scribe *scribe);

#endif
