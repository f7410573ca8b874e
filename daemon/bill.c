/* SPDX-License-Identifier: MIT */
#include "daemon/bill.h"

#include <stdio.h>
#include <string.h>

#include "daemon/energy.h"
#include "daemon/event.h"
#include "daemon/history/archive.h"
#include "daemon/start.h"

#define BILL_DECIMALS 3

/* The mark that a request names: the newest of that text, or the one of that number. */
static const struct event *find_mark(const struct hub *hub, const struct request_mark *mark)
{
	char wanted[EVENT_DETAILS_MAX];
	struct buf text;
	struct json j;

	buf_init(&text, sizeof(wanted) - 1);
	json_init(&j, &text);
	j.comma = true;
	json_kv_string(&j, "text", mark->text ? mark->text : "");
	snprintf(wanted, sizeof(wanted), "%.*s", (int)text.len, text.data ? text.data : "");
	buf_fini(&text);
	for (uint64_t e = events_head(hub->events); e >= events_oldest(hub->events); e--) {
		const struct event *event =
			events_has(hub->events, e) ? events_get(hub->events, e) : NULL;

		if (!event || event->kind != EVENT_MARK)
			continue;
		if (mark->text ? strcmp(event->details, wanted) == 0 : e == mark->eseq)
			return event;
	}
	return NULL;
}

/* A moment on both clocks, as it was noted: one worked out from the other is a millisecond off.
 */
struct bill_end {
	int64_t mono_ms, ts_ms;
};

static bool mark_time(const struct hub *hub, const struct request_mark *mark, const char *field,
	struct bill_end *end, struct request_error *error)
{
	const struct event *event = find_mark(hub, mark);

	if (event) {
		*end = (struct bill_end){ event->mono_ms, event->ts_ms };
		return true;
	}
	*error = request_error_make(ERROR_BAD_VALUE);
	error->message = "no such mark in the timeline";
	error->field = field;
	return false;
}

/* Unix time as time since boot, by what both clocks say now. */
static int64_t mono_of(const struct instant *now, int64_t ts_ms)
{
	return (int64_t)(now->mono_ns / 1000000) - (now->wall_ms - ts_ms);
}

static bool window_by_marks(const struct hub *hub, const struct request *r,
	const struct instant *now, struct energy_window *window, struct request_error *error)
{
	struct bill_end from, to = { (int64_t)(now->mono_ns / 1000000), now->wall_ms };

	if (!mark_time(hub, &r->from_mark, "from_mark", &from, error))
		return false;
	if (request_has(r, MEMBER_TO_MARK) &&
		!mark_time(hub, &r->to_mark, "to_mark", &to, error))
		return false;
	if (request_has(r, MEMBER_UNTIL_MS))
		to = (struct bill_end){ mono_of(now, r->until_ms), r->until_ms };
	energy_window_mono(window, hub->timeline.history, from.mono_ms, to.mono_ms);
	window->from_ts_ms = from.ts_ms;
	window->to_ts_ms = to.ts_ms;
	return true;
}

/* From one row to another, or to the last that is not behind the end asked for: its interval
 * ends with it. */
static void window_of_rows(const struct hub *hub, const struct request *r, uint64_t from,
	uint64_t to, struct energy_window *window)
{
	const struct history *h = hub->timeline.history;
	uint64_t until = history_head(h);

	if (request_has(r, MEMBER_UNTIL_MS))
		until = history_before_wall(h, r->until_ms + 1);
	energy_window_seq(window, h, from, to < until ? to : until);
	if (request_has(r, MEMBER_UNTIL_MS))
		window->past.until_ts_ms = r->until_ms;
}

/* Rows of a boot are named by their numbers, so nothing else may name where to begin. */
static bool window_of_boot(const struct hub *hub, const struct request *r,
	struct energy_window *window, struct request_error *error)
{
	const struct timeline *t = &hub->timeline;
	uint64_t first = hub->first_seq, last = UINT64_MAX;

	if (start_is_given(r) || request_has(r, MEMBER_FROM_MARK)) {
		*error = request_error_make(ERROR_CONFLICT);
		error->message = "boot excludes another beginning";
		error->field = "boot";
		return false;
	}
	if (t->archive ? !archive_find_boot(t->archive, r->boot, &first, &last) : r->boot != 0)
		return start_fail_boot(error);
	if (last < past_oldest(t->archive, t->history))
		return start_fail_boot(error);
	window_of_rows(hub, r, first, last, window);
	return true;
}

static bool window_after(const struct hub *hub, const struct request *r,
	struct energy_window *window, struct request_error *error)
{
	const struct history *h = hub->timeline.history;

	if (r->after.epoch != hub->epoch || r->after.seq > history_head(h)) {
		*error = request_error_make(ERROR_BAD_VALUE);
		error->message = r->after.epoch != hub->epoch
			? "cursor is of another history"
			: "cursor is ahead of the newest sample";
		error->field = "after";
		return false;
	}
	window_of_rows(hub, r, r->after.seq, UINT64_MAX, window);
	return true;
}

/* The end that a mark names belongs to a beginning that one does, and there is only one end. */
static bool check_to_mark(const struct request *r, struct request_error *error)
{
	bool twice = request_has(r, MEMBER_UNTIL_MS);

	if (!request_has(r, MEMBER_TO_MARK) || (!twice && request_has(r, MEMBER_FROM_MARK)))
		return true;
	*error = request_error_make(twice ? ERROR_CONFLICT : ERROR_MISSING_FIELD);
	error->message =
		twice ? "until_ms and to_mark exclude each other" : "from_mark is missing";
	error->field = twice ? "to_mark" : "from_mark";
	return false;
}

static bool choose_window(const struct hub *hub, const struct request *r,
	struct energy_window *window, struct request_error *error)
{
	const struct history *h = hub->timeline.history;
	struct instant now;
	int64_t until_ms;

	if (!check_to_mark(r, error))
		return false;
	hub->shell.now(hub->shell.arg, &now);
	until_ms = request_has(r, MEMBER_UNTIL_MS) ? r->until_ms : now.wall_ms;
	if (request_has(r, MEMBER_BOOT))
		return window_of_boot(hub, r, window, error);
	if (request_has(r, MEMBER_FROM_MARK))
		return window_by_marks(hub, r, &now, window, error);
	if (request_has(r, MEMBER_AFTER))
		return window_after(hub, r, window, error);
	if (request_has(r, MEMBER_SINCE_MS))
		energy_window_wall(window, h, r->since_ms, until_ms);
	else if (request_has(r, MEMBER_LAST_MS))
		energy_window_mono(window, h, (int64_t)(now.mono_ns / 1000000) - r->last_ms,
			mono_of(&now, until_ms));
	else
		window_of_rows(
			hub, r, past_oldest(hub->timeline.archive, h), UINT64_MAX, window);
	return true;
}

static void put_rail(const struct energy_rail *rail, struct json *j)
{
	json_key(j, rail->name);
	json_object_open(j);
	json_kv_fixed(j, "joules", rail->joules, BILL_DECIMALS);
	json_kv_fixed(j, "mean_watts", rail->mean_watts, BILL_DECIMALS);
	json_kv_fixed(j, "error_joules", rail->error_joules, BILL_DECIMALS);
	json_kv_fixed(j, "covered_s", rail->covered_s, BILL_DECIMALS);
	json_object_close(j);
}

/* 0 = no sample is in the window. */
static void put_moment(struct json *j, const char *key, int64_t ts_ms)
{
	if (ts_ms)
		json_kv_int(j, key, ts_ms);
	else
		json_kv_null(j, key);
}

bool bill_write(const struct hub *hub, const struct request *r, struct json *j,
	struct request_error *error)
{
	struct energy_window window;
	struct energy energy;

	if (!choose_window(hub, r, &window, error))
		return false;
	energy_measure(&energy, hub->timeline.history, hub->timeline.archive,
		hub->timeline.schema, &window);
	put_moment(j, "from_ts_ms", energy.from_ts_ms);
	put_moment(j, "to_ts_ms", energy.to_ts_ms);
	json_kv_fixed(j, "covered_s", energy.covered_s, BILL_DECIMALS);
	json_kv_fixed(j, "uncovered_s", energy.uncovered_s, BILL_DECIMALS);
	json_key(j, "rails");
	json_object_open(j);
	for (unsigned i = 0; i < energy.count; i++)
		put_rail(&energy.rails[i], j);
	json_object_close(j);
	energy_fini(&energy);
	return true;
}
