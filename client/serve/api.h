/* SPDX-License-Identifier: MIT */
#ifndef API_H
#define API_H

#include "proto/buf.h"

/*
 * The paths of the HTTP interface, each one op of the socket: the parameters of the query are
 * the members of the request (PROTOCOL.md 2.6 to 2.10), so that the daemon itself says what is
 * wrong with one.
 */

enum api_shape {
	API_REPLY,  /* the final line */
	API_SAMPLE, /* the object "sample" of the final line */
	API_LINES,  /* data lines, page after page; the final line is not told */
	API_STREAM, /* server-sent events without end */
	API_SHAPES
};

struct api_route {
	const char *path, *op;
	enum api_shape shape;
	const char *more; /* members that are always there, "" = none */
};

/* NULL = no such path. */
const struct api_route *api_find(const char *path);

#define API_QUERY_MAX 16384 /* bytes of a request line */

/* The request of one query: its members, without what bounds its pages. */
struct api_query {
	const struct api_route *route;
	struct buf members; /* ,"metrics":["a"] and so on */
	struct buf range;   /* ,"since_ms":5: what a next page replaces */
};

void api_begin(struct api_query *q, const struct api_route *route);
void api_fini(struct api_query *q);

/*
 * Adds one parameter.  0, -ENOENT (no parameter of that name), or -EINVAL (no integer where one
 * must be; it is the daemon that judges texts).
 */
int api_add(struct api_query *q, const char *name, const char *value);

/* Replaces where it begins by a cursor, of a page's end or of Last-Event-ID. */
void api_set_after(struct api_query *q, const char *cursor);

/* Writes the request line.  0, or -EMSGSIZE. */
int api_write(const struct api_query *q, struct buf *out);

/* The HTTP status that tells what the daemon's error code says. */
unsigned api_status(const char *code);

#endif
