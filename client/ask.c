/* SPDX-License-Identifier: MIT */
#include "client/ask.h"

#include <stdlib.h>

#include "proto/json.h"

static void ask_begin(struct json *j, struct buf *out, const char *op)
{
	json_init(j, out);
	json_object_open(j);
	json_kv_string(j, "op", op);
}

static void ask_end(struct json *j)
{
	json_object_close(j);
	buf_puts(j->out, "\n");
}

static void ask_add_metrics(struct json *j, const struct ask_metrics *metrics)
{
	if (metrics->count == 0)
		return;
	json_key(j, "metrics");
	json_array_open(j);
	for (unsigned i = 0; i < metrics->count; i++)
		json_string(j, metrics->patterns[i]);
	json_array_close(j);
}

static void ask_add_start(struct json *j, const struct ask_range *range)
{
	switch (range->start) {
	case ASK_AFTER:
		json_kv_string(j, "after", range->after);
		break;
	case ASK_SINCE:
		json_kv_int(j, "since_ms", range->start_ms);
		break;
	case ASK_LAST:
		json_kv_int(j, "last_ms", range->start_ms);
		break;
	case ASK_NO_START:
		break;
	}
}

static void ask_add_aggs(struct json *j, const struct options *options)
{
	if (options->agg_count == 0)
		return;
	if (options->agg_count == 1) {
		json_kv_string(j, "agg", options->aggs[0]);
		return;
	}
	json_key(j, "agg");
	json_array_open(j);
	for (unsigned i = 0; i < options->agg_count; i++)
		json_string(j, options->aggs[i]);
	json_array_close(j);
}

static void ask_add_kinds(struct json *j, const struct options *options)
{
	if (options->kind_count == 0)
		return;
	json_key(j, "kinds");
	json_array_open(j);
	for (unsigned i = 0; i < options->kind_count; i++)
		json_string(j, options->kinds[i]);
	json_array_close(j);
}

static void ask_add_boot(struct json *j, const struct options *options)
{
	if (options->given & OPTION_BIT(BOOT))
		json_kv_int(j, "boot", options->boot);
}

static void ask_add_mark(struct json *j, const char *key, const char *mark)
{
	char *end;
	long long eseq = mark && mark[0] == '#' ? strtoll(mark + 1, &end, 10) : 0;

	if (eseq > 0 && *end == '\0')
		json_kv_int(j, key, eseq);
	else if (mark)
		json_kv_string(j, key, mark);
}

void ask_hello(struct buf *out)
{
	struct json j;

	ask_begin(&j, out, "hello");
	json_key(&j, "proto");
	json_array_open(&j);
	json_int(&j, 1);
	json_array_close(&j);
	json_kv_string(&j, "client", "actopctl/" ACTOP_VERSION);
	ask_end(&j);
}

void ask_plain(struct buf *out, const char *op)
{
	struct json j;

	ask_begin(&j, out, op);
	ask_end(&j);
}

void ask_status(struct buf *out, bool clients)
{
	struct json j;

	ask_begin(&j, out, "status");
	if (clients)
		json_kv_bool(&j, "clients", true);
	ask_end(&j);
}

void ask_schema(struct buf *out, const struct ask_metrics *metrics)
{
	struct json j;

	ask_begin(&j, out, "schema");
	ask_add_metrics(&j, metrics);
	ask_end(&j);
}

void ask_get(struct buf *out, const struct ask_metrics *metrics)
{
	struct json j;

	ask_begin(&j, out, "get");
	ask_add_metrics(&j, metrics);
	ask_end(&j);
}

void ask_history(struct buf *out, const struct options *options,
	const struct ask_metrics *metrics, const struct ask_range *range, int64_t limit)
{
	struct json j;

	ask_begin(&j, out, "history");
	ask_add_metrics(&j, metrics);
	ask_add_start(&j, range);
	if (range->has_until)
		json_kv_int(&j, "until_ms", range->until_ms);
	if (options->step_ms > 0)
		json_kv_int(&j, "step_ms", options->step_ms);
	ask_add_boot(&j, options);
	ask_add_aggs(&j, options);
	json_kv_int(&j, "limit", limit);
	ask_end(&j);
}

void ask_subscribe(struct buf *out, const struct options *options,
	const struct ask_metrics *metrics, const struct ask_range *range, int64_t count)
{
	struct json j;

	ask_begin(&j, out, "subscribe");
	json_kv_string(&j, "id", "watch");
	json_kv_string(&j, "sub", "watch");
	ask_add_metrics(&j, metrics);
	ask_add_start(&j, range);
	if (options->interval_ms > 0)
		json_kv_int(&j, "interval_ms", options->interval_ms);
	ask_add_aggs(&j, options);
	if (count > 0)
		json_kv_int(&j, "count", count);
	ask_end(&j);
}

void ask_events(struct buf *out, const struct options *options, const struct ask_range *range,
	int64_t limit)
{
	struct json j;

	ask_begin(&j, out, "events");
	ask_add_start(&j, range);
	if (range->has_until)
		json_kv_int(&j, "until_ms", range->until_ms);
	ask_add_kinds(&j, options);
	ask_add_boot(&j, options);
	if (limit > 0)
		json_kv_int(&j, "limit", limit);
	ask_end(&j);
}

void ask_mark(struct buf *out, const char *text)
{
	struct json j;

	ask_begin(&j, out, "mark");
	json_kv_string(&j, "text", text);
	ask_end(&j);
}

void ask_energy(struct buf *out, const struct ask_window *window)
{
	struct json j;

	ask_begin(&j, out, "energy");
	ask_add_start(&j, &window->range);
	ask_add_mark(&j, "from_mark", window->from_mark);
	ask_add_mark(&j, "to_mark", window->to_mark);
	if (window->range.has_until)
		json_kv_int(&j, "until_ms", window->range.until_ms);
	if (window->has_boot)
		json_kv_int(&j, "boot", window->boot);
	ask_end(&j);
}

void ask_follow(struct buf *out, const struct options *options, const struct ask_range *range,
	int64_t count)
{
	struct json j;

	ask_begin(&j, out, "subscribe");
	json_kv_string(&j, "id", "events");
	json_kv_string(&j, "stream", "events");
	json_kv_string(&j, "sub", "events");
	ask_add_start(&j, range);
	ask_add_kinds(&j, options);
	if (count > 0)
		json_kv_int(&j, "count", count);
	ask_end(&j);
}

static void ask_add_processes(struct json *j, const struct options *options, int64_t limit)
{
	if (options->sort)
		json_kv_string(j, "sort", options->sort);
	if (options->match)
		json_kv_string(j, "match", options->match);
	if (options->user)
		json_kv_string(j, "user", options->user);
	if (options->pid > 0)
		json_kv_int(j, "pid", options->pid);
	if (options->tree || options->pid > 0)
		json_kv_bool(j, "tree", true);
	if (limit > 0)
		json_kv_int(j, "limit", limit);
}

void ask_processes(struct buf *out, const struct options *options, int64_t limit)
{
	struct json j;

	ask_begin(&j, out, "processes");
	ask_add_processes(&j, options, limit);
	ask_end(&j);
}

void ask_process_stream(
	struct buf *out, const struct options *options, int64_t limit, int64_t interval_ms)
{
	struct json j;

	ask_begin(&j, out, "subscribe");
	json_kv_string(&j, "stream", "processes");
	json_kv_string(&j, "sub", "ps");
	json_kv_int(&j, "interval_ms", interval_ms);
	ask_add_processes(&j, options, limit);
	ask_end(&j);
}

static void ask_add_group(struct json *j, const char *match, int64_t limit)
{
	json_kv_string(j, "sort", "pid");
	json_kv_string(j, "match", match);
	json_kv_int(j, "limit", limit);
}

void ask_group(struct buf *out, const char *match, int64_t limit)
{
	struct json j;

	ask_begin(&j, out, "processes");
	ask_add_group(&j, match, limit);
	ask_end(&j);
}

void ask_group_stream(
	struct buf *out, const char *match, int64_t limit, const char *sub, int64_t interval_ms)
{
	struct json j;

	ask_begin(&j, out, "subscribe");
	json_kv_string(&j, "stream", "processes");
	json_kv_string(&j, "sub", sub);
	json_kv_int(&j, "interval_ms", interval_ms);
	ask_add_group(&j, match, limit);
	ask_end(&j);
}
