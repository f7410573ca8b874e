/* SPDX-License-Identifier: MIT */
#include "daemon/process_stream.h"

#include <stdio.h>
#include <string.h>

#include "proto/alloc.h"

/* ---- the stream ---- */

struct process_stream {
	struct subscription sub; /* first */
	struct survey_view *view;
	uint64_t rev; /* of the answer that was sent last */
};

static const struct stream_kind process_kind;

unsigned process_stream_ticks(const struct hub *hub, const struct request *r)
{
	unsigned base_ms = hub->timeline.base_ms;

	return ((unsigned)r->interval_ms + base_ms - 1) / base_ms;
}

struct subscription *process_stream_new(
	struct hub *hub, const struct request *r, const char *name, struct roster_query *query)
{
	struct process_stream *s = xcalloc(1, sizeof(*s));

	subscription_init(&s->sub, &process_kind, hub, r, name);
	s->view = survey_view_get(hub->survey, query, process_stream_ticks(hub, r));
	if (!s->view->body)
		survey_ask(hub->survey, s->view);
	return &s->sub;
}

uint64_t process_stream_interval(const struct subscription *sub)
{
	return (uint64_t)((const struct process_stream *)sub)->view->ticks *
		sub->hub->timeline.base_ms;
}

static bool process_pull(struct subscription *sub, struct batch *batch)
{
	struct process_stream *s = (struct process_stream *)sub;

	if (!s->view->body || s->rev == s->view->rev)
		return false;
	s->rev = s->view->rev;
	subscription_say(sub, batch, s->view->body);
	return true;
}

static void process_put_cursor(const struct subscription *sub, struct json *j)
{
	json_kv_uint(j, "seq", history_head(sub->hub->timeline.history));
}

static uint64_t process_behind(const struct subscription *sub)
{
	const struct process_stream *s = (const struct process_stream *)sub;

	return s->view->rev - s->rev;
}

static void process_stream_free(struct subscription *sub)
{
	survey_view_put(sub->hub->survey, ((struct process_stream *)sub)->view);
	free(sub);
}

static const struct stream_kind process_kind = { STREAM_PROCESSES, "processes", process_pull,
	process_put_cursor, process_behind, process_stream_free };

/* ---- the answer ---- */

struct process_answer {
	struct answer answer; /* first */
	struct hub *hub;
	struct survey_view *view;
	uint64_t rev; /* that answers */
	char id[REQUEST_ID_TEXT_MAX];
};

static bool process_answer_ready(const struct answer *answer)
{
	const struct process_answer *a = (const struct process_answer *)answer;

	return a->view->rev >= a->rev;
}

static bool process_answer_pull(struct answer *answer, struct batch *batch)
{
	struct process_answer *a = (struct process_answer *)answer;
	struct buf *out = batch_own_begin(batch);
	size_t since = out->len;

	buf_puts(out, "{\"type\":\"reply\",\"id\":");
	buf_puts(out, a->id);
	buf_puts(out, ",\"op\":\"processes\",");
	batch_own_end(batch, since);
	batch_add(batch, a->view->body, 0, a->view->body->text.len);
	batch->lines++;
	return false;
}

static void process_answer_free(struct answer *answer)
{
	struct process_answer *a = (struct process_answer *)answer;

	survey_view_put(a->hub->survey, a->view);
	free(a);
}

struct answer *process_answer_new(
	struct hub *hub, const struct request *r, struct roster_query *query)
{
	struct process_answer *a = xcalloc(1, sizeof(*a));

	a->answer = (struct answer){ process_answer_pull, process_answer_free, r->close,
		process_answer_ready };
	a->hub = hub;
	snprintf(a->id, sizeof(a->id), "%s", r->id);
	a->view = survey_view_get(hub->survey, query, 0);
	a->rev = survey_ask(hub->survey, a->view);
	return &a->answer;
}
