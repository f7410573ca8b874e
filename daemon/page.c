/* SPDX-License-Identifier: MIT */
#include "daemon/page.h"

#include <stdio.h>
#include <string.h>

#include "daemon/batch.h"
#include "daemon/history/query.h"
#include "proto/alloc.h"
#include "proto/cursor.h"
#include "proto/json.h"

struct page {
	struct answer answer; /* first */
	struct hub *hub;
	struct view *view;
	char id[REQUEST_ID_TEXT_MAX];
	struct reach reach;
	struct query *query; /* rows of a coarser tier; NULL = samples as they are */
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

/* The next row of a coarser tier that is wanted; NULL when there is none.  One that begins
 * before the end is given as a whole. */
static const struct span *page_peek(const struct page *page)
{
	const struct span *s = NULL;

	while (page->cursor < page->until && (s = query_peek(page->query)) != NULL &&
		s->first_seq <= page->until &&
		!reach_wants(&page->reach, s->boot, s->mono_us * 1000, s->ts_ms))
		query_pass(page->query);
	return s && s->first_seq <= page->until ? s : NULL;
}

/* Puts the cursor right before the next sample wanted; false when there is none. */
static bool page_seek(struct page *page)
{
	for (; page->cursor < page->until; page->cursor++) {
		const struct row *row =
			history_row(page->hub->timeline.history, page->cursor + 1);

		if (!(row->flags & ROW_LOST) &&
			reach_wants(&page->reach, row->boot, row->mono_ns, row->ts_ms))
			return true;
	}
	return false;
}

/* A window ends where samples that are not wanted lie in it. */
static uint64_t page_clip(const struct page *page, uint64_t first, uint64_t last)
{
	const struct history *h = page->hub->timeline.history;
	uint64_t seq = first;

	last = last < page->until ? last : page->until;
	while (seq < last) {
		const struct row *row = history_row(h, seq + 1);

		if (!reach_wants(&page->reach, row->boot, row->mono_ns, row->ts_ms))
			break;
		seq++;
	}
	return seq;
}

/* While an answer is under way. */
static bool find_evicted(const struct page *page)
{
	return page->cursor + 1 < history_oldest(page->hub->timeline.history);
}

static bool page_remains(struct page *page)
{
	return page->cursor < page->until && (find_evicted(page) || page_seek(page));
}

static void write_reply(struct page *page, struct buf *out)
{
	const struct timeline *t = &page->hub->timeline;
	uint64_t tier_ms =
		page->query ? t->archive->tiers[page->reach.tier].step_ms : t->base_ms;
	uint64_t cursor = page->cursor;
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
	if (page->query ? page_peek(page) != NULL : page_remains(page))
		put_cursor(page, &j, cursor);
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

/* Whether the row is of the window that began with first, without a hole before it. */
static bool page_goes_on(
	const struct page *page, const struct span *first, const struct span *s)
{
	uint64_t ticks = view_spec(page->view)->ticks;

	return s->run == first->run && (s->tick - 1) / ticks == (first->tick - 1) / ticks &&
		s->first_seq == page->cursor + 1;
}

/* The next window of a coarser tier; false at the end. */
static bool page_write_coarse(struct page *page, struct buf *out)
{
	const struct span *s = page_peek(page);
	struct span first;

	if (!s)
		return false;
	first = *s;
	view_begin(page->view);
	do {
		view_add(page->view, s);
		page->last = page->cursor = s->last_seq;
		query_take(page->query);
		s = page_peek(page);
	} while (s && page_goes_on(page, &first, s));
	buf_puts(out, "{\"type\":\"row\",\"id\":");
	buf_puts(out, page->id);
	buf_puts(out, ",");
	view_write_gathered(page->view, query_gathered(page->query), out);
	if (page->rows++ == 0)
		page->first = first.first_seq;
	return true;
}

/* The next window of samples; false at the end. */
static bool page_write_samples(struct page *page, struct buf *out)
{
	struct window w;

	if (!page_seek(page) || !view_window(page->view, page->cursor, &w))
		return false;
	w.last = page_clip(page, w.first, w.last);
	write_row(page, &w, out);
	return true;
}

static bool page_write_next(struct page *page, struct buf *out)
{
	if (page->rows == page->limit)
		return false;
	return page->query ? page_write_coarse(page, out) : page_write_samples(page, out);
}

/* Where the next line goes.  Behind the first one there will be as many as fit: room for all of
 * them at once spares their being moved while it grows. */
static struct buf *page_begin(const struct page *page, struct batch *batch)
{
	struct buf *out = batch_own_begin(batch);

	if (page->rows > 0 && out->len == 0)
		buf_reserve(out, BATCH_BYTES_MAX);
	return out;
}

static bool page_pull(struct answer *answer, struct batch *batch)
{
	struct page *page = (struct page *)answer;
	struct buf *out = page_begin(page, batch);
	size_t since = out->len;
	bool evicted = !page->query && find_evicted(page), ends = evicted && page->rows > 0;

	if (evicted && !ends)
		pass_evicted(page);
	if (evicted && page->on_gap == ON_GAP_FAIL) {
		write_gone(page, out);
		page->done = true;
	} else if (ends || !page_write_next(page, out)) {
		write_reply(page, out);
		page->done = true;
	}
	batch_own_end(batch, since);
	batch->lines++;
	return !page->done;
}

static void page_free(struct answer *answer)
{
	struct page *page = (struct page *)answer;

	hub_view_put(page->hub, page->view);
	query_free(page->query);
	free(page);
}

static struct query *page_query(const struct page *page, const struct reach *reach)
{
	unsigned count = view_spec(page->view)->count;
	struct query_column *columns = xcalloc(count + 1, sizeof(*columns));
	struct query *query;

	view_needs(page->view, columns);
	query = query_new(page->hub->timeline.archive, (unsigned)reach->tier,
		reach->start.cursor, columns, count);
	free(columns);
	return query;
}

struct answer *page_new(struct hub *hub, const struct request *r, const struct reach *reach,
	struct view_spec *spec)
{
	struct page *page = xcalloc(1, sizeof(*page));

	page->answer = (struct answer){ page_pull, page_free, r->close, NULL };
	reach_fit(hub, reach, spec);
	page->hub = hub;
	page->view = hub_view_get(hub, spec);
	if (reach->tier >= 0)
		page->query = page_query(page, reach);
	snprintf(page->id, sizeof(page->id), "%s", r->id);
	page->reach = *reach;
	page->cursor = reach->start.cursor;
	page->until = reach->until;
	page->limit = r->limit;
	page->gap = reach->start.gap;
	page->on_gap = r->on_gap;
	return &page->answer;
}
