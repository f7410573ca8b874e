/* SPDX-License-Identifier: MIT */
#ifndef REQUEST_H
#define REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/metric.h"
#include "proto/request_error.h"
#include "proto/words.h"

#define REQUEST_PROTOCOL 1 /* the version of the protocol that is spoken */

/* Limits of what a request may hold; bytes of strings are without the NUL. */
#define REQUEST_ID_MAX 64
#define REQUEST_ID_TEXT_MAX \
	(6 * REQUEST_ID_MAX + 3) /* as JSON, every byte escaped, with a NUL */
#define REQUEST_OP_MAX 64	 /* of an unknown op that is echoed */
#define REQUEST_MESSAGE_MAX 128	 /* of an error message, NUL included */
#define REQUEST_PROTO_MAX 16
#define REQUEST_CLIENT_MAX 64
#define REQUEST_PATTERNS_MAX 64
#define REQUEST_SUB_MAX 32
#define REQUEST_AGGS_MAX 4
#define REQUEST_KINDS_MAX 8
#define REQUEST_ROWS_MAX 10000
#define REQUEST_MATCH_MAX 256
#define REQUEST_USER_MAX 64
#define REQUEST_MARK_MAX 200
#define REQUEST_BOOTS_MAX 10000

enum op {
#define COMMAND(id, ...) OP_##id,
#include "proto/commands.def"
	OP_COUNT,
	OP_UNKNOWN = OP_COUNT
};

enum member {
#define MEMBER(id, ...) MEMBER_##id,
#include "proto/members.def"
	MEMBER_TOTAL /* not a member, as MEMBER_COUNT is */
};

struct request_cursor {
	uint64_t epoch, seq;
};

/* One end of an energy answer: the newest mark of that text, or the event of that number. */
struct request_mark {
	const char *text; /* NULL: by number */
	uint64_t eseq;
};

struct request_patterns {
	unsigned count; /* 0: not given, everything */
	const char *items[REQUEST_PATTERNS_MAX];
};

struct request_aggs {
	unsigned count; /* 0: not given, the metric's own */
	bool is_array;	/* given as an array: each value becomes one */
	enum agg items[REQUEST_AGGS_MAX];
};

struct request_integers {
	unsigned count;
	int64_t items[REQUEST_PROTO_MAX];
};

/*
 * One request, decoded.  Members that were not given have the default of the protocol where it
 * names one, else 0, NULL or an empty list; request_has() tells a given 0 from none.
 */
struct request {
	enum op op;	     /* OP_UNKNOWN until the op is read and known */
	const char *op_text; /* to be echoed: its name, an unknown one's text, or NULL */
	char id[REQUEST_ID_TEXT_MAX]; /* as JSON, to be echoed: 7, "x" or null */
	bool close;	/* also when the request fails, if it was an object at all */
	uint64_t given; /* 1 << enum member */
	struct request_error error;
	char error_text[REQUEST_MESSAGE_MAX]; /* its message, where that is composed */

	struct request_integers proto;
	const char *client;
	struct request_patterns metrics;
	enum stream stream;
	const char *sub;
	int64_t interval_ms; /* 1000 */
	struct request_aggs aggs;
	struct request_cursor after; /* of events its seq is the eseq */
	int64_t since_ms, last_ms, until_ms;
	int64_t step_ms; /* 0 = not given */
	bool snapshot;	 /* true */
	enum on_gap on_gap;
	enum lag lag;
	enum format format;
	int64_t count;	      /* 0 = without end */
	int64_t heartbeat_ms; /* 0 = off */
	unsigned kinds;	      /* 1 << enum event_kind; all when not given */
	int64_t limit;	      /* rows 1000, processes 50 */
	enum sort sort;
	const char *match, *user; /* match: a regex, not compiled here */
	int64_t pid;		  /* meaningful only if request_has() */
	bool tree;
	int64_t boot; /* 0, or -1 for the boot before... */
	bool clients;
	const char *text;
	struct request_mark from_mark, to_mark;

	char *arena; /* all texts above that are not static */
	size_t arena_used, arena_size;
};

/*
 * Decodes one line, as line_next() gives it: line[len] is NUL.  Whatever is in it, the request
 * is usable and must be given to request_fini(); error.code says whether it may be executed.
 * Checks are made in the order of PROTOCOL.md, up to and including values and exclusions;
 * whether names exist and whether the server can answer now is for the caller to say.
 */
void request_parse(struct request *r, const char *line, size_t len);
void request_fini(struct request *r);

static inline bool request_has(const struct request *r, enum member member)
{
	return r->given >> member & 1;
}

const char *op_name(enum op op); /* not for OP_UNKNOWN */
const char *member_name(enum member member);

#endif
