/* SPDX-License-Identifier: MIT */
#ifndef ALERT_H
#define ALERT_H

#include "daemon/history/history.h"
#include "daemon/rule.h"
#include "proto/words.h"

/*
 * Which alerts fire.  Time is the time that rows cover (row.dt_ns), not a count of them: `for`
 * has passed once rows with a true condition, one after the other, cover so much, and the
 * meaning of a rule does not change with the interval.  A hole in time (ROW_FIRST) and a
 * condition that is not known to be true let `for` begin anew; an alert that fires goes on
 * through both, and ends when its `clear` is known to be true, its `when` is not, and its
 * `hold` is over.  Pure; a row costs no allocation.
 */
struct alerts;

/* A row is read a little early or late; `for` and `hold` are over when no more than this share
 * of its time is missing. */
#define ALERT_SLACK 10

/* One rule and what has become of it; borrowed until the next step. */
struct alert {
	struct rule *rule;
	bool firing;
	int64_t since_ts_ms; /* when the condition began to hold; 0 = it does not */
	uint64_t held_ns;    /* time covered since then */
	uint64_t fired_ns;   /* time covered since it fires */
	uint32_t terms; /* comparisons of `when` that were true since it fires (expr_terms) */
	unsigned term;	/* which comparison of `when` made it fire */
};

/* What changed with a row: the members of an event of that kind (PROTOCOL.md, decision 5). */
struct transition {
	enum event_kind kind; /* EVENT_ALERT or EVENT_THROTTLE */
	bool on;	      /* firing, throttled; else resolved, over */

	/* EVENT_ALERT */
	const struct rule *rule;
	struct expr_reading reading; /* metric, value and threshold */
	uint64_t
		held_ms; /* on: time that the condition has held; else how long it all lasted */

	/* EVENT_THROTTLE */
	enum domain domain; /* DOMAIN_CPU or DOMAIN_GPU */
};

/* Takes the rules over.  Series that the schema lacks are unknown (rules_bind tells which). */
struct alerts *alerts_new(struct rules *rules, const struct schema *schema);
void alerts_free(struct alerts *alerts);

/* After the schema has grown. */
void alerts_rebind(struct alerts *alerts, const struct schema *schema);

/*
 * After a reload: rules that are what they were go on in fresh, with their timers.  What still
 * fires in old then is gone from the configuration; old remains to be freed.
 */
void alerts_adopt(struct alerts *fresh, struct alerts *old);

/*
 * Takes the next row, every one in its order.  Returns count transitions, borrowed until the
 * next call: alerts in the order of the rules, then throttling.
 */
const struct transition *alerts_step(
	struct alerts *alerts, const struct row *row, unsigned *count);

/* Rule i and its state, from 0; NULL beyond the last. */
const struct alert *alerts_get(const struct alerts *alerts, unsigned i);

/* The comparison that made the alert fire, as of the newest row. */
struct expr_reading alert_reading(const struct alert *alert);

#endif
