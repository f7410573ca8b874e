/* SPDX-License-Identifier: MIT */
#include "client/serve/reply.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "proto/json.h"

#define REPLY_GZIP_MIN 1024 /* bytes: below that packing costs more than it saves */
#define REPLY_GZIP_BITS (15 + 16)
#define REPLY_GZIP_MEMORY 8

#define REPLY_POLICY \
	"default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; " \
	"connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; " \
	"frame-ancestors 'none'"

void reply_harden(struct MHD_Response *response, const char *type)
{
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	MHD_add_response_header(response, "Content-Security-Policy", REPLY_POLICY);
	MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
}

int reply_takes_gzip(struct MHD_Connection *connection)
{
	const char *accepted = MHD_lookup_connection_value(
		connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT_ENCODING);
	const char *gzip = accepted ? strstr(accepted, "gzip") : NULL;

	return gzip && strncmp(gzip + 4, ";q=0,", 5) != 0 && strcmp(gzip + 4, ";q=0") != 0;
}

/* Packs text into memory of its own; NULL where that saves nothing. */
static char *reply_pack(const struct buf *text, size_t *packed)
{
	z_stream z = { 0 };
	char *to;
	int rc;

	if (deflateInit2(&z, Z_BEST_SPEED, Z_DEFLATED, REPLY_GZIP_BITS, REPLY_GZIP_MEMORY,
		    Z_DEFAULT_STRATEGY) != Z_OK)
		return NULL;
	to = malloc(text->len);
	z.next_in = (Bytef *)text->data;
	z.avail_in = (uInt)text->len;
	z.next_out = (Bytef *)to;
	z.avail_out = to ? (uInt)text->len : 0;
	rc = deflate(&z, Z_FINISH);
	*packed = z.total_out;
	deflateEnd(&z);
	if (rc == Z_STREAM_END)
		return to;
	free(to);
	return NULL;
}

static enum MHD_Result reply_queue(struct MHD_Connection *connection, unsigned status,
	const char *type, struct MHD_Response *response)
{
	enum MHD_Result rc;

	if (!response)
		return MHD_NO;
	reply_harden(response, type);
	rc = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return rc;
}

enum MHD_Result reply_send(struct MHD_Connection *connection, unsigned status, const char *type,
	const struct buf *text)
{
	struct MHD_Response *response;
	char *packed = NULL;
	size_t n = 0;

	if (text->len >= REPLY_GZIP_MIN && reply_takes_gzip(connection))
		packed = reply_pack(text, &n);
	if (packed)
		response = MHD_create_response_from_buffer(n, packed, MHD_RESPMEM_MUST_FREE);
	else
		response = MHD_create_response_from_buffer(
			text->len, text->data, MHD_RESPMEM_MUST_COPY);
	if (packed && response)
		MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
	if (response)
		MHD_add_response_header(
			response, MHD_HTTP_HEADER_VARY, MHD_HTTP_HEADER_ACCEPT_ENCODING);
	return reply_queue(connection, status, type, response);
}

enum MHD_Result reply_error(
	struct MHD_Connection *connection, unsigned status, const char *message)
{
	enum MHD_Result rc;
	struct buf text;
	struct json j;

	buf_init(&text, 4096);
	json_init(&j, &text);
	json_object_open(&j);
	json_kv_string(&j, "error", message);
	json_object_close(&j);
	buf_puts(&text, "\n");
	rc = reply_send(connection, status, REPLY_JSON, &text);
	buf_fini(&text);
	return rc;
}
