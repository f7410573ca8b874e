/* SPDX-License-Identifier: MIT */
#include "daemon/keeper_parts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "daemon/history/samples.h"
#include "daemon/log.h"
#include "proto/alloc.h"

#define KEEPER_WRITE_NS (KEEPER_WRITE_MS * UINT64_C(1000000))
#define KEEPER_SPARE_SEQS 16

const char *keeper_state_name(enum keeper_state state)
{
	static const char *const names[] = { "ok", "memory", "readonly", "full", "corrupt",
		"failed" };

	return names[state];
}

enum keeper_state keeper_state_of(int rc)
{
	switch (rc) {
	case 0:
		return KEEPER_OK;
	case -EROFS:
	case -EACCES:
		return KEEPER_READONLY;
	case -ENOSPC:
		return KEEPER_FULL;
	case -EBADMSG:
	case -EPROTO:
		return KEEPER_CORRUPT;
	default:
		return KEEPER_FAILED;
	}
}

void keeper_set_state(struct keeper *k, enum keeper_state state, const char *why)
{
	bool changed = state != k->state;

	k->state = state;
	snprintf(k->error, sizeof(k->error), "%s", why);
	if (!changed)
		return;
	if (state == KEEPER_OK)
		log_info("store", "%s: written again", k->path);
	else
		log_warn("store", "%s: %s; the history goes on in memory", k->path, why);
}

static uint64_t keeper_reserve(const struct keeper *k)
{
	return history_head(k->parts.history) +
		2 * (uint64_t)KEEPER_WRITE_MS / k->parts.base_ms + KEEPER_SPARE_SEQS;
}

void keeper_fill_meta(struct keeper *k, struct store_meta *meta)
{
	*meta = (struct store_meta){ .epoch = k->begin.epoch,
		.head = k->sent,
		.reserved = keeper_reserve(k),
		.run = k->begin.run,
		.boot = k->begin.boot,
		.clean = k->ended,
		.eseq = k->eseq + SCRIBE_EVENTS };
	if (k->ended) {
		meta->reserved = k->sent;
		meta->eseq = k->eseq;
	}
	snprintf(meta->boot_id, sizeof(meta->boot_id), "%s", k->parts.boot_id);
}

uint64_t keeper_rows(const struct keeper *k)
{
	uint64_t ring = history_capacity(k->parts.history);
	uint64_t open = archive_open_samples(k->parts.archive);

	return (ring > open ? ring : open) + SAMPLES_BLOCK_ROWS;
}

void keeper_forget_stored(struct keeper *k)
{
	struct archive *a = k->parts.archive;

	store_close(k->reader);
	k->reader = NULL;
	for (unsigned i = 0; i < a->tier_count; i++)
		shelf_forget_stored(&a->tiers[i].shelf);
	k->stored_columns = k->sent_columns = 0;
	k->boot_stored = false;
	k->sent = k->written = history_oldest(k->parts.history) - 1;
}

/* ---- writing ---- */

static void keeper_return_blocks(struct keeper *k, struct scribe_job *job)
{
	for (unsigned i = 0; i < job->block_count; i++) {
		struct tier *t = archive_tier_of(k->parts.archive, job->blocks[i].step_ms);
		unsigned place = shelf_find(&t->shelf, job->blocks[i].block.first_seq - 1);
		struct shelf_block *b = shelf_at(&t->shelf, place);

		b->lent = false;
		if (job->rc < 0)
			continue;
		b->stored = true;
		free(b->bytes);
		b->bytes = NULL;
	}
	job->block_count = 0;
}

/* Events that were not written go back in front of those that came meanwhile, as far as there
 * is room. */
static void keeper_return_events(struct keeper *k, struct scribe_job *job)
{
	unsigned back = job->rc < 0 ? job->event_count : 0;

	if (back > SCRIBE_EVENTS - k->event_count)
		back = SCRIBE_EVENTS - k->event_count;
	for (unsigned i = back; i < job->event_count; i++)
		free(job->events[i].text);
	memmove(k->events + back, k->events, k->event_count * sizeof(*k->events));
	memcpy(k->events, job->events, back * sizeof(*k->events));
	k->event_count += back;
	job->event_count = 0;
}

/* Looks at what came of the last job. */
static void keeper_collect(struct keeper *k, struct scribe_job *job)
{
	if (!k->given)
		return;
	k->given = false;
	k->bytes = job->bytes;
	keeper_return_blocks(k, job);
	keeper_return_events(k, job);
	/* Numbers may be given that the file does not know of. */
	lock_mark(&k->lock, job->rc < 0);
	if (job->rc == 0) {
		k->written = k->sent;
		k->written_mono_ns = k->sent_mono_ns;
		k->stored_columns = k->sent_columns;
		k->boot_stored = true;
		if (k->state != KEEPER_OK)
			keeper_set_state(k, KEEPER_OK, "");
		return;
	}
	k->sent = k->written;
	k->sent_columns = k->stored_columns;
	keeper_set_state(k, keeper_state_of(job->rc), job->error);
	if (job->recreated)
		keeper_forget_stored(k);
}

/* Copies rows of one list of columns, as many as there is room for; lost numbers are none. */
static void keeper_send_rows(struct keeper *k, struct scribe_job *job)
{
	const struct history *h = k->parts.history;
	uint64_t seq = k->sent + 1, oldest = history_oldest(h);
	size_t width = k->parts.width;

	seq = seq < oldest ? oldest : seq;
	job->columns = k->parts.archive->columns;
	job->row_count = 0;
	for (; seq <= history_head(h) && job->row_count < SCRIBE_ROWS; seq++) {
		struct row *row = &job->rows[job->row_count];

		*row = *history_row(h, seq);
		if (row->flags & ROW_LOST)
			continue;
		history_copy(h, row, job->values + job->row_count * width);
		row->values = job->values + job->row_count++ * width;
	}
	k->sent = seq - 1;
}

static void keeper_send_columns(struct keeper *k, struct scribe_job *job)
{
	job->columns_count = 0;
	for (const struct columns *c = k->parts.archive->columns;
		c && job->columns_count < SCRIBE_COLUMNS; c = c->next) {
		if (c->id <= k->stored_columns)
			continue;
		job->new_columns[job->columns_count++] = c;
		k->sent_columns = c->id > k->sent_columns ? c->id : k->sent_columns;
	}
}

static void keeper_send_blocks(struct keeper *k, struct scribe_job *job)
{
	struct archive *a = k->parts.archive;
	uint64_t rows = keeper_rows(k);

	job->block_count = job->drop_count = 0;
	job->drops[job->drop_count].step_ms = STORE_SAMPLES;
	job->drops[job->drop_count++].before = k->sent > rows ? k->sent - rows : 0;
	for (unsigned i = 0; i < a->tier_count; i++) {
		struct shelf *shelf = &a->tiers[i].shelf;

		if (shelf->count == 0)
			continue;
		job->drops[job->drop_count].step_ms = a->tiers[i].step_ms;
		job->drops[job->drop_count++].before = shelf_at(shelf, 0)->first_seq;
		for (unsigned n = shelf_unstored(shelf);
			n < shelf->count && job->block_count < SCRIBE_BLOCKS; n++) {
			struct scribe_block *b = &job->blocks[job->block_count++];

			shelf_at(shelf, n)->lent = true;
			b->step_ms = a->tiers[i].step_ms;
			b->block = *shelf_at(shelf, n);
		}
	}
}

static void keeper_send_counters(struct keeper *k, struct scribe_job *job)
{
	struct ledger_entry entry;
	unsigned place = 0;

	job->counter_count = 0;
	while (ledger_next(k->parts.ledger, &place, &entry)) {
		struct store_counter *c = &job->counters[job->counter_count++];

		snprintf(c->name, sizeof(c->name), "%s", entry.name);
		c->total = entry.total;
		c->raw = entry.raw;
	}
}

static void keeper_send(struct keeper *k, struct scribe_job *job)
{
	uint64_t boot_first = 0, last;

	keeper_send_columns(k, job);
	keeper_send_rows(k, job);
	keeper_send_blocks(k, job);
	keeper_send_counters(k, job);
	memcpy(job->events, k->events, k->event_count * sizeof(*k->events));
	job->event_count = k->event_count;
	k->event_count = 0;
	job->events_before = k->events_before;
	if (k->eseq > KEEPER_EVENTS_MAX && job->events_before < k->eseq - KEEPER_EVENTS_MAX)
		job->events_before = k->eseq - KEEPER_EVENTS_MAX;
	if (!k->boot_stored)
		archive_find_boot(k->parts.archive, 0, &boot_first, &last);
	job->boot_first_seq = boot_first;
	keeper_fill_meta(k, &job->meta);
	k->given = true;
	scribe_give(k->scribe);
}

static uint64_t keeper_step_ns(const struct keeper *k)
{
	return (uint64_t)k->parts.base_ms * 1000000;
}

/* Every KEEPER_WRITE_MS; earlier where the history is so short that samples would give way, but
 * not to a disk that takes nothing. */
static bool keeper_is_due(const struct keeper *k, const struct row *newest)
{
	return newest->mono_ns - k->sent_mono_ns + keeper_step_ns(k) / 2 >= KEEPER_WRITE_NS ||
		(k->state == KEEPER_OK &&
			newest->seq - k->sent > history_capacity(k->parts.history) / 2);
}

void keeper_commit(struct keeper *k)
{
	const struct history *h = k->parts.history;
	const struct row *row = history_row(h, history_head(h));
	struct scribe_job *job;

	archive_add(k->parts.archive, row);
	if (!k->scribe)
		return;
	if (k->sent_mono_ns == 0)
		k->sent_mono_ns = k->written_mono_ns = row->mono_ns - keeper_step_ns(k);
	job = k->given ? scribe_take(k->scribe) : NULL;
	if (job)
		keeper_collect(k, job);
	if (k->given || !keeper_is_due(k, row))
		return;
	k->sent_mono_ns = row->mono_ns;
	keeper_send(k, scribe_wait(k->scribe));
}

void keeper_settle(struct keeper *k)
{
	if (k->scribe)
		keeper_collect(k, scribe_wait(k->scribe));
}

/* ---- the end ---- */

static void keeper_finish(struct keeper *k)
{
	const struct history *h = k->parts.history;
	struct scribe_job *job = scribe_wait(k->scribe);

	keeper_collect(k, job);
	do {
		k->ended = history_head(h) - k->sent <= SCRIBE_ROWS;
		keeper_send(k, job);
		job = scribe_wait(k->scribe);
		keeper_collect(k, job);
	} while (job->rc == 0 && !k->ended);
	scribe_stop(k->scribe);
}

void keeper_close(struct keeper *k)
{
	if (!k)
		return;
	/* Whoever closes last takes the WAL into the file, which a reader cannot. */
	store_close(k->reader);
	k->reader = NULL;
	k->parts.archive->fetch = NULL;
	if (k->scribe)
		keeper_finish(k);
	for (unsigned i = 0; i < k->event_count; i++)
		free(k->events[i].text);
	free(k->events);
	lock_drop(&k->lock);
	free(k);
}

/* ---- events ---- */

void keeper_add_event(struct keeper *k, const struct store_event *event)
{
	size_t kind = strlen(event->kind) + 1, text = strlen(event->text) + 1;
	struct scribe_event *e;

	k->eseq = event->eseq > k->eseq ? event->eseq : k->eseq;
	if (!k->scribe || k->event_count == SCRIBE_EVENTS)
		return;
	e = &k->events[k->event_count++];
	e->event = *event;
	e->text = xcalloc(1, kind + text);
	memcpy(e->text, event->kind, kind);
	memcpy(e->text + kind, event->text, text);
	e->event.kind = e->text;
	e->event.text = e->text + kind;
}

int keeper_each_event(struct keeper *k, uint64_t eseq, unsigned max,
	int (*take)(void *arg, const struct store_event *event), void *arg)
{
	int rc = k->reader || !k->scribe ? 0 : store_open_reader(&k->reader, k->path);

	return k->reader ? store_each_event(k->reader, eseq, max, take, arg) : rc;
}

void keeper_drop_events(struct keeper *k, uint64_t before_eseq)
{
	k->events_before = before_eseq;
}

/* ---- status ---- */

static void put_tier(struct json *j, uint64_t step_ms, uint64_t rows, uint64_t rows_max)
{
	json_object_open(j);
	json_kv_uint(j, "step_ms", step_ms);
	json_kv_uint(j, "rows", rows);
	json_kv_uint(j, "rows_max", rows_max);
	json_object_close(j);
}

static void put_tiers(const struct keeper *k, struct json *j)
{
	const struct history *h = k->parts.history;
	const struct archive *a = k->parts.archive;

	json_key(j, "tiers");
	json_array_open(j);
	put_tier(j, k->parts.base_ms, history_head(h) + 1 - history_oldest(h),
		history_capacity(h));
	for (unsigned i = 0; i < a->tier_count; i++)
		put_tier(j, a->tiers[i].step_ms, tier_rows(&a->tiers[i]),
			a->tiers[i].shelf.rows_max);
	json_array_close(j);
}

void keeper_describe(const struct keeper *k, uint64_t now_mono_ns, struct json *j)
{
	json_key(j, "store");
	json_object_open(j);
	json_kv_string(j, "state", keeper_state_name(k->state));
	json_kv_string(j, "path", k->path[0] ? k->path : NULL);
	json_kv_uint(j, "bytes", k->bytes);
	json_kv_uint(j, "bound", k->path[0] ? k->bytes_max + KEEPER_WAL_BYTES : 0);
	if (k->written_mono_ns && now_mono_ns >= k->written_mono_ns)
		json_kv_uint(j, "last_write_ms", (now_mono_ns - k->written_mono_ns) / 1000000);
	else
		json_kv_null(j, "last_write_ms");
	json_kv_uint(j, "stored_seq", k->written);
	json_kv_uint(j, "bad_blocks", k->parts.archive->bad_blocks);
	json_kv_uint(j, "memory_bytes",
		archive_bytes(k->parts.archive) + history_bytes(k->parts.history));
	json_kv_uint(j, "memory_bound",
		archive_bound(k->parts.archive) + history_bound(k->parts.history));
	put_tiers(k, j);
	json_kv_string(j, "error", k->error[0] ? k->error : NULL);
	json_object_close(j);
}
