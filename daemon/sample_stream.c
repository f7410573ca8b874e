/* SPDX-License-Identifier: MIT */
#include "daemon/sample_stream.h"

#include <stdio.h>

#include "daemon/choose.h"
#include "proto/alloc.h"

struct sample_stream {
	struct subscription sub; /* first */
	struct view *view;
	uint64_t cursor;       /* everything up to here was sent or reported */
	uint64_t replay_until; /* lag "latest" is "all" up to here */
	struct gap gap;	       /* to be told before anything else */
	enum lag lag;
	struct request_patterns patterns; /* copies, for hot-plug */
	unsigned schema_rev;
};

static const struct stream_kind sample_kind;

static void patterns_copy(struct request_patterns *to, const struct request_patterns *from)
{
	to->count = from->count;
	for (unsigned i = 0; i < from->count; i++)
		to->items[i] = xstrdup(from->items[i]);
}

struct subscription *sample_stream_new(struct hub *hub, const struct request *r,
	const char *name, const struct start *start, struct view_spec *spec)
{
	struct sample_stream *s = xcalloc(1, sizeof(*s));

	subscription_init(&s->sub, &sample_kind, hub, r, name);
	s->view = hub_view_get(hub, spec);
	s->cursor = start->cursor;
	s->gap = start->gap;
	s->replay_until = history_head(hub->timeline.history);
	s->lag = r->lag;
	s->schema_rev = hub->timeline.schema->rev;
	patterns_copy(&s->patterns, &r->metrics);
	return &s->sub;
}

const struct view *sample_stream_view(const struct subscription *sub)
{
	return ((const struct sample_stream *)sub)->view;
}

static void sample_stream_free(struct subscription *sub)
{
	struct sample_stream *s = (struct sample_stream *)sub;

	hub_view_put(sub->hub, s->view);
	for (unsigned i = 0; i < s->patterns.count; i++)
		free((char *)s->patterns.items[i]);
	free(s);
}

static uint64_t sample_behind(const struct subscription *sub)
{
	const struct sample_stream *s = (const struct sample_stream *)sub;

	return history_head(sub->hub->timeline.history) - s->cursor;
}

static void sample_put_cursor(const struct subscription *sub, struct json *j)
{
	json_kv_uint(j, "seq", ((const struct sample_stream *)sub)->cursor);
}

static void say_gap(struct sample_stream *s, const struct gap *gap, struct batch *batch)
{
	struct hub *hub = s->sub.hub;
	struct json j;
	size_t since = subscription_line_begin(&s->sub, "gap", batch, &j);

	json_kv_string(&j, "epoch", hub->timeline.epoch);
	gap_write_members(gap, "seq", &j);
	subscription_line_end(batch, since, &j);
	if (gap->to)
		hub->counters.gap_samples += gap->to - gap->from + 1;
}

/* Series have come since: the same patterns may now match more.  True when a line was added. */
static bool renew_view(struct sample_stream *s, struct batch *batch)
{
	const struct schema *schema = s->sub.hub->timeline.schema;
	struct view_spec spec = *view_spec(s->view);
	struct view *old = s->view;
	struct json j;
	size_t since;

	s->schema_rev = schema->rev;
	if (choose_columns(schema, &s->patterns, &spec))
		return false;
	s->view = hub_view_get(s->sub.hub, &spec);
	hub_view_put(s->sub.hub, old);
	if (s->view == old)
		return false;
	since = subscription_line_begin(&s->sub, "meta", batch, &j);
	json_kv_uint(&j, "schema_rev", schema->rev);
	view_write_names(s->view, &j);
	subscription_line_end(batch, since, &j);
	return true;
}

/* What the history dropped before it could be sent, or what lag "latest" passes over. */
static bool find_gap(struct sample_stream *s, struct gap *gap)
{
	const struct history *h = s->sub.hub->timeline.history;
	uint64_t oldest = history_oldest(h), newest, lost;
	struct window w;

	if (s->cursor + 1 < oldest) {
		*gap = (struct gap){ "evicted", s->cursor + 1, oldest - 1 };
		return true;
	}
	lost = history_lost_until(h, s->cursor + 1);
	if (lost) {
		*gap = (struct gap){ "lost", s->cursor + 1, lost };
		return true;
	}
	if (s->lag != LAG_LATEST || s->cursor < s->replay_until)
		return false;
	newest = view_before_newest(s->view);
	if (newest <= s->cursor || !view_window(s->view, newest, &w) || !w.complete)
		return false;
	*gap = (struct gap){ "slow", s->cursor + 1, newest };
	return true;
}

/* The newest whole window is shared by all who look alike; what is behind it is written anew.
 */
static void say_window(struct sample_stream *s, const struct window *w, struct batch *batch)
{
	struct hub *hub = s->sub.hub;

	if (w->last + view_spec(s->view)->ticks > history_head(hub->timeline.history)) {
		struct body *body = view_body(s->view, w, &hub->counters.encoded);

		subscription_say(&s->sub, batch, body);
		body_unref(body);
	} else {
		size_t since = subscription_own_begin(&s->sub, batch);

		view_write(s->view, w, batch_own_begin(batch));
		subscription_own_end(&s->sub, batch, since);
	}
	s->cursor = w->last;
}

static bool sample_pull(struct subscription *sub, struct batch *batch)
{
	struct sample_stream *s = (struct sample_stream *)sub;
	struct gap gap = s->gap;
	struct window w;

	if (gap.reason || find_gap(s, &gap)) {
		say_gap(s, &gap, batch);
		s->cursor = gap.to ? gap.to : s->cursor;
		s->gap = (struct gap){ 0 };
		return true;
	}
	if (s->schema_rev != sub->hub->timeline.schema->rev && renew_view(s, batch))
		return true;
	if (!view_window(s->view, s->cursor, &w) || !w.complete)
		return false;
	say_window(s, &w, batch);
	return true;
}

static const struct stream_kind sample_kind = { STREAM_SAMPLES, "sample", sample_pull,
	sample_put_cursor, sample_behind, sample_stream_free };
