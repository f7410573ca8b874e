/* SPDX-License-Identifier: MIT */
#include "daemon/start.h"

#include <stdio.h>
#include <string.h>

#include "daemon/event.h"
#include "proto/cursor.h"

bool start_is_given(const struct request *r)
{
	return request_has(r, MEMBER_AFTER) || request_has(r, MEMBER_SINCE_MS) ||
		request_has(r, MEMBER_LAST_MS);
}

/* One of the two timelines: what is still there of it. */
struct reach {
	uint64_t oldest, head;
	const char *ahead; /* what is said of a cursor beyond the head */
};

static struct reach reach_samples(const struct hub *hub)
{
	const struct history *h = hub->timeline.history;

	return (struct reach){ history_oldest(h), history_head(h),
		"cursor is ahead of the newest sample" };
}

static struct reach reach_events(const struct hub *hub)
{
	return (struct reach){ events_oldest(hub->events), events_head(hub->events),
		"cursor is ahead of the newest event" };
}

static bool start_fail_gone(const struct hub *hub, const struct reach *reach,
	const char *reason, struct request_error *error, struct gone_text *gone)
{
	cursor_format(gone->oldest, hub->epoch, reach->oldest - 1);
	cursor_format(gone->head, hub->epoch, reach->head);
	*error = request_error_make(ERROR_GONE);
	error->reason = reason;
	error->oldest = gone->oldest;
	error->head = gone->head;
	return false;
}

static bool start_after(const struct hub *hub, const struct reach *reach,
	const struct request *r, struct start *start, struct request_error *error)
{
	if (r->after.epoch != hub->epoch) {
		start->gap.reason = "epoch";
		return true;
	}
	if (r->after.seq > reach->head) {
		*error = request_error_make(ERROR_BAD_VALUE);
		error->message = reach->ahead;
		error->field = "after";
		return false;
	}
	if (r->after.seq + 1 < reach->oldest)
		start->gap = (struct gap){ "evicted", r->after.seq + 1, reach->oldest - 1 };
	else
		start->cursor = r->after.seq;
	return true;
}

/* Monotonic ms of what is younger than last_ms; 0 = everything is. */
static uint64_t younger_than(int64_t now_ms, int64_t last_ms)
{
	return now_ms < last_ms ? 0 : (uint64_t)(now_ms - last_ms) + 1;
}

/*
 * The present, as spans of samples count from it: between two ticks it is the middle, so that 5
 * s at 1 s are the newest five samples whatever the moment of the question.
 */
static int64_t sampled_now_ms(const struct hub *hub, int64_t last_ms)
{
	const struct history *h = hub->timeline.history;
	int64_t base_ms = hub->timeline.base_ms, now_ms = hub_now_mono_ms(hub), head_ms;

	if (!hub_is_ready(hub) || last_ms < base_ms)
		return now_ms;
	head_ms = (int64_t)(history_row(h, history_head(h))->mono_ns / 1000000);
	if (now_ms < head_ms || now_ms - head_ms >= base_ms + base_ms / 2)
		return now_ms;
	return head_ms + base_ms / 2;
}

/* Everything that both timelines have in common. */
static bool start_in(const struct hub *hub, const struct reach *reach, const struct request *r,
	struct start *start, struct request_error *error)
{
	*start = (struct start){ .cursor = reach->oldest - 1 };
	return !request_has(r, MEMBER_AFTER) || start_after(hub, reach, r, start, error);
}

bool start_resolve(const struct hub *hub, const struct request *r, struct start *start,
	struct request_error *error, struct gone_text *gone)
{
	const struct history *h = hub->timeline.history;
	struct reach reach = reach_samples(hub);

	if (!start_in(hub, &reach, r, start, error))
		return false;
	if (request_has(r, MEMBER_SINCE_MS))
		start->cursor = history_since_wall(h, r->since_ms) - 1;
	if (request_has(r, MEMBER_LAST_MS))
		start->cursor =
			history_since_mono(h,
				younger_than(sampled_now_ms(hub, r->last_ms), r->last_ms) *
					1000000) -
			1;
	if (r->on_gap == ON_GAP_FAIL && start->gap.reason)
		return start_fail_gone(hub, &reach, start->gap.reason, error, gone);
	return true;
}

bool start_resolve_events(const struct hub *hub, const struct request *r, struct start *start,
	struct request_error *error, struct gone_text *gone)
{
	struct reach reach = reach_events(hub);

	if (!start_in(hub, &reach, r, start, error))
		return false;
	if (request_has(r, MEMBER_SINCE_MS))
		start->cursor = events_since_wall(hub->events, r->since_ms) - 1;
	if (request_has(r, MEMBER_LAST_MS))
		start->cursor = events_since_mono(hub->events,
					younger_than(hub_now_mono_ms(hub), r->last_ms)) -
			1;
	if (r->on_gap == ON_GAP_FAIL && start->gap.reason)
		return start_fail_gone(hub, &reach, start->gap.reason, error, gone);
	return true;
}

void gap_write_members(const struct gap *gap, const char *unit, struct json *j)
{
	bool events = strcmp(unit, "eseq") == 0;
	const char *from = events ? "from_eseq" : "from_seq",
		   *to = events ? "to_eseq" : "to_seq";

	if (strcmp(gap->reason, "epoch") == 0) {
		json_kv_null(j, from);
		json_kv_null(j, to);
		json_kv_null(j, "count");
	} else {
		json_kv_uint(j, from, gap->from);
		json_kv_uint(j, to, gap->to);
		json_kv_uint(j, "count", gap->to - gap->from + 1);
	}
	json_kv_string(j, "reason", gap->reason);
}
