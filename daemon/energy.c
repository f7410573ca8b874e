/* SPDX-License-Identifier: MIT */
#include "daemon/energy.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
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
	uint64_t boot;	   /* first row whose time since boot leads up to the newest */
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
	if (from_seq < oldest && oldest <= head)
		w->past = (struct past){ PAST_SEQ, (int64_t)from_seq,
			(int64_t)(to_seq < oldest ? to_seq : oldest), INT64_MAX, 0, 0 };
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

/* The part of a window of time that is older than the oldest row. */
static void axis_set_past(
	const struct energy_axis *axis, struct energy_window *w, int64_t from, int64_t to)
{
	if (axis->head < axis->oldest || from >= to || from >= axis_place(axis, axis->oldest))
		return;
	w->past = (struct past){ axis->mono ? PAST_MONO : PAST_WALL, from, to, INT64_MAX,
		history_row(axis->history, axis->head)->boot, axis->offset_ms };
}

void energy_window_wall(struct energy_window *w, const struct history *history,
	int64_t from_ts_ms, int64_t to_ts_ms)
{
	struct energy_axis axis = { history, history_oldest(history), history_head(history),
		false, 0, 0 };

	*w = (struct energy_window){ .from_ts_ms = from_ts_ms, .to_ts_ms = to_ts_ms };
	axis_set_window(&axis, w, from_ts_ms, to_ts_ms);
	axis_set_past(&axis, w, from_ts_ms, to_ts_ms);
}

/* A machine that was restored from a picture of itself, and a pretended one, has its time since
 * boot go back without a boot; what came before is as far away as behind one. */
static uint64_t axis_find_boot(const struct energy_axis *axis)
{
	uint64_t seq = axis->head;
	uint64_t mono_ns = UINT64_MAX;

	for (; seq >= axis->oldest; seq--) {
		const struct row *row = history_row(axis->history, seq);

		if (row->mono_ns > mono_ns)
			return seq + 1;
		if (row->flags & (ROW_BOOT | ROW_START))
			return seq;
		mono_ns = row->mono_ns;
	}
	return axis->oldest;
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
	axis.boot = axis_find_boot(&axis);
	newest = history_row(history, axis.head);
	axis.offset_ms = newest->ts_ms - (int64_t)(newest->mono_ns / 1000000);
	w->from_ts_ms = from_mono_ms + axis.offset_ms;
	w->to_ts_ms = to_mono_ms + axis.offset_ms;
	axis_set_window(&axis, w, from_mono_ms, to_mono_ms);
	axis_set_past(&axis, w, from_mono_ms, to_mono_ms);
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
	if (share < 1)
		rail->error_joules += fmax(share, 1 - share) * joules;
}

/* A rail since its counter was last known: a reading that failed loses nothing. */
struct rail_gap {
	double counter;		 /* then; NaN = not known since the last hole */
	double whole_s, share_s; /* time since, and what of it is in the window */
};

/* From the first row of a window on, or the first one behind a hole. */
static void gaps_begin(struct rail_gap *gaps, const struct energy *energy,
	const struct history *history, const struct row *row)
{
	for (unsigned i = 0; i < energy->count; i++)
		gaps[i] =
			(struct rail_gap){ history_value(history, row, energy->rails[i].series),
				0, 0 };
}

/* Adds the interval that ends with a row, once the counter is known. */
static void rail_take(struct energy_rail *rail, struct rail_gap *gap, double counter,
	double seconds, double share)
{
	gap->whole_s += seconds;
	gap->share_s += share * seconds;
	if (isnan(counter))
		return;
	if (gap->whole_s > 0)
		share = gap->share_s / gap->whole_s;
	rail_add(rail, counter - gap->counter, share, gap->whole_s);
	*gap = (struct rail_gap){ counter, 0, 0 };
}

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

/* ---- what only coarser tiers know ---- */

struct energy_past {
	struct energy *energy;
	const struct query_column *columns; /* rails, and behind them their powers */
	bool counts;	 /* the window has no length beside that of its intervals */
	double length_s; /* theirs */
};

/* Joules of rail i.  Behind a hole its counter stands for the hole as well. */
static double energy_of_interval(
	const struct energy_past *p, const struct past_interval *v, unsigned i)
{
	unsigned power = p->energy->count + i;

	if (v->kind == PAST_KNOWN)
		return v->values[i] - v->before[i];
	return p->columns[power].place == p->columns[i].place ? NAN
							      : v->values[power] * v->seconds;
}

static void energy_take_past(void *arg, const struct past_interval *v)
{
	struct energy_past *p = arg;
	struct energy *energy = p->energy;

	if (p->counts && p->length_s == 0)
		energy->from_ts_ms = v->from_ts_ms;
	if (p->counts && energy->to_ts_ms < v->to_ts_ms)
		energy->to_ts_ms = v->to_ts_ms;
	p->length_s += v->share * v->seconds;
	for (unsigned i = 0; i < energy->count && v->kind != PAST_HOLE; i++)
		rail_add(&energy->rails[i], energy_of_interval(p, v, i), v->share, v->seconds);
}

/* The power of a rail; the rail itself where there is none. */
static unsigned energy_power(const struct schema *schema, unsigned rail)
{
	const char *name = schema->series[rail].name;
	size_t length = strlen(name) - strlen("joules");
	char power[LAYOUT_NAME_MAX];
	int found;

	snprintf(power, sizeof(power), "%.*swatts", (int)length, name);
	found = schema_find(schema, power);
	return found >= 0 && schema->series[found].kind == KIND_GAUGE ? (unsigned)found : rail;
}

/* The seconds that this adds to the length of the window. */
static double energy_add_past(struct energy *energy, const struct history *history,
	struct archive *archive, const struct schema *schema, const struct past *past)
{
	unsigned count = energy->count;
	struct query_column *columns = xcalloc(2 * count + 1, sizeof(*columns));
	struct past_query query = { past, archive, history, columns, 2 * count };
	struct energy_past p = { energy, columns, past->axis == PAST_SEQ, 0 };

	for (unsigned i = 0; i < count; i++) {
		columns[i].place = energy->rails[i].series;
		columns[count + i].place = energy_power(schema, columns[i].place);
	}
	past_walk(&query, energy_take_past, &p);
	free(columns);
	return p.counts ? p.length_s : 0;
}

/* ---- the whole ---- */

static double window_share(const struct energy_window *w, uint64_t seq)
{
	double share = 1;

	if (seq == w->first)
		share -= 1 - w->head;
	if (seq == w->last)
		share -= 1 - w->tail;
	return share > 0 ? share : 0;
}

/* The seconds of the rows in the window. */
static double energy_add_rows(
	struct energy *energy, const struct history *history, const struct energy_window *w)
{
	struct rail_gap *gaps = xcalloc(energy->count + 1, sizeof(*gaps));
	double length_s = 0;

	if (w->first <= w->last)
		gaps_begin(gaps, energy, history, history_row(history, w->first - 1));
	for (uint64_t seq = w->first; seq <= w->last; seq++) {
		const struct row *row = history_row(history, seq);
		double seconds = interval_seconds(row, history_row(history, seq - 1));
		double share = window_share(w, seq);

		length_s += share * seconds;
		if (row->flags & ROW_FIRST)
			gaps_begin(gaps, energy, history, row);
		for (unsigned i = 0; i < energy->count && !(row->flags & ROW_FIRST); i++)
			rail_take(&energy->rails[i], &gaps[i],
				history_value(history, row, energy->rails[i].series), seconds,
				share);
	}
	free(gaps);
	return length_s;
}

void energy_measure(struct energy *energy, const struct history *history,
	struct archive *archive, const struct schema *schema, const struct energy_window *w)
{
	double length_s = w->missing_s;

	*energy = (struct energy){ .from_ts_ms = w->from_ts_ms, .to_ts_ms = w->to_ts_ms };
	rails_list(energy, schema);
	if (archive && w->past.axis != PAST_NONE)
		length_s += energy_add_past(energy, history, archive, schema, &w->past);
	length_s += energy_add_rows(energy, history, w);
	rails_finish(energy);
	energy->uncovered_s = fmax(length_s - energy->covered_s, 0);
}

void energy_fini(struct energy *energy)
{
	free(energy->rails);
	*energy = (struct energy){ 0 };
}
