/* SPDX-License-Identifier: MIT */
#include "client/serve/api.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "proto/json.h"

#define API_PAGE_ROWS "5000"
#define API_HEARTBEAT_MS "15000"

static const struct api_route api_routes[] = {
	{ "/api/v1/now", "get", API_SAMPLE, "" },
	{ "/api/v1/schema", "schema", API_REPLY, "" },
	{ "/api/v1/status", "status", API_REPLY, "" },
	{ "/api/v1/hello", "hello", API_REPLY, "" },
	{ "/api/v1/alerts", "alerts", API_REPLY, "" },
	{ "/api/v1/energy", "energy", API_REPLY, "" },
	{ "/api/v1/history", "history", API_LINES, ",\"limit\":" API_PAGE_ROWS },
	{ "/api/v1/events", "events", API_LINES, ",\"limit\":" API_PAGE_ROWS },
	{ "/api/v1/stream", "subscribe", API_STREAM,
		",\"sub\":\"samples\",\"heartbeat_ms\":" API_HEARTBEAT_MS },
};

enum api_type { API_INTEGER, API_TEXT, API_LIST, API_ONE_OR_LIST };

static const struct {
	const char *name;
	enum api_type type;
	bool range; /* says where the answer begins */
} api_members[] = {
	{ "metrics", API_LIST, false },
	{ "kinds", API_LIST, false },
	{ "agg", API_ONE_OR_LIST, false },
	{ "after", API_TEXT, true },
	{ "since_ms", API_INTEGER, true },
	{ "last_ms", API_INTEGER, true },
	{ "until_ms", API_INTEGER, false },
	{ "boot", API_INTEGER, true },
	{ "step_ms", API_INTEGER, false },
	{ "interval_ms", API_INTEGER, false },
	{ "lag", API_TEXT, false },
	{ "from_mark", API_TEXT, false },
	{ "to_mark", API_TEXT, false },
};

const struct api_route *api_find(const char *path)
{
	for (size_t i = 0; i < sizeof(api_routes) / sizeof(*api_routes); i++)
		if (strcmp(path, api_routes[i].path) == 0)
			return &api_routes[i];
	return NULL;
}

void api_begin(struct api_query *q, const struct api_route *route)
{
	q->route = route;
	buf_init(&q->members, API_QUERY_MAX);
	buf_init(&q->range, API_QUERY_MAX);
}

void api_fini(struct api_query *q)
{
	buf_fini(&q->members);
	buf_fini(&q->range);
}

static void api_key(struct buf *to, const char *name)
{
	buf_puts(to, ",\"");
	buf_puts(to, name);
	buf_puts(to, "\":");
}

static int api_integer(struct json *j, const char *value)
{
	char *end;
	long long n;

	errno = 0;
	n = strtoll(value, &end, 10);
	if (end == value || *end || errno)
		return -EINVAL;
	json_int(j, n);
	return 0;
}

static void api_list(struct json *j, const char *value)
{
	json_array_open(j);
	while (*value) {
		size_t n = strcspn(value, ",");

		if (n > 0)
			json_string_n(j, value, n);
		value += value[n] ? n + 1 : n;
	}
	json_array_close(j);
}

int api_add(struct api_query *q, const char *name, const char *value)
{
	for (size_t i = 0; i < sizeof(api_members) / sizeof(*api_members); i++) {
		struct buf *to = api_members[i].range ? &q->range : &q->members;
		enum api_type type = api_members[i].type;
		struct json j;

		if (strcmp(name, api_members[i].name) != 0)
			continue;
		api_key(to, name);
		json_init(&j, to);
		if (type == API_INTEGER)
			return api_integer(&j, value);
		if (type == API_LIST || (type == API_ONE_OR_LIST && strchr(value, ',')))
			api_list(&j, value);
		else
			json_string(&j, value);
		return 0;
	}
	return -ENOENT;
}

void api_set_after(struct api_query *q, const char *cursor)
{
	buf_clear(&q->range);
	api_add(q, "after", cursor);
}

int api_write(const struct api_query *q, struct buf *out)
{
	buf_puts(out, "{\"op\":\"");
	buf_puts(out, q->route->op);
	buf_puts(out, "\"");
	buf_puts(out, q->route->more);
	buf_add(out, q->members.data, q->members.len);
	buf_add(out, q->range.data, q->range.len);
	buf_puts(out, "}\n");
	return buf_ok(out) && buf_ok(&q->members) && buf_ok(&q->range) ? 0 : -EMSGSIZE;
}

unsigned api_status(const char *code)
{
	static const struct {
		const char *code;
		unsigned status;
	} statuses[] = {
		{ "not_ready", 503 },
		{ "busy", 503 },
		{ "shutting_down", 503 },
		{ "denied", 403 },
		{ "gone", 410 },
		{ "internal", 502 },
		{ "unknown_op", 501 },
	};

	for (size_t i = 0; code && i < sizeof(statuses) / sizeof(*statuses); i++)
		if (strcmp(code, statuses[i].code) == 0)
			return statuses[i].status;
	return 400;
}
