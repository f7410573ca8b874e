/* SPDX-License-Identifier: MIT */
#include "client/serve/reply.h"

#include <stdbool.h>
#include <string.h>

#include "client/serve/pack.h"
#include "proto/json.h"

#define REPLY_GZIP_MIN 1024 /* bytes: below that packing costs more than it saves */

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

void reply_say_packed(struct MHD_Response *response)
{
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
	MHD_add_response_header(
		response, MHD_HTTP_HEADER_VARY, MHD_HTTP_HEADER_ACCEPT_ENCODING);
}

/* Packs text; false where that saves nothing. */
static bool reply_pack(const struct buf *text, struct buf *packed)
{
	struct pack pack;
	int rc;

	buf_init(packed, text->len);
	if (pack_begin(&pack, PACK_LARGE) < 0)
		return false;
	rc = pack_write(&pack, packed, text->data, text->len, PACK_FINISH);
	pack_end(&pack);
	return rc == 0;
}

/* What HTTP wants of some statuses. */
static void reply_explain(struct MHD_Response *response, unsigned status)
{
	static const struct {
		unsigned status;
		const char *header, *value;
	} wanted[] = {
		{ MHD_HTTP_UNAUTHORIZED, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer" },
		{ MHD_HTTP_METHOD_NOT_ALLOWED, MHD_HTTP_HEADER_ALLOW, "GET, HEAD" },
		{ MHD_HTTP_SERVICE_UNAVAILABLE, MHD_HTTP_HEADER_RETRY_AFTER, "1" },
	};

	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
		if (wanted[i].status == status)
			MHD_add_response_header(response, wanted[i].header, wanted[i].value);
}

static enum MHD_Result reply_queue(struct MHD_Connection *connection, unsigned status,
	const char *type, struct MHD_Response *response)
{
	enum MHD_Result rc;

	if (!response)
		return MHD_NO;
	reply_harden(response, type);
	reply_explain(response, status);
	rc = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return rc;
}

enum MHD_Result reply_send(struct MHD_Connection *connection, unsigned status, const char *type,
	const struct buf *text)
{
	struct MHD_Response *response;
	struct buf packed = { 0 };
	bool pack = text->len >= REPLY_GZIP_MIN && reply_takes_gzip(connection) &&
		reply_pack(text, &packed);
	const struct buf *body = pack ? &packed : text;

	response =
		MHD_create_response_from_buffer(body->len, body->data, MHD_RESPMEM_MUST_COPY);
	if (pack && response)
		reply_say_packed(response);
	else if (response)
		MHD_add_response_header(
			response, MHD_HTTP_HEADER_VARY, MHD_HTTP_HEADER_ACCEPT_ENCODING);
	buf_fini(&packed);
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
