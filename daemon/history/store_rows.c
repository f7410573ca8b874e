/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>

#include "daemon/history/store_db.h"

/* Binds integers and runs what gives no rows. */
static int store_run(struct store *s, enum query_id id, const int64_t *numbers, int count)
{
	sqlite3_stmt *statement = store_prepare(s, id);

	if (!statement)
		return store_code(sqlite3_errcode(s->db));
	for (int i = 0; i < count; i++)
		sqlite3_bind_int64(statement, i + 1, numbers[i]);
	sqlite3_step(statement);
	return store_code(sqlite3_reset(statement));
}

static int store_finish(sqlite3_stmt *statement)
{
	sqlite3_step(statement);
	return store_code(sqlite3_reset(statement));
}

/* ---- reading ---- */

struct store_taker {
	void *arg;
	int (*columns)(void *arg, unsigned id, const char *text);
	int (*boot)(void *arg, unsigned boot, uint64_t first_seq);
	int (*counter)(void *arg, const struct store_counter *counter);
	int (*block)(void *arg, const struct shelf_block *block);
	int (*event)(void *arg, const struct store_event *event);
};

static uint64_t column_uint(sqlite3_stmt *row, int i)
{
	return (uint64_t)sqlite3_column_int64(row, i);
}

static const char *column_string(sqlite3_stmt *row, int i)
{
	const char *text = (const char *)sqlite3_column_text(row, i);

	return text ? text : "";
}

static int store_take_meta(void *arg, sqlite3_stmt *row)
{
	struct store_meta *m = arg;

	m->epoch = column_uint(row, 0);
	m->head = column_uint(row, 1);
	m->reserved = column_uint(row, 2);
	m->run = column_uint(row, 3);
	m->boot = column_uint(row, 4);
	m->clean = column_uint(row, 5);
	m->eseq = column_uint(row, 6);
	snprintf(m->boot_id, sizeof(m->boot_id), "%s", column_string(row, 7));
	return 0;
}

int store_get_meta(struct store *s, struct store_meta *meta)
{
	*meta = (struct store_meta){ 0 };
	return store_each(s, store_prepare(s, QUERY_GET_META), store_take_meta, meta);
}

static int store_take_columns(void *arg, sqlite3_stmt *row)
{
	struct store_taker *t = arg;

	return t->columns(t->arg, (unsigned)column_uint(row, 0), column_string(row, 1));
}

int store_each_columns(
	struct store *s, int (*take)(void *arg, unsigned id, const char *text), void *arg)
{
	struct store_taker t = { .arg = arg, .columns = take };

	return store_each(s, store_prepare(s, QUERY_GET_COLUMNS), store_take_columns, &t);
}

static int store_take_boot(void *arg, sqlite3_stmt *row)
{
	struct store_taker *t = arg;

	return t->boot(t->arg, (unsigned)column_uint(row, 0), column_uint(row, 1));
}

int store_each_boot(
	struct store *s, int (*take)(void *arg, unsigned boot, uint64_t first_seq), void *arg)
{
	struct store_taker t = { .arg = arg, .boot = take };

	return store_each(s, store_prepare(s, QUERY_GET_BOOTS), store_take_boot, &t);
}

static int store_take_counter(void *arg, sqlite3_stmt *row)
{
	struct store_taker *t = arg;
	struct store_counter c;

	snprintf(c.name, sizeof(c.name), "%s", column_string(row, 0));
	c.total = sqlite3_column_double(row, 1);
	c.raw = sqlite3_column_double(row, 2);
	return t->counter(t->arg, &c);
}

int store_each_counter(
	struct store *s, int (*take)(void *arg, const struct store_counter *counter), void *arg)
{
	struct store_taker t = { .arg = arg, .counter = take };

	return store_each(s, store_prepare(s, QUERY_GET_COUNTERS), store_take_counter, &t);
}

static int store_take_block(void *arg, sqlite3_stmt *row)
{
	struct store_taker *t = arg;
	struct shelf_block b = { .first_seq = column_uint(row, 0),
		.last_seq = column_uint(row, 1),
		.first_ts_ms = sqlite3_column_int64(row, 2),
		.last_ts_ms = sqlite3_column_int64(row, 3),
		.last_mono_us = column_uint(row, 4),
		.last_boot = (unsigned)column_uint(row, 5),
		.rows = (unsigned)column_uint(row, 6),
		.size = (size_t)column_uint(row, 7),
		.stored = true };

	return t->block(t->arg, &b);
}

int store_each_block(struct store *s, unsigned step_ms,
	int (*take)(void *arg, const struct shelf_block *block), void *arg)
{
	struct store_taker t = { .arg = arg, .block = take };
	sqlite3_stmt *statement = store_prepare(s, QUERY_GET_BLOCKS);

	if (statement)
		sqlite3_bind_int64(statement, 1, step_ms);
	return store_each(s, statement, store_take_block, &t);
}

static int store_take_event(void *arg, sqlite3_stmt *row)
{
	struct store_taker *t = arg;
	struct store_event e = { column_uint(row, 0), column_uint(row, 1),
		sqlite3_column_int64(row, 2), (unsigned)column_uint(row, 3),
		column_string(row, 4), column_string(row, 5) };

	return t->event(t->arg, &e);
}

int store_each_event(struct store *s, uint64_t eseq, unsigned max,
	int (*take)(void *arg, const struct store_event *event), void *arg)
{
	struct store_taker t = { .arg = arg, .event = take };
	sqlite3_stmt *statement = store_prepare(s, QUERY_GET_EVENTS);

	if (statement) {
		sqlite3_bind_int64(statement, 1, (int64_t)eseq);
		sqlite3_bind_int64(statement, 2, max);
	}
	return store_each(s, statement, store_take_event, &t);
}

static int store_take_bytes(void *arg, sqlite3_stmt *row)
{
	struct buf *out = arg;
	const void *bytes = sqlite3_column_blob(row, 0);

	if (bytes)
		buf_add(out, bytes, (size_t)sqlite3_column_bytes(row, 0));
	return buf_ok(out) ? 0 : -E2BIG;
}

int store_get_block(struct store *s, unsigned step_ms, uint64_t first_seq, struct buf *out)
{
	sqlite3_stmt *statement = store_prepare(s, QUERY_GET_BLOCK);
	size_t since = out->len;
	int rc;

	if (statement) {
		sqlite3_bind_int64(statement, 1, step_ms);
		sqlite3_bind_int64(statement, 2, (int64_t)first_seq);
	}
	rc = store_each(s, statement, store_take_bytes, out);
	return rc == 0 && out->len == since ? -ENOENT : rc;
}

/* ---- writing ---- */

int store_begin(struct store *s)
{
	return store_run(s, QUERY_BEGIN, NULL, 0);
}

int store_commit(struct store *s)
{
	return store_run(s, QUERY_COMMIT, NULL, 0);
}

void store_rollback(struct store *s)
{
	if (!sqlite3_get_autocommit(s->db))
		store_run(s, QUERY_ROLLBACK, NULL, 0);
}

static int store_bind_text(sqlite3_stmt *statement, int i, const char *text)
{
	return sqlite3_bind_text(statement, i, text, -1, SQLITE_STATIC);
}

int store_put_meta(struct store *s, const struct store_meta *m)
{
	const int64_t numbers[] = { (int64_t)m->epoch, (int64_t)m->head, (int64_t)m->reserved,
		(int64_t)m->run, (int64_t)m->boot, (int64_t)m->clean, (int64_t)m->eseq };
	sqlite3_stmt *statement = store_prepare(s, QUERY_PUT_META);

	if (!statement)
		return store_code(sqlite3_errcode(s->db));
	store_bind_text(statement, 8, m->boot_id);
	return store_run(s, QUERY_PUT_META, numbers, 7);
}

int store_put_columns(struct store *s, unsigned id, const char *text, size_t length)
{
	sqlite3_stmt *statement = store_prepare(s, QUERY_PUT_COLUMNS);

	if (!statement)
		return store_code(sqlite3_errcode(s->db));
	sqlite3_bind_int64(statement, 1, id);
	sqlite3_bind_text(statement, 2, text, (int)length, SQLITE_STATIC);
	return store_finish(statement);
}

int store_put_boot(struct store *s, unsigned boot, uint64_t first_seq, const char *boot_id)
{
	sqlite3_stmt *statement = store_prepare(s, QUERY_PUT_BOOT);
	const int64_t numbers[] = { boot, (int64_t)first_seq };

	if (!statement)
		return store_code(sqlite3_errcode(s->db));
	store_bind_text(statement, 3, boot_id);
	return store_run(s, QUERY_PUT_BOOT, numbers, 2);
}

int store_put_counter(struct store *s, const struct store_counter *c)
{
	sqlite3_stmt *statement = store_prepare(s, QUERY_PUT_COUNTER);

	if (!statement)
		return store_code(sqlite3_errcode(s->db));
	store_bind_text(statement, 1, c->name);
	sqlite3_bind_double(statement, 2, c->total);
	sqlite3_bind_double(statement, 3, c->raw);
	return store_finish(statement);
}

int store_put_block(struct store *s, unsigned step_ms, const struct shelf_block *b)
{
	const int64_t numbers[] = { step_ms, (int64_t)b->first_seq, (int64_t)b->last_seq,
		b->first_ts_ms, b->last_ts_ms, (int64_t)b->last_mono_us, b->last_boot, b->rows,
		(int64_t)b->size };
	sqlite3_stmt *statement = store_prepare(s, QUERY_PUT_BLOCK);

	if (!statement)
		return store_code(sqlite3_errcode(s->db));
	sqlite3_bind_blob(statement, 10, b->bytes, (int)b->size, SQLITE_STATIC);
	return store_run(s, QUERY_PUT_BLOCK, numbers, 9);
}

int store_put_event(struct store *s, const struct store_event *e)
{
	const int64_t numbers[] = { (int64_t)e->eseq, (int64_t)e->seq, e->ts_ms, e->boot };
	sqlite3_stmt *statement = store_prepare(s, QUERY_PUT_EVENT);

	if (!statement)
		return store_code(sqlite3_errcode(s->db));
	store_bind_text(statement, 5, e->kind);
	store_bind_text(statement, 6, e->text);
	return store_run(s, QUERY_PUT_EVENT, numbers, 4);
}

int store_drop_blocks(struct store *s, unsigned step_ms, uint64_t before_seq)
{
	const int64_t numbers[] = { step_ms, (int64_t)before_seq };

	return store_run(s, QUERY_DROP_BLOCKS, numbers, 2);
}

int store_drop_range(struct store *s, unsigned step_ms, uint64_t first_seq, uint64_t last_seq)
{
	const int64_t numbers[] = { step_ms, (int64_t)first_seq, (int64_t)last_seq };

	return store_run(s, QUERY_DROP_RANGE, numbers, 3);
}

int store_drop_events(struct store *s, uint64_t before_eseq)
{
	const int64_t numbers[] = { (int64_t)before_eseq };

	return store_run(s, QUERY_DROP_EVENTS, numbers, 1);
}

int store_drop_other_steps(struct store *s, const unsigned *steps, unsigned count)
{
	int64_t numbers[4] = { 0 };

	for (unsigned i = 0; i < count && i < 4; i++)
		numbers[i] = steps[i];
	return store_run(s, QUERY_DROP_OTHER_STEPS, numbers, 4);
}
