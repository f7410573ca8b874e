/* SPDX-License-Identifier: MIT */
#include "client/scrape.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "client/ask.h"
#include "client/conn.h"
#include "client/exposition.h"

enum scrape_answer {
	SCRAPE_HELLO,
	SCRAPE_STATUS,
	SCRAPE_ALERTS,
	SCRAPE_GET,
	SCRAPE_PROCESSES, /* only where they are asked for */
	SCRAPE_SAMPLE,	  /* the object inside that of get */
	SCRAPE_COUNT
};

/* The answers, each with the text that it points into. */
struct scrape {
	struct conn conn;
	struct message messages[SCRAPE_COUNT];
	struct buf texts[SCRAPE_COUNT];
	int64_t deadline_ms;
};

/* The most rows that there are in an answer: the applications of most are made of all. */
#define SCRAPE_PROCESSES_MAX 1000
#define SCRAPE_PAUSE_MS 1000 /* between the two looks that a difference needs */

static const struct ask_metrics scrape_every;

void scrape_cache_init(struct scrape_cache *cache)
{
	*cache = (struct scrape_cache){ 0 };
	pthread_mutex_init(&cache->mutex, NULL);
	buf_init(&cache->text, SCRAPE_MAX);
}

void scrape_cache_fini(struct scrape_cache *cache)
{
	message_free(&cache->schema);
	buf_fini(&cache->text);
	pthread_mutex_destroy(&cache->mutex);
}

static int scrape_keep(struct buf *copy, struct message *m, const char *text, size_t n)
{
	buf_add(copy, text, n);
	buf_add(copy, "", 1);
	return buf_ok(copy) && message_parse(m, copy->data, n) == 0 ? 0 : -EPROTO;
}

/* The next answer, which may be a refusal. */
static int scrape_take(struct scrape *s, struct buf *copy, struct message *m)
{
	char *line;
	size_t n;
	int rc = conn_line(&s->conn, &line, &n, s->deadline_ms);

	if (rc <= 0)
		return rc < 0 ? rc : -EPIPE;
	return scrape_keep(copy, m, line, n);
}

static int scrape_send(struct scrape *s, void (*ask)(struct buf *out))
{
	struct buf out;
	int rc;

	buf_init(&out, ASK_MAX);
	ask(&out);
	rc = conn_send(&s->conn, &out);
	buf_fini(&out);
	return rc;
}

static void scrape_ask_all(struct buf *out)
{
	ask_hello(out);
	ask_status(out, false);
	ask_plain(out, "alerts");
	ask_get(out, &scrape_every);
}

static void scrape_ask_schema(struct buf *out)
{
	ask_schema(out, &scrape_every);
}

static int scrape_ask(struct scrape *s)
{
	const char *start;
	size_t n;
	int rc = scrape_send(s, scrape_ask_all);

	for (unsigned i = SCRAPE_HELLO; i <= SCRAPE_GET && rc == 0; i++) {
		rc = scrape_take(s, &s->texts[i], &s->messages[i]);
		if (rc == 0 && s->messages[i].type != MESSAGE_REPLY)
			rc = i == SCRAPE_GET ? -EAGAIN : -EPROTO;
	}
	if (rc == 0 && !message_span(&s->messages[SCRAPE_GET], "sample", &start, &n))
		rc = -EPROTO;
	return rc
		? rc
		: scrape_keep(&s->texts[SCRAPE_SAMPLE], &s->messages[SCRAPE_SAMPLE], start, n);
}

static int scrape_look(struct scrape *s, const struct options *options)
{
	struct buf out;
	int rc;

	message_free(&s->messages[SCRAPE_PROCESSES]);
	s->messages[SCRAPE_PROCESSES] = (struct message){ 0 };
	buf_clear(&s->texts[SCRAPE_PROCESSES]);
	buf_init(&out, ASK_MAX);
	ask_processes(&out, options, SCRAPE_PROCESSES_MAX);
	rc = conn_send(&s->conn, &out);
	buf_fini(&out);
	return rc ? rc
		  : scrape_take(s, &s->texts[SCRAPE_PROCESSES], &s->messages[SCRAPE_PROCESSES]);
}

/*
 * Where nobody asked within 30 s the first look has no differences, so there is a second one.
 * A refusal is no failure: there are no processes then.
 */
static int scrape_ask_processes(struct scrape *s, const struct options *options)
{
	int rc = options->processes ? scrape_look(s, options) : 0;
	double dt_ms;

	if (rc || s->messages[SCRAPE_PROCESSES].type != MESSAGE_REPLY ||
		node_number(message_at(&s->messages[SCRAPE_PROCESSES], "dt_ms"), &dt_ms))
		return rc;
	poll(NULL, 0, SCRAPE_PAUSE_MS);
	return scrape_look(s, options);
}

/* The cache holds the schema of this daemon, asked for where it did not. */
static int scrape_refresh(struct scrape *s, struct scrape_cache *cache)
{
	const struct message *hello = &s->messages[SCRAPE_HELLO];
	const char *run = message_text(hello, "run");
	char key[SCRAPE_KEY_MAX];
	int rc;

	snprintf(key, sizeof(key), "%.64s %lld", run ? run : "",
		(long long)message_int(hello, "schema_rev", 0));
	if (run && strcmp(key, cache->key) == 0)
		return 0;
	message_free(&cache->schema);
	cache->schema = (struct message){ 0 };
	cache->key[0] = '\0';
	buf_clear(&cache->text);
	rc = scrape_send(s, scrape_ask_schema);
	if (rc == 0)
		rc = scrape_take(s, &cache->text, &cache->schema);
	if (rc == 0 && cache->schema.type != MESSAGE_REPLY)
		rc = -EPROTO;
	if (rc == 0)
		snprintf(cache->key, sizeof(cache->key), "%s", key);
	return rc;
}

static int scrape_expose(struct scrape *s, const struct options *options,
	struct scrape_cache *cache, struct prom *p)
{
	struct processes applications = { 0 };
	bool shown = s->messages[SCRAPE_PROCESSES].type == MESSAGE_REPLY;
	int rc;

	if (shown) {
		processes_read(&applications, &s->messages[SCRAPE_PROCESSES]);
		processes_make_groups(&applications, processes_sort(options->sort));
	}
	pthread_mutex_lock(&cache->mutex);
	rc = scrape_refresh(s, cache);
	if (rc == 0)
		exposition_write(p,
			&(struct exposition){ .hello = &s->messages[SCRAPE_HELLO],
				.schema = &cache->schema,
				.status = &s->messages[SCRAPE_STATUS],
				.alerts = &s->messages[SCRAPE_ALERTS],
				.sample = &s->messages[SCRAPE_SAMPLE],
				.applications = shown ? &applications : NULL,
				.shown = options->processes });
	pthread_mutex_unlock(&cache->mutex);
	processes_fini(&applications);
	return rc;
}

static void scrape_free(struct scrape *s)
{
	for (unsigned i = 0; i < SCRAPE_COUNT; i++) {
		message_free(&s->messages[i]);
		buf_fini(&s->texts[i]);
	}
	conn_close(&s->conn);
}

int scrape_write(const struct options *options, struct scrape_cache *cache, struct dial *dial,
	struct prom *p)
{
	struct scrape s = { .conn = { .fd = -1 },
		.deadline_ms = conn_clock_ms() + options->timeout_ms };
	int rc = -ECONNREFUSED, fd;

	for (unsigned i = 0; i < SCRAPE_COUNT; i++)
		buf_init(&s.texts[i], SCRAPE_MAX);
	dial_find(dial, options);
	fd = dial_connect(dial, options->timeout_ms);
	if (fd >= 0) {
		conn_init(&s.conn, fd);
		rc = scrape_ask(&s);
	}
	if (rc == 0)
		rc = scrape_ask_processes(&s, options);
	if (rc == 0)
		rc = scrape_expose(&s, options, cache, p);
	if (rc)
		exposition_write_down(p);
	scrape_free(&s);
	return rc;
}
