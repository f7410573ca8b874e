/* SPDX-License-Identifier: MIT */
/* What one sample costs inside the daemon, step by step, in a hot loop: ns and allocations. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "daemon/derive.h"
#include "daemon/engine.h"
#include "daemon/hub.h"
#include "daemon/session.h"
#include "daemon/source/source.h"
#include "proto/json.h"
#include "tests/bench/allocations.h"

#define ROUNDS 2000
#define ROWS 3600

struct bench {
	struct source *source;
	struct schema *schema;
	struct history *history;
	struct engine *engine;
	struct hub hub;
	struct sample *sample;
	uint64_t tick;
	struct instant time;
};

static double cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void bench_now(void *arg, struct instant *now)
{
	*now = ((struct bench *)arg)->time;
}

static void bench_status(void *arg, struct json *reply)
{
	(void)arg;
	(void)reply;
}

static void bench_open(struct bench *b, const char *spec)
{
	struct fault why = { 0 };
	struct hub_shell shell = { b, bench_now, bench_status, NULL, NULL };
	struct layout *layout;

	b->source = source_open(spec, &why);
	if (!b->source) {
		fprintf(stderr, "%s\n", why.text);
		exit(1);
	}
	layout = source_layout(b->source);
	b->schema = schema_new();
	schema_extend(b->schema, layout);
	b->history = history_new(ROWS, schema_capacity(layout));
	b->engine = engine_new(layout, b->schema, b->history, 1, ROW_START);
	b->sample = sample_new(layout);
	hub_init(&b->hub, b->schema, b->history, 1, 1000, &shell);
	platform_now(&b->time);
}

static void step_read(struct bench *b)
{
	source_read(b->source, b->sample);
}

/* One second later, as far as the engine can tell. */
static void step_commit(struct bench *b)
{
	b->time.wall_ms += 1000;
	b->time.mono_ns += 1000000000;
	b->time.awake_ns += 1000000000;
	b->sample->time = b->time;
	engine_commit(b->engine, b->sample, ++b->tick, false);
}

static void step_read_commit(struct bench *b)
{
	step_read(b);
	step_commit(b);
}

static void pull_all(struct hub *hub)
{
	struct batch batch;

	for (struct session *s = hub->sessions; s; s = s->next) {
		batch_init(&batch);
		session_pull(s, &batch);
		batch_clear(&batch);
	}
}

static void step_publish(struct bench *b)
{
	step_commit(b);
	pull_all(&b->hub);
}

static void subscribe(struct bench *b, unsigned count, const char *request)
{
	for (unsigned i = 0; i < count; i++) {
		struct session *s = session_new(&b->hub, 0, 0, true);

		session_feed(s, request, strlen(request));
		session_run(s);
	}
	pull_all(&b->hub);
	pull_all(&b->hub);
}

static double measure(struct bench *b, const char *name, void (*step)(struct bench *))
{
	double start, ns;
	unsigned long before;

	for (unsigned i = 0; i < 20; i++)
		step(b);
	before = allocations_count();
	start = cpu_ns();
	for (unsigned i = 0; i < ROUNDS; i++)
		step(b);
	ns = (cpu_ns() - start) / ROUNDS;
	printf("%-44s %10.0f ns  %6.2f allocations\n", name, ns,
		(double)(allocations_count() - before) / ROUNDS);
	return ns;
}

int main(int argc, char **argv)
{
	static const char all[] = "{\"op\":\"subscribe\"}\n";
	struct bench b = { 0 };

	bench_open(&b, argc > 1 ? argv[1] : "auto");
	printf("%u series\n", b.schema->count);
	measure(&b, "read", step_read);
	measure(&b, "derive, round, append", step_commit);
	measure(&b, "read, derive, round, append", step_read_commit);
	subscribe(&b, 1, all);
	measure(&b, "append, encode for 1 subscriber", step_publish);
	subscribe(&b, 63, all);
	measure(&b, "append, encode for 64 with one view", step_publish);
	subscribe(&b, 936, all);
	measure(&b, "append, encode for 1000 with one view", step_publish);
	return 0;
}
