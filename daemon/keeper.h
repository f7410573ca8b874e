/* SPDX-License-Identifier: MIT */
#ifndef KEEPER_H
#define KEEPER_H

#include "daemon/history/archive.h"
#include "daemon/history/store.h"
#include "daemon/ledger.h"
#include "proto/json.h"

/*
 * Keeps the history beyond the end of the daemon: at the start loads what is stored, then hands
 * new samples, closed blocks, energy totals and events to the scribe every KEEPER_WRITE_MS, and
 * at the end all that is left.  Without a usable store it says why and keeps in memory.
 *
 * Every write reserves the numbers that may be given before the next one.  After an unclean end
 * the numbers go on behind the reserve, so that none is ever given twice.
 */

#define KEEPER_WRITE_MS 10000

#define KEEPER_EVENTS_MAX 8192 /* stored; older ones go whatever was asked for */

enum keeper_state {
	KEEPER_OK,
	KEEPER_MEMORY, /* no store was asked for, or another daemon has it */
	KEEPER_READONLY,
	KEEPER_FULL,
	KEEPER_CORRUPT,
	KEEPER_FAILED
};

/* What the keeper works for.  All must outlive it. */
struct keeper_parts {
	const struct schema *schema;
	struct history *history;
	struct archive *archive;
	struct ledger *ledger;
	unsigned base_ms, width;
	const char *boot_id;
};

/* How this run begins. */
struct keeper_beginning {
	uint64_t epoch;
	unsigned run, boot;
	unsigned flags; /* of the first row: ROW_START, ROW_RESTART or ROW_BOOT */
	uint64_t eseq;	/* newest number of an event that may have been given */
};

struct keeper;

/*
 * Opens the store in the directory ("" = none) and loads it into history, archive and ledger.
 * begin->epoch is the one to take when there is no store.  Never fails: see the state.
 */
struct keeper *keeper_open(const char *directory, const struct keeper_parts *parts,
	struct keeper_beginning *begin);

/* Writes what is left and closes.  Waits for the disk. */
void keeper_close(struct keeper *keeper);

/* The newest row of the history is new. */
void keeper_commit(struct keeper *keeper);

/* Waits for the write under way. */
void keeper_settle(struct keeper *keeper);

/* An event to be stored with the next write; the texts are copied.  Dropped when too many wait
 * for a disk that does not answer. */
void keeper_add_event(struct keeper *keeper, const struct store_event *event);

/* Stored events behind eseq, the newest max of them, in order; before the first commit. */
int keeper_each_event(struct keeper *keeper, uint64_t eseq, unsigned max,
	int (*take)(void *arg, const struct store_event *event), void *arg);

/* Events before this number may go from the store. */
void keeper_drop_events(struct keeper *keeper, uint64_t before_eseq);

/* The object "store" of the status. */
void keeper_describe(const struct keeper *keeper, uint64_t now_mono_ns, struct json *j);

const char *keeper_state_name(enum keeper_state state);

#endif
