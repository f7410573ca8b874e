/* SPDX-License-Identifier: MIT */
#include "daemon/start.h"

#include <stdio.h>
#include <string.h>

#include "daemon/event.h"
#include "daemon/history/archive.h"
#include "proto/cursor.h"

bool start_is_given(const struct request *r)
{
	return request_has(r, MEMBER_AFTER) || request_has(r, MEMBER_SINCE_MS) ||
		request_has(r, MEMBER_LAST_MS);
}

/* One of the two timelines: what is still there of it. */
struct extent {
	uint64_t oldest, head;
	const char *ahead; /* what is said of a cursor beyond the head */
};

static struct extent extent_samples(const struct hub *hub)
{
	const struct history *h = hub->timeline.history;

	return (struct extent){ history_oldest(h), history_head(h),
		"cursor is ahead of the newest sample" };
}

static struct extent extent_events(const struct hub *hub)
{
	return (struct extent){ events_oldest(hub->events), events_head(hub->events),
		"cursor is ahead of the newest event" };
}

static bool start_fail_in(const struct hub *hub, const struct extent *extent,
	const char *reason, struct request_error *error, struct gone_text *gone)
{
	cursor_format(gone->oldest, hub->epoch, extent->oldest - 1);
	cursor_format(gone->head, hub->epoch, extent->head);
	*error = request_error_make(ERROR_GONE);
	error->reason = reason;
	error->oldest = gone->oldest;
	error->head = gone->head;
	return false;
}

bool start_fail_gone(const struct hub *hub, const char *reason, struct request_error *error,
	struct gone_text *gone)
{
	struct extent extent = extent_samples(hub);

	return start_fail_in(hub, &extent, reason, error, gone);
}

static bool start_after(const struct hub *hub, const struct extent *extent,
	const struct request *r, struct start *start, struct request_error *error)
{
	if (r->after.epoch != hub->epoch) {
		start->gap.reason = "epoch";
		return true;
	}
	if (r->after.seq > extent->head) {
		*error = request_error_make(ERROR_BAD_VALUE);
		error->message = extent->ahead;
		error->field = "after";
		return false;
	}
	if (r->after.seq + 1 < extent->oldest)
		start->gap = (struct gap){ "evicted", r->after.seq + 1, extent->oldest - 1 };
	else
		start->cursor = r->after.seq;
	return true;
}

/* Samples that were lost with the unclean end of a run lie behind the cursor. */
static void start_pass_lost(const struct hub *hub, struct start *start)
{
	uint64_t lost = history_lost_until(hub->timeline.history, start->cursor + 1);

	if (start->gap.reason || !lost)
		return;
	start->gap = (struct gap){ "lost", start->cursor + 1, lost };
	start->cursor = lost;
}

/*
 * The moment last_ms ago, by the monotonic clock in this boot and by wall time before it. Spans
 * of samples count from the middle between two ticks, so that 5 s at 1 s are the newest five
 * samples whatever the moment of the question.
 */
static struct moment moment_ago(const struct hub *hub, int64_t last_ms)
{
	const struct history *h = hub->timeline.history;
	int64_t base_ms = hub->timeline.base_ms, now_ms, head_ms, ahead_ms = 0;
	struct instant now;

	hub->shell.now(hub->shell.arg, &now);
	now_ms = (int64_t)(now.mono_ns / 1000000);
	head_ms = hub_is_ready(hub) && last_ms >= base_ms
		? (int64_t)(history_row(h, history_head(h))->mono_ns / 1000000)
		: INT64_MAX;
	if (now_ms >= head_ms && now_ms - head_ms < base_ms + base_ms / 2)
		ahead_ms = head_ms + base_ms / 2 - now_ms;
	now_ms += ahead_ms - last_ms;
	return (struct moment){ hub->timeline.boot,
		now_ms < 0 ? 0 : ((uint64_t)now_ms + 1) * 1000000,
		now.wall_ms + ahead_ms - last_ms };
}

/* Everything that both timelines have in common. */
static bool start_in(const struct hub *hub, const struct extent *extent,
	const struct request *r, struct start *start, struct request_error *error)
{
	*start = (struct start){ .cursor = extent->oldest - 1 };
	return !request_has(r, MEMBER_AFTER) || start_after(hub, extent, r, start, error);
}

static void start_at(const struct hub *hub, struct moment from, struct start *start)
{
	start->timed = true;
	start->from = from;
	start->cursor = history_since(hub->timeline.history, &from) - 1;
}

bool start_resolve(const struct hub *hub, const struct request *r, struct start *start,
	struct request_error *error, struct gone_text *gone)
{
	struct extent extent = extent_samples(hub);

	if (!start_in(hub, &extent, r, start, error))
		return false;
	if (request_has(r, MEMBER_SINCE_MS))
		start_at(hub, (struct moment){ MOMENT_NO_BOOT, 0, r->since_ms }, start);
	if (request_has(r, MEMBER_LAST_MS))
		start_at(hub, moment_ago(hub, r->last_ms), start);
	if (request_has(r, MEMBER_AFTER))
		start_pass_lost(hub, start);
	if (r->on_gap == ON_GAP_FAIL && start->gap.reason)
		return start_fail_in(hub, &extent, start->gap.reason, error, gone);
	return true;
}

int64_t start_event_mono_ms(const struct hub *hub, int64_t last_ms)
{
	return hub_now_mono_ms(hub) - last_ms + 1;
}

bool start_fail_boot(struct request_error *error)
{
	*error = request_error_make(ERROR_BAD_VALUE);
	error->message = "that boot is not in the history";
	error->field = "boot";
	return false;
}

static bool start_in_boot(const struct hub *hub, const struct request *r, struct start *start,
	struct request_error *error)
{
	const struct archive *archive = hub->timeline.archive;
	const struct archive_boot *boot = archive ? archive_boot_of(archive, r->boot) : NULL;

	start->in_boot = request_has(r, MEMBER_BOOT);
	start->boot = boot ? boot->boot : hub->timeline.boot;
	return !start->in_boot || boot || r->boot == 0 || start_fail_boot(error);
}

bool start_resolve_events(const struct hub *hub, const struct request *r, struct start *start,
	struct request_error *error, struct gone_text *gone)
{
	struct extent extent = extent_events(hub);

	if (!start_in(hub, &extent, r, start, error) || !start_in_boot(hub, r, start, error))
		return false;
	if (request_has(r, MEMBER_SINCE_MS))
		start->cursor = events_since_wall(hub->events, r->since_ms) - 1;
	if (request_has(r, MEMBER_LAST_MS))
		start->cursor =
			events_since_mono(hub->events, start_event_mono_ms(hub, r->last_ms)) -
			1;
	if (r->on_gap == ON_GAP_FAIL && start->gap.reason)
		return start_fail_in(hub, &extent, start->gap.reason, error, gone);
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
