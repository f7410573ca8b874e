/* SPDX-License-Identifier: MIT */
#include "daemon/view.h"

#include <string.h>

#include "daemon/encode.h"
#include "proto/alloc.h"
#include "proto/json.h"

struct view {
	const struct timeline *timeline;
	struct view_spec spec;
	struct encoder *encoder;
	struct body *newest; /* text of the window behind kept */
	struct window kept;
};

#define VIEW_FRAME_MAX 1024 /* of a line without its values: ids, names, times, flags */

bool view_fits(const struct timeline *timeline, const struct view_spec *spec)
{
	size_t bytes = VIEW_FRAME_MAX;

	for (unsigned i = 0; i < spec->count; i++) {
		const struct series *s = &timeline->schema->series[spec->columns[i]];
		size_t values = spec->lists ? spec->agg_count : 1;

		bytes += strlen(s->name) + 3 + values * (encode_value_max(s) + 1) + 2;
	}
	return bytes <= VIEW_LINE_MAX;
}

struct view *view_new(const struct timeline *timeline, const struct view_spec *spec)
{
	struct view *view = xcalloc(1, sizeof(*view));

	view->timeline = timeline;
	view->spec = *spec;
	view->encoder = encoder_new(timeline, &view->spec);
	return view;
}

void view_free(struct view *view)
{
	if (!view)
		return;
	body_unref(view->newest);
	encoder_free(view->encoder);
	free(view->spec.columns);
	free(view);
}

bool view_is(const struct view *view, const struct view_spec *spec)
{
	const struct view_spec *own = &view->spec;

	return own->count == spec->count && own->ticks == spec->ticks &&
		own->array == spec->array && own->lists == spec->lists &&
		own->agg_count == spec->agg_count &&
		memcmp(own->aggs, spec->aggs, spec->agg_count * sizeof(*spec->aggs)) == 0 &&
		memcmp(own->columns, spec->columns, spec->count * sizeof(*spec->columns)) == 0;
}

const struct view_spec *view_spec(const struct view *view)
{
	return &view->spec;
}

static uint64_t window_number(const struct view *view, const struct row *row)
{
	return (row->tick - 1) / view->spec.ticks;
}

static bool same_window(const struct view *view, const struct row *a, const struct row *b)
{
	return a->run == b->run && window_number(view, a) == window_number(view, b);
}

/* Last row of the window that row seq is in; windows follow one another, so a bisection finds
 * it. */
static uint64_t window_last(const struct view *view, uint64_t seq)
{
	const struct history *h = view->timeline->history;
	const struct row *row = history_row(h, seq);
	uint64_t in = seq, out = history_head(h) + 1;

	if (same_window(view, row, history_row(h, out - 1)))
		return out - 1;
	while (out - in > 1) {
		uint64_t middle = in + (out - in) / 2;

		if (same_window(view, row, history_row(h, middle)))
			in = middle;
		else
			out = middle;
	}
	return in;
}

bool view_window(const struct view *view, uint64_t after, struct window *out)
{
	const struct history *h = view->timeline->history;
	uint64_t head = history_head(h);
	const struct row *last;

	if (after >= head)
		return false;
	out->first = after + 1;
	out->last = window_last(view, out->first);
	last = history_row(h, out->last);
	out->complete = out->last < head || last->tick % view->spec.ticks == 0;
	return true;
}

/* Last row before the window that row seq is in. */
static uint64_t window_start(const struct view *view, uint64_t seq)
{
	const struct history *h = view->timeline->history;
	const struct row *row = history_row(h, seq);
	uint64_t in = seq, out = history_oldest(h) - 1;

	while (in - out > 1) {
		uint64_t middle = out + (in - out) / 2;

		if (same_window(view, row, history_row(h, middle)))
			in = middle;
		else
			out = middle;
	}
	return out;
}

uint64_t view_before_newest(const struct view *view)
{
	const struct history *h = view->timeline->history;
	uint64_t head = history_head(h), start;
	struct window w;

	if (head == 0)
		return head;
	start = window_start(view, head);
	if (view_window(view, start, &w) && w.complete)
		return start;
	return start + 1 > history_oldest(h) ? window_start(view, start) : start;
}

void view_write(struct view *view, const struct window *window, struct buf *out)
{
	encoder_write(view->encoder, window->first, window->last, out);
}

void view_needs(const struct view *view, struct query_column *needs)
{
	encoder_needs(view->encoder, needs);
}

void view_begin(struct view *view)
{
	encoder_begin(view->encoder);
}

void view_add(struct view *view, const struct span *span)
{
	encoder_add(view->encoder, span);
}

void view_write_gathered(struct view *view, const struct gathered *values, struct buf *out)
{
	encoder_write_gathered(view->encoder, values, out);
}

struct body *view_body(struct view *view, const struct window *window, uint64_t *encoded)
{
	if (view->newest && view->kept.first == window->first &&
		view->kept.last == window->last)
		return body_ref(view->newest);
	if (!view->newest || !body_is_mine(view->newest)) {
		body_unref(view->newest);
		view->newest = body_new(VIEW_LINE_MAX);
	}
	buf_clear(&view->newest->text);
	view->kept = *window;
	view_write(view, window, &view->newest->text);
	++*encoded;
	return body_ref(view->newest);
}

void view_write_names(const struct view *view, struct json *j)
{
	json_key(j, "metrics");
	json_array_open(j);
	for (unsigned i = 0; i < view->spec.count; i++)
		json_string(j, view->timeline->schema->series[view->spec.columns[i]].name);
	json_array_close(j);
}
