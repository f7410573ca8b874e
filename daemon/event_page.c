/* SPDX-License-Identifier: MIT */
#include "daemon/event_page.h"

#include <stdio.h>
#include <string.h>

#include "daemon/batch.h"
#include "daemon/event_line.h"
#include "proto/alloc.h"
#include "proto/cursor.h"
#include "proto/json.h"

struct event_page {
	struct answer answer; /* first */
	struct hub *hub;
	char id[REQUEST_ID_TEXT_MAX];
	uint64_t cursor, until, first, last;
	int64_t limit, rows;
	unsigned kinds;
	/* Wall time goes back where the clock is set, so each event is held against these. */
	int64_t since_ms, until_ms, since_mono_ms;
	bool in_boot; /* only those of this one */
	unsigned boot;
	struct gap gap;
};

static bool event_page_wants(const struct event_page *page, const struct event *event)
{
	return event->ts_ms >= page->since_ms && event->ts_ms < page->until_ms &&
		event->mono_ms >= page->since_mono_ms &&
		(!page->in_boot || event->boot == page->boot);
}

/* The next event wanted; beyond the head when there is none. */
static uint64_t event_page_next(const struct event_page *page)
{
	const struct events *events = page->hub->events;
	uint64_t eseq = page->cursor;

	do
		eseq = event_line_next(page->hub, eseq + 1, page->kinds);
	while (eseq <= page->until && !event_page_wants(page, events_get(events, eseq)));
	return eseq;
}

static void write_event(struct event_page *page, uint64_t eseq, struct buf *out)
{
	buf_puts(out, "{\"type\":\"event\",\"id\":");
	buf_puts(out, page->id);
	buf_puts(out, ",");
	event_line_write(page->hub, events_get(page->hub->events, eseq), out);
	if (page->rows++ == 0)
		page->first = eseq;
	page->last = page->cursor = eseq;
}

static void put_number(struct json *j, const char *key, uint64_t eseq)
{
	if (eseq)
		json_kv_uint(j, key, eseq);
	else
		json_kv_null(j, key);
}

static void write_reply(const struct event_page *page, bool more, struct buf *out)
{
	char next[CURSOR_TEXT_MAX];
	struct json j;

	cursor_format(next, page->hub->epoch, page->cursor);
	json_init(&j, out);
	json_object_open(&j);
	json_kv_string(&j, "type", "reply");
	json_key(&j, "id");
	json_raw(&j, page->id, strlen(page->id));
	json_kv_string(&j, "op", "events");
	json_kv_string(&j, "epoch", page->hub->timeline.epoch);
	json_kv_int(&j, "rows", page->rows);
	put_number(&j, "first_eseq", page->first);
	put_number(&j, "last_eseq", page->last);
	json_kv_string(&j, "next", more ? next : NULL);
	if (page->gap.reason) {
		json_key(&j, "gap");
		json_object_open(&j);
		gap_write_members(&page->gap, "eseq", &j);
		json_object_close(&j);
	}
	json_object_close(&j);
	buf_puts(out, "\n");
}

/* Events of another epoch, or those before, are one gap with what gave way since. */
static void event_page_pass(struct event_page *page, uint64_t oldest)
{
	if (!page->gap.reason)
		page->gap = (struct gap){ "evicted", page->cursor + 1, 0 };
	if (page->gap.from)
		page->gap.to = oldest - 1;
	page->cursor = oldest - 1;
}

static bool event_page_pull(struct answer *answer, struct batch *batch)
{
	struct event_page *page = (struct event_page *)answer;
	uint64_t oldest = events_oldest(page->hub->events), next;
	struct buf *out = batch_own_begin(batch);
	size_t since = out->len;
	bool is_row, ends;

	/* As with rows of the history: the answer ends before what gave way while it was read,
	 * and the next page says so. */
	ends = page->cursor + 1 < oldest && page->rows > 0;
	if (page->cursor + 1 < oldest && !ends)
		event_page_pass(page, oldest);
	next = ends ? page->cursor + 1 : event_page_next(page);
	is_row = !ends && next <= page->until && page->rows < page->limit;
	if (is_row)
		write_event(page, next, out);
	else
		write_reply(page, next <= page->until, out);
	batch_own_end(batch, since);
	batch->lines++;
	return is_row;
}

static void event_page_free(struct answer *answer)
{
	free(answer);
}

struct answer *event_page_new(
	struct hub *hub, const struct request *r, const struct start *start)
{
	struct event_page *page = xcalloc(1, sizeof(*page));

	page->answer = (struct answer){ event_page_pull, event_page_free, r->close, NULL };
	page->hub = hub;
	snprintf(page->id, sizeof(page->id), "%s", r->id);
	page->cursor = start->cursor;
	page->until = events_head(hub->events);
	page->limit = r->limit;
	page->kinds = r->kinds;
	page->gap = start->gap;
	page->in_boot = start->in_boot;
	page->boot = start->boot;
	page->since_ms = request_has(r, MEMBER_SINCE_MS) ? r->since_ms : INT64_MIN;
	page->until_ms = request_has(r, MEMBER_UNTIL_MS) ? r->until_ms : INT64_MAX;
	page->since_mono_ms = request_has(r, MEMBER_LAST_MS)
		? start_event_mono_ms(hub, r->last_ms)
		: INT64_MIN;
	return &page->answer;
}
