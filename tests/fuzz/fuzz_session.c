/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/fixture.h"
#include "tests/unit/judge.h"

/*
 * Bytes as the life of a daemon with two clients: the first byte is the size of the ring, then
 * each command is one byte and, where it needs them, more.  The corpus is plain text for that
 * reason.
 *
 *   q T [S]  send template T; S chooses the number that stands for '#'
 *   w N ...  send the next N bytes
 *   e        the client closes its side       x  the connection breaks
 *   c        the other client is meant        p  one batch is pulled
 *   d        all there is is pulled           t N  N samples come
 *   m N      N ticks are missed               r  the daemon starts again on its history
 *   z        the daemon is told to stop       y T  send template T about processes
 *   f        the walk under way ends          k N  process N ends, or is back as another one
 *   v T [S]  send template T about events     a N  alert N begins, or ends where it fires
 *   s N      the clock is set                 n N  the machine sleeps for N minutes
 *   l N      as r, with N numbers lost        g    a series more
 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CLIENTS 2
#define WAITING_MAX 1000 /* requests; no client of ours is ruder */
#define TEXT_MAX 512
#define TEMPLATES(list) (sizeof(list) / sizeof(*(list)))

static const char *const templates[] = {
	"{\"op\":\"ping\",\"id\":@}\n",
	"{\"op\":\"get\",\"id\":@}\n",
	"{\"op\":\"get\",\"id\":@,\"metrics\":[\"x.*\",\"a.gauge\"],\"close\":true}\n",
	"{\"op\":\"schema\",\"id\":@}\n",
	"{\"op\":\"status\",\"id\":@,\"clients\":true}\n",
	"{\"op\":\"hello\",\"id\":@,\"proto\":[1],\"client\":\"fuzz\"}\n",
	"{\"op\":\"subscribe\",\"id\":@,\"sub\":\"a\"}\n",
	"{\"op\":\"subscribe\",\"id\":@,\"sub\":\"b\",\"interval_ms\":3000,\"lag\":\"latest\"}"
	"\n",
	"{\"op\":\"subscribe\",\"id\":@,\"sub\":\"c\",\"after\":\"00000000000000e1:#\"}\n",
	"{\"op\":\"subscribe\",\"id\":@,\"count\":2,\"close\":true}\n",
	"{\"op\":\"subscribe\",\"id\":@,\"interval_ms\":2000,\"agg\":\"max\",\"format\":"
	"\"array\"}\n",
	"{\"op\":\"subscribe\",\"id\":@,\"last_ms\":5000,\"count\":3,\"metrics\":[\"b.*\"]}\n",
	"{\"op\":\"subscribe\",\"id\":@,\"after\":\"00000000000000ff:#\",\"heartbeat_ms\":1000}"
	"\n",
	"{\"op\":\"subscribe\",\"id\":@,\"after\":\"00000000000000e1:#\",\"on_gap\":\"fail\"}"
	"\n",
	"{\"op\":\"unsubscribe\",\"id\":@,\"sub\":\"a\"}\n",
	"{\"op\":\"unsubscribe\",\"id\":@,\"sub\":\"b\"}\n",
	"{\"op\":\"unsubscribe\",\"id\":@,\"sub\":\"s1\"}\n",
	"{\"op\":\"history\",\"id\":@}\n",
	"{\"op\":\"history\",\"id\":@,\"step_ms\":4000,\"agg\":[\"min\",\"mean\",\"max\"]}\n",
	"{\"op\":\"history\",\"id\":@,\"after\":\"00000000000000e1:#\",\"limit\":3}\n",
	"{\"op\":\"history\",\"id\":@,\"after\":\"00000000000000ff:#\",\"close\":true}\n",
	"{\"op\":\"history\",\"id\":@,\"after\":\"00000000000000e1:#\",\"on_gap\":\"fail\"}\n",
	"{\"op\":\"nope\",\"id\":@}\n",
	"{\"op\":\"ping\",\"id\":@,\"foo\":1}\n",
	"{\"op\":\"bye\",\"id\":@}\n",
	"not JSON\n",
	" \t\r\n",
};

static const char *const process_templates[] = {
	"{\"op\":\"processes\",\"id\":@}\n",
	"{\"op\":\"processes\",\"id\":@,\"sort\":\"mem\",\"limit\":2,\"close\":true}\n",
	"{\"op\":\"processes\",\"id\":@,\"match\":\"l.*a|(x\",\"sort\":\"gpu\"}\n",
	"{\"op\":\"processes\",\"id\":@,\"match\":\"llama|kth\",\"sort\":\"watts\"}\n",
	"{\"op\":\"processes\",\"id\":@,\"pid\":10,\"tree\":true,\"user\":\"me\"}\n",
	"{\"op\":\"subscribe\",\"id\":@,\"stream\":\"processes\",\"sub\":\"p\"}\n",
	"{\"op\":\"subscribe\",\"id\":@,\"stream\":\"processes\",\"sub\":\"q\",\"count\":2,"
	"\"interval_ms\":3000,\"limit\":1}\n",
	"{\"op\":\"subscribe\",\"id\":@,\"stream\":\"processes\",\"sub\":\"a\","
	"\"heartbeat_ms\":1000,\"match\":\"sh\"}\n",
	"{\"op\":\"unsubscribe\",\"id\":@,\"sub\":\"p\"}\n",
	"{\"op\":\"subscribe\",\"id\":@,\"stream\":\"processes\",\"count\":1,\"close\":true}\n",
};

static const char *const event_templates[] = {
	"{\"op\":\"mark\",\"id\":@,\"text\":\"#\"}\n",
	"{\"op\":\"events\",\"id\":@}\n",
	"{\"op\":\"events\",\"id\":@,\"after\":\"00000000000000e1:#\",\"limit\":2}\n",
	"{\"op\":\"events\",\"id\":@,\"after\":\"00000000000000ff:#\",\"kinds\":[\"alert\","
	"\"mark\"]}\n",
	"{\"op\":\"events\",\"id\":@,\"since_ms\":17000000#0000,\"until_ms\":1700000090000}\n",
	"{\"op\":\"events\",\"id\":@,\"last_ms\":1#000,\"boot\":0,\"close\":true}\n",
	"{\"op\":\"alerts\",\"id\":@}\n",
	"{\"op\":\"energy\",\"id\":@,\"from_mark\":\"#\",\"to_mark\":2}\n",
	"{\"op\":\"energy\",\"id\":@,\"last_ms\":1#000}\n",
	"{\"op\":\"subscribe\",\"id\":@,\"stream\":\"events\",\"sub\":\"e\"}\n",
	"{\"op\":\"subscribe\",\"id\":@,\"stream\":\"events\",\"sub\":\"a\",\"after\":"
	"\"00000000000000e1:#\",\"heartbeat_ms\":1000}\n",
	"{\"op\":\"subscribe\",\"id\":@,\"stream\":\"events\",\"kinds\":[\"mark\"],\"count\":2,"
	"\"close\":true}\n",
	"{\"op\":\"unsubscribe\",\"id\":@,\"sub\":\"e\"}\n",
	"{\"op\":\"history\",\"id\":@,\"since_ms\":17000000#0000,\"until_ms\":1700000090000}\n",
	"{\"op\":\"history\",\"id\":@,\"last_ms\":1#000,\"step_ms\":2000,\"limit\":3}\n",
	"{\"op\":\"subscribe\",\"id\":@,\"since_ms\":17000000#0000,\"interval_ms\":5000}\n",
	"{\"op\":\"subscribe\",\"id\":@,\"last_ms\":1#000,\"metrics\":[\"x.*.util\"],\"lag\":"
	"\"latest\"}\n",
};

struct client {
	struct session *session; /* NULL = not connected */
	struct judge judge;
	size_t typed; /* bytes of the line that is not ended */
	bool blank;   /* it has nothing but white space */
	int64_t id;
};

struct world {
	const uint8_t *data;
	size_t left;
	struct fixture fixture;
	struct client clients[CLIENTS];
	struct client *client;
};

static unsigned take(struct world *w)
{
	if (w->left == 0)
		return 0;
	w->left--;
	return *w->data++;
}

static void fail(const char *wrong, const char *line, size_t length)
{
	fprintf(stderr, "fuzz_session: %s: %.*s\n", wrong, (int)length, line);
	abort();
}

/* ---- what comes ---- */

static void judge_bytes(struct client *c, const struct buf *out)
{
	const char *line = out->data, *end = out->len ? line + out->len : line;

	while (line < end) {
		const char *lf = memchr(line, '\n', (size_t)(end - line));
		size_t n = lf ? (size_t)(lf - line) + 1 : (size_t)(end - line);
		const char *wrong = judge_line(&c->judge, line, n);

		if (wrong)
			fail(wrong, line, n);
		line += n;
	}
}

static void client_close(struct client *c)
{
	session_free(c->session);
	*c = (struct client){ 0 };
}

static void expect_all_answered(const struct client *c)
{
	const struct session *s = c->session;

	if (!s->deaf && !s->over && c->judge.answered != c->judge.asked)
		fail("a request was not answered", "", 0);
	if (s->replies || s->answer)
		fail("something is left that was not pulled", "", 0);
}

static void client_pull(struct client *c, bool all)
{
	struct buf out;

	buf_init(&out, FIXTURE_OUT_MAX);
	if (all)
		fixture_drain(c->session, &out);
	else
		fixture_pull(c->session, &out);
	if (!buf_ok(&out) || (!all && out.len > BATCH_BYTES_MAX + SESSION_REPLIES_MAX))
		fail("too much at once", "", 0);
	judge_bytes(c, &out);
	buf_fini(&out);
	if (all)
		expect_all_answered(c);
	if (session_is_over(c->session))
		client_close(c);
}

/* ---- what the client does ---- */

static struct client *client_ready(struct world *w)
{
	struct client *c = w->client;

	if (!c->session) {
		*c = (struct client){ .blank = true };
		c->session = session_new(&w->fixture.hub, 0, 0, true);
	}
	return c;
}

/* Counts the requests in what is sent; id is that of a line sent as a whole. */
static void client_count(struct client *c, const char *bytes, size_t n, int64_t id)
{
	bool whole = c->typed == 0;

	for (size_t i = 0; i < n; i++) {
		if (bytes[i] == '\n' && c->typed < LINE_REQUEST_MAX && !c->blank)
			judge_asked(&c->judge, whole ? id : 0);
		if (bytes[i] == '\n') {
			c->typed = 0;
			c->blank = true;
			continue;
		}
		c->blank = c->blank && bytes[i] && strchr(" \t\r", bytes[i]);
		if (++c->typed == LINE_REQUEST_MAX)
			judge_asked(&c->judge, 0);
	}
}

static void client_send(struct client *c, const char *bytes, size_t n, int64_t id)
{
	if (!session_wants_bytes(c->session) ||
		c->judge.asked - c->judge.answered > WAITING_MAX)
		return;
	client_count(c, bytes, n, id);
	session_feed(c->session, bytes, n);
	while (session_run(c->session))
		;
	if (c->session->in.len > LINE_REQUEST_MAX + n && !c->session->answer &&
		!c->session->deaf)
		fail("the input piles up", "", 0);
}

static void client_ask(struct world *w, struct client *c, const char *template)
{
	uint64_t number = take(w) % (history_head(w->fixture.history) + 2);
	char text[TEXT_MAX];
	size_t n = 0;

	c->id++;
	for (const char *p = template; *p; p++) {
		if (*p == '@')
			n += (size_t)snprintf(text + n, sizeof(text) - n, "%" PRIi64, c->id);
		else if (*p == '#')
			n += (size_t)snprintf(text + n, sizeof(text) - n, "%" PRIu64, number);
		else
			text[n++] = *p;
	}
	client_send(c, text, n, strchr(template, '@') ? c->id : 0);
}

static void client_write(struct world *w, struct client *c)
{
	size_t n = take(w) * 4;

	if (n > w->left)
		n = w->left;
	client_send(c, (const char *)w->data, n, 0);
	w->data += n;
	w->left -= n;
}

static void client_eof(struct client *c)
{
	if (c->session->eof)
		return;
	if (!c->blank && c->typed < LINE_REQUEST_MAX)
		judge_asked(&c->judge, 0);
	c->blank = true;
	session_eof(c->session);
	while (session_run(c->session))
		;
}

/* ---- the life ---- */

static void world_grow(struct world *w, unsigned command)
{
	struct fixture *f = &w->fixture;
	unsigned n = command == 'r' ? 0 : take(w) % 64;

	if (command == 'm')
		fixture_miss(f, n);
	for (unsigned i = 0; command == 't' && i < n; i++)
		fixture_tick(f);
	if (command == 'r' || command == 'l')
		fixture_restart(f, n);
}

static void world_happen(struct world *w, unsigned command)
{
	struct fixture *f = &w->fixture;
	unsigned n = command == 'g' ? 0 : take(w);

	if (command == 'a')
		fixture_alert(f, n % 8);
	else if (command == 's')
		fixture_set_clock(f, 1000 * ((int64_t)n - 128));
	else if (command == 'n')
		fixture_sleep(f, 60000 * (uint64_t)n);
	else
		fixture_appear(f);
}

static void world_processes(struct world *w, unsigned command)
{
	struct fixture *f = &w->fixture;
	struct fake_process *p;

	if (command == 'f') {
		if (f->walking)
			fixture_walked(f);
		return;
	}
	p = &f->processes.rows[take(w) % f->processes.count];
	p->gone = !p->gone;
	p->start += p->gone;
}

/* Nothing is left waiting for a walk, and none takes its time. */
static void world_settle(struct world *w)
{
	w->fixture.walks_later = false;
	while (w->fixture.walking)
		fixture_walked(&w->fixture);
}

static void world_step(struct world *w)
{
	unsigned command = take(w);
	struct client *c = client_ready(w);

	switch (command) {
	case 'q':
		client_ask(w, c, templates[take(w) % TEMPLATES(templates)]);
		break;
	case 'y':
		w->fixture.walks_later = true;
		client_ask(w, c, process_templates[take(w) % TEMPLATES(process_templates)]);
		break;
	case 'f':
	case 'k':
		world_processes(w, command);
		break;
	case 'w':
		client_write(w, c);
		break;
	case 'e':
		client_eof(c);
		break;
	case 'x':
		client_close(c);
		break;
	case 'c':
		w->client = &w->clients[w->client == w->clients];
		break;
	case 'p':
		client_pull(c, false);
		break;
	case 'd':
		world_settle(w);
		client_pull(c, true);
		break;
	case 't':
	case 'm':
	case 'r':
	case 'l':
		world_grow(w, command);
		break;
	case 'v':
		client_ask(w, c, event_templates[take(w) % TEMPLATES(event_templates)]);
		break;
	case 'a':
	case 's':
	case 'n':
	case 'g':
		world_happen(w, command);
		break;
	case 'z':
		hub_stop(&w->fixture.hub);
		break;
	default:
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world w = { .data = data, .left = size };

	fixture_init(&w.fixture, 1 + take(&w) % 100);
	w.client = w.clients;
	while (w.left > 0)
		world_step(&w);
	world_settle(&w);
	for (unsigned i = 0; i < CLIENTS; i++) {
		if (w.clients[i].session)
			client_pull(&w.clients[i], true);
		if (w.clients[i].session)
			client_close(&w.clients[i]);
	}
	fixture_fini(&w.fixture);
	return 0;
}
