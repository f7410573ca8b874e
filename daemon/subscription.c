/* SPDX-License-Identifier: MIT */
#include "daemon/subscription.h"

#include <stdio.h>

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

void subscription_init(struct subscription *sub, const struct stream_kind *kind,
	struct hub *hub, const struct request *r, const char *name)
{
	sub->kind = kind;
	sub->hub = hub;
	snprintf(sub->name, sizeof(sub->name), "%s", name);
	sub->serial = hub->next_serial++;
	sub->prefix = prefix_new(kind->line_type, name);
	sub->remaining = r->count > 0 ? r->count : -1;
	sub->heartbeat_ms = r->heartbeat_ms;
	sub->spoke_ms = sub->heartbeat_ms ? hub_now_mono_ms(hub) : 0;
}

void subscription_free(struct subscription *sub)
{
	body_unref(sub->prefix);
	sub->kind->free(sub);
}

bool subscription_is_over(const struct subscription *sub)
{
	return sub->ended != NULL;
}

/* ---- lines ---- */

static void said(struct subscription *sub, struct batch *batch)
{
	batch->lines++;
	if (sub->remaining > 0)
		sub->remaining--;
}

void subscription_say(struct subscription *sub, struct batch *batch, struct body *body)
{
	batch_add(batch, sub->prefix, 0, sub->prefix->text.len);
	batch_add(batch, body, 0, body->text.len);
	said(sub, batch);
}

size_t subscription_own_begin(struct subscription *sub, struct batch *batch)
{
	struct buf *out = batch_own_begin(batch);
	size_t since = out->len;

	buf_add(out, sub->prefix->text.data, sub->prefix->text.len);
	return since;
}

void subscription_own_end(struct subscription *sub, struct batch *batch, size_t since)
{
	batch_own_end(batch, since);
	said(sub, batch);
}

size_t subscription_line_begin(
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

void subscription_line_end(struct batch *batch, size_t since, struct json *j)
{
	json_object_close(j);
	buf_puts(j->out, "\n");
	batch_own_end(batch, since);
	batch->lines++;
}

static void say_end(struct subscription *sub, const char *reason, struct batch *batch)
{
	struct json j;
	size_t since = subscription_line_begin(sub, "end", batch, &j);

	json_kv_string(&j, "reason", reason);
	subscription_line_end(batch, since, &j);
	sub->ended = reason;
}

static void say_heartbeat(struct subscription *sub, struct batch *batch)
{
	struct json j;
	struct instant now;
	size_t since = subscription_line_begin(sub, "heartbeat", batch, &j);

	sub->hub->shell.now(sub->hub->shell.arg, &now);
	json_kv_string(&j, "epoch", sub->hub->timeline.epoch);
	sub->kind->put_cursor(sub, &j);
	json_kv_int(&j, "ts_ms", now.wall_ms);
	subscription_line_end(batch, since, &j);
}

static bool pull_line(struct subscription *sub, struct batch *batch)
{
	bool wanted = sub->remaining != 0;

	if (wanted && !sub->hub->stopping)
		return sub->kind->pull(sub, batch);
	/* Events are few, and the last of them says why the daemon stops. */
	if (wanted && sub->kind->stream == STREAM_EVENTS && sub->kind->pull(sub, batch))
		return true;
	say_end(sub, sub->remaining == 0 ? "count" : "shutdown", batch);
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
