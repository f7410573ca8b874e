/* SPDX-License-Identifier: MIT */
#include "client/talk.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "client/ask.h"
#include "client/report.h"
#include "client/suggest.h"
#include "proto/duration.h"

#define TALK_TEXT_MAX 512 /* of what the daemon says of an error */

static void talk_begin(struct talk *t, int fd)
{
	conn_init(&t->conn, fd);
	buf_clear(&t->out);
	ask_hello(&t->out);
}

int talk_open(struct talk *t, const struct options *options)
{
	int fd;

	*t = (struct talk){ .options = options, .conn = { .fd = -1 } };
	buf_init(&t->out, ASK_MAX);
	dial_find(&t->dial, options);
	fd = dial_connect(&t->dial, options->timeout_ms);
	if (fd < 0)
		return dial_report(&t->dial);
	talk_begin(t, fd);
	return 0;
}

int talk_reopen(struct talk *t, const struct options *options)
{
	int fd;

	conn_close(&t->conn);
	dial_close(&t->dial);
	dial_find(&t->dial, options);
	fd = dial_connect(&t->dial, options->timeout_ms);
	if (fd < 0)
		return -1;
	talk_begin(t, fd);
	return 0;
}

void talk_close(struct talk *t)
{
	conn_close(&t->conn);
	dial_close(&t->dial);
	buf_fini(&t->out);
	message_free(&t->hello);
}

int talk_send(struct talk *t)
{
	int rc;

	if (!buf_ok(&t->out))
		return report_error(EXIT_FAILED, "the request is too long");
	rc = conn_send(&t->conn, &t->out);
	buf_clear(&t->out);
	/* A daemon that closes at once (too many clients) has said why: that is read next. */
	if (rc == 0 || rc == -EPIPE || rc == -ECONNRESET)
		return 0;
	if (rc == -ETIMEDOUT)
		return report_error(EXIT_TIMEOUT, "actopd takes no request");
	return report_error(EXIT_FAILED, "cannot send to actopd: %s", strerror(-rc));
}

int talk_ended(struct talk *t)
{
	conn_close(&t->conn);
	if (t->dial.child > 0 && !t->hello.root)
		return dial_report_remote(&t->dial);
	return report_error(EXIT_FAILED, "actopd closed the connection");
}

static int talk_next_failed(struct talk *t, int rc)
{
	const char *path = t->dial.attempts[t->dial.chosen].path;

	if (rc == 0)
		return talk_ended(t);
	if (rc == -ETIMEDOUT)
		return report_error(EXIT_TIMEOUT, "no answer from %s within %.10g s", path,
			(double)t->options->timeout_ms / 1000);
	if (rc == -EMSGSIZE)
		return report_error(EXIT_FAILED,
			"%s sent a line longer than %d bytes: that is no actopd", path,
			CONN_LINE_MAX);
	return report_error(EXIT_FAILED, "cannot read from actopd: %s", strerror(-rc));
}

int talk_next(struct talk *t, struct message *m)
{
	char *line;
	size_t n;
	int rc = conn_line(&t->conn, &line, &n, conn_clock_ms() + t->options->timeout_ms);

	if (rc <= 0)
		return talk_next_failed(t, rc);
	if (message_parse(m, line, n) < 0)
		return report_error(EXIT_FAILED,
			"%s sent a line that is no JSON object: that is no actopd, or it is "
			"broken",
			t->dial.attempts[t->dial.chosen].path);
	return 0;
}

/* An error line names its op, unless it is about the connection or an unreadable request. */
static bool talk_is_answer(const struct message *m, const char *op)
{
	const char *of = message_text(m, "op");

	if (m->type != MESSAGE_ERROR && m->type != MESSAGE_REPLY)
		return false;
	return of ? strcmp(of, op) == 0 : m->type == MESSAGE_ERROR;
}

int talk_answer(struct talk *t, const char *op, struct message *m)
{
	for (;;) {
		int rc = talk_next(t, m);

		if (rc || talk_is_answer(m, op))
			return rc;
		rc = m->type == MESSAGE_BYE;
		message_free(m);
		if (rc)
			return report_error(EXIT_UNREACHABLE, "actopd is stopping");
	}
}

int talk_reply(struct talk *t, const char *op, struct message *m)
{
	int rc = talk_answer(t, op, m);

	if (rc || m->type == MESSAGE_REPLY)
		return rc;
	rc = talk_refusal(t, m);
	message_free(m);
	return rc;
}

int talk_hello(struct talk *t)
{
	int rc;

	message_free(&t->hello);
	rc = talk_reply(t, "hello", &t->hello);
	if (rc)
		return rc;
	/* The line goes with the next one; what was parsed stays. */
	t->hello.line = NULL;
	if (message_int(&t->hello, "proto", 0) == 1)
		return 0;
	return report_error(EXIT_PROTOCOL, "actopd speaks protocol %lld, this actopctl only 1",
		(long long)message_int(&t->hello, "proto", 0));
}

struct talk_code {
	const char *code;
	int exit;
};

static const struct talk_code talk_codes[] = {
	{ "unsupported_version", EXIT_PROTOCOL },
	{ "unknown_metric", EXIT_NOTHING },
	{ "gone", EXIT_NOTHING },
	{ "denied", EXIT_DENIED },
	{ "not_ready", EXIT_TIMEOUT },
	{ "shutting_down", EXIT_UNREACHABLE },
	{ "bad_value", EXIT_USAGE },
	{ "conflict", EXIT_USAGE },
};

static int talk_exit(const char *code)
{
	for (size_t i = 0; i < sizeof(talk_codes) / sizeof(*talk_codes); i++)
		if (strcmp(code, talk_codes[i].code) == 0)
			return talk_codes[i].exit;
	return EXIT_FAILED;
}

/* Members of requests, and what they are called on the command line. */
static const struct {
	const char *field, *option;
} talk_fields[] = {
	{ "interval_ms", "--interval" },
	{ "step_ms", "--step" },
	{ "agg", "--agg" },
	{ "metrics", "--fields" },
	{ "since_ms", "--since" },
	{ "last_ms", "--since" },
	{ "until_ms", "--until" },
	{ "count", "--lines" },
	{ "after", "--cursor-file" },
	{ "clients", "--clients" },
	{ "boot", "--boot" },
	{ "from_mark", "--between" },
	{ "to_mark", "--between" },
	{ "kinds", "--kinds" },
	{ "text", "TEXT" },
	{ "match", "--match" },
	{ "user", "--user" },
	{ "limit", "--lines" },
};

static const char *talk_option(const char *field)
{
	for (size_t i = 0; field && i < sizeof(talk_fields) / sizeof(*talk_fields); i++)
		if (strcmp(field, talk_fields[i].field) == 0)
			return talk_fields[i].option;
	return field;
}

/* Offers a metric that is called something like name. */
static int talk_unknown_metric(struct talk *t, const char *name)
{
	const struct ask_metrics all = { NULL, 0 };
	struct suggest guess;
	struct message m;

	buf_clear(&t->out);
	ask_schema(&t->out, &all);
	if (talk_send(t) || talk_answer(t, "schema", &m))
		return report_error(EXIT_NOTHING, "no metric \"%s\"; see actopctl info", name);
	suggest_begin(&guess, name);
	for (const struct node *row = node_first(message_at(&m, "metrics")); row;
		row = node_next(row)) {
		const char *known = node_text(node_get(row, "name"));

		if (known)
			suggest_offer(&guess, known);
	}
	if (guess.guess)
		report_error(0, "no metric \"%s\" (did you mean %s?)", name, guess.guess);
	else
		report_error(0, "no metric \"%s\"; see actopctl info", name);
	message_free(&m);
	return EXIT_NOTHING;
}

/* A mark or a boot that is not there is nothing found, not a wrong usage. */
static bool talk_names_nothing(const char *field)
{
	return field &&
		(strcmp(field, "from_mark") == 0 || strcmp(field, "to_mark") == 0 ||
			strcmp(field, "boot") == 0);
}

/* Of two marks the one. */
static const char *talk_which(const char *field)
{
	if (strcmp(field, "from_mark") == 0)
		return "the first mark: ";
	return strcmp(field, "to_mark") == 0 ? "the second mark: " : "";
}

/* The daemon counts in ms; people are told in the grammar in which they write. */
static void talk_say_times(char to[TALK_TEXT_MAX], const char *field, const char *text)
{
	char least[DURATION_TEXT_MAX], most[DURATION_TEXT_MAX];
	unsigned long long low, high;
	size_t length = field ? strlen(field) : 0;
	int end = 0;

	snprintf(to, TALK_TEXT_MAX, "%s", text);
	if (length < 3 || strcmp(field + length - 3, "_ms") != 0 ||
		sscanf(text, "must be within %llu and %llu%n", &low, &high, &end) != 2 ||
		text[end])
		return;
	snprintf(to, TALK_TEXT_MAX, "must be from %s to %s", duration_format(least, low),
		duration_format(most, high));
}

int talk_refusal(struct talk *t, const struct message *m)
{
	const char *code = message_text(m, "code"), *text = message_text(m, "message");
	const char *option = talk_option(message_text(m, "field"));
	char name[SUGGEST_WORD_MAX * 2], said[TALK_TEXT_MAX];

	code = code ? code : "error";
	if (strcmp(code, "unknown_metric") == 0 && message_text(m, "name")) {
		snprintf(name, sizeof(name), "%.*s", (int)sizeof(name) - 1,
			message_text(m, "name"));
		return talk_unknown_metric(t, name);
	}
	if (strcmp(code, "unsupported_version") == 0)
		return report_error(EXIT_PROTOCOL,
			"%s; this actopctl speaks 1: update one of them", text ? text : code);
	if (strcmp(code, "bad_value") == 0 && talk_names_nothing(message_text(m, "field")))
		return report_error(EXIT_NOTHING, "%s%s", talk_which(message_text(m, "field")),
			text ? text : code);
	talk_say_times(said, message_text(m, "field"), text ? text : code);
	return report_error(
		talk_exit(code), "%s%s%s", option ? option : "", option ? ": " : "", said);
}
