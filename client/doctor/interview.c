/* SPDX-License-Identifier: MIT */
#include "client/doctor/interview.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "client/ask.h"
#include "client/conn.h"
#include "client/stamp.h"
#include "proto/alloc.h"

static const char *const question_ops[QUESTION_COUNT] = { "hello", "status", "schema", "get" };

static char *interview_copy(const char *text, size_t n)
{
	char *copy = xcalloc(n + 1, 1);

	memcpy(copy, text, n);
	return copy;
}

static void interview_ask(struct buf *out)
{
	const struct ask_metrics all = { NULL, 0 };

	ask_hello(out);
	ask_status(out, false);
	ask_schema(out, &all);
	ask_get(out, &all);
}

static enum question interview_question(const struct message *m)
{
	const char *op = message_text(m, "op");
	enum question q = 0;

	while (q < QUESTION_COUNT && !(op && strcmp(op, question_ops[q]) == 0))
		q++;
	return q;
}

static void interview_note_error(struct interview *i, const struct message *m)
{
	const char *text = message_text(m, "message");

	free(i->error);
	i->error = text ? interview_copy(text, strlen(text)) : NULL;
}

/* Takes one line.  Whether it was the answer to a question. */
static bool interview_take(struct interview *i, const char *line, size_t n)
{
	char *copy = interview_copy(line, n);
	struct message m;
	enum question q;

	if (message_parse(&m, copy, n) < 0) {
		i->end = INTERVIEW_STRANGER;
		free(copy);
		return false;
	}
	q = interview_question(&m);
	if (m.type == MESSAGE_ERROR)
		interview_note_error(i, &m);
	if (q == QUESTION_HELLO)
		i->wall_ms = stamp_now();
	if (q < QUESTION_COUNT && m.type == MESSAGE_REPLY && !i->answers[q].m.root) {
		i->answers[q] = (struct answer){ copy, m };
		return true;
	}
	message_free(&m);
	free(copy);
	return q < QUESTION_COUNT;
}

static void interview_listen(struct interview *i, struct conn *c, int64_t deadline_ms)
{
	for (unsigned open = QUESTION_COUNT; open > 0;) {
		char *line;
		size_t n;
		int rc = conn_line(c, &line, &n, deadline_ms);

		if (rc <= 0) {
			i->end = rc == -ETIMEDOUT ? INTERVIEW_SILENT
				: rc == -EMSGSIZE ? INTERVIEW_STRANGER
						  : INTERVIEW_CLOSED;
			return;
		}
		open -= interview_take(i, line, n);
		if (i->end == INTERVIEW_STRANGER)
			return;
	}
}

void interview_hold(struct interview *i, const struct options *options)
{
	int64_t began_ms = conn_clock_ms();
	struct conn c;
	struct buf out;
	int fd;

	*i = (struct interview){ .end = INTERVIEW_NOBODY };
	dial_find(&i->dial, options);
	fd = dial_connect(&i->dial, options->timeout_ms);
	if (fd < 0)
		return;
	i->end = INTERVIEW_DONE;
	conn_init(&c, fd);
	buf_init(&out, ASK_MAX);
	interview_ask(&out);
	/* Where that fails, what it said before it closed is read all the same. */
	conn_send(&c, &out);
	interview_listen(i, &c, began_ms + options->timeout_ms);
	i->took_ms = conn_clock_ms() - began_ms;
	buf_fini(&out);
	conn_close(&c);
	dial_close(&i->dial);
}

void interview_fini(struct interview *i)
{
	for (enum question q = 0; q < QUESTION_COUNT; q++) {
		message_free(&i->answers[q].m);
		free(i->answers[q].line);
	}
	free(i->error);
	*i = (struct interview){ .end = INTERVIEW_NOBODY };
}

const struct message *interview_get(const struct interview *i, enum question question)
{
	return &i->answers[question].m;
}
