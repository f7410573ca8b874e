/* SPDX-License-Identifier: MIT */
#include "daemon/describe.h"

#include "daemon/commands.h"
#include "daemon/event.h"
#include "daemon/history/archive.h"
#include "daemon/session.h"
#include "daemon/survey.h"

static int64_t oldest_ts_ms(const struct history *h)
{
	uint64_t oldest = history_oldest(h), lost = history_lost_until(h, oldest);

	oldest = lost ? lost + 1 : oldest;
	return oldest <= history_head(h) ? history_row(h, oldest)->ts_ms : 0;
}

static void put_machine(const struct hub *hub, struct json *j)
{
	const struct machine *m = hub->machine;

	json_kv_string(j, "os", m->os);
	json_kv_string(j, "os_version", m->os_version[0] ? m->os_version : NULL);
	json_kv_string(j, "machine", m->model[0] ? m->model : NULL);
	json_kv_string(j, "soc", m->chip[0] ? m->chip : NULL);
	if (hub->layout)
		json_kv_uint(j, "cores", hub->layout->count[SCOPE_CORE]);
	if (m->gpu_cores)
		json_kv_uint(j, "gpu_cores", m->gpu_cores);
	if (m->simulated)
		json_kv_bool(j, "simulated", true);
}

static void put_tier(const struct tier *t, struct json *j)
{
	uint64_t oldest = tier_oldest_seq(t);

	json_object_open(j);
	json_kv_uint(j, "step_ms", t->step_ms);
	if (oldest) {
		json_kv_uint(j, "oldest_seq", oldest);
		json_kv_int(j, "oldest_ts_ms", tier_oldest_ts_ms(t));
	} else {
		json_kv_null(j, "oldest_seq");
		json_kv_null(j, "oldest_ts_ms");
	}
	json_object_close(j);
}

static void put_tiers(const struct hub *hub, struct json *j)
{
	const struct history *h = hub->timeline.history;
	const struct archive *a = hub->timeline.archive;

	json_key(j, "tiers");
	json_array_open(j);
	json_object_open(j);
	json_kv_uint(j, "step_ms", hub->timeline.base_ms);
	json_kv_uint(j, "oldest_seq", history_oldest(h));
	json_kv_int(j, "oldest_ts_ms", oldest_ts_ms(h));
	json_object_close(j);
	for (unsigned i = 0; a && i < a->tier_count; i++)
		put_tier(&a->tiers[i], j);
	json_array_close(j);
}

static void put_caps(const struct hub *hub, struct json *j)
{
	static const char *const more[] = { "agg:min", "agg:max", "fmt:array", "lag:latest" };

	json_key(j, "caps");
	json_array_open(j);
	for (enum op op = 0; op < OP_COUNT; op++)
		if (commands_has(op) && (op != OP_PROCESSES || hub->survey))
			json_string(j, op_name(op));
	for (unsigned i = 0; i < sizeof(more) / sizeof(*more); i++)
		json_string(j, more[i]);
	json_array_close(j);
}

static void put_limits(struct json *j)
{
	json_key(j, "limits");
	json_object_open(j);
	json_kv_int(j, "max_line_in", LINE_REQUEST_MAX);
	json_kv_int(j, "max_line_out", VIEW_LINE_MAX);
	json_kv_int(j, "max_subs", SESSION_SUBS_MAX);
	json_kv_int(j, "max_patterns", REQUEST_PATTERNS_MAX);
	json_kv_int(j, "max_history_rows", REQUEST_ROWS_MAX);
	json_kv_int(j, "min_interval_ms", 100);
	json_kv_int(j, "max_interval_ms", 3600000);
	json_object_close(j);
}

void describe_daemon(const struct hub *hub, struct json *j)
{
	const struct history *h = hub->timeline.history;
	struct instant now;

	hub->shell.now(hub->shell.arg, &now);
	json_kv_int(j, "proto", 1);
	json_kv_string(j, "server", "actopd");
	json_kv_string(j, "version", hub->identity.version);
	json_kv_int(j, "pid", hub->identity.pid);
	json_kv_int(j, "uid", hub->identity.uid);
	json_kv_string(j, "epoch", hub->timeline.epoch);
	json_kv_string(j, "run", hub->identity.run);
	json_kv_string(j, "boot_id", hub->identity.boot_id);
	if (hub->machine)
		put_machine(hub, j);
	json_kv_int(j, "started_ts_ms", hub->identity.started_ts_ms);
	json_kv_uint(j, "base_ms", hub->timeline.base_ms);
	json_kv_uint(j, "oldest_seq", history_oldest(h));
	json_kv_uint(j, "head_seq", history_head(h));
	json_kv_uint(j, "schema_rev", hub->timeline.schema->rev);
	json_kv_int(j, "ts_ms", now.wall_ms);
	json_kv_uint(j, "mono_ms", now.mono_ns / 1000000);
	if (hub->judge)
		describe_profile(hub->judge, j);
	put_tiers(hub, j);
	put_caps(hub, j);
	put_limits(j);
}

static void put_range(const struct series *s, struct json *j)
{
	if (s->unit == UNIT_PERCENT) {
		json_kv_int(j, "min", 0);
		json_kv_int(j, "max", 100);
	}
	if (!s->states)
		return;
	json_key(j, "values");
	json_array_open(j);
	for (unsigned i = 0; i < s->state_count; i++)
		json_string(j, s->states[i]);
	json_array_close(j);
}

static void put_core(const struct entity *e, const struct layout *layout, struct json *j)
{
	char kind[2] = { e->kind, '\0' };

	json_kv_string(j, "core_kind", e->kind ? kind : NULL);
	if (e->cluster >= 0 && layout)
		json_kv_string(j, "cluster", layout->entities[SCOPE_CLUSTER][e->cluster].name);
	else
		json_kv_null(j, "cluster");
}

static void put_entity(const struct series *s, const struct layout *layout, struct json *j)
{
	const struct entity *e = s->entity;
	enum scope scope;

	if (!e)
		return;
	scope = metrics[s->metric].scope;
	if (e->label[0])
		json_kv_string(j, "label", e->label);
	if (scope == SCOPE_RAIL && quality_name(e->quality))
		json_kv_string(j, "quality", quality_name(e->quality));
	if (scope == SCOPE_SENSOR)
		json_kv_string(j, "domain", domain_name(e->domain));
	if (scope == SCOPE_CORE)
		put_core(e, layout, j);
}

void describe_series(const struct series *s, const struct layout *layout, struct json *j)
{
	json_object_open(j);
	json_kv_string(j, "name", s->name);
	json_kv_string(j, "kind", kind_name(s->kind));
	json_kv_string(j, "unit", unit_symbol(s->unit));
	json_kv_int(j, "decimals", s->decimals);
	put_range(s, j);
	json_kv_string(j, "agg", agg_name(s->agg));
	json_kv_string(j, "desc", s->help);
	if (s->show)
		json_kv_int(j, "show", s->show);
	put_entity(s, layout, j);
	json_kv_string(j, "avail", avail_name(s->avail));
	if (s->reason)
		json_kv_string(j, "reason", s->reason);
	json_object_close(j);
}

static void put_clients(const struct hub *hub, struct json *j)
{
	const struct hub_counters *c = &hub->counters;

	json_key(j, "clients");
	json_object_open(j);
	json_kv_uint(j, "now", hub->session_count);
	json_kv_uint(j, "peak", c->peak);
	json_kv_uint(j, "max", hub->identity.max_clients);
	json_kv_uint(j, "accepted", c->accepted);
	json_kv_uint(j, "refused", c->refused);
	json_kv_uint(j, "denied", c->denied);
	json_kv_uint(j, "evicted", c->evicted);
	json_object_close(j);
	json_key(j, "io");
	json_object_open(j);
	json_kv_uint(j, "lines_in", c->lines_in);
	json_kv_uint(j, "bad_lines", c->bad_lines);
	json_kv_uint(j, "bytes_out", c->bytes_out);
	json_kv_uint(j, "gap_samples", c->gap_samples);
	json_kv_uint(j, "slow_closed", c->stalled);
	json_kv_uint(j, "encoded", c->encoded);
	json_object_close(j);
}

/* A recording has clocks of its own, on which this daemon did not start. */
static void put_uptime(const struct hub *hub, const struct instant *now, struct json *j)
{
	int64_t up_ms = (int64_t)(now->mono_ns / 1000000) - hub->identity.started_mono_ms;

	if (up_ms >= 0)
		json_kv_int(j, "uptime_ms", up_ms);
	else
		json_kv_null(j, "uptime_ms");
}

void describe_status(const struct hub *hub, struct json *j)
{
	const struct history *h = hub->timeline.history;
	uint64_t oldest = history_oldest(h), head = history_head(h);
	struct instant now;

	hub->shell.now(hub->shell.arg, &now);
	json_kv_string(j, "version", hub->identity.version);
	json_kv_int(j, "pid", hub->identity.pid);
	put_uptime(hub, &now, j);
	json_kv_string(j, "epoch", hub->timeline.epoch);
	json_kv_string(j, "run", hub->identity.run);
	if (hub->judge)
		describe_limit(hub->judge, j);
	json_key(j, "ring");
	json_object_open(j);
	json_kv_uint(j, "cap", history_capacity(h));
	json_kv_uint(j, "used", head + 1 - oldest);
	json_kv_uint(j, "oldest_seq", oldest);
	json_kv_uint(j, "head_seq", head);
	json_kv_uint(j, "bytes", history_bytes(h));
	json_object_close(j);
	put_clients(hub, j);
	if (hub->survey)
		survey_describe(hub->survey, j);
	hub->shell.status(hub->shell.arg, j);
}

void describe_alerts(const struct hub *hub, struct json *j)
{
	json_key(j, "alerts");
	json_array_open(j);
	for (unsigned i = 0; i < hub->firing.count; i++) {
		const struct event *e = &hub->firing.alerts[i].event;

		json_object_open(j);
		json_kv_uint(j, "eseq", e->eseq);
		json_kv_int(j, "since_ts_ms", e->ts_ms);
		buf_puts(j->out, e->details);
		json_object_close(j);
	}
	json_array_close(j);
}
