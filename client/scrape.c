/* SPDX-License-Identifier: MIT */
#include "client/scrape.h"

#include <errno.h>
#include <string.h>

#include "client/ask.h"
#include "client/conn.h"
#include "client/exposition.h"

enum scrape_answer {
	SCRAPE_HELLO,
	SCRAPE_SCHEMA,
	SCRAPE_STATUS,
	SCRAPE_ALERTS,
	SCRAPE_GET,
	SCRAPE_SAMPLE, /* the object inside that of get */
	SCRAPE_COUNT
};

/* The answers, each with the text that it points into. */
struct scrape {
	struct conn conn;
	struct message messages[SCRAPE_COUNT];
	struct buf texts[SCRAPE_COUNT];
	int64_t deadline_ms;
};

static int scrape_keep(struct scrape *s, enum scrape_answer which, const char *text, size_t n)
{
	struct buf *copy = &s->texts[which];

	buf_add(copy, text, n);
	buf_add(copy, "", 1);
	if (!buf_ok(copy) || message_parse(&s->messages[which], copy->data, n) < 0)
		return -EPROTO;
	return 0;
}

/* The next answer, which may be a refusal. */
static int scrape_take(struct scrape *s, enum scrape_answer which)
{
	char *line;
	size_t n;
	int rc = conn_line(&s->conn, &line, &n, s->deadline_ms);

	if (rc <= 0)
		return rc < 0 ? rc : -EPIPE;
	rc = scrape_keep(s, which, line, n);
	if (rc == 0 && s->messages[which].type != MESSAGE_REPLY)
		return which == SCRAPE_GET ? -EAGAIN : -EPROTO;
	return rc;
}

static int scrape_ask(struct scrape *s)
{
	static const struct ask_metrics every;
	struct buf out;
	const char *start;
	size_t n;
	int rc;

	buf_init(&out, ASK_MAX);
	ask_hello(&out);
	ask_schema(&out, &every);
	ask_status(&out, false);
	ask_plain(&out, "alerts");
	ask_get(&out, &every);
	rc = conn_send(&s->conn, &out);
	buf_fini(&out);
	for (unsigned i = SCRAPE_HELLO; i <= SCRAPE_GET && rc == 0; i++)
		rc = scrape_take(s, (enum scrape_answer)i);
	if (rc == 0 && !message_span(&s->messages[SCRAPE_GET], "sample", &start, &n))
		rc = -EPROTO;
	return rc ? rc : scrape_keep(s, SCRAPE_SAMPLE, start, n);
}

static void scrape_free(struct scrape *s)
{
	for (unsigned i = 0; i < SCRAPE_COUNT; i++) {
		message_free(&s->messages[i]);
		buf_fini(&s->texts[i]);
	}
	conn_close(&s->conn);
}

int scrape_write(const struct options *options, struct dial *dial, struct prom *p)
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
		exposition_write(p,
			&(struct exposition){ .hello = &s.messages[SCRAPE_HELLO],
				.schema = &s.messages[SCRAPE_SCHEMA],
				.status = &s.messages[SCRAPE_STATUS],
				.alerts = &s.messages[SCRAPE_ALERTS],
				.sample = &s.messages[SCRAPE_SAMPLE] });
	else
		exposition_write_down(p);
	scrape_free(&s);
	return rc;
}
