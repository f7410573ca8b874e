/* SPDX-License-Identifier: MIT */
#include "daemon/status.h"

#include <sys/resource.h>

#include "daemon/compat.h"
#include "daemon/describe.h"
#include "daemon/log.h"
#include "proto/json.h"

#define STATUS_LOG_MAX 16384

void status_init(struct status *status, uv_loop_t *loop, struct source *source,
	const struct server *server)
{
	*status = (struct status){ .loop = loop, .source = source, .server = server };
	status->begun_ns = uv_hrtime();
	uv_loop_configure(loop, UV_METRICS_IDLE_TIME);
}

static void put_loop(const struct status *status, struct json *j)
{
	struct sampler_stats stats = { 0 };
	double all_ns = (double)(uv_hrtime() - status->begun_ns);
	double idle_ns = (double)uv_metrics_idle_time(status->loop);

	if (status->sampler)
		sampler_get_stats(status->sampler, &stats);
	json_key(j, "loop");
	json_object_open(j);
	json_kv_fixed(j, "lag_ms_max", (double)stats.lag_ns_max / 1e6, 3);
	json_kv_fixed(
		j, "busy_pct", idle_ns < all_ns ? 100 * (all_ns - idle_ns) / all_ns : 0, 3);
	json_object_close(j);
}

static void put_sampler(const struct status *status, struct json *j)
{
	struct sampler_stats stats = { 0 };
	unsigned long errors;
	const char *name;

	if (status->sampler)
		sampler_get_stats(status->sampler, &stats);
	json_key(j, "sampler");
	json_object_open(j);
	json_kv_uint(j, "base_ms", status->server->hub->timeline.base_ms);
	json_kv_uint(j, "taken", stats.taken);
	json_kv_uint(j, "missed", stats.missed);
	json_kv_uint(j, "late", stats.late);
	json_kv_uint(
		j, "cost_us_mean", stats.taken ? stats.cost_ns_sum / stats.taken / 1000 : 0);
	json_kv_uint(j, "cost_us_max", stats.cost_ns_max / 1000);
	json_key(j, "errors");
	json_object_open(j);
	for (unsigned i = 0; (name = source_part(status->source, i, &errors)) != NULL; i++)
		json_kv_uint(j, name, errors);
	json_object_close(j);
	json_key(j, "faults");
	json_object_open(j);
	for (unsigned i = 0; (name = source_part(status->source, i, &errors)) != NULL; i++)
		if (source_part_fault(status->source, i)[0])
			json_kv_string(j, name, source_part_fault(status->source, i));
	json_object_close(j);
	json_object_close(j);
}

static void put_cost(struct json *j)
{
	struct rusage usage = { 0 };
	int files = compat_count_files();
	uint64_t resident;

	getrusage(RUSAGE_SELF, &usage);
	json_kv_int(j, "cpu_ms",
		(int64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 +
			(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000);
	json_kv_int(j, "wakeups", usage.ru_nvcsw);
	if (compat_resident_bytes(&resident) == 0)
		json_kv_uint(j, "rss_bytes", resident);
	else
		json_kv_null(j, "rss_bytes");
	if (files >= 0)
		json_kv_int(j, "fds", files);
	else
		json_kv_null(j, "fds");
}

static void put_sockets(const struct status *status, struct json *j)
{
	json_key(j, "sockets");
	json_array_open(j);
	for (unsigned i = 0; i < status->server->socket_count; i++)
		json_string(j, status->server->sockets[i].listener.path);
	json_array_close(j);
}

void status_write(const struct status *status, struct json *reply)
{
	struct instant now;

	platform_now(&now);
	put_sampler(status, reply);
	if (status->keeper)
		keeper_describe(status->keeper, now.mono_ns, reply);
	put_loop(status, reply);
	put_sockets(status, reply);
	put_cost(reply);
}

void status_log(const struct hub *hub)
{
	struct buf text;
	struct json j;

	buf_init(&text, STATUS_LOG_MAX);
	json_init(&j, &text);
	json_object_open(&j);
	describe_status(hub, &j);
	json_object_close(&j);
	if (buf_ok(&text))
		log_info("status", "%.*s", (int)text.len, text.data);
	buf_fini(&text);
}
