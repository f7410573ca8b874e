/* SPDX-License-Identifier: MIT */
#ifndef RELAY_H
#define RELAY_H

#include <stdatomic.h>
#include <stdbool.h>

#include "client/conn.h"
#include "client/message.h"
#include "client/options.h"
#include "client/serve/api.h"

/*
 * One request of a browser, carried over a connection of its own to the daemon.  A relay
 * belongs to one thread.
 */

#define RELAY_EVENTS_MAX (1u << 20) /* bytes that wait for the browser */

struct relay {
	struct conn conn;
	struct api_query query;
	const struct options *options;
	atomic_bool *stopping; /* of the whole server */
	struct buf out;	       /* what the browser gets next */
	char *line;	       /* the first line, read ahead; NULL = given out */
	size_t length;
	bool ended;  /* nothing follows behind out */
	size_t sent; /* bytes of out that the browser has */
	void *arg;   /* of whom the relay is */
};

/* What came of asking: the daemon answers, refuses (the line is the error), or is not there. */
enum relay_answer { RELAY_OK, RELAY_REFUSED, RELAY_DOWN };

void relay_begin(struct relay *r, const struct options *options, atomic_bool *stopping);
void relay_fini(struct relay *r);

/* Sends the query and waits for the first line, which is then r->line. */
enum relay_answer relay_ask(struct relay *r);

/*
 * Appends what comes next to r->out, waiting for it: data lines, or events as a browser's
 * EventSource reads them.  Sets ended behind the last one.
 */
void relay_fill(struct relay *r);

/*
 * One line of the daemon as an event: "id" is the cursor of a sample, so that a browser that
 * comes again goes on behind it.  Pure.
 */
void relay_write_event(struct buf *out, const struct message *m, const char *line, size_t n);

#endif
