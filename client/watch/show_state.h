/* SPDX-License-Identifier: MIT */
#ifndef SHOW_STATE_H
#define SHOW_STATE_H

#include "client/watch/feed.h"
#include "client/watch/terminal.h"

/* The running dashboard, as its loop and its keys see it. */

struct show {
	const struct options *options;
	struct model model;
	struct feed feed;
	struct terminal terminal;
	struct canvas canvas;
	int signals;
	int64_t heard_ms, lost_ms, retry_ms; /* moments of conn_clock_ms() */
	int backoff_ms;
	char restore[PROMPT_MAX]; /* the filter before it was edited */
	bool over;
	int code; /* when it is over */
};

/* Does what a key asks for. */
void act_press(struct show *s, uint32_t code);

/* Sees to it that the rows of the moment that is shown are there, or asked for. */
void act_cover(struct show *s);

/* Goes to a moment; one that has not come yet is now. */
void act_travel(struct show *s, int64_t ts_ms);

/* Rows that the charts need. */
unsigned act_span(const struct show *s);

#endif
