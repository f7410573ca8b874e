/* SPDX-License-Identifier: MIT */
#ifndef PAGES_H
#define PAGES_H

#include "client/ask.h"
#include "client/talk.h"

/*
 * The rows of a range, or its events, asked for page by page, so that an answer of any length
 * comes through.
 */
struct pages {
	struct talk *talk;
	const struct options *options; /* step, aggs, boot, kinds */
	struct ask_metrics metrics;
	struct ask_range range; /* moves on with the pages */
	bool events;		/* rows of the timeline instead of samples */
	int64_t limit;		/* rows of a page; 0 = PAGES_ROWS */
	int64_t rows;		/* that came */
	int64_t tier_ms;	/* of the history that answered; 0 = not told */
	/* Takes a row.  0, or an exit code that ends the walk. */
	int (*take)(void *arg, const struct message *m);
	void *arg;
};

#define PAGES_ROWS 10000 /* the most that the daemon sends at once */

/* Walks over all of them, in order.  Holes in the history are told on stderr.  0 or an exit
 * code, after saying what was wrong. */
int pages_walk(struct pages *pages);

#endif
