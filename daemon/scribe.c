/* SPDX-License-Identifier: MIT */
#include "daemon/scribe.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <uv.h>

#include "daemon/history/samples.h"
#include "proto/alloc.h"

/* Numbers that a daemon which cannot write any more may go on giving: a day of them. */
#define SCRIBE_SPARE_MS UINT64_C(86400000)

struct scribe {
	uv_thread_t thread;
	uv_mutex_t lock;
	uv_cond_t changed;
	bool given, quit; /* under the lock */
	struct scribe_job job;

	/* Of the thread. */
	struct store *store; /* NULL = could not be opened again */
	char path[1024];
	uint64_t bytes_max;
	unsigned base_ms;
	struct tail tail;
	struct buf bytes;
};

/* ---- writing a job ---- */

/* Samples go out in small blocks, which give way to one big block when that is full. */
static int scribe_write_tail(struct scribe *s)
{
	struct tail *t = &s->tail;
	bool full = t->rows == SAMPLES_BLOCK_ROWS;
	struct shelf_block block;
	int rc = 0;

	if (t->written == t->rows)
		return 0;
	tail_put(t, full ? 0 : t->written, &s->bytes, &block);
	if (!buf_ok(&s->bytes))
		return -E2BIG;
	if (full)
		rc = store_drop_range(s->store, STORE_SAMPLES, block.first_seq, block.last_seq);
	if (rc == 0)
		rc = store_put_block(s->store, STORE_SAMPLES, &block);
	t->written = t->rows;
	if (full)
		tail_reset(t, t->columns);
	return rc;
}

static int scribe_write_rows(struct scribe *s)
{
	const struct scribe_job *job = &s->job;
	int rc = 0;

	if (job->row_count > 0 && s->tail.columns != job->columns)
		tail_reset(&s->tail, job->columns);
	for (unsigned i = 0; i < job->row_count && rc == 0; i++) {
		tail_add(&s->tail, &job->rows[i]);
		if (s->tail.rows == SAMPLES_BLOCK_ROWS)
			rc = scribe_write_tail(s);
	}
	return rc ? rc : scribe_write_tail(s);
}

static int scribe_write_columns(struct scribe *s)
{
	const struct scribe_job *job = &s->job;
	struct buf text;
	int rc = 0;

	buf_init(&text, COLUMNS_TEXT_MAX);
	for (unsigned i = 0; i < job->columns_count && rc == 0; i++) {
		buf_clear(&text);
		columns_write(job->new_columns[i], &text);
		rc = buf_ok(&text) ? store_put_columns(s->store, job->new_columns[i]->id,
					     text.data ? text.data : "", text.len)
				   : -E2BIG;
	}
	buf_fini(&text);
	return rc;
}

static int scribe_write_blocks(struct scribe *s)
{
	const struct scribe_job *job = &s->job;
	int rc = 0;

	for (unsigned i = 0; i < job->drop_count && rc == 0; i++)
		rc = store_drop_blocks(s->store, job->drops[i].step_ms, job->drops[i].before);
	for (unsigned i = 0; i < job->block_count && rc == 0; i++)
		rc = store_put_block(s->store, job->blocks[i].step_ms, &job->blocks[i].block);
	return rc;
}

static int scribe_write_rest(struct scribe *s)
{
	const struct scribe_job *job = &s->job;
	int rc = store_put_meta(s->store, &job->meta);

	if (rc == 0 && job->boot_first_seq)
		rc = store_put_boot(s->store, (unsigned)job->meta.boot, job->boot_first_seq,
			job->meta.boot_id);
	for (unsigned i = 0; i < job->counter_count && rc == 0; i++)
		rc = store_put_counter(s->store, &job->counters[i]);
	for (unsigned i = 0; i < job->event_count && rc == 0; i++)
		rc = store_put_event(s->store, &job->events[i].event);
	if (rc == 0 && job->events_before)
		rc = store_drop_events(s->store, job->events_before);
	return rc;
}

static int scribe_write(struct scribe *s)
{
	int rc = store_begin(s->store);

	if (rc == 0)
		rc = scribe_write_columns(s);
	if (rc == 0)
		rc = scribe_write_blocks(s);
	if (rc == 0)
		rc = scribe_write_rows(s);
	if (rc == 0)
		rc = scribe_write_rest(s);
	return rc ? rc : store_commit(s->store);
}

/* ---- what went wrong ---- */

/*
 * The samples go on in memory, and their numbers with them.  A few bytes often fit where a
 * block does not: with them the numbers of a whole day are reserved.
 */
static void scribe_reserve(struct scribe *s)
{
	struct store_meta meta;

	if (store_get_meta(s->store, &meta) < 0 || meta.reserved == 0)
		return;
	meta.reserved = s->job.meta.reserved + SCRIBE_SPARE_MS / s->base_ms;
	meta.clean = 0;
	if (store_begin(s->store) < 0 || store_put_meta(s->store, &meta) < 0 ||
		store_commit(s->store) < 0)
		store_rollback(s->store);
}

static void scribe_replace(struct scribe *s)
{
	char aside[1024];
	int rc;

	store_close(s->store);
	s->store = NULL;
	rc = store_set_aside(s->path, aside, sizeof(aside));
	if (rc == 0)
		rc = store_open(&s->store, s->path, s->bytes_max);
	s->job.recreated = rc == 0;
	snprintf(s->job.error, sizeof(s->job.error), "the file is damaged; %s%.200s",
		rc == 0 ? "kept as " : "it cannot be replaced: ",
		rc == 0 ? aside : strerror(-rc));
}

static void scribe_failed(struct scribe *s)
{
	struct scribe_job *job = &s->job;

	job->rc = store_reason(s->store, job->rc);
	snprintf(job->error, sizeof(job->error), "%.200s",
		job->rc == -ENOSPC ? "the disk is full" : store_error(s->store));
	store_rollback(s->store);
	if (s->tail.columns)
		tail_reset(&s->tail, s->tail.columns);
	if (job->rc == -EBADMSG)
		scribe_replace(s);
	else
		scribe_reserve(s);
}

static void scribe_do(struct scribe *s)
{
	struct scribe_job *job = &s->job;

	job->recreated = false;
	job->error[0] = '\0';
	if (!s->store && store_open(&s->store, s->path, s->bytes_max) < 0) {
		job->rc = -EIO;
		snprintf(job->error, sizeof(job->error), "the file cannot be opened");
		return;
	}
	job->rc = scribe_write(s);
	if (job->rc < 0)
		scribe_failed(s);
	job->bytes = s->store ? store_bytes(s->store) : 0;
}

/* ---- the thread ---- */

static void scribe_run(void *arg)
{
	struct scribe *s = arg;

	uv_mutex_lock(&s->lock);
	for (;;) {
		while (!s->given && !s->quit)
			uv_cond_wait(&s->changed, &s->lock);
		if (!s->given)
			break;
		uv_mutex_unlock(&s->lock);
		scribe_do(s);
		uv_mutex_lock(&s->lock);
		s->given = false;
		uv_cond_broadcast(&s->changed);
	}
	uv_mutex_unlock(&s->lock);
}

static void scribe_free(struct scribe *s)
{
	store_close(s->store);
	tail_fini(&s->tail);
	buf_fini(&s->bytes);
	for (unsigned i = 0; i < s->job.event_count; i++)
		free(s->job.events[i].text);
	free(s->job.rows);
	free(s->job.values);
	free(s->job.counters);
	uv_mutex_destroy(&s->lock);
	uv_cond_destroy(&s->changed);
	free(s);
}

struct scribe *scribe_start(struct store *store, const char *path, uint64_t bytes_max,
	unsigned base_ms, unsigned width, unsigned counters)
{
	struct scribe *s = xcalloc(1, sizeof(*s));

	s->store = store;
	s->bytes_max = bytes_max;
	s->base_ms = base_ms;
	snprintf(s->path, sizeof(s->path), "%s", path);
	tail_init(&s->tail, base_ms);
	buf_init(&s->bytes, BLOCK_BYTES_MAX);
	s->job.rows = xcalloc(SCRIBE_ROWS, sizeof(*s->job.rows));
	s->job.values = xcalloc((size_t)SCRIBE_ROWS * width, sizeof(*s->job.values));
	s->job.counters = xcalloc(counters + 1, sizeof(*s->job.counters));
	uv_mutex_init(&s->lock);
	uv_cond_init(&s->changed);
	if (uv_thread_create(&s->thread, scribe_run, s) == 0)
		return s;
	scribe_free(s);
	return NULL;
}

struct scribe_job *scribe_take(struct scribe *s)
{
	bool busy;

	uv_mutex_lock(&s->lock);
	busy = s->given;
	uv_mutex_unlock(&s->lock);
	return busy ? NULL : &s->job;
}

void scribe_give(struct scribe *s)
{
	uv_mutex_lock(&s->lock);
	s->given = true;
	uv_cond_broadcast(&s->changed);
	uv_mutex_unlock(&s->lock);
}

struct scribe_job *scribe_wait(struct scribe *s)
{
	uv_mutex_lock(&s->lock);
	while (s->given)
		uv_cond_wait(&s->changed, &s->lock);
	uv_mutex_unlock(&s->lock);
	return &s->job;
}

void scribe_stop(struct scribe *s)
{
	scribe_wait(s);
	uv_mutex_lock(&s->lock);
	s->quit = true;
	uv_cond_broadcast(&s->changed);
	uv_mutex_unlock(&s->lock);
	uv_thread_join(&s->thread);
	scribe_free(s);
}
