/* SPDX-License-Identifier: MIT */
#include "daemon/subscription.h"

#include <stdio.h>
#include <string.h>

#include "daemon/choose.h"
#include "proto/alloc.h"
#include "proto/json.h"

static struct body *prefix_new(const char *type, const char *name)
{
	struct body *body = body_new(128);

	buf_puts(&body->text, "{\"type\":\"");
	buf_puts(&body->text, type);
	buf_puts(&body->text, "\",\"sub\":\"");
	buf_puts(&body->text, name);
	buf_puts(&body->text, "\",");
	return body;
}

static void patterns_copy(struct request_patterns *to, const struct request_patterns *from)
{
	to->count = from->count;
	for (unsigned i = 0; i < from->count; i++)
		to->items[i] = xstrdup(from->items[i]);
}

static void patterns_free(struct request_patterns *patterns)
{
	for (unsigned i = 0; i < patterns->count; i++)
		free((char *)patterns->items[i]);
}

struct subscription *subscription_new(struct hub *hub, const struct request *r,
	const char *name, const struct start *start, struct view_spec *spec)
{
	struct subscription *sub = xcalloc(1, sizeof(*sub));

	sub->hub = hub;
	snprintf(sub->name, sizeof(sub->name), "%s", name);
	sub->stream = r->stream;
	sub->prefix = prefix_new("sample", name);
	sub->view = hub_view_get(hub, spec);
	sub->cursor = start->cursor;
	sub->gap = start->gap;
	sub->replay_until = history_head(hub->timeline.history);
	sub->lag = r->lag;
	sub->remaining = r->count > 0 ? r->count : -1;
	sub->heartbeat_ms = r->heartbeat_ms;
	sub->spoke_ms = sub->heartbeat_ms ? hub_now_mono_ms(hub) : 0;
	sub->schema_rev = hub->timeline.schema->rev;
	patterns_copy(&sub->patterns, &r->metrics);
	return sub;
}

void subscription_free(struct subscription *sub)
{
	hub_view_put(sub->hub, sub->view);
	body_unref(sub->prefix);
	patterns_free(&sub->patterns);
	free(sub);
}

bool subscription_is_over(const struct subscription *sub)
{
	return sub->ended != NULL;
}

uint64_t subscription_behind(const struct subscription *sub)
{
	return history_head(sub->hub->timeline.history) - sub->cursor;
}

/* A line of this subscription alone: {"type":T,"sub":S,"epoch":E, then what the caller adds. */
static size_t line_begin(
	struct subscription *sub, const char *type, struct batch *batch, struct json *j)
{
	struct buf *out = batch_own_begin(batch);
	size_t since = out->len;

	json_init(j, out);
	json_object_open(j);
	json_kv_string(j, "type", type);
	json_kv_string(j, "sub", sub->name);
	return since;
}

static void line_end(struct batch *batch, size_t since, struct json *j)
{
	json_object_close(j);
	buf_puts(j->out, "\n");
	batch_own_end(batch, since);
	batch->lines++;
}

static void say_gap(struct subscription *sub, const struct gap *gap, struct batch *batch)
{
	struct json j;
	size_t since = line_begin(sub, "gap", batch, &j);

	json_kv_string(&j, "epoch", sub->hub->timeline.epoch);
	gap_write_members(gap, &j);
	line_end(batch, since, &j);
	if (gap->to)
		sub->hub->counters.gap_samples += gap->to - gap->from + 1;
}

static void say_end(struct subscription *sub, const char *reason, struct batch *batch)
{
	struct json j;
	size_t since = line_begin(sub, "end", batch, &j);

	json_kv_string(&j, "reason", reason);
	line_end(batch, since, &j);
	sub->ended = reason;
}

static void say_heartbeat(struct subscription *sub, struct batch *batch)
{
	struct json j;
	struct instant now;
	size_t since = line_begin(sub, "heartbeat", batch, &j);

	sub->hub->shell.now(sub->hub->shell.arg, &now);
	json_kv_string(&j, "epoch", sub->hub->timeline.epoch);
	json_kv_uint(&j, "seq", sub->cursor);
	json_kv_int(&j, "ts_ms", now.wall_ms);
	line_end(batch, since, &j);
}

/* Series have come since: the same patterns may now match more.  True when a line was added. */
static bool renew_view(struct subscription *sub, struct batch *batch)
{
	const struct schema *schema = sub->hub->timeline.schema;
	struct view_spec spec = *view_spec(sub->view);
	struct view *old = sub->view;
	struct json j;
	size_t since;

	sub->schema_rev = schema->rev;
	if (choose_columns(schema, &sub->patterns, &spec))
		return false;
	sub->view = hub_view_get(sub->hub, &spec);
	hub_view_put(sub->hub, old);
	if (sub->view == old)
		return false;
	since = line_begin(sub, "meta", batch, &j);
	json_kv_uint(&j, "schema_rev", schema->rev);
	json_key(&j, "metrics");
	json_array_open(&j);
	for (unsigned i = 0; i < view_spec(sub->view)->count; i++)
		json_string(&j, schema->series[view_spec(sub->view)->columns[i]].name);
	json_array_close(&j);
	line_end(batch, since, &j);
	return true;
}

/* What the history dropped before it could be sent, or what lag "latest" passes over. */
static bool find_gap(struct subscription *sub, struct gap *gap)
{
	const struct history *h = sub->hub->timeline.history;
	uint64_t oldest = history_oldest(h), newest;
	struct window w;

	if (sub->cursor + 1 < oldest) {
		*gap = (struct gap){ "evicted", sub->cursor + 1, oldest - 1 };
		return true;
	}
	if (sub->lag != LAG_LATEST || sub->cursor < sub->replay_until)
		return false;
	newest = view_before_newest(sub->view);
	if (newest <= sub->cursor || !view_window(sub->view, newest, &w) || !w.complete)
		return false;
	*gap = (struct gap){ "slow", sub->cursor + 1, newest };
	return true;
}

/* The newest whole window is shared by all who look alike; what is behind it is written anew.
 */
static void say_window(struct subscription *sub, const struct window *w, struct batch *batch)
{
	bool live = w->last + view_spec(sub->view)->ticks >
		history_head(sub->hub->timeline.history);

	if (live) {
		struct body *body = view_body(sub->view, w, &sub->hub->counters.encoded);

		batch_add(batch, sub->prefix, 0, sub->prefix->text.len);
		batch_add(batch, body, 0, body->text.len);
		body_unref(body);
	} else {
		struct buf *out = batch_own_begin(batch);
		size_t since = out->len;

		buf_add(out, sub->prefix->text.data, sub->prefix->text.len);
		view_write(sub->view, w, out);
		batch_own_end(batch, since);
	}
	batch->lines++;
	sub->cursor = w->last;
	if (sub->remaining > 0)
		sub->remaining--;
}

static bool pull_line(struct subscription *sub, struct batch *batch)
{
	struct gap gap = sub->gap;
	struct window w;

	if (sub->remaining == 0 || sub->hub->stopping) {
		say_end(sub, sub->remaining == 0 ? "count" : "shutdown", batch);
		return true;
	}
	if (gap.reason || find_gap(sub, &gap)) {
		say_gap(sub, &gap, batch);
		sub->cursor = gap.to ? gap.to : sub->cursor;
		sub->gap = (struct gap){ 0 };
		return true;
	}
	if (sub->schema_rev != sub->hub->timeline.schema->rev && renew_view(sub, batch))
		return true;
	if (!view_window(sub->view, sub->cursor, &w) || !w.complete)
		return false;
	say_window(sub, &w, batch);
	return true;
}

bool subscription_pull(struct subscription *sub, struct batch *batch, int64_t now_ms)
{
	if (pull_line(sub, batch)) {
		sub->spoke_ms = now_ms;
		return true;
	}
	if (!sub->heartbeat_ms || now_ms - sub->spoke_ms < sub->heartbeat_ms)
		return false;
	say_heartbeat(sub, batch);
	sub->spoke_ms = now_ms;
	return true;
}
