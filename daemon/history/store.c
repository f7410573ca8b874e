/* SPDX-License-Identifier: MIT */
#include "daemon/history/store_db.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proto/alloc.h"

#define STORE_APPLICATION 1633907824 /* "actp": tells the file from other databases */
#define STORE_PAGE 4096
#define STORE_ASIDE_MAX 1000

static const char *const queries[QUERY_COUNT] = {
#define QUERY(id, text) [QUERY_##id] = (text),
#include "daemon/history/store.def"
#undef QUERY
};

/* ---- results ---- */

int store_code(int rc)
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

/* What the system said of the last failure on one of the two files; 0 = nothing. */
static int store_errno(const struct store *store, int which)
{
	sqlite3_file *file = NULL;
	int error = 0;

	if (sqlite3_file_control(store->db, NULL, which, &file) != SQLITE_OK || !file ||
		!file->pMethods)
		return 0;
	file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &error);
	return error;
}

int store_reason(const struct store *store, int rc)
{
	int error = 0;

	if (rc == -EIO)
		error = store_errno(store, SQLITE_FCNTL_JOURNAL_POINTER);
	if (rc == -EIO && error == 0)
		error = store_errno(store, SQLITE_FCNTL_FILE_POINTER);
	if (error == EROFS)
		return -EROFS;
	return error == EFBIG || error == EDQUOT || error == ENOSPC ? -ENOSPC : rc;
}

const char *store_error(const struct store *store)
{
	return sqlite3_errmsg(store->db);
}

/* ---- statements ---- */

sqlite3_stmt *store_prepare(struct store *s, enum query_id id)
{
	sqlite3_stmt **statement = &s->statements[id];

	if (!*statement &&
		sqlite3_prepare_v3(s->db, queries[id], -1, SQLITE_PREPARE_PERSISTENT, statement,
			NULL) != SQLITE_OK)
		return NULL;
	return *statement;
}

/* ---- opening ---- */

int store_each(struct store *s, sqlite3_stmt *statement,
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

/* SQLite takes a file of less than 512 bytes for an empty one, and would write over it. */
static int store_check_size(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return -errno;
	return st.st_size > 0 && st.st_size < STORE_PAGE ? -EBADMSG : 0;
}

static int store_set_up(struct store *s, uint64_t bytes_max)
{
	char text[256];
	bool empty = false;
	int rc = store_check_size(s->path);

	if (rc == 0)
		rc = store_check_format(s, &empty);

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
