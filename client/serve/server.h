/* SPDX-License-Identifier: MIT */
#ifndef SERVER_H
#define SERVER_H

#include <stdatomic.h>

#include "client/options.h"
#include "client/scrape.h"
#include "client/serve/api.h"
#include "client/serve/door.h"

/*
 * The HTTP side of actopctl serve: every connection has a thread, which asks the daemon over a
 * connection of its own and waits for it.  Nothing but the schema is kept between requests.
 */

#define SERVER_CONNECTIONS_MAX 320
#define SERVER_STREAMS_MAX 128
#define SERVER_HISTORIES_MAX 32		 /* answers of many lines at the same time */
#define SERVER_IDLE_S 30		 /* a browser that sends nothing is let go */
#define SERVER_STACK_BYTES (512u * 1024) /* of a connection's thread */
#define SERVER_MEMORY_BYTES 32768	 /* of a connection: its request line and headers */

struct server {
	const struct options *options; /* where the daemon is, and how long to wait for it */
	struct door door;
	atomic_bool stopping;
	atomic_uint answers[API_SHAPES]; /* under way, of the shapes that are bounded */
	struct scrape_cache cache;
	struct MHD_Daemon *http;
	unsigned port; /* the real one, where 0 was asked for */
};

/*
 * Listens on host and port.  0, or -errno; -EADDRINUSE and -EACCES are for the user to mend.
 * The server must not move while it runs.
 */
int server_start(struct server *s, const char *port);

/* Ends streams and waits for the requests under way. */
void server_stop(struct server *s);

#endif
