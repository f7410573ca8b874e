/* SPDX-License-Identifier: MIT */
#include "daemon/energy.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "proto/alloc.h"

/* ---- time ---- */

/* Seconds of the interval that ends with a row; before is the row before it. */
static double interval_seconds(const struct row *row, const struct row *before)
{
	double s;

	if (!(row->flags & ROW_FIRST))
		return (double)row->dt_ns / 1e9;
	if (row->flags & (ROW_BOOT | ROW_START) || row->mono_ns < before->mono_ns)
		s = (double)(row->ts_ms - before->ts_ms) / 1e3;
	else
		s = (double)(row->mono_ns - before->mono_ns) / 1e9;
	return s > 0 ? s : 0;
}

/* Where rows stand on the time axis of a window. */
struct energy_axis {
	const struct history *history;
	uint64_t oldest, head;
	bool mono;
	uint64_t boot;	   /* first row of this boot */
	int64_t offset_ms; /* Unix time less time since this boot, as of the newest row */
};

static int64_t axis_place(const struct energy_axis *axis, uint64_t seq)
{
	const struct row *row = history_row(axis->history, seq);

	if (!axis->mono)
		return row->ts_ms;
	if (seq >= axis->boot)
		return (int64_t)(row->mono_ns / 1000000);
	return row->ts_ms - axis->offset_ms;
}

/* The first row from seq on that is not before the place; head + 1 when there is none. */
static uint64_t axis_find(const struct energy_axis *axis, uint64_t seq, int64_t place)
{
	while (seq <= axis->head && axis_place(axis, seq) < place)
		seq++;
	return seq;
}

/* How much of the interval that ends with a row lies behind the place: 0 to 1. */
static double axis_share(const struct energy_axis *axis, uint64_t seq, int64_t place)
{
	double whole = interval_seconds(
		history_row(axis->history, seq), history_row(axis->history, seq - 1));
	double behind = (double)(axis_place(axis, seq) - place) / 1e3;

	return behind < whole ? behind / whole : 1;
}

static void axis_set_head(const struct energy_axis *axis, struct energy_window *w, int64_t from)
{
	uint64_t seq = axis_find(axis, axis->oldest, from);

	w->first = seq;
	w->head = 1;
	if (seq == axis->oldest) {
		w->missing_s += (double)(axis_place(axis, seq) - from) / 1e3;
		w->first++;
	} else if (seq <= axis->head) {
		w->head = axis_share(axis, seq, from);
		w->first += w->head <= 0;
		w->head = w->head <= 0 ? 1 : w->head;
	}
}

static void axis_set_tail(const struct energy_axis *axis, struct energy_window *w, int64_t to)
{
	uint64_t start = w->first > axis->oldest + 1 ? w->first - 1 : axis->oldest;
	uint64_t seq = axis_find(axis, start, to);

	w->last = seq;
	w->tail = 1;
	if (seq > axis->head) {
		w->missing_s += (double)(to - axis_place(axis, axis->head)) / 1e3;
		w->last = axis->head;
	} else if (seq > axis->oldest) {
		w->tail = 1 - axis_share(axis, seq, to);
		w->last -= w->tail <= 0;
		w->tail = w->tail <= 0 ? 1 : w->tail;
	}
}

static void axis_set_window(
	const struct energy_axis *axis, struct energy_window *w, int64_t from, int64_t to)
{
	bool beside = axis->head < axis->oldest || axis_place(axis, axis->oldest) >= to ||
		axis_find(axis, axis->oldest, from) > axis->head;

	w->first = 1;
	w->last = 0;
	if (to <= from)
		return;
	w->missing_s = beside ? (double)(to - from) / 1e3 : 0;
	if (beside)
		return;
	axis_set_head(axis, w, from);
	axis_set_tail(axis, w, to);
}

/* ---- windows ---- */

void energy_window_seq(struct energy_window *w, const struct history *history,
	uint64_t from_seq, uint64_t to_seq)
{
	uint64_t oldest = history_oldest(history), head = history_head(history);

	*w = (struct energy_window){ .first = 1, .head = 1, .tail = 1 };
	if (from_seq < oldest)
		from_seq = oldest;
	if (to_seq > head)
		to_seq = head;
	if (from_seq > to_seq)
		return;
	w->first = from_seq + 1;
	w->last = to_seq;
	w->from_ts_ms = history_row(history, from_seq)->ts_ms;
	w->to_ts_ms = history_row(history, to_seq)->ts_ms;
}

void energy_window_wall(struct energy_window *w, const struct history *history,
	int64_t from_ts_ms, int64_t to_ts_ms)
{
	struct energy_axis axis = { history, history_oldest(history), history_head(history),
		false, 0, 0 };

	*w = (struct energy_window){ .from_ts_ms = from_ts_ms, .to_ts_ms = to_ts_ms };
	axis_set_window(&axis, w, from_ts_ms, to_ts_ms);
}

void energy_window_mono(struct energy_window *w, const struct history *history,
	int64_t from_mono_ms, int64_t to_mono_ms)
{
	struct energy_axis axis = { history, history_oldest(history), history_head(history),
		true, history_oldest(history), 0 };
	const struct row *newest;

	*w = (struct energy_window){ .first = 1 };
	if (axis.head < axis.oldest) {
		w->missing_s = fmax((double)(to_mono_ms - from_mono_ms) / 1e3, 0);
		return;
	}
	for (uint64_t seq = axis.head; seq > axis.oldest && axis.boot == axis.oldest; seq--)
		if (history_row(history, seq)->flags & (ROW_BOOT | ROW_START))
			axis.boot = seq;
	newest = history_row(history, axis.head);
	axis.offset_ms = newest->ts_ms - (int64_t)(newest->mono_ns / 1000000);
	w->from_ts_ms = from_mono_ms + axis.offset_ms;
	w->to_ts_ms = to_mono_ms + axis.offset_ms;
	axis_set_window(&axis, w, from_mono_ms, to_mono_ms);
}

/* ---- rails ---- */

/* The rail of "rail.NAME.joules" or "NAME_joules"; false for any other series. */
static bool rail_name(char name[ENERGY_NAME_MAX], const struct series *s)
{
	static const char scope[] = "rail.", unit[] = "joules";
	const char *start = s->name;
	size_t length = strlen(start);

	if (s->kind != KIND_COUNTER || length <= strlen(unit) + 1 ||
		strcmp(start + length - strlen(unit), unit) != 0)
		return false;
	length -= strlen(unit) + 1;
	if (strncmp(start, scope, strlen(scope)) == 0) {
		start += strlen(scope);
		length -= strlen(scope);
	} else if (strchr(start, '.')) {
		return false;
	}
	if (length == 0 || length >= ENERGY_NAME_MAX)
		return false;
	memcpy(name, start, length);
	name[length] = '\0';
	return true;
}

static bool rails_have(const struct energy *energy, const char *name)
{
	for (unsigned i = 0; i < energy->count; i++)
		if (strcmp(energy->rails[i].name, name) == 0)
			return true;
	return false;
}

static void rails_list(struct energy *energy, const struct schema *schema)
{
	energy->rails = xcalloc(schema->count + 1, sizeof(*energy->rails));
	for (unsigned i = 0; i < schema->count; i++) {
		struct energy_rail *rail = &energy->rails[energy->count];

		rail->series = i;
		if (rail_name(rail->name, &schema->series[i]) &&
			!rails_have(energy, rail->name))
			energy->count++;
	}
}

static void rail_add(struct energy_rail *rail, double joules, double share, double seconds)
{
	if (!(joules >= 0))
		return;
	rail->joules += share * joules;
	rail->covered_s += share * seconds;
}

static void rails_add(
	struct energy *energy, const struct row *row, const struct row *before, double share)
{
	double seconds = interval_seconds(row, before);

	for (unsigned i = 0; i < energy->count; i++) {
		struct energy_rail *rail = &energy->rails[i];

		rail_add(rail, row->values[rail->series] - before->values[rail->series], share,
			seconds);
	}
}

/*
 * ---- edges ----
 *
 * Some counters move only every now and then (a Mac publishes most rails every 2 s), so that
 * the rows of one movement tell nothing of when in between its energy was used.  At an edge of
 * the window it counts by time over the whole movement, not over the one interval it showed up
 * in.
 */

/* A stretch of rows over which a counter moved once, at its end: (from, to]. */
struct movement {
	uint64_t from, to;
	double joules, seconds;
	double before_s; /* of that, up to the edge */
	bool open; /* the end is not there yet: what came is judged by the movement before */
};

static bool rows_follow(const struct history *h, uint64_t seq)
{
	return seq > history_oldest(h) && !(history_row(h, seq)->flags & ROW_FIRST);
}

static double step_joules(const struct history *h, unsigned series, uint64_t seq)
{
	return history_row(h, seq)->values[series] - history_row(h, seq - 1)->values[series];
}

static double step_seconds(const struct history *h, uint64_t seq)
{
	return interval_seconds(history_row(h, seq), history_row(h, seq - 1));
}

/* Rows before seq in which the counter stood still: back to the one in which it moved. */
static uint64_t movement_start(const struct history *h, unsigned series, uint64_t seq)
{
	double seconds = 0;

	while (rows_follow(h, seq - 1) && step_joules(h, series, seq - 1) == 0 &&
		seconds < ENERGY_MOVEMENT_MAX_S)
		seconds += step_seconds(h, --seq);
	return seq - 1;
}

/* The row from seq on in which it moves next; 0 when none comes soon enough. */
static uint64_t movement_end(const struct history *h, unsigned series, uint64_t seq)
{
	double seconds = 0;

	while (seq <= history_head(h) && rows_follow(h, seq) &&
		seconds < ENERGY_MOVEMENT_MAX_S) {
		if (step_joules(h, series, seq) != 0)
			return seq;
		seconds += step_seconds(h, seq++);
	}
	return 0;
}

static double span_seconds(const struct history *h, uint64_t from, uint64_t to)
{
	double seconds = 0;

	for (uint64_t seq = from + 1; seq <= to; seq++)
		seconds += step_seconds(h, seq);
	return seconds;
}

/* The movement that an edge in the interval of row seq, share of it passed, lies in. */
static bool movement_find(const struct history *h, unsigned series, uint64_t seq, double share,
	struct movement *m)
{
	m->from = movement_start(h, series, seq);
	m->to = movement_end(h, series, seq);
	m->before_s = span_seconds(h, m->from, seq - 1) + share * step_seconds(h, seq);
	m->open = m->to == 0;
	if (m->open) {
		/* As fast as in the movement before, which ended where this one begins. */
		uint64_t last = m->from;

		if (!rows_follow(h, last) || !(step_joules(h, series, last) > 0))
			return false;
		m->from = movement_start(h, series, last);
		m->to = last;
	}
	m->joules =
		history_row(h, m->to)->values[series] - history_row(h, m->from)->values[series];
	m->seconds = span_seconds(h, m->from, m->to);
	return m->joules > 0 && m->seconds > 0;
}

/* An edge of the window: the movement that it lies in, and what it changes. */
struct edge {
	struct movement m;
	double used;  /* of the movement's joules, before the edge */
	double shown; /* of them what cutting each interval by time has counted already */
	bool cuts;    /* it lies inside, not at an end */
};

static void edge_find(
	struct edge *e, const struct history *h, unsigned series, uint64_t seq, double share)
{
	*e = (struct edge){ .used = 0 };
	if (!rows_follow(h, seq) || !movement_find(h, series, seq, share, &e->m))
		return;
	e->used = e->m.joules * e->m.before_s / e->m.seconds;
	e->shown = e->m.open || e->m.to != seq ? 0 : share * step_joules(h, series, seq);
	e->cuts = e->m.before_s > 0 && (e->m.open || e->m.before_s < e->m.seconds);
}

static double edge_error(const struct edge *e)
{
	if (!e->cuts)
		return 0;
	return e->m.open ? e->used : fmax(e->used, e->m.joules - e->used);
}

static void rail_cut_edges(
	struct energy_rail *rail, const struct history *h, const struct energy_window *w)
{
	struct edge head, tail;
	double inside;

	edge_find(&head, h, rail->series, w->first, 1 - w->head);
	edge_find(&tail, h, rail->series, w->last, w->tail);
	inside = tail.used - head.used;
	rail->joules += inside - (tail.shown - head.shown);
	rail->joules = fmax(rail->joules, 0);
	if (head.m.from == tail.m.from && head.m.to == tail.m.to && (head.cuts || tail.cuts))
		rail->error_joules = fmax(inside, tail.m.joules - inside);
	else
		rail->error_joules = edge_error(&head) + edge_error(&tail);
}

/* ---- the whole ---- */

/* Leaves out the rails that were not measured. */
static void rails_finish(struct energy *energy)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < energy->count; i++) {
		struct energy_rail *rail = &energy->rails[i];

		if (rail->covered_s <= 0)
			continue;
		rail->mean_watts = rail->joules / rail->covered_s;
		energy->rails[kept++] = *rail;
	}
	energy->count = kept;
	for (unsigned i = 0; i < kept; i++)
		if (i == 0 || energy->rails[i].covered_s < energy->covered_s)
			energy->covered_s = energy->rails[i].covered_s;
}

static double window_share(const struct energy_window *w, uint64_t seq)
{
	double share = 1;

	if (seq == w->first)
		share -= 1 - w->head;
	if (seq == w->last)
		share -= 1 - w->tail;
	return share > 0 ? share : 0;
}

void energy_measure(struct energy *energy, const struct history *history,
	const struct schema *schema, const struct energy_window *w)
{
	double length_s = w->missing_s;

	*energy = (struct energy){ .from_ts_ms = w->from_ts_ms, .to_ts_ms = w->to_ts_ms };
	rails_list(energy, schema);
	for (uint64_t seq = w->first; seq <= w->last; seq++) {
		const struct row *row = history_row(history, seq);
		const struct row *before = history_row(history, seq - 1);
		double share = window_share(w, seq);

		length_s += share * interval_seconds(row, before);
		if (!(row->flags & ROW_FIRST))
			rails_add(energy, row, before, share);
	}
	for (unsigned i = 0; i < energy->count && w->first <= w->last; i++)
		rail_cut_edges(&energy->rails[i], history, w);
	rails_finish(energy);
	energy->uncovered_s = fmax(length_s - energy->covered_s, 0);
}

void energy_fini(struct energy *energy)
{
	free(energy->rails);
	*energy = (struct energy){ 0 };
}
