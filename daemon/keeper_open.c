/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "daemon/history/samples.h"
#include "daemon/keeper_parts.h"
#include "daemon/loader.h"
#include "daemon/log.h"
#include "proto/alloc.h"

/* Puts the head behind every number that may have been given. */
static void keeper_continue(struct keeper *k, const struct loaded *loaded)
{
	struct history *h = k->parts.history;
	const struct store_meta *meta = &loaded->meta;
	uint64_t given =
		meta->clean || meta->reserved < meta->head ? meta->head : meta->reserved;

	if (history_head(h) == 0 && meta->head > 0)
		history_begin(h, meta->head);
	if (given > history_head(h))
		history_lose(h, given - history_head(h));
	k->begin.epoch = meta->epoch;
	k->begin.run = (unsigned)meta->run + 2; /* one between is that of what was lost */
	k->begin.boot = (unsigned)meta->boot + !loaded->same_boot;
	k->begin.flags = loaded->same_boot ? ROW_RESTART : ROW_BOOT;
	k->begin.eseq = meta->eseq;
	k->boot_known = loaded->same_boot;
	if (!meta->clean)
		log_info("store", "the run before did not end in order");
}

/* What the file can take at most, and is kept to by SQLite itself: samples as if every number
 * were noise (1.4 bytes is what one of a busy hour takes), so that a file that has reached its
 * bound never stands in the way of what is to come; coarse blocks within their budget, a page
 * lost with each. */
static uint64_t keeper_bound(const struct keeper *k)
{
	const struct archive *a = k->parts.archive;
	uint64_t width = k->parts.width;
	uint64_t bytes = KEEPER_EVENTS_BYTES + KEEPER_OTHER_BYTES +
		keeper_rows(k) * (width + 10) * KEEPER_NOISE_BITS / 8 + archive_blocks_bound(a);

	for (unsigned i = 0; i < a->tier_count; i++)
		bytes += a->tiers[i].shelf.rows_max / TIER_BLOCK_ROWS * 4096;
	return bytes;
}

/* The numbers of this run are reserved before the first is given. */
static int keeper_first_write(struct keeper *k, struct store *store)
{
	unsigned steps[ARCHIVE_TIERS_MAX + 1] = { STORE_SAMPLES };
	const struct archive *a = k->parts.archive;
	struct store_meta meta;
	int rc;

	for (unsigned i = 0; i < a->tier_count; i++)
		steps[i + 1] = a->tiers[i].step_ms;
	keeper_fill_meta(k, &meta);
	rc = store_begin(store);
	if (rc == 0)
		rc = store_put_meta(store, &meta);
	if (rc == 0)
		rc = store_drop_other_steps(store, steps, a->tier_count + 1);
	if (rc == 0)
		rc = store_commit(store);
	if (rc < 0)
		store_rollback(store);
	return rc;
}

/* Puts a file that cannot be used aside and begins a new one. */
static int keeper_replace_file(struct keeper *k, int rc, struct store **store)
{
	char aside[PATHS_MAX + 64];

	if (store_set_aside(k->path, aside, sizeof(aside)) < 0)
		return rc;
	snprintf(k->error, sizeof(k->error), "%s; kept as %.180s",
		rc == -EPROTO ? "the file was of a newer version" : "the file was damaged",
		aside);
	log_warn("store", "%s: %s; a new one begins", k->path, k->error);
	return store_open(store, k->path, k->bytes_max);
}

static int keeper_open_file(struct keeper *k, struct store **store)
{
	int rc = store_open(store, k->path, k->bytes_max);

	return rc == -EBADMSG || rc == -EPROTO ? keeper_replace_file(k, rc, store) : rc;
}

static int keeper_fetch(void *arg, unsigned step_ms, uint64_t first_seq, struct buf *out)
{
	struct keeper *k = arg;
	int rc = k->reader ? 0 : store_open_reader(&k->reader, k->path);

	return rc ? rc : store_get_block(k->reader, step_ms, first_seq, out);
}

static void keeper_begin_empty(struct keeper *k)
{
	k->begin.run = 1;
	k->begin.boot = 1;
	k->begin.flags = ROW_START;
}

/* Loads; a file that turns out to be damaged is replaced by one of what could be read. */
static int keeper_load(struct keeper *k, struct store **store)
{
	struct loaded loaded;
	int rc = loader_read(*store, &k->parts, &loaded);

	k->stored_columns = k->sent_columns = loaded.columns;
	k->boot_stored = loaded.same_boot;
	if (loaded.meta.epoch)
		keeper_continue(k, &loaded);
	k->eseq = k->begin.eseq;
	k->sent = k->written = history_head(k->parts.history);
	if (rc != -EBADMSG)
		return rc;
	store_close(*store);
	*store = NULL;
	rc = keeper_replace_file(k, -EBADMSG, store);
	keeper_forget_stored(k);
	return rc;
}

/* Numbers that were given and that the file does not know of are told by the mark. */
static int keeper_begin_run(struct keeper *k, struct store *store, uint64_t epoch)
{
	int rc;

	if (k->lock.marked)
		k->begin.epoch = epoch;
	rc = keeper_first_write(k, store);
	if (rc == 0)
		lock_mark(&k->lock, false);
	return rc;
}

static int keeper_open_store(struct keeper *k)
{
	uint64_t epoch = k->begin.epoch;
	struct store *store = NULL;
	int rc = keeper_open_file(k, &store);

	if (rc == 0)
		rc = keeper_load(k, &store);
	if (rc == 0)
		rc = keeper_begin_run(k, store, epoch);
	if (rc < 0) {
		k->begin.epoch = epoch; /* the file will not know which numbers are given */
		store_close(store);
		return rc;
	}
	k->bytes = store_bytes(store);
	k->scribe = scribe_start(store, k->path, k->bytes_max, k->parts.base_ms, k->parts.width,
		ledger_capacity(k->parts.ledger));
	return k->scribe ? 0 : -EAGAIN;
}

static const char *keeper_why(int rc)
{
	if (keeper_state_of(rc) == KEEPER_READONLY)
		return "it cannot be written";
	return rc == -ENOSPC ? "the disk is full" : strerror(-rc);
}

static void keeper_open_directory(struct keeper *k, const char *directory)
{
	struct message why;
	int rc;

	snprintf(k->path, sizeof(k->path), "%s/%s", directory, STORE_FILE);
	rc = lock_take_directory(&k->lock, directory, &why);
	if (rc < 0) {
		keeper_set_state(
			k, rc == -EWOULDBLOCK ? KEEPER_MEMORY : keeper_state_of(rc), why.text);
		k->state = rc == -EWOULDBLOCK ? KEEPER_MEMORY : k->state;
		return;
	}
	rc = keeper_open_store(k);
	if (rc < 0)
		keeper_set_state(k, keeper_state_of(rc), keeper_why(rc));
}

struct keeper *keeper_open(
	const char *directory, const struct keeper_parts *parts, struct keeper_beginning *begin)
{
	struct keeper *k = xcalloc(1, sizeof(*k));

	k->parts = *parts;
	k->begin = *begin;
	k->lock.fd = -1;
	k->events = xcalloc(SCRIBE_EVENTS, sizeof(*k->events));
	keeper_begin_empty(k);
	parts->archive->fetch = keeper_fetch;
	parts->archive->fetch_arg = k;
	k->bytes_max = keeper_bound(k);
	if (directory[0])
		keeper_open_directory(k, directory);
	else
		k->state = KEEPER_MEMORY;
	if (!k->boot_known)
		archive_add_boot(
			parts->archive, k->begin.boot, history_head(parts->history) + 1);
	parts->archive->boot = k->begin.boot;
	archive_renew(parts->archive);
	*begin = k->begin;
	return k;
}
