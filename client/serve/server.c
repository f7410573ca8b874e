/* SPDX-License-Identifier: MIT */
#include "client/serve/server.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/serve/listen.h"
#include "client/serve/page.h"
#include "client/serve/relay.h"
#include "client/processes.h"
#include "client/serve/reply.h"
#include "proto/alloc.h"

#define SERVER_BLOCK_BYTES 32768
#define SERVER_RETRY "retry: 2000\n\n" /* how a browser comes again, ms */

#define PROM_TYPE "text/plain; version=0.0.4; charset=utf-8"
#define OPENMETRICS_TYPE "application/openmetrics-text; version=1.0.0; charset=utf-8"

static const char *server_header(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

/* ?processes=N and &sort=WORD, as the options of actopctl metrics have them. */
static bool server_metrics_options(struct MHD_Connection *connection, struct options *options)
{
	const char *count =
		MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "processes");
	const char *sort =
		MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "sort");
	char *end;

	if (count) {
		unsigned long n = strtoul(count, &end, 10);

		if (end == count || *end || n < 1 || n > PROCESSES_SHOWN_MAX)
			return false;
		options->processes = (unsigned)n;
	}
	options->sort = sort ? sort_words[processes_sort(sort)] : NULL;
	return !sort || strcmp(options->sort, sort) == 0;
}

static enum MHD_Result server_metrics(struct server *s, struct MHD_Connection *connection)
{
	const char *accept = server_header(connection, MHD_HTTP_HEADER_ACCEPT);
	bool open = accept && strstr(accept, "application/openmetrics-text");
	struct options options = *s->options;
	enum MHD_Result rc;
	struct dial dial;
	struct prom p;
	struct buf text;

	if (!server_metrics_options(connection, &options))
		return reply_error(connection, MHD_HTTP_BAD_REQUEST,
			"processes is a number from 1 to 50, sort a word of actopctl ps");
	buf_init(&text, SCRAPE_MAX);
	prom_begin(&p, &text, open ? PROM_OPENMETRICS : PROM_TEXT);
	scrape_write(&options, &s->cache, &dial, &p);
	rc = reply_send(connection, MHD_HTTP_OK, open ? OPENMETRICS_TYPE : PROM_TYPE, &text);
	buf_fini(&text);
	return rc;
}

/* ---- paths that are an op of the daemon ---- */

struct server_parameters {
	struct api_query *query;
	int rc; /* of the first one that is not taken */
};

static enum MHD_Result server_add_parameter(
	void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct server_parameters *p = cls;

	(void)kind;
	if (strcmp(name, "token") != 0)
		p->rc = api_add(p->query, name, value ? value : "");
	return p->rc == 0 ? MHD_YES : MHD_NO;
}

/* How many answers of each shape may be under way; 0 = those that are short. */
static const unsigned server_most[API_SHAPES] = {
	[API_LINES] = SERVER_HISTORIES_MAX,
	[API_STREAM] = SERVER_STREAMS_MAX,
};

static bool server_claim(struct server *s, enum api_shape shape)
{
	if (!server_most[shape] || atomic_fetch_add(&s->answers[shape], 1) < server_most[shape])
		return true;
	atomic_fetch_sub(&s->answers[shape], 1);
	return false;
}

/* Of a request that was claimed. */
static void server_relay_free(void *cls)
{
	struct relay *r = cls;
	struct server *s = r->arg;
	enum api_shape shape = r->query.route->shape;

	if (server_most[shape])
		atomic_fetch_sub(&s->answers[shape], 1);
	relay_fini(r);
	free(r);
}

static ssize_t server_read(void *cls, uint64_t position, char *to, size_t room)
{
	struct relay *r = cls;
	size_t n;

	(void)position;
	if (r->sent == r->out.len) {
		buf_clear(&r->out);
		r->sent = 0;
		relay_fill(r);
	}
	n = r->out.len - r->sent;
	if (n == 0)
		return MHD_CONTENT_READER_END_OF_STREAM;
	n = n < room ? n : room;
	memcpy(to, r->out.data + r->sent, n);
	r->sent += n;
	return (ssize_t)n;
}

/* Takes the relay. */
static enum MHD_Result server_send_lines(struct MHD_Connection *connection, struct relay *r)
{
	bool stream = r->query.route->shape == API_STREAM;
	struct MHD_Response *response;
	enum MHD_Result rc;

	if (reply_takes_gzip(connection))
		pack_begin(&r->pack, stream ? PACK_SMALL : PACK_LARGE);
	response = MHD_create_response_from_callback(
		MHD_SIZE_UNKNOWN, SERVER_BLOCK_BYTES, server_read, r, server_relay_free);
	if (!response) {
		server_relay_free(r);
		return MHD_NO;
	}
	reply_harden(response, stream ? "text/event-stream" : REPLY_NDJSON);
	if (r->pack.on)
		reply_say_packed(response);
	rc = MHD_queue_response(connection, MHD_HTTP_OK, response);
	MHD_destroy_response(response);
	return rc;
}

/* A complete answer: the whole line, or the sample in it. */
static enum MHD_Result server_send_reply(struct MHD_Connection *connection, struct relay *r)
{
	const char *start = r->line;
	size_t n = r->length;
	enum MHD_Result rc;
	struct message m;
	struct buf text;

	if (message_parse(&m, r->line, r->length) < 0)
		return MHD_NO;
	if (r->query.route->shape == API_SAMPLE)
		message_span(&m, "sample", &start, &n);
	buf_init(&text, CONN_LINE_MAX + 1);
	buf_add(&text, start, n);
	buf_puts(&text, "\n");
	rc = reply_send(connection,
		m.type == MESSAGE_ERROR ? api_status(message_text(&m, "code")) : MHD_HTTP_OK,
		REPLY_JSON, &text);
	buf_fini(&text);
	message_free(&m);
	return rc;
}

/* An EventSource gives up for ever at any other status than 200, so it is told to come again.
 */
static enum MHD_Result server_say_down(struct MHD_Connection *connection, const struct relay *r)
{
	struct buf text;
	enum MHD_Result rc;

	if (r->query.route->shape != API_STREAM)
		return reply_error(
			connection, MHD_HTTP_SERVICE_UNAVAILABLE, "no actopd answers");
	buf_init(&text, 64);
	buf_puts(&text, SERVER_RETRY);
	rc = reply_send(connection, MHD_HTTP_OK, "text/event-stream", &text);
	buf_fini(&text);
	return rc;
}

static enum MHD_Result server_answer(struct MHD_Connection *connection, struct relay *r)
{
	enum MHD_Result rc;
	enum relay_answer answer = relay_ask(r);

	if (answer == RELAY_OK && r->query.route->shape >= API_LINES)
		return server_send_lines(connection, r);
	if (answer == RELAY_DOWN)
		rc = server_say_down(connection, r);
	else
		rc = server_send_reply(connection, r);
	server_relay_free(r);
	return rc;
}

static int server_socket(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	return info ? info->connect_fd : -1;
}

static enum MHD_Result server_api(
	struct server *s, struct MHD_Connection *connection, const struct api_route *route)
{
	const char *last = server_header(connection, "Last-Event-ID");
	struct server_parameters parameters = { 0 };
	struct relay *r;

	if (!server_claim(s, route->shape))
		return reply_error(connection, MHD_HTTP_SERVICE_UNAVAILABLE,
			"too many such requests are under way");
	r = xcalloc(1, sizeof(*r));
	relay_begin(r, s->options, &s->stopping);
	r->browser = server_socket(connection);
	r->arg = s;
	api_begin(&r->query, route);
	parameters.query = &r->query;
	MHD_get_connection_values(
		connection, MHD_GET_ARGUMENT_KIND, server_add_parameter, &parameters);
	if (parameters.rc < 0) {
		server_relay_free(r);
		return reply_error(connection, MHD_HTTP_BAD_REQUEST,
			parameters.rc == -ENOENT ? "no such parameter"
						 : "a parameter must be an integer");
	}
	if (last && route->shape == API_STREAM)
		relay_resume(r, last);
	return server_answer(connection, r);
}

static enum MHD_Result server_health(struct server *s, struct MHD_Connection *connection)
{
	static const struct api_route ping = { "/healthz", "get", API_REPLY, "" };
	struct relay r;
	enum relay_answer answer;
	struct buf text;
	enum MHD_Result rc;

	relay_begin(&r, s->options, &s->stopping);
	api_begin(&r.query, &ping);
	answer = relay_ask(&r);
	relay_fini(&r);
	buf_init(&text, 64);
	buf_puts(&text,
		answer == RELAY_OK	       ? "ok\n"
			: answer == RELAY_DOWN ? "no actopd answers\n"
					       : "actopd has no sample yet\n");
	rc = reply_send(connection,
		answer == RELAY_OK ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE, REPLY_TEXT,
		&text);
	buf_fini(&text);
	return rc;
}

/* The page itself has no data in it, and asks for the token by itself. */
static enum MHD_Result server_page(struct MHD_Connection *connection)
{
	struct buf text;
	enum MHD_Result rc;

	buf_init(&text, page_bytes + 1);
	buf_add(&text, page_text, page_bytes);
	rc = reply_send(connection, MHD_HTTP_OK, "text/html; charset=utf-8", &text);
	buf_fini(&text);
	return rc;
}

static enum MHD_Result server_route(
	struct server *s, struct MHD_Connection *connection, const char *path)
{
	const struct api_route *route = api_find(path);

	if (route)
		return server_api(s, connection, route);
	if (strcmp(path, "/metrics") == 0)
		return server_metrics(s, connection);
	return reply_error(connection, MHD_HTTP_NOT_FOUND, "no such path");
}

static enum MHD_Result server_admit(
	struct server *s, struct MHD_Connection *connection, const char *path)
{
	const char *token =
		MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "token");

	if (!door_knows_host(&s->door, server_header(connection, MHD_HTTP_HEADER_HOST)))
		return reply_error(connection, MHD_HTTP_MISDIRECTED_REQUEST,
			"the Host header does not name this server; see --host-name");
	if (strcmp(path, "/") == 0)
		return server_page(connection);
	if (strcmp(path, "/healthz") == 0)
		return server_health(s, connection);
	if (door_is_cross_site(server_header(connection, "Sec-Fetch-Site")))
		return reply_error(connection, MHD_HTTP_FORBIDDEN,
			"pages of other sites get nothing here");
	if (!door_opens(
		    &s->door, server_header(connection, MHD_HTTP_HEADER_AUTHORIZATION), token))
		return reply_error(connection, MHD_HTTP_UNAUTHORIZED, "a token is needed");
	return server_route(s, connection, path);
}

static bool server_has_body(struct MHD_Connection *connection)
{
	const char *length = server_header(connection, MHD_HTTP_HEADER_CONTENT_LENGTH);

	return (length && strcmp(length, "0") != 0) ||
		server_header(connection, MHD_HTTP_HEADER_TRANSFER_ENCODING);
}

/* The library wants these eight. NOLINTNEXTLINE(readability-function-size) */
static enum MHD_Result server_take(void *cls, struct MHD_Connection *connection,
	const char *path, const char *method, const char *version, const char *upload,
	size_t *upload_bytes, void **state)
{
	struct server *s = cls;

	(void)version;
	(void)upload;
	if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 &&
		strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
		return *upload_bytes ? MHD_NO
				     : reply_error(connection, MHD_HTTP_METHOD_NOT_ALLOWED,
					       "only GET and HEAD");
	if (!*state && server_has_body(connection))
		return reply_error(
			connection, MHD_HTTP_CONTENT_TOO_LARGE, "a request has no body here");
	if (!*state) {
		*state = s;
		return MHD_YES;
	}
	return server_admit(s, connection, path);
}

/* ---- the daemon of the library ---- */

int server_start(struct server *s, const char *port)
{
	int fd = listen_on(s->door.host, port);

	if (fd < 0)
		return fd;
	s->port = listen_port(fd);
	scrape_cache_init(&s->cache);
	s->http = MHD_start_daemon(MHD_USE_THREAD_PER_CONNECTION |
			MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL | MHD_USE_ITC,
		0, NULL, NULL, server_take, s, MHD_OPTION_LISTEN_SOCKET, fd,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)SERVER_CONNECTIONS_MAX,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)SERVER_IDLE_S,
		MHD_OPTION_THREAD_STACK_SIZE, (size_t)SERVER_STACK_BYTES,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)SERVER_MEMORY_BYTES,
		MHD_OPTION_END);
	if (s->http)
		return 0;
	scrape_cache_fini(&s->cache);
	close(fd);
	return -ENOMEM;
}

void server_stop(struct server *s)
{
	atomic_store(&s->stopping, true);
	MHD_stop_daemon(s->http);
	s->http = NULL;
	scrape_cache_fini(&s->cache);
}
