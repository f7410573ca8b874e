/* SPDX-License-Identifier: MIT */
#ifndef SESSION_H
#define SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "daemon/batch.h"
#include "daemon/hub.h"
#include "daemon/answer.h"
#include "daemon/subscription.h"
#include "proto/line.h"
#include "proto/request.h"

#define SESSION_SUBS_MAX 8
#define SESSION_BAD_LINES_MAX 16   /* the one that is fatal */
#define SESSION_REPLIES_HIGH 65536 /* no further request is read above this */
#define SESSION_REPLIES_MAX (SESSION_REPLIES_HIGH + 2 * VIEW_LINE_MAX)
#define SESSION_DESCRIBED_MAX 1024 /* what session_describe writes at most */
#define SESSION_REQUESTS_A_RUN 64  /* then the others have their turn */
#define SESSION_HALF_CLOSED_BEAT_MS 30000

/*
 * One client's conversation: bytes in, bytes out, no transport.  Requests are executed in order
 * and their final lines come in order; lines of subscriptions come between them.
 *
 * The shell feeds what it read, pulls what to write whenever it can write (after a feed, after
 * a tick, after a write), and ends the connection when session_is_over().
 */
struct session {
	struct session *next, **link;
	struct hub *hub;
	uint64_t cid;
	uid_t uid;
	pid_t pid;    /* 0 = unknown */
	bool trusted; /* the daemon's own uid, or root */
	bool member;  /* of the daemon's group, in system mode */
	char client[REQUEST_CLIENT_MAX + 1];
	int64_t since_mono_ms;

	struct line_reader in;
	struct body *replies;  /* not yet pulled; NULL = none */
	struct answer *answer; /* a history answer under way; NULL = none */
	struct subscription *subs[SESSION_SUBS_MAX];
	unsigned turn;	    /* which subscription speaks next */
	unsigned next_name; /* of "s1", "s2"... */
	unsigned bad_lines;
	int64_t half_closed_beat_ms;
	struct subscription *last; /* the connection ends with this one (close:true) */
	bool eof;		   /* no more requests come */
	bool deaf;		   /* no more requests are executed */
	bool over;		   /* ends when what is there is sent */
	bool said_bye;

	/* Kept by the shell, for "status". */
	int64_t stalled_ms; /* without progress; 0 = its last write went through */
	uint64_t out_bytes;
};

struct session *session_new(struct hub *hub, uid_t uid, pid_t pid, bool trusted);

/* Writes still in flight keep what they need by reference. */
void session_free(struct session *s);

void session_feed(struct session *s, const char *data, size_t len);

/* The client closed its side: an unterminated last line is a request, and no other comes. */
void session_eof(struct session *s);

/* Executes requests that wait.  True when more are left for the next turn. */
bool session_run(struct session *s);

/* False while answers pile up or a history is under way: the kernel then holds the client back.
 */
bool session_wants_bytes(const struct session *s);

/* Adds to an empty batch what is to be sent now.  False when there is nothing. */
bool session_pull(struct session *s, struct batch *batch);

/* Everything is said: once the last batch is written, close. */
bool session_is_over(const struct session *s);

/* Asks for a pull at least once a second although no sample came: a heartbeat may be due. */
bool session_needs_clock(const struct session *s);

/* Ends the conversation with a line "bye" for the reason. */
void session_dismiss(struct session *s, const char *reason, const char *message);

/* ---- for commands.c ---- */

/* Where the reply of the request under way is written; a whole line with its LF. */
struct buf *session_out(struct session *s);

/* Answers with an error. */
void session_fail(
	struct session *s, const struct request *r, const struct request_error *error);

/* Answers that a line would be too long. */
void session_fail_length(struct session *s, const struct request *r);

struct subscription *session_find(const struct session *s, const char *name);
void session_drop(struct session *s, struct subscription *sub);

/* Appends the client's entry in the list of "status". */
void session_describe(const struct session *s, int64_t now_ms, struct json *j);

#endif
