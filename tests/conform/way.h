/* SPDX-License-Identifier: MIT */
#ifndef WAY_H
#define WAY_H

#include <stdbool.h>
#include <stddef.h>

#include "proto/buf.h"

struct way;

/* What is asked of the daemon beside the protocol. */
enum order {
	ORDER_NOTHING, /* returns once everything that was sent has been worked off */
	ORDER_TICK,
	ORDER_MISS,
	ORDER_CLOCK, /* set by n ms, back where the first bit is set */
	ORDER_SLEEP, /* for n ms */
	ORDER_STALL, /* the client does not read */
	ORDER_RESUME,
	/* Of the socket only: */
	ORDER_UID,    /* who connects from now on is of uid n */
	ORDER_SYSTEM, /* serves everybody; n is the group whose members may set marks */
	ORDER_HASTE,  /* a second of the daemon's housekeeping takes 2 ms */
	ORDER_QUIT
};

struct facts {
	unsigned sessions, encoded;
};

/* One client of one fixture: against the session alone, or through a server and a socket. */
struct way_type {
	const char *name;
	bool is_socket;
	struct way *(*open)(unsigned ring);
	void (*send)(struct way *way, const char *bytes, size_t n);
	void (*eof)(struct way *way);
	void (*hang_up)(struct way *way);
	struct facts (*order)(struct way *way, enum order order, unsigned n);
	/* Appends what came.  False when the connection failed instead of ending. */
	bool (*collect)(struct way *way, struct buf *out, bool *ended);
	/* False when the daemon did not end well. */
	bool (*close)(struct way *way);
};

/* Through a narrow socket every line is written in pieces. */
extern const struct way_type way_core, way_socket, way_narrow;

/* One more client of the fixture of a way over sockets, as a blocking descriptor. */
int way_socket_connect(const struct way *way);

#endif
