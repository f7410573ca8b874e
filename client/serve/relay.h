/* SPDX-License-Identifier: MIT */
#ifndef RELAY_H
#define RELAY_H

#include <stdatomic.h>
#include <stdbool.h>

#include "client/conn.h"
#include "client/message.h"
#include "client/options.h"
#include "client/serve/api.h"
#include "client/serve/pack.h"

/*
 * One request of a browser, carried over a connection of its own to the daemon.  A relay
 * belongs to one thread.
 */

#define RELAY_EVENTS_MAX (1u << 20) /* bytes that wait for the browser */
#define RELAY_BLOCK_BYTES 32768	    /* of them are given at once, where there are so many */
#define RELAY_CURSOR_MAX 64

/*
 * Where a stream is: the newest sample and the newest event that were sent.  As the id of an
 * event of the browser it is "EPOCH:SEQ", or "EPOCH:SEQ;ESEQ".
 */
struct relay_place {
	char cursor[RELAY_CURSOR_MAX]; /* of the sample; "" = none yet */
	int64_t eseq;		       /* of the event; 0 = none yet */
};

struct relay {
	struct conn conn;
	struct api_query query;
	const struct options *options;
	atomic_bool *stopping; /* of the whole server */
	int browser;	       /* its socket, to see that it has gone; -1 = not known */
	struct buf out;	       /* what the browser gets next */
	struct pack pack;      /* on: where the browser unpacks gzip */
	struct buf plain;      /* what is to be packed */
	struct relay_place place;
	char *line; /* the first line, read ahead; NULL = given out */
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
 * Appends what comes next to r->out, waiting for it: data lines, a block at a time, or events
 * as a browser's EventSource reads them, as soon as there is one.  Sets ended behind the last.
 */
void relay_fill(struct relay *r);

/* Goes on behind a place that a browser names as its Last-Event-ID; the daemon judges it. */
void relay_resume(struct relay *r, const char *id);

/*
 * One line of the daemon as an event.  Samples and events move the place on, which is told as
 * "id", so that a browser that comes again goes on behind it.  Pure.
 */
void relay_write_event(struct buf *out, struct relay_place *place, const struct message *m,
	const char *line, size_t n);

#endif
