/* SPDX-License-Identifier: MIT */
#ifndef ROSTER_LINE_H
#define ROSTER_LINE_H

#include "daemon/roster.h"
#include "proto/buf.h"

#define ROSTER_USER_MAX 64 /* bytes of a user's name, NUL included */

/* What a line says beside its rows, and where the texts of rows come from. */
struct roster_line {
	int64_t ts_ms;
	uint64_t dt_ns; /* since the walk before; 0 = there was none */
	unsigned cores; /* of the machine; 0 = unknown */
	const struct rails *rails;
	const struct share *share;
	const struct roster_query *query;
	struct roster_commands commands, cgroups; /* cgroups.get NULL: there are none here */
	void *arg;
	/* Name of a user; "" = it has none.  At most ROSTER_USER_MAX bytes. */
	void (*name_user)(void *arg, uint32_t uid, char *name);
};

/*
 * Appends the members from "ts_ms" on, up to and including the "}" and LF that end the line:
 * what stands before them differs from one reader to the next.  Rows that do not fit into the
 * limit of out, which is to be empty, are left out, and "truncated" says so.
 */
void roster_line_write(const struct roster_line *line, const struct roster *roster,
	const struct crowd *crowd, struct buf *out);

#endif
