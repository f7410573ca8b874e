/* SPDX-License-Identifier: MIT */
#ifndef CONN_H
#define CONN_H

#include <uv.h>

#include "daemon/session.h"

#define CONN_READ_MAX 65536	/* one read at most */
#define CONN_LINGER_BYTES 65536 /* read and dropped after the last line, */
#define CONN_LINGER_TICKS 2	/* for at most so many ticks of the server's clock */
#define CONN_REFUSAL_MAX 512	/* the line for those who are not let in */
#define CONN_WRITES_A_TURN 4	/* then the others have their turn */

struct server;

/*
 * One connection: carries bytes between a pipe and a session.  At most one write is in flight;
 * everything else that is to be sent stays a cursor in the session.  Memory is freed only in
 * the last close callback, so no loop over connections is ever disturbed.
 */
struct conn {
	uv_pipe_t pipe; /* first */
	uv_write_t write;
	struct conn *next, **link; /* list of the server */
	struct server *server;
	struct session *session; /* NULL once closing */
	struct batch *inflight;	 /* NULL = no write under way */
	bool reading, lingering;
	bool busy; /* requests wait although nothing more may come */
	size_t discarded;
	unsigned linger_ticks;
	unsigned stalled_ticks; /* of the server's clock without progress; not time, which runs
				 * on while the machine sleeps */
	size_t queued;		/* what the write in flight had left at the last tick */
};

/* The pipe was accepted; uid and pid are the peer's.  Begins to read. */
void conn_start(struct conn *c, uid_t uid, pid_t pid, bool trusted);

/* Sends what is due, as far as the socket takes it. */
void conn_flush(struct conn *c);

/* Executes requests that are left over from a turn with too many. */
void conn_run(struct conn *c);

/* One tick of the server's clock: heartbeats, the end of lingering. */
void conn_tick(struct conn *c);

/*
 * Sends one error line and hangs up: in good order, or, when it may not linger, at once; a
 * client that has already written then sees ECONNRESET behind the line.
 */
void conn_refuse(struct conn *c, const struct request_error *error, bool may_linger);

/* At once.  May be called again. */
void conn_close(struct conn *c);
bool conn_is_closing(const struct conn *c);

/* Whether the server's clock must run for it. */
bool conn_needs_clock(const struct conn *c);

#endif
