/* SPDX-License-Identifier: MIT */
#ifndef KEEPER_PARTS_H
#define KEEPER_PARTS_H

#include "daemon/keeper.h"
#include "daemon/lock.h"
#include "daemon/paths.h"
#include "daemon/scribe.h"

/* What keeper.c (the run) and keeper_open.c (its beginning) share. */

#define KEEPER_EVENTS_BYTES (2 * 1024 * 1024) /* counted into the bound of the file */
#define KEEPER_WAL_BYTES \
	((uint64_t)2 * 1024 * 1024)	 /* the largest transaction and what precedes it */
#define KEEPER_NOISE_BITS 84		 /* of a number that codec.h can make nothing of */
#define KEEPER_OTHER_BYTES (1024 * 1024) /* names, counters, boots, free pages */

struct keeper {
	struct keeper_parts parts;
	struct keeper_beginning begin;
	char path[PATHS_MAX + 16];
	struct lock lock;
	struct scribe *scribe; /* NULL = in memory only */
	struct store *reader;
	enum keeper_state state;
	char error[SCRIBE_ERROR_MAX];
	uint64_t bytes, bytes_max;

	uint64_t written; /* samples up to here are stored, */
	uint64_t sent;	  /* up to here given to the scribe */
	uint64_t sent_mono_ns, written_mono_ns;
	unsigned stored_columns; /* lists up to this id are stored */
	unsigned sent_columns;
	bool boot_known; /* rows of this boot are there from a run before */
	bool boot_stored;
	bool given; /* what the scribe has has not been looked at yet */
	bool ended;
	uint64_t eseq, events_before;
	struct scribe_event *events;
	unsigned event_count;
};

enum keeper_state keeper_state_of(int rc);

/* Says what has changed, once. */
void keeper_set_state(struct keeper *keeper, enum keeper_state state, const char *why);

void keeper_fill_meta(struct keeper *keeper, struct store_meta *meta);

/* Samples that stay in the file: the ring's, and those that open blocks are made of again. */
uint64_t keeper_rows(const struct keeper *keeper);

/* The file is another one: everything that memory still has is to be written to it. */
void keeper_forget_stored(struct keeper *keeper);

#endif
