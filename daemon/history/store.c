/* SPDX-License-Identifier: MIT */
#include "daemon/history/store.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "proto/alloc.h"

#define STORE_APPLICATION 1633907824 /* "actp": tells the file from other databases */
#define STORE_PAGE 4096
#define STORE_ASIDE_MAX 1000

enum query_id {
#define QUERY(id, text) QUERY_##id,
#include "daemon/history/store.def"
#undef QUERY
	QUERY_COUNT
};

static const char *const queries[QUERY_COUNT] = {
#define QUERY(id, text) [QUERY_##id] = (text),
#include "daemon/history/store.def"
#undef QUERY
};

struct store {
	sqlite3 *db;
	sqlite3_stmt *statements[QUERY_COUNT];
	char path[1024];
};

/* ---- results ---- */

static int store_code(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_OK:
	case SQLITE_DONE:
	case SQLITE_ROW:
		return 0;
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_READONLY:
		return -EROFS;
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return -EACCES;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return -EBADMSG;
	default:
		return -EIO;
	}
}

const char *store_error(const struct store *store)
{
	return sqlite3_errmsg(store->db);
}

/* ---- statements ---- */

static sqlite3_stmt *store_prepare(struct store *s, enum query_id id)
{
	sqlite3_stmt **statement = &s->statements[id];

	if (!*statement &&
		sqlite3_prepare_v3(s->db, queries[id], -1, SQLITE_PREPARE_PERSISTENT, statement,
			NULL) != SQLITE_OK)
		return NULL;
	return *statement;
}

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

/* Runs a statement and hands each row to take. */
static int store_each(struct store *s, sqlite3_stmt *statement,
	int (*take)(void *arg, sqlite3_stmt *row), void *arg)
{
	int rc = SQLITE_ROW, result = 0;

	if (!statement)
		return store_code(sqlite3_errcode(s->db));
	while (result == 0 && (rc = sqlite3_step(statement)) == SQLITE_ROW)
		result = take(arg, statement);
	sqlite3_reset(statement);
	return result ? result : store_code(rc);
}

/* ---- opening ---- */

static int store_number(struct store *s, const char *text, int64_t *number)
{
	sqlite3_stmt *statement = NULL;
	int rc = sqlite3_prepare_v2(s->db, text, -1, &statement, NULL);

	if (rc == SQLITE_OK && (rc = sqlite3_step(statement)) == SQLITE_ROW)
		*number = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return rc == SQLITE_DONE ? -EBADMSG : store_code(rc);
}

static int store_execute(struct store *s, const char *text)
{
	return store_code(sqlite3_exec(s->db, text, NULL, NULL, NULL));
}

/* A file of ours has our mark and a version that we know; an empty one is to be filled. */
static int store_check_format(struct store *s, bool *empty)
{
	int64_t application = 0, version = 0, tables = 0;
	int rc = store_number(s, "PRAGMA application_id", &application);

	if (rc == 0)
		rc = store_number(s, "PRAGMA user_version", &version);
	if (rc == 0)
		rc = store_number(s, "SELECT count(*) FROM sqlite_schema", &tables);
	if (rc < 0)
		return rc;
	*empty = tables == 0;
	if (*empty)
		return 0;
	if (application != STORE_APPLICATION || version < 1)
		return -EBADMSG;
	return version > STORE_VERSION ? -EPROTO : 0;
}

/* Every page is where it belongs.  The blocks' own sums are checked as they are read. */
static int store_take_check(void *arg, sqlite3_stmt *row)
{
	const char *text = (const char *)sqlite3_column_text(row, 0);

	(void)arg;
	return text && strcmp(text, "ok") == 0 ? 0 : -EBADMSG;
}

static int store_check_structure(struct store *s)
{
	return store_each(s, store_prepare(s, QUERY_CHECK), store_take_check, NULL);
}

/* SQLite would let others read it; its companions get the mode of the file. */
static void store_create(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd >= 0)
		close(fd);
}

static int store_connect(struct store **out, const char *path, int flags)
{
	struct store *s = xcalloc(1, sizeof(*s));
	int rc;

	*out = s;
	snprintf(s->path, sizeof(s->path), "%s", path);
	if (flags & SQLITE_OPEN_CREATE)
		store_create(path);
	rc = sqlite3_open_v2(path, &s->db, flags | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_busy_timeout(s->db, 2000);
	return store_code(rc);
}

static int store_give_up(struct store **out, int rc)
{
	store_close(*out);
	*out = NULL;
	return rc;
}

static int store_set_up(struct store *s, uint64_t bytes_max)
{
	char text[256];
	bool empty = false;
	int rc = store_check_format(s, &empty);

	if (rc == 0 && !empty)
		rc = store_check_structure(s);
	snprintf(text, sizeof(text),
		"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA fullfsync=1;"
		"PRAGMA checkpoint_fullfsync=1; PRAGMA cache_size=-256;"
		"PRAGMA wal_autocheckpoint=%d; PRAGMA journal_size_limit=%d;"
		"PRAGMA max_page_count=%" PRIu64,
		STORE_WAL_PAGES, STORE_WAL_MAX,
		bytes_max ? bytes_max / STORE_PAGE : UINT64_C(4294967294));
	if (rc == 0)
		rc = store_execute(s, text);
	if (rc == 0 && empty)
		rc = store_execute(s, queries[QUERY_CREATE]);
	/* Shows at once whether the file can be written. */
	if (rc == 0)
		rc = store_execute(s, "BEGIN IMMEDIATE; DELETE FROM meta WHERE key=''; COMMIT");
	return rc;
}

int store_open(struct store **out, const char *path, uint64_t bytes_max)
{
	int rc = store_connect(out, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);

	if (rc == 0)
		rc = store_set_up(*out, bytes_max);
	return rc < 0 ? store_give_up(out, rc) : 0;
}

int store_open_reader(struct store **out, const char *path)
{
	int rc = store_connect(out, path, SQLITE_OPEN_READONLY);

	if (rc == 0)
		rc = store_execute(*out, "PRAGMA cache_size=-128");
	return rc < 0 ? store_give_up(out, rc) : 0;
}

void store_close(struct store *s)
{
	if (!s)
		return;
	for (unsigned i = 0; i < QUERY_COUNT; i++)
		sqlite3_finalize(s->statements[i]);
	sqlite3_close(s->db);
	free(s);
}

int store_set_aside(const char *path, char *name, size_t size)
{
	static const char *const companions[] = { "-wal", "-shm" };
	struct stat st;
	unsigned n = 1;

	do
		snprintf(name, size, "%s.bad-%u", path, n);
	while (lstat(name, &st) == 0 && ++n < STORE_ASIDE_MAX);
	if (n == STORE_ASIDE_MAX)
		return -EEXIST;
	if (rename(path, name) < 0)
		return -errno;
	for (unsigned i = 0; i < 2; i++) {
		char from[1024], to[1024];

		snprintf(from, sizeof(from), "%s%s", path, companions[i]);
		snprintf(to, sizeof(to), "%s%s", name, companions[i]);
		if (rename(from, to) < 0 && errno != ENOENT)
			return -errno;
	}
	return 0;
}

uint64_t store_bytes(struct store *s)
{
	char wal[1100];
	struct stat st;
	uint64_t bytes = stat(s->path, &st) == 0 ? (uint64_t)st.st_size : 0;

	snprintf(wal, sizeof(wal), "%s-wal", s->path);
	return bytes + (stat(wal, &st) == 0 ? (uint64_t)st.st_size : 0);
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
