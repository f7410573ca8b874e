/* SPDX-License-Identifier: MIT */
#include "daemon/alert.h"

#include <math.h>
#include <string.h>

#include "proto/alloc.h"

#define NS_PER_MS UINT64_C(1000000)

/* A verdict whose changes are events. */
struct throttle {
	enum domain domain;
	const char *name;
	int series;
	bool on;
};

struct alerts {
	struct rules rules;
	struct alert *items;		/* one for each rule */
	struct transition *transitions; /* room for all that can change with one row */
	struct throttle throttles[2];
};

struct alerts *alerts_new(struct rules *rules, const struct schema *schema)
{
	struct alerts *a = xcalloc(1, sizeof(*a));

	a->rules = *rules;
	*rules = (struct rules){ 0 };
	a->items = xcalloc(a->rules.count + 1, sizeof(*a->items));
	a->transitions = xcalloc(a->rules.count + 2, sizeof(*a->transitions));
	for (unsigned i = 0; i < a->rules.count; i++)
		a->items[i].rule = &a->rules.items[i];
	a->throttles[0] = (struct throttle){ DOMAIN_CPU, "throttle_cpu", -1, false };
	a->throttles[1] = (struct throttle){ DOMAIN_GPU, "throttle_gpu", -1, false };
	alerts_rebind(a, schema);
	return a;
}

void alerts_free(struct alerts *a)
{
	if (!a)
		return;
	rules_fini(&a->rules);
	free(a->items);
	free(a->transitions);
	free(a);
}

void alerts_rebind(struct alerts *a, const struct schema *schema)
{
	struct message missing;

	rules_bind(&a->rules, schema, &missing);
	for (unsigned i = 0; i < 2; i++)
		a->throttles[i].series = schema_find(schema, a->throttles[i].name);
}

/* ---- reload ---- */

static bool alert_text_is(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool rule_is(const struct rule *a, const struct rule *b)
{
	return strcmp(a->name, b->name) == 0 && alert_text_is(a->when_text, b->when_text) &&
		alert_text_is(a->clear_text, b->clear_text) && a->for_ms == b->for_ms &&
		a->hold_ms == b->hold_ms;
}

static void alert_swap(struct expr **a, struct expr **b)
{
	struct expr *former = *a;

	*a = *b;
	*b = former;
}

static void alert_adopt(struct alert *fresh, struct alert *old)
{
	struct rule *rule = fresh->rule;

	alert_swap(&rule->when, &old->rule->when);
	alert_swap(&rule->clear, &old->rule->clear);
	*fresh = *old;
	fresh->rule = rule;
	old->firing = false;
}

void alerts_adopt(struct alerts *fresh, struct alerts *old)
{
	for (unsigned i = 0; i < fresh->rules.count; i++)
		for (unsigned j = 0; j < old->rules.count; j++)
			if (rule_is(fresh->items[i].rule, old->items[j].rule))
				alert_adopt(&fresh->items[i], &old->items[j]);
	for (unsigned i = 0; i < 2; i++)
		fresh->throttles[i].on = old->throttles[i].on;
}

/* ---- rows ---- */

struct expr_reading alert_reading(const struct alert *alert)
{
	return expr_reading(alert->rule->when, alert->term);
}

static struct transition alert_change(struct alert *a, bool firing)
{
	a->firing = firing;
	a->terms = expr_terms(a->rule->when, TRUTH_TRUE);
	if (firing)
		a->term = expr_decisive(a->rule->when);
	return (struct transition){ .kind = EVENT_ALERT,
		.on = firing,
		.rule = a->rule,
		.reading = alert_reading(a),
		.held_ms = a->held_ns / NS_PER_MS };
}

static bool alert_is_over(uint64_t ns, uint64_t ms, const struct row *row)
{
	return ns + row->dt_ns / ALERT_SLACK >= ms * NS_PER_MS;
}

/* While it does not fire.  True when it is to fire. */
static bool alert_wait(struct alert *a, const struct row *row, enum truth when)
{
	if (when != TRUTH_TRUE || row->flags & ROW_FIRST)
		a->held_ns = a->since_ts_ms = 0;
	if (when != TRUTH_TRUE)
		return false;
	if (a->since_ts_ms == 0)
		a->since_ts_ms = row->ts_ms - (int64_t)(row->dt_ns / NS_PER_MS);
	a->held_ns += row->dt_ns;
	a->fired_ns = 0;
	return alert_is_over(a->held_ns, a->rule->for_ms, row);
}

/* Without a `clear`: whether what made it fire is known to be over. */
static bool alert_has_ended(const struct alert *a, enum truth when)
{
	if (when != TRUTH_UNKNOWN)
		return when == TRUTH_FALSE;
	return a->terms && !(a->terms & ~expr_terms(a->rule->when, TRUTH_FALSE));
}

/* While it fires.  True when it is over. */
static bool alert_last(
	struct alert *a, const struct row *row, enum truth when, enum truth clear)
{
	bool ended = clear == TRUTH_TRUE && when != TRUTH_TRUE;

	a->held_ns += row->dt_ns;
	a->fired_ns += row->dt_ns;
	a->terms |= expr_terms(a->rule->when, TRUTH_TRUE);
	if (!a->rule->clear)
		ended = alert_has_ended(a, when);
	return ended && alert_is_over(a->fired_ns, a->rule->hold_ms, row);
}

static bool alert_step(struct alert *a, const struct row *row)
{
	const struct rule *rule = a->rule;
	bool gap = row->flags & ROW_FIRST;
	enum truth when = expr_eval(rule->when, row->values, row->mono_ns, gap);
	enum truth clear = TRUTH_UNKNOWN;

	if (rule->clear)
		clear = expr_eval(rule->clear, row->values, row->mono_ns, gap);
	return a->firing ? alert_last(a, row, when, clear) : alert_wait(a, row, when);
}

static bool throttle_step(struct throttle *t, const struct row *row)
{
	double x = t->series < 0 ? NAN : row->values[t->series];

	if (isnan(x) || (x == 1) == t->on)
		return false;
	t->on = x == 1;
	return true;
}

const struct transition *alerts_step(struct alerts *a, const struct row *row, unsigned *count)
{
	*count = 0;
	for (unsigned i = 0; i < a->rules.count; i++) {
		struct alert *item = &a->items[i];

		if (!alert_step(item, row))
			continue;
		a->transitions[(*count)++] = alert_change(item, !item->firing);
		if (!item->firing)
			item->held_ns = item->since_ts_ms = 0;
	}
	for (unsigned i = 0; i < 2; i++) {
		struct throttle *t = &a->throttles[i];

		if (throttle_step(t, row))
			a->transitions[(*count)++] = (struct transition){
				.kind = EVENT_THROTTLE, .on = t->on, .domain = t->domain
			};
	}
	return a->transitions;
}

const struct alert *alerts_get(const struct alerts *a, unsigned i)
{
	return i < a->rules.count ? &a->items[i] : NULL;
}
