/* SPDX-License-Identifier: MIT */
#ifndef CONN_H
#define CONN_H

#include <stdint.h>

#include "proto/buf.h"
#include "proto/line.h"

/* One connection: requests out, lines in, each with a deadline.  Blocking. */

/* The longest line that a server sends, its LF included. */
#define CONN_LINE_MAX 262144

#define CONN_FOREVER (-1)

struct conn {
	int fd; /* -1 = closed */
	struct line_reader lines;
	/* Called before waiting for the daemon, when every line so far was given out; NULL =
	 * none. */
	void (*idle)(void *arg);
	void *idle_arg;
};

/* Takes the socket. */
void conn_init(struct conn *c, int fd);
void conn_close(struct conn *c);

/* 0 or -errno; -EPIPE when the daemon has closed. */
int conn_send(struct conn *c, const struct buf *out);

/*
 * Gives the next line, without its LF and with a NUL behind it, valid until the next call.
 * deadline_ms is on conn_clock_ms(), or CONN_FOREVER.  1, or 0 when the daemon has closed (a
 * last line without LF was cut off and is dropped), or -errno: -ETIMEDOUT, -EMSGSIZE (longer
 * than CONN_LINE_MAX).
 */
int conn_line(struct conn *c, char **line, size_t *n, int64_t deadline_ms);

/* Milliseconds of a clock that is never set. */
int64_t conn_clock_ms(void);

#endif
