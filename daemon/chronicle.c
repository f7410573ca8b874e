/* SPDX-License-Identifier: MIT */
#include "daemon/chronicle.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "daemon/alert.h"
#include "daemon/event.h"
#include "proto/json.h"
#include "proto/request.h"

/* The members of an event: the writer begins them, the caller adds them, chronicle_add ends it.
 */
static void details_begin(struct json *j, struct buf *text)
{
	buf_init(text, EVENT_DETAILS_MAX + 1);
	json_init(j, text);
	j->comma = true;
}

static uint64_t chronicle_add(
	struct hub *hub, enum event_kind kind, const struct instant *when, struct buf *details)
{
	struct event event = { .kind = kind, .ts_ms = when->wall_ms };
	uint64_t eseq;

	event.boot = hub->timeline.boot;
	event.seq = history_head(hub->timeline.history);
	event.mono_ms = (int64_t)(when->mono_ns / 1000000);
	buf_add(details, "", 1);
	event.details = buf_ok(details) ? details->data : "";
	eseq = events_add(hub->events, &event);
	if (eseq && hub->shell.event)
		hub->shell.event(hub->shell.arg, events_get(hub->events, eseq));
	buf_fini(details);
	return eseq;
}

static struct instant row_time(const struct row *row)
{
	return (struct instant){ row->ts_ms, row->mono_ns, 0 };
}

/* Both become known on waking: when the last row before the sleep was, and how long it took. */
static void chronicle_sleep(struct hub *hub, const struct row *row, const struct row *before)
{
	struct instant slept = row_time(before), woke = row_time(row);
	struct buf details;
	struct json j;

	details_begin(&j, &details);
	chronicle_add(hub, EVENT_SLEEP, &slept, &details);
	details_begin(&j, &details);
	json_kv_uint(&j, "slept_ms", (row->mono_ns - before->mono_ns) / 1000000);
	chronicle_add(hub, EVENT_WAKE, &woke, &details);
}

static void chronicle_clock(struct hub *hub, const struct row *row, const struct row *before)
{
	struct instant now = row_time(row);
	int64_t mono_ms = (int64_t)((row->mono_ns - before->mono_ns) / 1000000);
	struct buf details;
	struct json j;

	details_begin(&j, &details);
	json_kv_int(&j, "step_ms", row->ts_ms - before->ts_ms - mono_ms);
	chronicle_add(hub, EVENT_CLOCK, &now, &details);
}

void chronicle_row(struct hub *hub, uint64_t seq)
{
	const struct history *h = hub->timeline.history;
	const struct row *row = history_row(h, seq);

	if (!(row->flags & (ROW_WAKE | ROW_CLOCK_STEP)) || seq <= history_oldest(h))
		return;
	if (row->flags & ROW_WAKE)
		chronicle_sleep(hub, row, history_row(h, seq - 1));
	if (row->flags & ROW_CLOCK_STEP)
		chronicle_clock(hub, row, history_row(h, seq - 1));
}

static void chronicle_life(struct hub *hub, enum event_kind kind, const char *reason)
{
	struct instant now;
	struct buf details;
	struct json j;

	hub->shell.now(hub->shell.arg, &now);
	details_begin(&j, &details);
	if (kind == EVENT_START) {
		json_kv_string(&j, "run", hub->identity.run);
		json_kv_string(&j, "boot_id", hub->identity.boot_id);
		json_kv_string(&j, "version", hub->identity.version);
	}
	json_kv_string(&j, "reason", reason);
	chronicle_add(hub, kind, &now, &details);
}

void chronicle_start(struct hub *hub, const char *reason)
{
	chronicle_life(hub, EVENT_START, reason);
}

void chronicle_stop(struct hub *hub, const char *reason)
{
	chronicle_life(hub, EVENT_STOP, reason);
}

/* A value in the words of its series; thresholds of states are ranks and so words as well. */
static void put_value(const struct series *s, const char *key, double x, struct json *j)
{
	json_key(j, key);
	if (isnan(x))
		json_null(j);
	else if (s && s->kind == KIND_STATE && x >= 0 && x < s->state_count)
		json_string(j, s->states[(unsigned)x]);
	else if (s && s->kind == KIND_BOOL)
		json_bool(j, x != 0);
	else
		json_fixed(j, x, s && s->decimals > 3 ? s->decimals : 3);
}

/* Of a series that the machine does not have not even the threshold means anything. */
static void put_reading(
	const struct schema *schema, const struct expr_reading *r, struct json *j)
{
	const struct series *s = r->series < 0 ? NULL : &schema->series[r->series];
	bool known = s || r->group;

	json_kv_string(j, "metric", r->name);
	put_value(s, "value", known ? r->value : NAN, j);
	put_value(s, "threshold", known ? r->threshold : NAN, j);
}

static void put_alert(const struct hub *hub, const struct transition *t, struct json *j)
{
	json_kv_string(j, "rule", t->rule->name);
	json_kv_string(j, "state", t->on ? "firing" : "resolved");
	json_kv_string(j, "severity", severity_words[t->rule->severity]);
	put_reading(hub->timeline.schema, &t->reading, j);
	json_kv_uint(j, "held_ms", t->held_ms);
}

void chronicle_transition(struct hub *hub, uint64_t seq, const struct transition *t)
{
	struct instant when = row_time(history_row(hub->timeline.history, seq));
	struct buf details;
	struct json j;
	uint64_t eseq;

	details_begin(&j, &details);
	if (t->kind == EVENT_ALERT) {
		put_alert(hub, t, &j);
	} else {
		json_kv_string(&j, "domain", domain_name(t->domain));
		json_kv_string(&j, "state", t->on ? "throttled" : "normal");
	}
	eseq = chronicle_add(hub, t->kind, &when, &details);
	if (t->kind != EVENT_ALERT || eseq == 0)
		return;
	if (t->on)
		firing_add(&hub->firing, t->rule->name, events_get(hub->events, eseq));
	else
		firing_remove(&hub->firing, t->rule->name);
}

/* ---- what an earlier run left open ---- */

static bool member_is(const struct event *event, const char *key, const char *json)
{
	size_t length;
	const char *text = event_member(event, key, &length);

	return text && length == strlen(json) && memcmp(text, json, length) == 0;
}

/* Keeps by rule or domain which event began what is not over. */
static void open_take(struct firing *open, const struct event *event)
{
	size_t length;
	const char *text =
		event_member(event, event->kind == EVENT_ALERT ? "rule" : "domain", &length);
	char name[EVENT_DETAILS_MAX + 2];

	if (!text)
		return;
	/* A rule and a domain may have one name. */
	snprintf(name, sizeof(name), "%c%.*s", event->kind == EVENT_ALERT ? 'r' : 'd',
		(int)length, text);
	if (member_is(event, "state", "\"firing\"") ||
		member_is(event, "state", "\"throttled\""))
		firing_add(open, name, event);
	else
		firing_remove(open, name);
}

static void put_member(struct json *j, const struct event *event, const char *key)
{
	size_t length = 0;
	const char *text = event_member(event, key, &length);

	if (!text)
		return;
	json_key(j, key);
	json_raw(j, text, length);
}

static void chronicle_end(struct hub *hub, const struct event *began)
{
	struct instant now;
	struct buf details;
	struct json j;

	hub->shell.now(hub->shell.arg, &now);
	details_begin(&j, &details);
	put_member(&j, began, "rule");
	put_member(&j, began, "domain");
	json_kv_string(&j, "state", began->kind == EVENT_ALERT ? "resolved" : "normal");
	put_member(&j, began, "severity");
	put_member(&j, began, "metric");
	if (began->kind == EVENT_ALERT) {
		json_kv_null(&j, "value");
		put_member(&j, began, "threshold");
		json_kv_null(&j, "held_ms");
	}
	json_kv_string(&j, "reason", "restart");
	chronicle_add(hub, began->kind, &now, &details);
}

void chronicle_resume(struct hub *hub)
{
	const uint64_t head = events_head(hub->events);
	struct firing open = { 0 };

	for (uint64_t eseq = events_oldest(hub->events); eseq <= head; eseq++) {
		const struct event *event =
			events_has(hub->events, eseq) ? events_get(hub->events, eseq) : NULL;

		if (event && (event->kind == EVENT_ALERT || event->kind == EVENT_THROTTLE))
			open_take(&open, event);
	}
	for (unsigned i = 0; i < open.count; i++)
		chronicle_end(hub, &open.alerts[i].event);
	firing_fini(&open);
}

_Static_assert(EVENT_DETAILS_MAX >= 6 * REQUEST_MARK_MAX + sizeof(",\"text\":\"\""),
	"a mark of control characters is kept as it was said");

uint64_t chronicle_mark(struct hub *hub, const char *text, int64_t *ts_ms)
{
	struct instant now;
	struct buf details;
	struct json j;

	hub->shell.now(hub->shell.arg, &now);
	*ts_ms = now.wall_ms;
	details_begin(&j, &details);
	json_kv_string(&j, "text", text);
	return chronicle_add(hub, EVENT_MARK, &now, &details);
}
