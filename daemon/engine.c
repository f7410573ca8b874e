/* SPDX-License-Identifier: MIT */
#include "daemon/engine.h"

#include "daemon/derive.h"
#include "daemon/judge.h"
#include "proto/alloc.h"

struct engine {
	const struct layout *layout;
	struct schema *schema;
	struct history *history;
	struct deriver *deriver;
	struct judge *judge;
	struct ledger *ledger; /* NULL = counters stay as they are */
	unsigned run, boot, first_flags;
	bool has_last;
	struct sample *last; /* the reading before, derived */
	double *row;
	unsigned width;
};

struct engine *engine_new(const struct layout *layout, struct schema *schema,
	struct history *history, unsigned run, unsigned first_flags)
{
	struct engine *e = xcalloc(1, sizeof(*e));

	e->layout = layout;
	e->schema = schema;
	e->history = history;
	e->run = run;
	e->first_flags = first_flags;
	e->deriver = deriver_new(layout);
	e->judge = judge_new(layout);
	e->last = sample_new(layout);
	e->width = schema_capacity(layout);
	e->row = xcalloc(e->width, sizeof(*e->row));
	for (unsigned i = 0; i < e->width; i++)
		e->row[i] = NAN;
	return e;
}

void engine_continue(struct engine *e, unsigned boot, struct ledger *ledger)
{
	e->boot = boot;
	e->ledger = ledger;
}

void engine_free(struct engine *e)
{
	if (!e)
		return;
	deriver_free(e->deriver);
	judge_free(e->judge);
	sample_free(e->last);
	free(e->row);
	free(e);
}

/* Which series this machine has is seen at the first reading: rates as if one had come before.
 */
static void engine_expect(struct engine *e, const struct sample *s)
{
	struct sample *now = sample_new(e->layout), *before = sample_new(e->layout);
	struct judge *judge = judge_new(e->layout);

	sample_copy(now, s);
	for (enum metric_id id = 0; id < METRIC_COUNT; id++)
		for (unsigned i = 0; i < e->layout->count[metrics[id].scope]; i++)
			if (e->layout->promised[id] && e->layout->notes[id].avail == AVAIL_OK &&
				!sample_has(now, id, i))
				sample_set(now, id, i, 1);
	for (unsigned i = 0; i < e->layout->width; i++)
		before->values[i] = now->values[i] - 1;
	derive(e->deriver, now, before, 1000000000);
	judge_sample(judge, now);
	schema_expect(e->schema, now);
	judge_free(judge);
	sample_free(now);
	sample_free(before);
}

static int64_t wall_offset_ms(const struct instant *t)
{
	return t->wall_ms - (int64_t)(t->mono_ns / 1000000);
}

static unsigned engine_flags(const struct engine *e, const struct instant *now, bool late)
{
	const struct instant *last = &e->last->time;
	int64_t slept_ns, step_ms;
	unsigned flags = 0;

	if (!e->has_last)
		return e->first_flags;
	slept_ns = (int64_t)(now->mono_ns - last->mono_ns) -
		(int64_t)(now->awake_ns - last->awake_ns);
	step_ms = wall_offset_ms(now) - wall_offset_ms(last);
	if (slept_ns > ENGINE_SLEEP_MS * INT64_C(1000000))
		flags |= ROW_WAKE;
	else if (late)
		flags |= ROW_LATE;
	if (step_ms > ENGINE_CLOCK_STEP_MS || step_ms < -ENGINE_CLOCK_STEP_MS)
		flags |= ROW_CLOCK_STEP;
	return flags;
}

const struct judge *engine_judge(const struct engine *e)
{
	return e->judge;
}

/* Rows keep whole microseconds, as the protocol and the store do. */
static uint64_t whole_us(uint64_t ns)
{
	return ns / 1000 * 1000;
}

uint64_t engine_commit(struct engine *e, struct sample *s, uint64_t tick, bool late)
{
	struct row row = { .tick = tick, .run = e->run, .boot = e->boot, .values = e->row };
	uint64_t span_ns = 0;
	bool follows;

	row.flags = engine_flags(e, &s->time, late);
	row.ts_ms = s->time.wall_ms;
	row.mono_ns = whole_us(s->time.mono_ns);
	follows = e->has_last && !(row.flags & ROW_FIRST) &&
		s->time.awake_ns > e->last->time.awake_ns;
	if (follows)
		span_ns = s->time.awake_ns - e->last->time.awake_ns;
	row.dt_ns = whole_us(span_ns + 500);
	if (e->ledger)
		ledger_apply(e->ledger, s, e->last);
	if (!e->has_last)
		engine_expect(e, s);
	derive(e->deriver, s, follows ? e->last : NULL, span_ns);
	if (e->ledger)
		ledger_hold(e->ledger, s);
	judge_sample(e->judge, s);
	schema_take(e->schema, s, e->row);
	sample_copy(e->last, s);
	e->has_last = true;
	return history_append(e->history, &row);
}
