/* SPDX-License-Identifier: MIT */
#include "daemon/reach.h"

/* Where the answer begins, as far as the request says: a seq, or a moment. */
struct wish {
	bool given;
	uint64_t from_seq; /* 0 = by time */
	struct moment from;
};

static struct moment moment_ago(const struct hub *hub, int64_t ms)
{
	struct instant now;
	uint64_t ago_ns = (uint64_t)ms * 1000000;

	hub->shell.now(hub->shell.arg, &now);
	return (struct moment){ hub->timeline.boot,
		now.mono_ns > ago_ns ? now.mono_ns - ago_ns : 0, now.wall_ms - ms };
}

static struct wish reach_wish(const struct hub *hub, const struct request *r, uint64_t boot)
{
	struct wish w = { .given = true };

	if (request_has(r, MEMBER_AFTER) && r->after.epoch == hub->epoch)
		w.from_seq = r->after.seq + 1;
	else if (request_has(r, MEMBER_SINCE_MS))
		w.from = (struct moment){ MOMENT_NO_BOOT, 0, r->since_ms };
	else if (request_has(r, MEMBER_LAST_MS))
		w.from = moment_ago(hub, r->last_ms);
	else if (boot)
		w.from_seq = boot;
	else
		w.given = false;
	return w;
}

/* Blocks of rows that are all too early need not be read. */
static uint64_t reach_cursor(const struct tier *t, const struct moment *from)
{
	uint64_t after = 0;

	for (unsigned i = 0; i < t->shelf.count; i++) {
		const struct shelf_block *b = shelf_at(&t->shelf, i);

		if (moment_is_before(from, b->last_boot, b->last_mono_us * 1000, b->last_ts_ms))
			break;
		after = b->last_seq;
	}
	return after;
}

/* Whether the rows that are not in a block yet are all too late. */
static bool reach_is_past_open(const struct tier *tiers, int tier, int64_t until_ms)
{
	const struct tier *t = &tiers[tier];

	for (unsigned r = 0; r < t->rows; r++)
		if (t->spans[r].ts_ms < until_ms)
			return false;
	for (int i = 0; i <= tier; i++)
		if (tiers[i].step.last_seq && tiers[i].step.ts_ms < until_ms)
			return false;
	return true;
}

/* Nor need those that are all too late: wall time does not go back within a block. */
static uint64_t reach_end(const struct archive *a, int tier, int64_t until_ms)
{
	const struct shelf *shelf = &a->tiers[tier].shelf;
	unsigned count = shelf->count;

	if (!reach_is_past_open(a->tiers, tier, until_ms))
		return UINT64_MAX;
	while (count > 0 && shelf_at(shelf, count - 1)->first_ts_ms >= until_ms)
		count--;
	return count ? shelf_at(shelf, count - 1)->last_seq : 0;
}

/* From a coarser tier: nothing is missing but what it no longer has either. */
static bool reach_coarse(const struct hub *hub, const struct request *r, struct reach *reach,
	const struct wish *w, struct request_error *error, struct gone_text *gone)
{
	const struct tier *t = &hub->timeline.archive->tiers[reach->tier];
	uint64_t oldest = tier_oldest_seq(t);

	reach->start.timed = w->from_seq == 0;
	reach->start.from = w->from;
	reach->start.cursor = reach->start.timed ? reach_cursor(t, &w->from) : w->from_seq - 1;
	if (!request_has(r, MEMBER_AFTER) || w->from_seq >= oldest)
		return true;
	reach->start.gap = (struct gap){ "evicted", w->from_seq, oldest - 1 };
	if (r->on_gap != ON_GAP_FAIL)
		return true;
	return start_fail_gone(hub, "evicted", error, gone);
}

static bool reach_boot(const struct hub *hub, const struct request *r, uint64_t *first,
	uint64_t *last, struct request_error *error)
{
	const struct archive *a = hub->timeline.archive;

	*first = 0;
	*last = UINT64_MAX;
	if (!request_has(r, MEMBER_BOOT) || (!a && r->boot == 0))
		return true;
	if (a && archive_find_boot(a, r->boot, first, last))
		return true;
	return start_fail_boot(error);
}

static void reach_until(const struct hub *hub, const struct request *r, struct reach *reach,
	uint64_t last_of_boot)
{
	const struct timeline *t = &hub->timeline;
	uint64_t end = UINT64_MAX;

	reach->until = history_head(t->history);
	reach->has_until_ms = request_has(r, MEMBER_UNTIL_MS);
	reach->until_ms = r->until_ms;
	if (reach->has_until_ms)
		end = reach->tier < 0 ? history_before_wall(t->history, r->until_ms)
				      : reach_end(t->archive, reach->tier, r->until_ms);
	if (reach->until > end)
		reach->until = end;
	if (reach->until > last_of_boot)
		reach->until = last_of_boot;
}

bool reach_resolve(const struct hub *hub, const struct request *r, struct reach *reach,
	struct request_error *error, struct gone_text *gone)
{
	const struct timeline *t = &hub->timeline;
	uint64_t first, last;
	struct wish w;
	bool fine;

	*reach = (struct reach){ .tier = -1 };
	if (!reach_boot(hub, r, &first, &last, error))
		return false;
	w = reach_wish(hub, r, first);
	if (t->archive && w.given && w.from_seq <= history_head(t->history))
		reach->tier = archive_choose(t->archive, t->history, w.from_seq, w.from.ts_ms);
	if (reach->tier < 0)
		fine = start_resolve(hub, r, &reach->start, error, gone);
	else
		fine = reach_coarse(hub, r, reach, &w, error, gone);
	if (first && reach->start.cursor + 1 < first)
		reach->start.cursor = first - 1;
	reach_until(hub, r, reach, last);
	return fine;
}

void reach_fit(const struct hub *hub, const struct reach *reach, struct view_spec *spec)
{
	uint64_t ticks;

	if (reach->tier < 0)
		return;
	ticks = hub->timeline.archive->tiers[reach->tier].ticks;
	spec->ticks = (spec->ticks + ticks - 1) / ticks * ticks;
}
