/* SPDX-License-Identifier: MIT */
#include "client/serve/relay.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "client/dial.h"
#include "proto/json.h"

#define RELAY_POLL_MS 500 /* how soon a server that stops is noticed */
#define RELAY_ID_MAX 96

/* Events of the timeline, beside the samples, on the same connection. */
#define RELAY_FOLLOW "{\"op\":\"subscribe\",\"sub\":\"events\",\"stream\":\"events\"}\n"

void relay_begin(struct relay *r, const struct options *options, atomic_bool *stopping)
{
	*r = (struct relay){ .conn = { .fd = -1 }, .options = options, .stopping = stopping };
	buf_init(&r->out, RELAY_EVENTS_MAX);
}

void relay_fini(struct relay *r)
{
	conn_close(&r->conn);
	api_fini(&r->query);
	buf_fini(&r->out);
}

static int relay_send(struct relay *r, bool follow)
{
	struct buf out;
	int rc;

	buf_init(&out, API_QUERY_MAX);
	rc = api_write(&r->query, &out);
	if (follow)
		buf_puts(&out, RELAY_FOLLOW);
	if (rc == 0)
		rc = conn_send(&r->conn, &out);
	buf_fini(&out);
	return rc;
}

/* Waits for a line as long as the server runs.  1, 0 (the daemon is gone) or -errno. */
static int relay_line(struct relay *r, char **line, size_t *n)
{
	int rc;

	do
		rc = conn_line(&r->conn, line, n, conn_clock_ms() + RELAY_POLL_MS);
	while (rc == -ETIMEDOUT && !atomic_load(r->stopping));
	return rc;
}

enum relay_answer relay_ask(struct relay *r)
{
	struct dial dial;
	struct message m;
	enum relay_answer answer;
	int fd;

	dial_find(&dial, r->options);
	fd = dial_connect(&dial, r->options->timeout_ms);
	if (fd < 0)
		return RELAY_DOWN;
	conn_init(&r->conn, fd);
	if (relay_send(r, r->query.route->shape == API_STREAM) < 0)
		return RELAY_DOWN;
	if (conn_line(&r->conn, &r->line, &r->length,
		    conn_clock_ms() + r->options->timeout_ms) <= 0)
		return RELAY_DOWN;
	if (message_parse(&m, r->line, r->length) < 0)
		return RELAY_DOWN;
	answer = m.type == MESSAGE_ERROR ? RELAY_REFUSED : RELAY_OK;
	message_free(&m);
	return answer;
}

static void relay_write_id(struct buf *out, const struct message *m)
{
	const char *epoch = message_text(m, "epoch");
	char id[RELAY_ID_MAX];

	if (m->type != MESSAGE_SAMPLE || !epoch)
		return;
	snprintf(
		id, sizeof(id), "id: %.32s:%lld\n", epoch, (long long)message_int(m, "seq", 0));
	buf_puts(out, id);
}

void relay_write_event(struct buf *out, const struct message *m, const char *line, size_t n)
{
	const char *type = message_text(m, "type");

	if (m->type == MESSAGE_HEARTBEAT) {
		buf_puts(out, ": heartbeat\n\n");
		return;
	}
	relay_write_id(out, m);
	buf_puts(out, "event: ");
	buf_puts(out, type ? type : "line");
	buf_puts(out, "\ndata: ");
	buf_add(out, line, n);
	buf_puts(out, "\n\n");
}

/* Behind the last row of a page: asks for the next one, if there is one. */
static void relay_turn(struct relay *r, const struct message *m)
{
	const char *next = message_text(m, "next");

	r->ended = true;
	if (m->type != MESSAGE_REPLY || !next)
		return;
	api_set_after(&r->query, next);
	r->ended = relay_send(r, false) < 0;
}

static void relay_take(struct relay *r, const char *line, size_t n)
{
	struct message m;

	if (message_parse(&m, line, n) < 0) {
		r->ended = true;
		return;
	}
	if (r->query.route->shape == API_STREAM) {
		relay_write_event(&r->out, &m, line, n);
		r->ended = m.type == MESSAGE_BYE || m.type == MESSAGE_ERROR;
	} else if (m.type == MESSAGE_REPLY || m.type == MESSAGE_ERROR ||
		m.type == MESSAGE_BYE) {
		relay_turn(r, &m);
	} else {
		buf_add(&r->out, line, n);
		buf_puts(&r->out, "\n");
	}
	message_free(&m);
}

void relay_fill(struct relay *r)
{
	while (r->out.len == 0 && !r->ended) {
		char *line = r->line;
		size_t n = r->length;

		r->line = NULL;
		if (!line && relay_line(r, &line, &n) <= 0) {
			r->ended = true;
			return;
		}
		relay_take(r, line, n);
		if (!buf_ok(&r->out))
			r->ended = true;
	}
}
