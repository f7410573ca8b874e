/* SPDX-License-Identifier: MIT */
#ifndef STORE_DB_H
#define STORE_DB_H

#include <sqlite3.h>

#include "daemon/history/store.h"

/* What store.c (the file) and store_rows.c (what is in it) share. */

enum query_id {
#define QUERY(id, text) QUERY_##id,
#include "daemon/history/store.def"
#undef QUERY
	QUERY_COUNT
};

struct store {
	sqlite3 *db;
	sqlite3_stmt *statements[QUERY_COUNT];
	char path[1024];
};

/* A result of SQLite as 0 or -errno. */
int store_code(int rc);

/* Prepared once, kept; NULL with the reason in the handle. */
sqlite3_stmt *store_prepare(struct store *s, enum query_id id);

/* Runs a statement and hands each row to take. */
int store_each(struct store *s, sqlite3_stmt *statement,
	int (*take)(void *arg, sqlite3_stmt *row), void *arg);

#endif
