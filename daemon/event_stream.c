/* SPDX-License-Identifier: MIT */
#include "daemon/event_stream.h"

#include "daemon/event_line.h"
#include "proto/alloc.h"

struct event_stream {
	struct subscription sub; /* first */
	uint64_t cursor;      /* eseq: everything up to here was sent, reported or not wanted */
	uint64_t begin;	      /* where it began; firing alerts from before are said first */
	uint64_t firing_said; /* eseq of the last of them: others may be resolved meanwhile */
	unsigned kinds;	      /* 1 << enum event_kind */
	struct gap gap;
};

static const struct stream_kind event_kind;

struct subscription *event_stream_new(
	struct hub *hub, const struct request *r, const char *name, const struct start *start)
{
	struct event_stream *s = xcalloc(1, sizeof(*s));

	subscription_init(&s->sub, &event_kind, hub, r, name);
	s->cursor = s->begin = start->cursor;
	s->gap = start->gap;
	s->kinds = r->kinds;
	return &s->sub;
}

static void event_free(struct subscription *sub)
{
	free(sub);
}

static uint64_t event_behind(const struct subscription *sub)
{
	return events_head(sub->hub->events) - ((const struct event_stream *)sub)->cursor;
}

static void event_put_cursor(const struct subscription *sub, struct json *j)
{
	json_kv_uint(j, "eseq", ((const struct event_stream *)sub)->cursor);
}

static void say_event(struct event_stream *s, const struct event *event, struct batch *batch)
{
	size_t since = subscription_own_begin(&s->sub, batch);

	event_line_write(s->sub.hub, event, batch_own_begin(batch));
	subscription_own_end(&s->sub, batch, since);
}

/* Says the next alert that fires since before the beginning. */
static bool say_firing(struct event_stream *s, struct batch *batch)
{
	struct hub *hub = s->sub.hub;

	for (unsigned i = 0; s->kinds >> EVENT_ALERT & 1 && i < hub->firing.count; i++) {
		const struct event *event = &hub->firing.alerts[i].event;

		if (event->eseq <= s->firing_said || event->eseq > s->begin)
			continue;
		s->firing_said = event->eseq;
		say_event(s, event, batch);
		return true;
	}
	return false;
}

static bool say_gap(struct event_stream *s, struct batch *batch)
{
	uint64_t oldest = events_oldest(s->sub.hub->events);
	struct gap gap = s->gap;
	struct json j;
	size_t since;

	if (!gap.reason && s->cursor + 1 < oldest)
		gap = (struct gap){ "evicted", s->cursor + 1, oldest - 1 };
	if (!gap.reason)
		return false;
	since = subscription_line_begin(&s->sub, "gap", batch, &j);
	json_kv_string(&j, "epoch", s->sub.hub->timeline.epoch);
	gap_write_members(&gap, "eseq", &j);
	subscription_line_end(batch, since, &j);
	s->cursor = gap.to > s->cursor ? gap.to : s->cursor;
	s->gap = (struct gap){ 0 };
	return true;
}

static bool event_pull(struct subscription *sub, struct batch *batch)
{
	struct event_stream *s = (struct event_stream *)sub;
	uint64_t next;

	if (say_gap(s, batch) || say_firing(s, batch))
		return true;
	next = event_line_next(sub->hub, s->cursor + 1, s->kinds);
	s->cursor = next - 1;
	if (next > events_head(sub->hub->events))
		return false;
	say_event(s, events_get(sub->hub->events, next), batch);
	s->cursor = next;
	return true;
}

static const struct stream_kind event_kind = { STREAM_EVENTS, "event", event_pull,
	event_put_cursor, event_behind, event_free };
