/* SPDX-License-Identifier: MIT */
#include "client/complete_live.h"

#include <stdio.h>
#include <string.h>

#include "client/ask.h"
#include "client/columns.h"
#include "client/talk.h"
#include "proto/metric.h"
#include "proto/pattern.h"

#define COMPLETE_TIMEOUT_MS 500 /* whoever pressed the key waits */
#define COMPLETE_MARKS_MAX 1000 /* events, of which the marks are offered */

static void complete_offer_metric(struct buf *out, const struct complete *c, const char *name,
	const char *unit, const char *meaning)
{
	char text[512];

	snprintf(text, sizeof(text), "%s%s%s", unit, *unit ? ", " : "", meaning);
	complete_offer(out, c, name, text);
}

static void complete_table(struct buf *out, const struct complete *c)
{
	char name[PATTERN_MAX];

	for (enum metric_id id = 0; id < METRIC_COUNT; id++) {
		const struct metric *m = &metrics[id];
		const char *scope = scope_name(m->scope);

		if (m->kind == KIND_INPUT || (*scope && c->kind == COMPLETE_SERIES))
			continue;
		snprintf(name, sizeof(name), "%s%s%s", scope, *scope ? ".*." : "", m->name);
		complete_offer_metric(out, c, name, unit_text(m->unit), m->help);
	}
}

static int complete_schema(struct buf *out, const struct complete *c, struct talk *talk)
{
	struct columns all;
	struct message m;
	int rc = talk_reply(talk, "schema", &m);

	if (rc)
		return rc;
	columns_read(&all, &m);
	for (unsigned i = 0; i < all.count; i++)
		complete_offer_metric(
			out, c, all.items[i].name, all.items[i].unit_text, all.items[i].desc);
	columns_fini(&all);
	message_free(&m);
	return 0;
}

/* The events come one by one, and then the reply. */
static int complete_marks(struct buf *out, const struct complete *c, struct talk *talk)
{
	bool more = true;

	while (more) {
		struct message m;
		int rc = talk_next(talk, &m);
		const char *text;

		if (rc)
			return rc;
		text = message_text(&m, "text");
		if (m.type == MESSAGE_EVENT && text && !strpbrk(text, "\t\n"))
			complete_offer(out, c, text, "");
		more = m.type == MESSAGE_EVENT;
		message_free(&m);
	}
	return 0;
}

/* The rows of a schema are asked for by the part, so that few of them come. */
static void complete_request(struct buf *request, const struct complete *c)
{
	static const char *const kinds[] = { "mark" };
	const struct options marks = { .kinds = { kinds[0] }, .kind_count = 1 };
	const struct ask_range all = { .start = ASK_NO_START };
	char pattern[PATTERN_MAX + 4];
	const char *patterns[] = { pattern };
	struct ask_metrics wanted = { patterns, 1 };

	snprintf(pattern, sizeof(pattern), "%.*s**", PATTERN_MAX - 2, c->part);
	if (c->kind == COMPLETE_MARKS)
		ask_events(request, &marks, &all, COMPLETE_MARKS_MAX);
	else
		ask_schema(request, &wanted);
}

/* False when there is no answer. */
static bool complete_ask_daemon(struct buf *out, const struct complete *c)
{
	const struct options options = {
		.socket = c->socket, .timeout_ms = COMPLETE_TIMEOUT_MS, .quiet = true
	};
	struct talk talk = { .options = &options, .conn = { .fd = -1 } };
	int rc;

	buf_init(&talk.out, ASK_MAX);
	rc = talk_reopen(&talk, &options);
	if (rc == 0) {
		complete_request(&talk.out, c);
		rc = talk_send(&talk);
	}
	if (rc == 0)
		rc = talk_hello(&talk);
	if (rc == 0)
		rc = c->kind == COMPLETE_MARKS ? complete_marks(out, c, &talk)
					       : complete_schema(out, c, &talk);
	talk_close(&talk);
	return rc == 0;
}

void complete_ask(struct buf *out, const struct complete *c)
{
	bool names = c->kind == COMPLETE_FIELDS || c->kind == COMPLETE_SERIES;

	if (!names && c->kind != COMPLETE_MARKS)
		return;
	if (names && *c->part && (!pattern_is_valid(c->part) || !pattern_is_exact(c->part)))
		return;
	if ((c->host || !complete_ask_daemon(out, c)) && names)
		complete_table(out, c);
}
