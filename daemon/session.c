/* SPDX-License-Identifier: MIT */
#include "daemon/session.h"

#include <assert.h>
#include <string.h>

#include "daemon/commands.h"
#include "proto/alloc.h"
#include "proto/json.h"

struct session *session_new(struct hub *hub, uid_t uid, pid_t pid, bool trusted)
{
	struct session *s = xcalloc(1, sizeof(*s));

	s->hub = hub;
	s->cid = hub->next_cid++;
	s->uid = uid;
	s->pid = pid;
	s->trusted = trusted;
	s->since_mono_ms = hub_now_mono_ms(hub);
	line_init(&s->in, LINE_REQUEST_MAX);
	s->next = hub->sessions;
	s->link = &hub->sessions;
	if (s->next)
		s->next->link = &s->next;
	hub->sessions = s;
	hub->counters.accepted++;
	if (++hub->session_count > hub->counters.peak)
		hub->counters.peak = hub->session_count;
	return s;
}

void session_free(struct session *s)
{
	*s->link = s->next;
	if (s->next)
		s->next->link = s->link;
	s->hub->session_count--;
	for (unsigned i = 0; i < SESSION_SUBS_MAX; i++)
		if (s->subs[i])
			subscription_free(s->subs[i]);
	if (s->answer)
		s->answer->free(s->answer);
	body_unref(s->replies);
	line_fini(&s->in);
	free(s);
}

struct buf *session_out(struct session *s)
{
	if (!s->replies)
		s->replies = body_new(SESSION_REPLIES_MAX);
	return &s->replies->text;
}

/* Nothing more is read; what is there is still sent. */
static void session_end(struct session *s)
{
	s->deaf = true;
	s->over = true;
}

void session_fail(struct session *s, const struct request *r, const struct request_error *error)
{
	request_error_write(session_out(s), r, error);
	if (error->fatal)
		session_end(s);
}

void session_dismiss(struct session *s, const char *reason, const char *message)
{
	struct json j;

	if (s->said_bye)
		return;
	json_init(&j, session_out(s));
	json_object_open(&j);
	json_kv_string(&j, "type", "bye");
	json_kv_string(&j, "reason", reason);
	json_kv_string(&j, "message", message);
	json_object_close(&j);
	buf_puts(session_out(s), "\n");
	s->said_bye = true;
	session_end(s);
}

struct subscription *session_find(const struct session *s, const char *name)
{
	for (unsigned i = 0; i < SESSION_SUBS_MAX; i++)
		if (s->subs[i] && strcmp(s->subs[i]->name, name) == 0)
			return s->subs[i];
	return NULL;
}

static bool session_subscribes(const struct session *s)
{
	for (unsigned i = 0; i < SESSION_SUBS_MAX; i++)
		if (s->subs[i])
			return true;
	return false;
}

void session_drop(struct session *s, struct subscription *sub)
{
	for (unsigned i = 0; i < SESSION_SUBS_MAX; i++)
		if (s->subs[i] == sub)
			s->subs[i] = NULL;
	if (s->last == sub)
		session_end(s);
	subscription_free(sub);
}

/* ---- requests ---- */

void session_fail_length(struct session *s, const struct request *r)
{
	struct request_error error = request_error_make(ERROR_LIMIT);

	error.message = "the answer is too long for one line; ask for fewer metrics";
	error.limit = "max_line_out";
	error.max = VIEW_LINE_MAX;
	session_fail(s, r, &error);
}

/* A line of more than VIEW_LINE_MAX is taken back and replaced by an error that says what to
 * do. */
static void session_check_length(struct session *s, const struct request *r, size_t before)
{
	struct buf *out = session_out(s);

	if (buf_ok(out) && out->len - before <= VIEW_LINE_MAX)
		return;
	out->len = before;
	out->overflow = false;
	session_fail_length(s, r);
}

static void session_refuse(struct session *s, struct request *r)
{
	struct request_error error = r->error;
	char ref[HUB_REF_MAX];

	if (error.code == ERROR_INTERNAL) {
		hub_report_fault(s->hub, "a valid request could not be read", ref);
		error.ref = ref;
	}
	s->hub->counters.bad_lines += error.code == ERROR_BAD_JSON;
	if (error.code == ERROR_BAD_JSON && ++s->bad_lines >= SESSION_BAD_LINES_MAX)
		error.fatal = true;
	session_fail(s, r, &error);
}

/* With close:true the connection ends behind this request, or behind what it started. */
static void session_close_after(struct session *s, bool subscribed)
{
	s->deaf = true;
	for (unsigned i = 0; subscribed && i < SESSION_SUBS_MAX; i++)
		if (s->subs[i] && (!s->last || s->subs[i]->serial > s->last->serial))
			s->last = s->subs[i];
	if (!s->last && !s->answer)
		s->over = true;
}

static void session_execute(struct session *s, const char *line, size_t len)
{
	struct request r;
	size_t before = session_out(s)->len;
	bool subscribed = false;

	s->hub->counters.lines_in++;
	request_parse(&r, line, len);
	if (r.error.code != ERROR_NONE) {
		session_refuse(s, &r);
	} else if (s->hub->stopping) {
		r.error = request_error_make(ERROR_SHUTTING_DOWN);
		session_fail(s, &r, &r.error);
	} else {
		subscribed = commands_execute(s, &r) && r.op == OP_SUBSCRIBE;
		session_check_length(s, &r, before);
	}
	if (r.close && !s->over)
		session_close_after(s, subscribed);
	request_fini(&r);
}

static void session_too_long(struct session *s)
{
	struct request_error error = request_error_make(ERROR_LINE_TOO_LONG);

	error.max = LINE_REQUEST_MAX;
	s->hub->counters.bad_lines++;
	session_fail(s, NULL, &error);
}

bool session_wants_bytes(const struct session *s)
{
	return !s->deaf && !s->eof && !s->answer &&
		(!s->replies || s->replies->text.len <= SESSION_REPLIES_HIGH);
}

static bool session_may_execute(const struct session *s)
{
	return !s->deaf && !s->answer &&
		(!s->replies || s->replies->text.len <= SESSION_REPLIES_HIGH);
}

bool session_run(struct session *s)
{
	char *line;
	size_t len;

	for (unsigned i = 0; i < SESSION_REQUESTS_A_RUN && session_may_execute(s); i++) {
		enum line_status status = line_next(&s->in, &line, &len);

		if (status == LINE_NONE) {
			s->over = s->over || (s->eof && !session_subscribes(s));
			return false;
		}
		if (status == LINE_TOO_LONG)
			session_too_long(s);
		else
			session_execute(s, line, len);
	}
	return session_may_execute(s);
}

void session_feed(struct session *s, const char *data, size_t len)
{
	if (!s->deaf)
		line_feed(&s->in, data, len);
}

void session_eof(struct session *s)
{
	s->eof = true;
	line_eof(&s->in);
	if (s->deaf && !session_subscribes(s) && !s->answer)
		s->over = true;
}

/* ---- what is sent ---- */

static void pull_replies(struct session *s, struct batch *batch)
{
	if (!s->replies)
		return;
	if (s->replies->text.len) {
		batch_add(batch, s->replies, 0, s->replies->text.len);
		batch->lines++;
	}
	body_unref(s->replies);
	s->replies = NULL;
}

/* An answer that waits for something holds up the requests behind it, and nothing else. */
static bool answer_waits(const struct session *s)
{
	return s->answer && s->answer->ready && !s->answer->ready(s->answer);
}

static void pull_answer(struct session *s, struct batch *batch)
{
	while (s->answer && !answer_waits(s) && !batch_is_full(batch)) {
		if (s->answer->pull(s->answer, batch))
			continue;
		if (s->answer->close)
			session_end(s);
		s->answer->free(s->answer);
		s->answer = NULL;
	}
}

/* One line of the subscription whose turn it is; false when none of them has any. */
static bool pull_turn(struct session *s, struct batch *batch, int64_t now_ms)
{
	for (unsigned i = 0; i < SESSION_SUBS_MAX; i++) {
		struct subscription *sub = s->subs[s->turn];

		s->turn = (s->turn + 1) % SESSION_SUBS_MAX;
		if (!sub || !subscription_pull(sub, batch, now_ms))
			continue;
		if (subscription_is_over(sub))
			session_drop(s, sub);
		return true;
	}
	return false;
}

bool session_needs_clock(const struct session *s)
{
	bool needs = (s->eof || s->deaf) && session_subscribes(s);

	for (unsigned i = 0; i < SESSION_SUBS_MAX; i++)
		needs = needs || (s->subs[i] && s->subs[i]->heartbeat_ms);
	return needs;
}

/* Up to here each subscription of samples has got, or was told of, everything. */
static uint64_t session_cursor(const struct session *s)
{
	uint64_t head = history_head(s->hub->timeline.history), behind = 0;

	for (unsigned i = 0; i < SESSION_SUBS_MAX; i++) {
		const struct subscription *sub = s->subs[i];

		if (sub && sub->kind->stream == STREAM_SAMPLES &&
			sub->kind->behind(sub) > behind)
			behind = sub->kind->behind(sub);
	}
	return head - behind;
}

/* A peer that is gone is only noticed by writing to it where nothing is read any more. */
static void pull_half_closed_beat(struct session *s, struct batch *batch, int64_t now_ms)
{
	struct buf *out;
	struct instant now;
	size_t since;
	struct json j;

	if (!(s->eof || s->deaf) || s->over || !session_subscribes(s))
		return;
	if (batch->count || s->half_closed_beat_ms == 0)
		s->half_closed_beat_ms = now_ms;
	if (now_ms - s->half_closed_beat_ms < SESSION_HALF_CLOSED_BEAT_MS)
		return;
	s->hub->shell.now(s->hub->shell.arg, &now);
	out = batch_own_begin(batch);
	since = out->len;
	json_init(&j, out);
	json_object_open(&j);
	json_kv_string(&j, "type", "heartbeat");
	json_kv_null(&j, "sub");
	json_kv_string(&j, "epoch", s->hub->timeline.epoch);
	json_kv_uint(&j, "seq", session_cursor(s));
	json_kv_int(&j, "ts_ms", now.wall_ms);
	json_object_close(&j);
	buf_puts(out, "\n");
	batch_own_end(batch, since);
	s->half_closed_beat_ms = now_ms;
}

static void pull_streams(struct session *s, struct batch *batch)
{
	int64_t now_ms = session_needs_clock(s) ? hub_now_mono_ms(s->hub) : 0;

	while (!s->over && !batch_is_full(batch) && pull_turn(s, batch, now_ms))
		;
	pull_half_closed_beat(s, batch, now_ms);
	if (s->hub->stopping && !s->over && !s->answer && !session_subscribes(s))
		session_dismiss(s, "shutdown", "actopd is stopping");
	if (s->eof && !s->answer && !session_subscribes(s))
		session_run(s);
	pull_replies(s, batch);
}

bool session_pull(struct session *s, struct batch *batch)
{
	assert(batch->count == 0);
	pull_replies(s, batch);
	pull_answer(s, batch);
	if ((!s->answer || answer_waits(s)) && !s->over)
		pull_streams(s, batch);
	if (!s->answer && !s->over)
		session_run(s);
	if (batch->count == 0)
		pull_replies(s, batch);
	s->out_bytes += batch->bytes;
	s->hub->counters.bytes_out += batch->bytes;
	return batch->count > 0;
}

bool session_is_over(const struct session *s)
{
	return s->over && !s->replies && !s->answer;
}

void session_describe(const struct session *s, int64_t now_ms, struct json *j)
{
	uint64_t behind = 0, subs = 0;

	for (unsigned i = 0; i < SESSION_SUBS_MAX; i++) {
		if (!s->subs[i])
			continue;
		subs++;
		if (s->subs[i]->kind->behind(s->subs[i]) > behind)
			behind = s->subs[i]->kind->behind(s->subs[i]);
	}
	json_object_open(j);
	json_kv_uint(j, "cid", s->cid);
	json_kv_int(j, "pid", s->pid);
	json_kv_int(j, "uid", s->uid);
	json_kv_string(j, "name", s->client);
	json_kv_int(j, "age_ms", now_ms - s->since_mono_ms);
	json_kv_uint(j, "subs", subs);
	json_kv_uint(j, "behind", behind);
	json_kv_int(j, "stalled_ms", s->stalled_ms);
	json_kv_uint(j, "out_bytes", s->out_bytes);
	json_object_close(j);
}
