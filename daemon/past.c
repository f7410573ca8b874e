/* SPDX-License-Identifier: MIT */
#include "daemon/past.h"

#include <math.h>
#include <stdlib.h>

#include "proto/alloc.h"

/* The end of a row, coarse or not. */
struct past_point {
	uint64_t first_seq, seq;
	unsigned run, boot, flags;
	int64_t ts_ms;
	uint64_t mono_us;
	double own_s; /* that its samples cover */
};

struct past_walk {
	const struct past_query *query;
	past_take take;
	void *arg;
	struct past_point last;
	bool any, done;
	unsigned pending;	 /* flags of a row that was passed over */
	double *before, *values; /* of the last point and of the next one */
};

/* ---- places ---- */

static int64_t past_place(
	const struct past *past, uint64_t seq, unsigned boot, int64_t ts_ms, uint64_t mono_us)
{
	if (past->axis == PAST_SEQ)
		return (int64_t)seq;
	if (past->axis == PAST_WALL)
		return ts_ms;
	return boot == past->boot ? (int64_t)(mono_us / 1000) : ts_ms - past->offset_ms;
}

static int64_t point_place(const struct past *past, const struct past_point *p)
{
	return past_place(past, p->seq, p->boot, p->ts_ms, p->mono_us);
}

static double point_seconds(const struct past_point *p, const struct past_point *before)
{
	double s = (double)(p->ts_ms - before->ts_ms) / 1e3;

	if (p->boot == before->boot && p->mono_us >= before->mono_us)
		s = (double)(p->mono_us - before->mono_us) / 1e6;
	return s > 0 ? s : 0;
}

/* ---- intervals ---- */

/* From start to end, on the axis; the end is at that Unix time. */
static void walk_cut(struct past_walk *w, struct past_interval *v, double start, double end,
	int64_t end_ts_ms)
{
	const struct past *past = w->query->past;
	double from = fmax(start, (double)past->from), to = fmin(end, (double)past->to);
	double ms = end > start ? v->seconds * 1e3 / (end - start) : 0;

	if (!(to > from))
		return;
	v->share = (to - from) / (end - start);
	v->from_ts_ms = end_ts_ms - llround((end - from) * ms);
	v->to_ts_ms = end_ts_ms - llround((end - to) * ms);
	v->before = w->before;
	v->values = w->values;
	w->take(w->arg, v);
}

/* A hole is cut by time only: none of its samples are there to be counted. */
static void walk_cut_hole(struct past_walk *w, const struct past_point *p, double start,
	double middle, double seconds)
{
	const struct past *past = w->query->past;
	struct past_interval v = { .kind = PAST_HOLE, .seconds = seconds };

	if (past->axis == PAST_SEQ && ((double)past->from > start || (double)past->to < middle))
		return;
	walk_cut(w, &v, start, middle, p->ts_ms - llround(p->own_s * 1e3));
}

static void walk_hand(struct past_walk *w, const struct past_point *p)
{
	const struct past *past = w->query->past;
	bool numbers = past->axis == PAST_SEQ;
	bool first = p->flags & ROW_FIRST;
	bool hole = first || !w->any || p->run != w->last.run;
	struct past_interval v = { .seconds = point_seconds(p, &w->last) };
	double end = (double)point_place(past, p);
	double start = numbers ? (double)w->last.seq : end - v.seconds * 1e3, middle;

	if (hole) {
		middle = numbers ? (double)p->first_seq - !first : end - p->own_s * 1e3;
		if (w->any)
			walk_cut_hole(w, p, start, middle, fmax(v.seconds - p->own_s, 0));
		v.kind = PAST_BEHIND;
		v.seconds = p->own_s;
		start = middle;
	}
	walk_cut(w, &v, start, end, p->ts_ms);
}

/* The values of the point are in w->values. */
static void walk_add(struct past_walk *w, struct past_point *p)
{
	const struct past *past = w->query->past;
	double *values = w->before;

	if (past->axis == PAST_SEQ && p->ts_ms > past->until_ts_ms) {
		w->done = true;
		return;
	}
	p->flags |= w->pending;
	w->pending = 0;
	walk_hand(w, p);
	w->before = w->values;
	w->values = values;
	w->last = *p;
	w->any = true;
	w->done = point_place(past, p) >= past->to;
}

/* ---- rows ---- */

/* The tier is read from the block before the first one that reaches to the beginning. */
static uint64_t walk_after(const struct past_walk *w, const struct shelf *shelf)
{
	const struct past *past = w->query->past;
	uint64_t after = 0;
	unsigned i = 0;

	for (; i < shelf->count; i++) {
		const struct shelf_block *b = shelf_at(shelf, i);

		if (past_place(past, b->last_seq, b->last_boot, b->last_ts_ms,
			    b->last_mono_us) >= past->from)
			break;
	}
	if (i > 0)
		after = shelf_at(shelf, i - 1)->first_seq - 1;
	return w->any && w->last.seq > after ? w->last.seq : after;
}

static void walk_add_row(struct past_walk *w, const struct query_row *row)
{
	const struct span *s = &row->span;
	struct past_point p = { s->first_seq, s->last_seq, s->run, s->boot, s->flags, s->ts_ms,
		s->mono_us, (double)s->dt_us / 1e6 };

	for (unsigned i = 0; i < w->query->count; i++) {
		const struct gathered *g = &row->values[i];
		unsigned place = w->query->columns[i].place;
		bool gauge = w->query->archive->schema->series[place].kind == KIND_GAUGE;

		w->values[i] = gauge ? gathered_mean(g) : g->last;
	}
	walk_add(w, &p);
}

/* Rows that end before the sample until; one that it lies in says what happened before it. */
static void walk_tier(struct past_walk *w, unsigned tier, uint64_t until)
{
	struct archive *archive = w->query->archive;
	struct query *q = query_new(archive, tier, walk_after(w, &archive->tiers[tier].shelf),
		w->query->columns, w->query->count);
	struct query_row row;

	while (!w->done && query_next(q, &row)) {
		if (row.span.last_seq >= until) {
			w->pending |= row.span.first_seq < until ? row.span.flags : 0;
			break;
		}
		walk_add_row(w, &row);
	}
	query_free(q);
}

static void walk_history(struct past_walk *w)
{
	const struct history *h = w->query->history;
	uint64_t seq = history_oldest(h);
	const struct row *row;
	struct past_point p;

	while (seq <= history_head(h) && history_row(h, seq)->flags & ROW_LOST)
		seq++;
	if (w->done || seq > history_head(h))
		return;
	row = history_row(h, seq);
	p = (struct past_point){ seq, seq, row->run, row->boot, row->flags, row->ts_ms,
		row->mono_ns / 1000, (double)row->dt_ns / 1e9 };
	for (unsigned i = 0; i < w->query->count; i++)
		w->values[i] = history_value(h, row, w->query->columns[i].place);
	walk_add(w, &p);
}

void past_walk(const struct past_query *query, past_take take, void *arg)
{
	const struct archive *a = query->archive;
	struct past_walk w = { .query = query, .take = take, .arg = arg };
	uint64_t until[ARCHIVE_TIERS_MAX + 1] = { history_oldest(query->history) };

	for (unsigned i = 0; i < a->tier_count; i++) {
		uint64_t oldest = tier_oldest_seq(&a->tiers[i]);

		until[i + 1] = oldest && oldest < until[i] ? oldest : until[i];
	}
	w.before = xcalloc(query->count + 1, sizeof(*w.before));
	w.values = xcalloc(query->count + 1, sizeof(*w.values));
	for (unsigned i = a->tier_count; i-- > 0;)
		walk_tier(&w, i, until[i]);
	walk_history(&w);
	free(w.before);
	free(w.values);
}

uint64_t past_oldest(const struct archive *a, const struct history *history)
{
	uint64_t seq = history_oldest(history);

	for (unsigned i = 0; a && i < a->tier_count; i++) {
		uint64_t oldest = tier_oldest_seq(&a->tiers[i]);

		seq = oldest && oldest < seq ? oldest : seq;
	}
	return seq;
}
