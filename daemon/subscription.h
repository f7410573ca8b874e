/* SPDX-License-Identifier: MIT */
#ifndef SUBSCRIPTION_H
#define SUBSCRIPTION_H

#include "daemon/batch.h"
#include "daemon/hub.h"
#include "daemon/start.h"
#include "proto/request.h"

/*
 * A subscription is a cursor into the history, not a queue: a reader that stops costs nothing,
 * and is told with one gap line what the history has dropped meanwhile.
 */
struct subscription {
	struct hub *hub;
	char name[REQUEST_SUB_MAX + 1];
	enum stream stream;
	uint64_t serial; /* grows from one subscription of the daemon to the next */
	struct view *view;
	struct body *prefix;   /* {"type":"sample","sub":"name", */
	uint64_t cursor;       /* everything up to here was sent or reported */
	uint64_t replay_until; /* lag "latest" is "all" up to here */
	struct gap gap;	       /* to be told before anything else */
	enum lag lag;
	int64_t remaining;		  /* data lines; -1 = without end */
	int64_t heartbeat_ms;		  /* 0 = off */
	int64_t spoke_ms;		  /* when a line was last sent */
	struct request_patterns patterns; /* copies, for hot-plug */
	unsigned schema_rev;
	const char *ended; /* reason of its "end" line, once that is due */
};

/* start says where it begins; the columns of spec are taken over. */
struct subscription *subscription_new(struct hub *hub, const struct request *r,
	const char *name, const struct start *start, struct view_spec *spec);
void subscription_free(struct subscription *sub);

/*
 * Adds the next line that is due, at most one.  now_ms is monotonic time.  False when nothing
 * is due.  After its "end" line sub->ended is set and it is to be dropped.
 */
bool subscription_pull(struct subscription *sub, struct batch *batch, int64_t now_ms);

/* The "end" line was given out. */
bool subscription_is_over(const struct subscription *sub);

/* How many samples of the history it has not had yet. */
uint64_t subscription_behind(const struct subscription *sub);

#endif
