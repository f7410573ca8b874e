/* SPDX-License-Identifier: MIT */
#include "client/watch/asking.h"

#include "client/watch/catalog.h"
#include "proto/json.h"

static void asking_begin(struct json *j, struct buf *out, const char *op)
{
	json_init(j, out);
	json_object_open(j);
	json_kv_string(j, "op", op);
}

static void asking_end(struct json *j)
{
	json_object_close(j);
	buf_puts(j->out, "\n");
}

static void asking_subscribe(
	struct json *j, struct buf *out, const char *stream, const char *sub)
{
	asking_begin(j, out, "subscribe");
	json_kv_string(j, "id", sub);
	json_kv_string(j, "stream", stream);
	json_kv_string(j, "sub", sub);
}

static void asking_start(struct json *j, const char *after, int64_t last_ms)
{
	if (after)
		json_kv_string(j, "after", after);
	else
		json_kv_int(j, "last_ms", last_ms);
}

static void asking_metrics(struct json *j)
{
	const char *const *patterns = catalog_patterns();

	json_key(j, "metrics");
	json_array_open(j);
	for (unsigned i = 0; i < CATALOG_PATTERNS; i++)
		json_string(j, patterns[i]);
	json_array_close(j);
	json_kv_string(j, "format", "array");
}

void asking_samples(struct buf *out, int64_t interval_ms, const char *after, int64_t last_ms)
{
	struct json j;

	asking_subscribe(&j, out, "samples", "samples");
	asking_start(&j, after, last_ms);
	json_kv_int(&j, "interval_ms", interval_ms);
	asking_metrics(&j);
	asking_end(&j);
}

void asking_events(struct buf *out, const char *after, int64_t last_ms)
{
	struct json j;

	asking_subscribe(&j, out, "events", "events");
	asking_start(&j, after, last_ms);
	asking_end(&j);
}

void asking_stop(struct buf *out, const char *sub)
{
	struct json j;

	asking_begin(&j, out, "unsubscribe");
	json_kv_string(&j, "sub", sub);
	asking_end(&j);
}

void asking_processes(struct buf *out, const struct asking_processes *p)
{
	struct json j;

	asking_subscribe(&j, out, "processes", "processes");
	json_kv_string(&j, "sort", sort_words[p->sort]);
	if (*p->match)
		json_kv_string(&j, "match", p->match);
	json_kv_int(&j, "limit", p->limit);
	json_kv_int(&j, "interval_ms", p->interval_ms);
	asking_end(&j);
}

void asking_past(struct buf *out, const struct asking_past *p)
{
	struct json j;

	asking_begin(&j, out, "history");
	json_kv_int(&j, "id", p->id);
	json_kv_int(&j, "since_ms", p->since_ms);
	json_kv_int(&j, "until_ms", p->until_ms);
	json_kv_int(&j, "step_ms", p->step_ms);
	json_kv_int(&j, "limit", p->limit);
	asking_metrics(&j);
	asking_end(&j);
}
