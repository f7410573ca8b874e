/* SPDX-License-Identifier: MIT */
#include "client/serve/relay.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "client/dial.h"
#include "proto/json.h"

#define RELAY_POLL_MS 500 /* how soon a server that stops is noticed */
void relay_begin(struct relay *r, const struct options *options, atomic_bool *stopping)
{
	*r = (struct relay){
		.conn = { .fd = -1 }, .browser = -1, .options = options, .stopping = stopping
	};
	buf_init(&r->out, RELAY_EVENTS_MAX);
	buf_init(&r->plain, RELAY_EVENTS_MAX);
}

void relay_fini(struct relay *r)
{
	conn_close(&r->conn);
	api_fini(&r->query);
	buf_fini(&r->out);
	buf_fini(&r->plain);
	pack_end(&r->pack);
}

void relay_resume(struct relay *r, const char *id)
{
	size_t n = strcspn(id, ";");

	snprintf(
		r->place.cursor, sizeof(r->place.cursor), "%.*s", n < INT_MAX ? (int)n : 0, id);
	if (id[n])
		r->place.eseq = strtoll(id + n + 1, NULL, 10);
	api_set_after(&r->query, r->place.cursor);
}

/* Events of the timeline, beside the samples, on the same connection. */
static void relay_follow(const struct relay *r, struct buf *out)
{
	size_t epoch = strcspn(r->place.cursor, ":");
	char after[RELAY_CURSOR_MAX + 24];
	struct json j;

	json_init(&j, out);
	json_object_open(&j);
	json_kv_string(&j, "op", "subscribe");
	json_kv_string(&j, "sub", "events");
	json_kv_string(&j, "stream", "events");
	if (r->place.eseq > 0) {
		snprintf(after, sizeof(after), "%.*s:%lld", (int)epoch, r->place.cursor,
			(long long)r->place.eseq);
		json_kv_string(&j, "after", after);
	}
	json_object_close(&j);
	buf_puts(out, "\n");
}

static int relay_send(struct relay *r, bool follow)
{
	struct buf out;
	int rc;

	buf_init(&out, 2 * API_QUERY_MAX);
	rc = api_write(&r->query, &out);
	if (follow)
		relay_follow(r, &out);
	if (rc == 0)
		rc = conn_send(&r->conn, &out);
	buf_fini(&out);
	return rc;
}

/* Who asked has closed; without that a stream of few lines would be held for nobody. */
static bool relay_is_left(const struct relay *r)
{
	char byte;

	return r->browser >= 0 && recv(r->browser, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

/* Waits for a line as long as the server runs and somebody waits for it.  1, 0 (the daemon is
 * gone) or -errno. */
static int relay_line(struct relay *r, char **line, size_t *n)
{
	int rc;

	do
		rc = conn_line(&r->conn, line, n, conn_clock_ms() + RELAY_POLL_MS);
	while (rc == -ETIMEDOUT && !atomic_load(r->stopping) && !relay_is_left(r));
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

static void relay_move(struct relay_place *place, const struct message *m)
{
	const char *epoch = message_text(m, "epoch");
	long long seq = message_int(m, "seq", 0);

	/* The reply to the subscription of events names the first that follows; the alerts that
	 * fire come before it, with numbers of long ago. */
	if (m->type == MESSAGE_REPLY || m->type == MESSAGE_EVENT) {
		int64_t eseq = m->type == MESSAGE_EVENT ? message_int(m, "eseq", 0)
							: message_int(m, "from_eseq", 1) - 1;

		place->eseq = eseq > place->eseq ? eseq : place->eseq;
	}
	if (m->type == MESSAGE_SAMPLE && epoch)
		snprintf(place->cursor, sizeof(place->cursor), "%.32s:%lld", epoch, seq);
}

static void relay_write_id(struct buf *out, const struct relay_place *place)
{
	char id[RELAY_CURSOR_MAX + 32];

	if (place->cursor[0] == '\0')
		return;
	snprintf(id, sizeof(id), place->eseq > 0 ? "id: %s;%lld\n" : "id: %s\n", place->cursor,
		(long long)place->eseq);
	buf_puts(out, id);
}

void relay_write_event(struct buf *out, struct relay_place *place, const struct message *m,
	const char *line, size_t n)
{
	const char *type = message_text(m, "type");

	if (m->type == MESSAGE_HEARTBEAT) {
		buf_puts(out, ": heartbeat\n\n");
		return;
	}
	relay_move(place, m);
	if (m->type == MESSAGE_SAMPLE || m->type == MESSAGE_EVENT)
		relay_write_id(out, place);
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

static void relay_take(struct relay *r, struct buf *to, const char *line, size_t n)
{
	struct message m;

	if (message_parse(&m, line, n) < 0) {
		r->ended = true;
		return;
	}
	if (r->query.route->shape == API_STREAM) {
		relay_write_event(to, &r->place, &m, line, n);
		r->ended = m.type == MESSAGE_BYE || m.type == MESSAGE_ERROR;
	} else if (m.type == MESSAGE_REPLY || m.type == MESSAGE_ERROR ||
		m.type == MESSAGE_BYE) {
		relay_turn(r, &m);
	} else {
		buf_add(to, line, n);
		buf_puts(to, "\n");
	}
	message_free(&m);
}

/* The next line: the one read ahead, or one to wait for, of a stream only if nothing is there
 * to be sent.  Whether there is one; if not, to has something or all is ended. */
static bool relay_next(struct relay *r, const struct buf *to, char **line, size_t *n)
{
	int rc = 1;

	if (r->line) {
		*line = r->line;
		*n = r->length;
		r->line = NULL;
		return true;
	}
	if (r->query.route->shape == API_STREAM && to->len > 0)
		rc = conn_line(&r->conn, line, n, 0);
	else
		rc = relay_line(r, line, n);
	r->ended = rc <= 0 && !(rc == -ETIMEDOUT && to->len > 0);
	return rc > 0;
}

static void relay_read(struct relay *r, struct buf *to)
{
	char *line;
	size_t n;

	while (to->len < RELAY_BLOCK_BYTES && !r->ended && relay_next(r, to, &line, &n))
		relay_take(r, to, line, n);
	if (!buf_ok(to))
		r->ended = true;
}

void relay_fill(struct relay *r)
{
	if (!r->pack.on) {
		relay_read(r, &r->out);
		return;
	}
	buf_clear(&r->plain);
	relay_read(r, &r->plain);
	if (pack_write(&r->pack, &r->out, r->plain.data, r->plain.len,
		    r->ended ? PACK_FINISH : PACK_FLUSH) < 0)
		r->ended = true;
	if (r->ended)
		pack_end(&r->pack);
}
