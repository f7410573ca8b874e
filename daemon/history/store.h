/* SPDX-License-Identifier: MIT */
#ifndef STORE_H
#define STORE_H

#include <stdint.h>

#include "daemon/history/shelf.h"
#include "proto/schema.h"

/*
 * The file of the history: SQLite in WAL mode, the only place that touches the disk.  What is
 * written between begin and commit is there as a whole or not at all.  synchronous is FULL
 * (NORMAL may lose every transaction since the last checkpoint with the power), and on macOS
 * the drive is told to empty its cache, so that what was committed stays.
 *
 * One handle belongs to one thread.  Results are 0 or -errno: -ENOSPC full, -EROFS or -EACCES
 * not writable, -EBADMSG damaged, -EPROTO of a newer format, -EIO else.
 */

#define STORE_VERSION 1 /* user_version of the file */
#define STORE_FILE "history.db"
#define STORE_WAL_MAX (1024 * 1024) /* what the WAL is cut to after a checkpoint */
#define STORE_WAL_PAGES 128	    /* of 4096 bytes: then the WAL is worked into the file */
#define STORE_TEXT_MAX 64
#define STORE_SAMPLES 0 /* step_ms of blocks of samples */

struct store;

/* What is remembered from one run to the next. */
struct store_meta {
	uint64_t epoch;	   /* 0 = the file is new */
	uint64_t head;	   /* newest sample in the store */
	uint64_t reserved; /* numbers up to here may have been given */
	uint64_t run, boot;
	char boot_id[STORE_TEXT_MAX];
	uint64_t clean; /* 1 = the run before ended in order */
	uint64_t eseq;	/* like reserved, of events */
};

struct store_counter {
	char name[SERIES_NAME_MAX];
	double total, raw;
};

struct store_event {
	uint64_t eseq, seq;
	int64_t ts_ms;
	unsigned boot;
	const char *kind;
	const char *text; /* opaque */
};

/* Opens, creating what is missing (not for readers), and checks: format, structure.
 * bytes_max bounds the file; 0 = no bound.  On failure *out is NULL. */
int store_open(struct store **out, const char *path, uint64_t bytes_max);
int store_open_reader(struct store **out, const char *path);
void store_close(struct store *store);

/* Renames a file that cannot be used, with its companions, to the first free "PATH.bad-N",
 * which is put into name. */
int store_set_aside(const char *path, char *name, size_t size);

/* A result once more: SQLite takes a quota or a limit on files for a broken disk, which it is
 * not. */
int store_reason(const struct store *store, int rc);

/* What SQLite says of the last failure; until the next call. */
const char *store_error(const struct store *store);

/* Reading.  The callbacks borrow what they are given; a result other than 0 ends the reading
 * and is returned. */
int store_get_meta(struct store *store, struct store_meta *meta);
int store_each_columns(
	struct store *store, int (*take)(void *arg, unsigned id, const char *text), void *arg);
int store_each_boot(struct store *store,
	int (*take)(void *arg, unsigned boot, uint64_t first_seq), void *arg);
int store_each_counter(struct store *store,
	int (*take)(void *arg, const struct store_counter *counter), void *arg);
/* In order of seq; without bytes. */
int store_each_block(struct store *store, unsigned step_ms,
	int (*take)(void *arg, const struct shelf_block *block), void *arg);
/* Events behind eseq, the newest max of them, in order. */
int store_each_event(struct store *store, uint64_t eseq, unsigned max,
	int (*take)(void *arg, const struct store_event *event), void *arg);
/* Appends the bytes of a block; -ENOENT when it is not there. */
int store_get_block(struct store *store, unsigned step_ms, uint64_t first_seq, struct buf *out);

/* Writing. */
int store_begin(struct store *store);
int store_commit(struct store *store);
void store_rollback(struct store *store);
int store_put_meta(struct store *store, const struct store_meta *meta);
int store_put_columns(struct store *store, unsigned id, const char *text, size_t length);
int store_put_boot(struct store *store, unsigned boot, uint64_t first_seq, const char *boot_id);
int store_put_counter(struct store *store, const struct store_counter *counter);
int store_put_block(struct store *store, unsigned step_ms, const struct shelf_block *block);
int store_put_event(struct store *store, const struct store_event *event);
/* Blocks of that step that end before seq, or that begin from first_seq to last_seq. */
int store_drop_blocks(struct store *store, unsigned step_ms, uint64_t before_seq);
int store_drop_range(
	struct store *store, unsigned step_ms, uint64_t first_seq, uint64_t last_seq);
int store_drop_events(struct store *store, uint64_t before_eseq);
/* Blocks of steps that are none of these. */
int store_drop_other_steps(struct store *store, const unsigned *steps, unsigned count);

/* Bytes of the file and its WAL now. */
uint64_t store_bytes(struct store *store);

#endif
