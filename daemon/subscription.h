/* SPDX-License-Identifier: MIT */
#ifndef SUBSCRIPTION_H
#define SUBSCRIPTION_H

#include "daemon/batch.h"
#include "daemon/hub.h"
#include "proto/json.h"
#include "proto/request.h"

struct subscription;

/* What differs from stream to stream. */
struct stream_kind {
	enum stream stream;
	const char *line_type; /* of its data lines */

	/* Adds the next line that is due, at most one; data lines go through
	 * subscription_say(), others through subscription_line_begin() and _end(). */
	bool (*pull)(struct subscription *sub, struct batch *batch);

	void (*put_cursor)(const struct subscription *sub, struct json *j); /* "seq":N */
	uint64_t (*behind)(const struct subscription *sub); /* what it has not had yet */
	void (*free)(struct subscription *sub);
};

/*
 * A subscription is a cursor into a timeline, not a queue: a reader that stops costs nothing,
 * and is told with one gap line what was dropped meanwhile.  First member of each stream's own.
 */
struct subscription {
	const struct stream_kind *kind;
	struct hub *hub;
	char name[REQUEST_SUB_MAX + 1];
	uint64_t serial;      /* grows from one subscription of the daemon to the next */
	struct body *prefix;  /* {"type":"sample","sub":"name", */
	int64_t remaining;    /* data lines; -1 = without end */
	int64_t heartbeat_ms; /* 0 = off */
	int64_t spoke_ms;     /* when a line was last sent */
	const char *ended;    /* reason of its "end" line, once that was given out */
};

void subscription_init(struct subscription *sub, const struct stream_kind *kind,
	struct hub *hub, const struct request *r, const char *name);
void subscription_free(struct subscription *sub);

/*
 * Adds the next line that is due, at most one.  now_ms is monotonic time.  False when nothing
 * is due.  After its "end" line it is over and to be dropped.
 */
bool subscription_pull(struct subscription *sub, struct batch *batch, int64_t now_ms);
bool subscription_is_over(const struct subscription *sub);

/* ---- for the streams ---- */

/* A data line: the prefix and a body that others may share, or (body NULL) what the caller
 * appended to the batch's own text behind subscription_own_begin(). */
void subscription_say(struct subscription *sub, struct batch *batch, struct body *body);
size_t subscription_own_begin(struct subscription *sub, struct batch *batch);
void subscription_own_end(struct subscription *sub, struct batch *batch, size_t since);

/* Any other line: {"type":T,"sub":S, then what the caller adds. */
size_t subscription_line_begin(
	struct subscription *sub, const char *type, struct batch *batch, struct json *j);
void subscription_line_end(struct batch *batch, size_t since, struct json *j);

#endif
