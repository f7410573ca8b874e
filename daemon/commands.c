/* SPDX-License-Identifier: MIT */
#include "daemon/commands.h"

#include <stdio.h>
#include <string.h>

#include "daemon/choose.h"
#include "daemon/bill.h"
#include "daemon/chronicle.h"
#include "daemon/describe.h"
#include "daemon/event.h"
#include "daemon/event_page.h"
#include "daemon/event_stream.h"
#include "daemon/page.h"
#include "daemon/process_command.h"
#include "daemon/reply.h"
#include "daemon/sample_stream.h"
#include "daemon/session.h"
#include "daemon/start.h"
#include "proto/alloc.h"
#include "proto/json.h"

/* ---- errors ---- */

static bool fail(struct session *s, const struct request *r, const struct request_error *error)
{
	session_fail(s, r, error);
	return false;
}

static bool fail_metric(struct session *s, const struct request *r, const char *name)
{
	struct request_error error = request_error_make(ERROR_UNKNOWN_METRIC);

	error.field = "metrics";
	error.name = name;
	return fail(s, r, &error);
}

static bool fail_not_ready(struct session *s, const struct request *r)
{
	struct request_error error = request_error_make(ERROR_NOT_READY);

	error.retry_ms = s->hub->timeline.base_ms;
	return fail(s, r, &error);
}

/* Chooses the view that the request asks for; false when it fails, and there is none. */
static bool choose_or_fail(
	struct session *s, const struct request *r, int64_t interval_ms, struct view_spec *spec)
{
	const char *missing = choose_view(&s->hub->timeline, r, interval_ms, spec);

	if (missing)
		return fail_metric(s, r, missing);
	if (view_fits(&s->hub->timeline, spec))
		return true;
	free(spec->columns);
	session_fail_length(s, r);
	return false;
}

/* ---- hello, schema, get ---- */

static bool speaks_our_version(const struct request *r)
{
	bool found = r->proto.count == 0;

	for (unsigned i = 0; i < r->proto.count; i++)
		found = found || r->proto.items[i] == 1;
	return found;
}

static bool command_hello(struct session *s, const struct request *r)
{
	struct request_error error = request_error_make(ERROR_UNSUPPORTED_VERSION);
	struct json j;

	error.supported = true;
	if (!speaks_our_version(r))
		return fail(s, r, &error);
	if (r->client)
		snprintf(s->client, sizeof(s->client), "%s", r->client);
	reply_begin(s, r, &j);
	describe_daemon(s->hub, &j);
	return reply_end(&j);
}

static bool command_schema(struct session *s, const struct request *r)
{
	const struct schema *schema = s->hub->timeline.schema;
	struct view_spec spec;
	const char *missing = choose_columns(schema, &r->metrics, &spec);
	struct json j;

	if (missing)
		return fail_metric(s, r, missing);
	reply_begin(s, r, &j);
	json_kv_uint(&j, "schema_rev", schema->rev);
	json_key(&j, "metrics");
	json_array_open(&j);
	for (unsigned i = 0; i < spec.count; i++)
		describe_series(&schema->series[spec.columns[i]], s->hub->layout, &j);
	json_array_close(&j);
	free(spec.columns);
	return reply_end(&j);
}

static bool command_get(struct session *s, const struct request *r)
{
	uint64_t head = history_head(s->hub->timeline.history);
	struct window newest = { head, head, true };
	struct view_spec spec;
	const char *missing = choose_view(&s->hub->timeline, r, 0, &spec);
	struct buf *out = session_out(s);
	struct view *view;
	struct json j;

	if (missing)
		return fail_metric(s, r, missing);
	if (!hub_is_ready(s->hub)) {
		free(spec.columns);
		return fail_not_ready(s, r);
	}
	view = hub_view_get(s->hub, &spec);
	reply_begin(s, r, &j);
	json_key(&j, "sample");
	buf_puts(out, "{");
	view_write(view, &newest, out);
	hub_view_put(s->hub, view);
	if (buf_ok(out))
		out->len--; /* the LF of the line that it would be elsewhere */
	return reply_end(&j);
}

/* ---- subscriptions ---- */

static void name_subscription(struct session *s, char *name, size_t size)
{
	do
		snprintf(name, size, "s%u", ++s->next_name);
	while (session_find(s, name));
}

static struct subscription **free_slot(struct session *s)
{
	for (unsigned i = 0; i < SESSION_SUBS_MAX; i++)
		if (!s->subs[i])
			return &s->subs[i];
	return NULL;
}

/* Whether the names of the request are free and the connection has room. */
static bool may_subscribe(struct session *s, const struct request *r)
{
	struct request_error error = request_error_make(ERROR_SUB_EXISTS);

	if (r->sub && session_find(s, r->sub)) {
		error.sub = r->sub;
		return fail(s, r, &error);
	}
	if (!free_slot(s)) {
		error = request_error_make(ERROR_LIMIT);
		error.limit = "max_subs";
		error.max = SESSION_SUBS_MAX;
		return fail(s, r, &error);
	}
	return true;
}

static void reply_subscribed(struct session *s, const struct request *r,
	const struct subscription *sub, const struct start *start)
{
	const struct timeline *t = &s->hub->timeline;
	const struct view *view = sample_stream_view(sub);
	struct json j;

	reply_begin(s, r, &j);
	json_kv_string(&j, "sub", sub->name);
	json_kv_string(&j, "epoch", t->epoch);
	json_kv_uint(&j, "from_seq", (start->gap.to ? start->gap.to : start->cursor) + 1);
	json_kv_uint(&j, "head_seq", history_head(t->history));
	json_kv_uint(&j, "interval_ms", view_spec(view)->ticks * t->base_ms);
	view_write_names(view, &j);
	reply_end(&j);
}

/* Without a start point: the newest complete window first, or only what comes. */
static void start_unasked(struct session *s, const struct request *r,
	const struct view_spec *spec, struct start *start)
{
	struct history *h = s->hub->timeline.history;
	struct view_spec borrowed = *spec;
	struct view *view;

	start->cursor = history_head(h);
	if (!r->snapshot)
		return;
	borrowed.columns = xcalloc(spec->count, sizeof(*spec->columns));
	memcpy(borrowed.columns, spec->columns, spec->count * sizeof(*spec->columns));
	view = hub_view_get(s->hub, &borrowed);
	start->cursor = view_before_newest(view);
	if (start->cursor + 1 < s->hub->first_seq)
		start->cursor = s->hub->first_seq - 1;
	hub_view_put(s->hub, view);
}

static bool subscribe_samples(struct session *s, const struct request *r, const char *name)
{
	struct request_error error;
	struct gone_text gone;
	struct view_spec spec;
	struct start start;
	struct subscription **slot = free_slot(s);

	if (!choose_or_fail(s, r, r->interval_ms, &spec))
		return false;
	if (!start_resolve(s->hub, r, &start, &error, &gone)) {
		free(spec.columns);
		return fail(s, r, &error);
	}
	if (!start_is_given(r))
		start_unasked(s, r, &spec, &start);
	*slot = sample_stream_new(s->hub, r, name, &start, &spec);
	reply_subscribed(s, r, *slot, &start);
	return true;
}

static void reply_subscribed_events(struct session *s, const struct request *r,
	const struct subscription *sub, const struct start *start)
{
	struct json j;

	reply_begin(s, r, &j);
	json_kv_string(&j, "sub", sub->name);
	json_kv_string(&j, "epoch", s->hub->timeline.epoch);
	json_kv_uint(&j, "from_eseq", (start->gap.to ? start->gap.to : start->cursor) + 1);
	json_kv_uint(&j, "head_eseq", events_head(s->hub->events));
	json_key(&j, "kinds");
	json_array_open(&j);
	for (unsigned kind = 0; kind < EVENT_COUNT; kind++)
		if (r->kinds >> kind & 1)
			json_string(&j, event_words[kind]);
	json_array_close(&j);
	reply_end(&j);
}

static bool subscribe_events(struct session *s, const struct request *r, const char *name)
{
	struct request_error error;
	struct gone_text gone;
	struct start start;
	struct subscription **slot = free_slot(s);

	if (!start_resolve_events(s->hub, r, &start, &error, &gone))
		return fail(s, r, &error);
	if (!start_is_given(r))
		start.cursor = events_head(s->hub->events);
	*slot = event_stream_new(s->hub, r, name, &start);
	reply_subscribed_events(s, r, *slot, &start);
	return true;
}

static bool subscribe_processes(struct session *s, const struct request *r, const char *name)
{
	return process_command_subscribe(s, r, name, free_slot(s));
}

static bool command_subscribe(struct session *s, const struct request *r)
{
	static bool (*const subscribe[STREAM_COUNT])(
		struct session *, const struct request *, const char *) = {
		[STREAM_SAMPLES] = subscribe_samples,
		[STREAM_EVENTS] = subscribe_events,
		[STREAM_PROCESSES] = subscribe_processes,
	};
	char name[REQUEST_SUB_MAX + 1];

	if (!may_subscribe(s, r))
		return false;
	if (r->sub)
		snprintf(name, sizeof(name), "%s", r->sub);
	else
		name_subscription(s, name, sizeof(name));
	return subscribe[r->stream](s, r, name);
}

static bool command_unsubscribe(struct session *s, const struct request *r)
{
	struct subscription *sub = session_find(s, r->sub);
	struct request_error error = request_error_make(ERROR_UNKNOWN_SUB);
	struct json j;

	error.sub = r->sub;
	if (!sub)
		return fail(s, r, &error);
	session_drop(s, sub);
	reply_begin(s, r, &j);
	json_kv_string(&j, "sub", r->sub);
	return reply_end(&j);
}

/* ---- history ---- */

static bool command_history(struct session *s, const struct request *r)
{
	struct request_error error;
	struct gone_text gone;
	struct view_spec spec;
	struct reach reach;

	if (!choose_or_fail(s, r, r->step_ms, &spec))
		return false;
	if (!reach_resolve(s->hub, r, &reach, &error, &gone)) {
		free(spec.columns);
		return fail(s, r, &error);
	}
	s->answer = page_new(s->hub, r, &reach, &spec);
	return true;
}

/* ---- events ---- */

static bool command_events(struct session *s, const struct request *r)
{
	struct request_error error;
	struct gone_text gone;
	struct start start;

	if (!start_resolve_events(s->hub, r, &start, &error, &gone))
		return fail(s, r, &error);
	s->answer = event_page_new(s->hub, r, &start);
	return true;
}

static bool command_alerts(struct session *s, const struct request *r)
{
	struct json j;

	reply_begin(s, r, &j);
	describe_alerts(s->hub, &j);
	if (s->hub->alerts)
		describe_rules(s->hub->alerts, &j);
	return reply_end(&j);
}

static bool command_mark(struct session *s, const struct request *r)
{
	struct request_error error = request_error_make(ERROR_DENIED);
	uint64_t eseq;
	int64_t ts_ms;
	struct json j;

	error.message = "marks are for the owner, root and members of the daemon's group";
	if (!s->trusted && !s->member)
		return fail(s, r, &error);
	eseq = chronicle_mark(s->hub, r->text, &ts_ms);
	reply_begin(s, r, &j);
	json_kv_uint(&j, "eseq", eseq);
	json_kv_uint(&j, "seq", history_head(s->hub->timeline.history));
	json_kv_int(&j, "ts_ms", ts_ms);
	return reply_end(&j);
}

static bool command_energy(struct session *s, const struct request *r)
{
	struct buf *out = session_out(s);
	size_t before = out->len;
	struct request_error error;
	struct json j;

	if (!hub_is_ready(s->hub))
		return fail_not_ready(s, r);
	reply_begin(s, r, &j);
	if (bill_write(s->hub, r, &j, &error))
		return reply_end(&j);
	out->len = before;
	return fail(s, r, &error);
}

/* ---- the rest ---- */

/* As many as one line holds: names are the clients' own, and would be a way to hide. */
static void put_clients(
	const struct hub *hub, const struct buf *out, size_t end, struct json *j)
{
	int64_t now_ms = hub_now_mono_ms(hub);
	uint64_t left_out = 0;

	json_key(j, "list");
	json_array_open(j);
	for (const struct session *other = hub->sessions; other; other = other->next) {
		if (out->len + SESSION_DESCRIBED_MAX < end)
			session_describe(other, now_ms, j);
		else
			left_out++;
	}
	json_array_close(j);
	if (left_out)
		json_kv_uint(j, "left_out", left_out);
}

static bool command_status(struct session *s, const struct request *r)
{
	struct request_error error = request_error_make(ERROR_DENIED);
	size_t end = session_out(s)->len + VIEW_LINE_MAX - SESSION_DESCRIBED_MAX;
	struct json j;

	error.message = "the client list is for the owner and root";
	error.field = "clients";
	if (r->clients && !s->trusted)
		return fail(s, r, &error);
	reply_begin(s, r, &j);
	describe_status(s->hub, &j);
	if (r->clients)
		put_clients(s->hub, session_out(s), end, &j);
	return reply_end(&j);
}

static bool command_ping(struct session *s, const struct request *r)
{
	struct instant now;
	struct json j;

	s->hub->shell.now(s->hub->shell.arg, &now);
	reply_begin(s, r, &j);
	json_kv_string(&j, "epoch", s->hub->timeline.epoch);
	json_kv_uint(&j, "head_seq", history_head(s->hub->timeline.history));
	json_kv_int(&j, "ts_ms", now.wall_ms);
	json_kv_uint(&j, "mono_ms", now.mono_ns / 1000000);
	return reply_end(&j);
}

static bool command_bye(struct session *s, const struct request *r)
{
	struct json j;

	reply_begin(s, r, &j);
	reply_end(&j);
	s->deaf = true;
	s->over = true;
	return true;
}

static bool (*const handlers[OP_COUNT])(struct session *, const struct request *) = {
	[OP_HELLO] = command_hello,
	[OP_GET] = command_get,
	[OP_SCHEMA] = command_schema,
	[OP_SUBSCRIBE] = command_subscribe,
	[OP_UNSUBSCRIBE] = command_unsubscribe,
	[OP_HISTORY] = command_history,
	[OP_EVENTS] = command_events,
	[OP_ALERTS] = command_alerts,
	[OP_MARK] = command_mark,
	[OP_ENERGY] = command_energy,
	[OP_PROCESSES] = process_command_answer,
	[OP_STATUS] = command_status,
	[OP_PING] = command_ping,
	[OP_BYE] = command_bye,
};

bool commands_has(enum op op)
{
	return handlers[op] != NULL;
}

bool commands_execute(struct session *s, const struct request *r)
{
	struct request_error error = request_error_make(ERROR_UNKNOWN_OP);

	error.message = "this daemon does not have that op";
	return handlers[r->op] ? handlers[r->op](s, r) : fail(s, r, &error);
}
