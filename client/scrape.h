/* SPDX-License-Identifier: MIT */
#ifndef SCRAPE_H
#define SCRAPE_H

#include <pthread.h>

#include "client/dial.h"
#include "client/message.h"
#include "client/prom.h"

#define SCRAPE_MAX (4u << 20) /* bytes of the text, and of each answer */

#define SCRAPE_KEY_MAX 96

/* The schema of the last scrape: it changes with the run of the daemon and its schema_rev,
 * which every answer to hello names.  For several threads. */
struct scrape_cache {
	pthread_mutex_t mutex;
	struct message schema;
	struct buf text; /* what the schema points into */
	char key[SCRAPE_KEY_MAX];
};

void scrape_cache_init(struct scrape_cache *cache);
void scrape_cache_fini(struct scrape_cache *cache);

/*
 * Asks the daemon and writes the exposition of its newest sample, and of the applications that
 * use most where options->processes says how many.  What fails is told by the
 * result, not on stderr, and leaves "actop_up 0" as the text.
 *
 * dial is to be closed by the caller.
 *
 * 0, -ECONNREFUSED (no daemon answers: dial says what was tried), -EAGAIN (it has no sample
 * yet), -EPROTO (an answer that cannot be read), or -errno of the connection.
 */
int scrape_write(const struct options *options, struct scrape_cache *cache, struct dial *dial,
	struct prom *p);

#endif
