/* SPDX-License-Identifier: MIT */
#ifndef REPLY_H
#define REPLY_H

#include <microhttpd.h>

#include "proto/buf.h"

/* Answers whose text is complete. */

#define REPLY_TEXT "text/plain; charset=utf-8"
#define REPLY_JSON "application/json"
#define REPLY_NDJSON "application/x-ndjson"

/* Headers that every answer has: nothing is kept by caches, guessed, framed, or asked of other
 * servers. */
void reply_harden(struct MHD_Response *response, const char *type);

/* Sends text, packed by gzip where the browser takes that and it is worth it. */
enum MHD_Result reply_send(struct MHD_Connection *connection, unsigned status, const char *type,
	const struct buf *text);

/* The same for a message in a line of its own: {"error":"..."}. */
enum MHD_Result reply_error(
	struct MHD_Connection *connection, unsigned status, const char *message);

/* What an answer says that is packed by gzip. */
void reply_say_packed(struct MHD_Response *response);

/* Whether the browser says that it unpacks gzip. */
int reply_takes_gzip(struct MHD_Connection *connection);

#endif
