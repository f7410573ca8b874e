/* SPDX-License-Identifier: MIT */
#include "daemon/page.h"

#include <stdio.h>
#include <string.h>

#include "daemon/batch.h"
#include "proto/alloc.h"
#include "proto/cursor.h"
#include "proto/json.h"

struct page {
	struct answer answer; /* first */
	struct hub *hub;
	struct view *view;
	char id[REQUEST_ID_TEXT_MAX];
	uint64_t cursor, until, first, last;
	int64_t limit, rows;
	struct gap gap;
	enum on_gap on_gap;
	bool done;
};

static void put_cursor(const struct page *page, struct json *j, uint64_t seq)
{
	char text[CURSOR_TEXT_MAX];

	cursor_format(text, page->hub->epoch, seq);
	json_string(j, text);
}

static void put_seq(struct json *j, const char *key, uint64_t seq)
{
	if (seq)
		json_kv_uint(j, key, seq);
	else
		json_kv_null(j, key);
}

static void put_id(const struct page *page, struct json *j)
{
	json_key(j, "id");
	json_raw(j, page->id, strlen(page->id));
}

static void write_reply(const struct page *page, struct buf *out)
{
	uint64_t tier_ms = page->hub->timeline.base_ms;
	struct json j;

	json_init(&j, out);
	json_object_open(&j);
	json_kv_string(&j, "type", "reply");
	put_id(page, &j);
	json_kv_string(&j, "op", "history");
	json_kv_string(&j, "epoch", page->hub->timeline.epoch);
	json_kv_int(&j, "rows", page->rows);
	put_seq(&j, "first_seq", page->first);
	put_seq(&j, "last_seq", page->last);
	json_key(&j, "next");
	if (page->cursor < page->until)
		put_cursor(page, &j, page->cursor);
	else
		json_null(&j);
	json_kv_uint(&j, "tier_ms", tier_ms);
	if (page->gap.reason) {
		json_key(&j, "gap");
		json_object_open(&j);
		gap_write_members(&page->gap, "seq", &j);
		json_object_close(&j);
	}
	json_object_close(&j);
	buf_puts(out, "\n");
}

static void write_gone(const struct page *page, struct buf *out)
{
	const struct history *h = page->hub->timeline.history;
	struct request_error error = request_error_make(ERROR_GONE);
	struct request r = { .op = OP_HISTORY, .op_text = op_name(OP_HISTORY) };
	char oldest[CURSOR_TEXT_MAX], head[CURSOR_TEXT_MAX];

	snprintf(r.id, sizeof(r.id), "%s", page->id);
	cursor_format(oldest, page->hub->epoch, history_oldest(h) - 1);
	cursor_format(head, page->hub->epoch, history_head(h));
	error.reason = "evicted";
	error.oldest = oldest;
	error.head = head;
	request_error_write(out, &r, &error);
}

static void write_row(struct page *page, const struct window *w, struct buf *out)
{
	buf_puts(out, "{\"type\":\"row\",\"id\":");
	buf_puts(out, page->id);
	buf_puts(out, ",");
	view_write(page->view, w, out);
	if (page->rows++ == 0)
		page->first = w->first;
	page->last = page->cursor = w->last;
}

/* Rows may give way while the answer is under way. */
static bool find_evicted(const struct page *page)
{
	return page->cursor + 1 < history_oldest(page->hub->timeline.history);
}

/* Rows of another epoch, or those before, are one gap with what gave way before the first row.
 */
static void pass_evicted(struct page *page)
{
	uint64_t oldest = history_oldest(page->hub->timeline.history);

	if (!page->gap.reason)
		page->gap = (struct gap){ "evicted", page->cursor + 1, 0 };
	if (page->gap.from)
		page->gap.to = oldest - 1;
	page->cursor = oldest - 1;
}

static bool page_pull(struct answer *answer, struct batch *batch)
{
	struct page *page = (struct page *)answer;
	struct buf *out = batch_own_begin(batch);
	size_t since = out->len;
	bool evicted = find_evicted(page), ends = evicted && page->rows > 0;
	struct window w;

	if (evicted && !ends)
		pass_evicted(page);
	if (evicted && page->on_gap == ON_GAP_FAIL) {
		write_gone(page, out);
		page->done = true;
	} else if (ends || page->rows == page->limit || page->cursor >= page->until ||
		!view_window(page->view, page->cursor, &w)) {
		write_reply(page, out);
		page->done = true;
	} else {
		w.last = w.last < page->until ? w.last : page->until;
		write_row(page, &w, out);
	}
	batch_own_end(batch, since);
	batch->lines++;
	return !page->done;
}

static void page_free(struct answer *answer)
{
	struct page *page = (struct page *)answer;

	hub_view_put(page->hub, page->view);
	free(page);
}

struct answer *page_new(struct hub *hub, const struct request *r, const struct start *start,
	uint64_t until, struct view_spec *spec)
{
	struct page *page = xcalloc(1, sizeof(*page));

	page->answer = (struct answer){ page_pull, page_free, r->close };
	page->hub = hub;
	page->view = hub_view_get(hub, spec);
	snprintf(page->id, sizeof(page->id), "%s", r->id);
	page->cursor = start->cursor;
	page->until = until;
	page->limit = r->limit;
	page->gap = start->gap;
	page->on_gap = r->on_gap;
	return &page->answer;
}
