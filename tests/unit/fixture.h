/* SPDX-License-Identifier: MIT */
#ifndef FIXTURE_H
#define FIXTURE_H

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "daemon/event.h"
#include "daemon/firing.h"
#include "daemon/hub.h"
#include "daemon/session.h"
#include "daemon/survey.h"
#include "proto/alloc.h"
#include "proto/buf.h"
#include "tests/unit/fake_processes.h"

/*
 * The machine of the conformance cases (PROTOCOL.md 2.17): six series whose values follow from
 * the number of the tick, a ring of any size, a clock that stands still between ticks, and five
 * processes, which are walked at once when somebody asks.
 */

#define FIXTURE_EPOCH UINT64_C(0xe1)
#define FIXTURE_BASE_MS 1000
#define FIXTURE_T0_MS INT64_C(1700000000000)
#define FIXTURE_SERIES 6
#define FIXTURE_SERIES_MAX 8 /* with those that appear later */
#define FIXTURE_OUT_MAX (64u << 20)

struct fixture {
	struct schema *schema;
	struct history *history;
	struct hub hub;
	uint64_t tick;	     /* the last that was sampled or missed */
	uint64_t last_tick;  /* the last that was sampled */
	unsigned run, flags; /* of the next row; flags are for that one alone */
	int64_t clock_ms;    /* how far the clock was set from where it would be */
	uint64_t slept_ms;   /* no tick, and all clocks but the awake one went on */
	struct fake_processes processes;
	bool walks_later; /* a walk ends with fixture_walked() */
	bool walking;
};

static inline void fixture_now(void *arg, struct instant *now)
{
	const struct fixture *f = arg;

	now->wall_ms = FIXTURE_T0_MS + f->clock_ms +
		(int64_t)(f->last_tick * FIXTURE_BASE_MS + f->slept_ms);
	now->awake_ns = f->last_tick * FIXTURE_BASE_MS * UINT64_C(1000000);
	now->mono_ns = now->awake_ns + f->slept_ms * 1000000;
}

static inline void fixture_status(void *arg, struct json *reply)
{
	(void)arg;
	(void)reply;
}

static inline void fixture_walked(struct fixture *f)
{
	f->walking = false;
	f->processes.now_ms = f->last_tick * FIXTURE_BASE_MS;
	survey_work(f->hub.survey);
	survey_finish(f->hub.survey, 0);
}

static inline void fixture_walk(void *arg)
{
	struct fixture *f = arg;

	f->walking = true;
	if (!f->walks_later)
		fixture_walked(f);
}

static inline bool fixture_find_user(void *arg, const char *name, uint32_t *uid)
{
	(void)arg;
	*uid = geteuid();
	return strcmp(name, "me") == 0;
}

static inline void fixture_name_user(void *arg, uint32_t uid, char *name)
{
	(void)arg;
	snprintf(name, ROSTER_USER_MAX, "%s", uid == geteuid() ? "me" : "");
}

static inline void fixture_init(struct fixture *f, size_t ring)
{
	static const char *const words[] = { "off", "on", NULL };
	struct hub_shell shell = { f, fixture_now, fixture_status, NULL, NULL };
	struct survey_shell walks = { f, fixture_walk, fixture_find_user, fixture_name_user };
	struct series *state;

	*f = (struct fixture){ .run = 1 };
	f->schema = schema_new();
	schema_add(f->schema, "a.gauge", KIND_GAUGE, 2);
	schema_add(f->schema, "b.total", KIND_COUNTER, 0);
	state = schema_add(f->schema, "c.state", KIND_STATE, 0);
	state->states = words;
	state->state_count = 2;
	schema_add(f->schema, "d.nan", KIND_GAUGE, 2);
	schema_add(f->schema, "x.0.util", KIND_GAUGE, 2);
	schema_add(f->schema, "x.1.util", KIND_GAUGE, 2);
	f->history = history_new(ring, FIXTURE_SERIES_MAX);
	hub_init(&f->hub, f->schema, f->history, FIXTURE_EPOCH, FIXTURE_BASE_MS, &shell);
	fake_init(&f->processes);
	survey_new(&f->hub, &fake_source, &f->processes, &walks);
	snprintf(f->hub.identity.version, sizeof(f->hub.identity.version), "0");
}

static inline void fixture_fini(struct fixture *f)
{
	survey_free(f->hub.survey);
	hub_fini(&f->hub);
	history_free(f->history);
	schema_free(f->schema);
}

/* One tick with a sample, nobody told of it yet. */
static inline void fixture_tick(struct fixture *f)
{
	uint64_t k = ++f->tick;
	double x = (double)k;
	double values[FIXTURE_SERIES_MAX] = { x / 2, 100 * x, (double)(k % 2), NAN, x, x + 10,
		x + 20, x + 30 };
	struct row row = { .tick = k, .run = f->run, .flags = f->flags, .values = values };

	for (unsigned i = f->schema->count; i < FIXTURE_SERIES_MAX; i++)
		values[i] = NAN;
	row.ts_ms = FIXTURE_T0_MS + f->clock_ms + (int64_t)(k * FIXTURE_BASE_MS + f->slept_ms);
	row.mono_ns = (k * FIXTURE_BASE_MS + f->slept_ms) * UINT64_C(1000000);
	row.dt_ns = (k - f->last_tick) * FIXTURE_BASE_MS * UINT64_C(1000000);
	if (f->flags & ROW_FIRST)
		row.dt_ns = 0;
	f->flags = 0;
	f->last_tick = k;
	history_append(f->history, &row);
	survey_tick(f->hub.survey);
}

/* A series more, as far as there is room: x.2.util, x.3.util. */
static inline void fixture_appear(struct fixture *f)
{
	char name[16];

	if (f->schema->count == FIXTURE_SERIES_MAX)
		return;
	snprintf(name, sizeof(name), "x.%u.util", f->schema->count - 4);
	schema_add(f->schema, name, KIND_GAUGE, 2);
	f->schema->rev++;
}

/* The daemon ends, and begins again behind n numbers that it may have given. */
static inline void fixture_restart(struct fixture *f, uint64_t n)
{
	if (n > 0)
		history_lose(f->history, n);
	f->run++;
	f->flags = ROW_RESTART;
	f->hub.first_seq = history_head(f->history) + 1;
}

/* An alert begins, or ends where it fires already. */
static inline void fixture_alert(struct fixture *f, unsigned number)
{
	char rule[16], details[80];
	struct event event = { .kind = EVENT_ALERT, .details = details };
	unsigned count = f->hub.firing.count;
	uint64_t eseq;

	snprintf(rule, sizeof(rule), "r%u", number);
	firing_remove(&f->hub.firing, rule);
	snprintf(details, sizeof(details), ",\"rule\":\"%s\",\"state\":\"%s\"", rule,
		f->hub.firing.count < count ? "resolved" : "firing");
	event.ts_ms = FIXTURE_T0_MS + f->clock_ms + (int64_t)(f->last_tick * FIXTURE_BASE_MS);
	eseq = events_add(f->hub.events, &event);
	if (f->hub.firing.count == count)
		firing_add(&f->hub.firing, rule, events_get(f->hub.events, eseq));
}

/* The clock is set, by less than nothing for back. */
static inline void fixture_set_clock(struct fixture *f, int64_t by_ms)
{
	f->clock_ms += by_ms;
	f->flags |= ROW_CLOCK_STEP;
}

/* The machine sleeps. */
static inline void fixture_sleep(struct fixture *f, uint64_t ms)
{
	f->slept_ms += ms;
	f->flags |= ROW_WAKE;
}

/* n ticks that nobody sampled. */
static inline void fixture_miss(struct fixture *f, uint64_t n)
{
	f->tick += n;
}

/* One batch of a session, appended to out.  False when there was nothing. */
static inline bool fixture_pull(struct session *s, struct buf *out)
{
	struct batch batch;
	bool any;

	batch_init(&batch);
	any = session_pull(s, &batch);
	for (unsigned i = 0; i < batch.count; i++)
		buf_add(out, batch.chunks[i].body->text.data + batch.chunks[i].offset,
			batch.chunks[i].length);
	batch_clear(&batch);
	return any;
}

/* Everything that it has to say now. */
static inline void fixture_drain(struct session *s, struct buf *out)
{
	do
		while (fixture_pull(s, out))
			;
	while (session_run(s));
}

static inline void fixture_ask(struct session *s, const char *line, struct buf *out)
{
	session_feed(s, line, strlen(line));
	session_feed(s, "\n", 1);
	while (session_run(s))
		;
	fixture_drain(s, out);
}

#endif
