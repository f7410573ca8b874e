/* SPDX-License-Identifier: MIT */
#include "daemon/start.h"

#include <stdio.h>
#include <string.h>

#include "proto/cursor.h"

bool start_is_given(const struct request *r)
{
	return request_has(r, MEMBER_AFTER) || request_has(r, MEMBER_SINCE_MS) ||
		request_has(r, MEMBER_LAST_MS);
}

static bool start_fail_gone(const struct hub *hub, const char *reason,
	struct request_error *error, struct gone_text *gone)
{
	const struct history *h = hub->timeline.history;

	cursor_format(gone->oldest, hub->epoch, history_oldest(h) - 1);
	cursor_format(gone->head, hub->epoch, history_head(h));
	*error = request_error_make(ERROR_GONE);
	error->reason = reason;
	error->oldest = gone->oldest;
	error->head = gone->head;
	return false;
}

static bool start_after(const struct hub *hub, const struct request *r, struct start *start,
	struct request_error *error)
{
	const struct history *h = hub->timeline.history;
	uint64_t oldest = history_oldest(h);

	start->cursor = oldest - 1;
	if (r->after.epoch != hub->epoch) {
		start->gap.reason = "epoch";
		return true;
	}
	if (r->after.seq > history_head(h)) {
		*error = request_error_make(ERROR_BAD_VALUE);
		error->message = "cursor is ahead of the newest sample";
		error->field = "after";
		return false;
	}
	if (r->after.seq + 1 < oldest)
		start->gap = (struct gap){ "evicted", r->after.seq + 1, oldest - 1 };
	else
		start->cursor = r->after.seq;
	return true;
}

/* The last row that is not younger than last_ms. */
static uint64_t start_last(const struct hub *hub, int64_t last_ms)
{
	int64_t from_ms = hub_now_mono_ms(hub) - last_ms;

	if (from_ms < 0)
		return history_oldest(hub->timeline.history) - 1;
	return history_since_mono(hub->timeline.history, ((uint64_t)from_ms + 1) * 1000000) - 1;
}

bool start_resolve(const struct hub *hub, const struct request *r, struct start *start,
	struct request_error *error, struct gone_text *gone)
{
	const struct history *h = hub->timeline.history;

	*start = (struct start){ .cursor = history_oldest(h) - 1 };
	if (request_has(r, MEMBER_AFTER)) {
		if (!start_after(hub, r, start, error))
			return false;
	} else if (request_has(r, MEMBER_SINCE_MS)) {
		start->cursor = history_since_wall(h, r->since_ms) - 1;
	} else if (request_has(r, MEMBER_LAST_MS)) {
		start->cursor = start_last(hub, r->last_ms);
	}
	if (r->on_gap == ON_GAP_FAIL && start->gap.reason)
		return start_fail_gone(hub, start->gap.reason, error, gone);
	return true;
}

void gap_write_members(const struct gap *gap, struct json *j)
{
	if (strcmp(gap->reason, "epoch") == 0) {
		json_kv_null(j, "from_seq");
		json_kv_null(j, "to_seq");
		json_kv_null(j, "count");
	} else {
		json_kv_uint(j, "from_seq", gap->from);
		json_kv_uint(j, "to_seq", gap->to);
		json_kv_uint(j, "count", gap->to - gap->from + 1);
	}
	json_kv_string(j, "reason", gap->reason);
}
