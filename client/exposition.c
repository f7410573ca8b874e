/* SPDX-License-Identifier: MIT */
#include "client/exposition.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/columns.h"
#include "proto/alloc.h"
#include "proto/metric.h"

#define EXPOSITION_ENTITY_MAX 80

/* One series of the schema, with its value in the sample. */
struct exposed {
	const struct node *row;
	enum metric_id id; /* METRIC_COUNT = not in the table */
	char entity[EXPOSITION_ENTITY_MAX];
	struct cell cell;
	int decimals;
};

static enum scope exposed_scope(const char *name, size_t n)
{
	for (unsigned s = SCOPE_HOST + 1; s < SCOPE_COUNT; s++)
		if (strlen(scope_name((enum scope)s)) == n &&
			memcmp(scope_name((enum scope)s), name, n) == 0)
			return (enum scope)s;
	return SCOPE_COUNT;
}

/* "core.0.active_pct": scope, entity and the metric's own name. */
static enum metric_id exposed_find(struct exposed *x, const char *name)
{
	const char *entity = strchr(name, '.'), *key = strrchr(name, '.');
	enum scope scope;

	if (!entity)
		return metric_find(SCOPE_HOST, name);
	scope = exposed_scope(name, (size_t)(entity - name));
	if (scope == SCOPE_COUNT || key == entity || key - entity > EXPOSITION_ENTITY_MAX)
		return METRIC_COUNT;
	snprintf(x->entity, sizeof(x->entity), "%.*s", (int)(key - entity - 1), entity + 1);
	return metric_find(scope, key + 1);
}

static struct exposed *exposed_read(const struct exposition *e, struct columns *columns)
{
	struct exposed *list;
	struct cell *cells;
	unsigned i = 0;

	columns_read(columns, e->schema);
	list = xcalloc(columns->count + 1, sizeof(*list));
	cells = xcalloc(columns->count + 1, sizeof(*cells));
	columns_cells(columns, e->sample, cells);
	for (const struct node *row = node_first(message_at(e->schema, "metrics"));
		row && i < columns->count; row = node_next(row)) {
		const char *name = node_text(node_get(row, "name"));

		if (!name)
			continue;
		list[i].row = row;
		list[i].id = exposed_find(&list[i], name);
		list[i].decimals = columns->items[i].decimals;
		list[i].cell = cells[i];
		i++;
	}
	free(cells);
	return list;
}

static void exposed_labels(struct prom *p, const struct exposed *x)
{
	switch (metrics[x->id].scope) {
	case SCOPE_CORE:
		prom_label(p, "cluster", node_text(node_get(x->row, "core_kind")));
		prom_label(p, "core", x->entity);
		break;
	case SCOPE_SENSOR:
		prom_label(p, "sensor", x->entity);
		prom_label(p, "domain", node_text(node_get(x->row, "domain")));
		break;
	default:
		if (metrics[x->id].scope != SCOPE_HOST)
			prom_label(p, scope_name(metrics[x->id].scope), x->entity);
	}
}

static void exposed_write_states(struct prom *p, const struct exposed *x)
{
	for (const struct node *word = node_first(node_get(x->row, "values")); word;
		word = node_next(word)) {
		const char *text = node_text(word);

		if (!text)
			continue;
		prom_sample(p);
		exposed_labels(p, x);
		prom_label(p, "state", text);
		prom_value(p, strcmp(text, x->cell.text) == 0, 0);
	}
}

static void exposed_write(struct prom *p, const struct exposed *x)
{
	if (x->cell.kind == CELL_NONE)
		return;
	if (x->cell.kind == CELL_TEXT) {
		exposed_write_states(p, x);
		return;
	}
	prom_sample(p);
	exposed_labels(p, x);
	if (x->cell.kind == CELL_BOOL)
		prom_value(p, x->cell.flag, 0);
	else
		prom_value(p, x->cell.number, x->decimals);
}

static void exposition_write_metrics(struct prom *p, const struct exposition *e)
{
	struct columns columns;
	struct exposed *list = exposed_read(e, &columns);
	char name[PROM_NAME_MAX];

	for (unsigned id = 0; id < METRIC_COUNT; id++) {
		if (metric_prom_name((enum metric_id)id, name, sizeof(name)) == 0)
			continue;
		prom_family(p, name,
			metrics[id].kind == KIND_COUNTER ? PROM_COUNTER : PROM_GAUGE,
			metrics[id].help);
		for (unsigned i = 0; i < columns.count; i++)
			if (list[i].id == (enum metric_id)id)
				exposed_write(p, &list[i]);
	}
	free(list);
	columns_fini(&columns);
}

static void exposition_write_one(
	struct prom *p, const char *name, const char *help, double value)
{
	prom_family(p, name, PROM_GAUGE, help);
	prom_sample(p);
	prom_value(p, value, 3);
}

static void exposition_write_build(struct prom *p, const struct message *hello)
{
	prom_family(p, "actop_build_info", PROM_GAUGE, "The daemon and its machine, always 1");
	prom_sample(p);
	prom_label(p, "version", message_text(hello, "version"));
	prom_label(p, "os", message_text(hello, "os"));
	prom_label(p, "soc", message_text(hello, "soc"));
	prom_value(p, 1, 0);
}

/* Whether the rule is among those that fire. */
static bool exposition_fires(const struct message *alerts, const char *rule)
{
	for (const struct node *alert = node_first(message_at(alerts, "alerts")); alert;
		alert = node_next(alert)) {
		const char *text = node_text(node_get(alert, "rule"));

		if (text && strcmp(text, rule) == 0)
			return true;
	}
	return false;
}

/* Every rule where the daemon lists them, else those that fire. */
static void exposition_write_alerts(struct prom *p, const struct message *alerts)
{
	const struct node *rules = message_at(alerts, "rules");

	prom_family(p, "actop_alert_firing", PROM_GAUGE, "1 while the rule fires");
	for (const struct node *row = node_first(rules ? rules : message_at(alerts, "alerts"));
		row; row = node_next(row)) {
		const char *rule = node_text(node_get(row, "rule"));

		if (!rule)
			continue;
		prom_sample(p);
		prom_label(p, "rule", rule);
		prom_value(p, exposition_fires(alerts, rule), 0);
	}
}

static void exposition_write_self(struct prom *p, const struct message *status)
{
	double cpu_ms, rss;

	if (node_number(message_at(status, "cpu_ms"), &cpu_ms)) {
		prom_family(p, "actop_self_cpu_seconds_total", PROM_COUNTER,
			"CPU time of the daemon, user and system");
		prom_sample(p);
		prom_value(p, cpu_ms / 1000, 3);
	}
	if (node_number(message_at(status, "rss_bytes"), &rss)) {
		prom_family(p, "actop_self_resident_bytes", PROM_GAUGE,
			"Resident memory of the daemon");
		prom_sample(p);
		prom_value(p, rss, 0);
	}
}

/* What is told of an application, whose processes are summed up. */
static const struct {
	const char *name, *help;
	size_t offset; /* of a double in struct process */
	int decimals;
} exposition_applications[] = {
	{ "actop_process_cpu_percent",
		"CPU time of the processes of an application, 100 = one core",
		offsetof(struct process, cpu_pct), 2 },
	{ "actop_process_gpu_percent", "GPU time of the processes of an application",
		offsetof(struct process, gpu_pct), 2 },
	{ "actop_process_power_watts",
		"Power of the processes of an application, measured or their share of the "
		"rails",
		offsetof(struct process, watts), 3 },
	{ "actop_process_memory_bytes", "Memory of the processes of an application",
		offsetof(struct process, mem_bytes), 0 },
	{ "actop_process_disk_read_bytes_per_second",
		"What the processes of an application read from disks",
		offsetof(struct process, read_bytes_per_s), 0 },
	{ "actop_process_disk_write_bytes_per_second",
		"What the processes of an application write to disks",
		offsetof(struct process, write_bytes_per_s), 0 },
};

static void exposition_write_application(
	struct prom *p, const struct process *application, double value, int decimals)
{
	if (isnan(value) || !*application->name)
		return;
	prom_sample(p);
	prom_label(p, "name", application->name);
	prom_value(p, value, decimals);
}

static void exposition_write_applications(struct prom *p, const struct exposition *e)
{
	size_t count = e->applications->count < e->shown ? e->applications->count : e->shown;

	for (size_t k = 0;
		k < sizeof(exposition_applications) / sizeof(*exposition_applications); k++) {
		prom_family(p, exposition_applications[k].name, PROM_GAUGE,
			exposition_applications[k].help);
		for (size_t i = 0; i < count; i++) {
			const struct process *application = &e->applications->items[i];
			const char *at = (const char *)application;
			double value;

			memcpy(&value, at + exposition_applications[k].offset, sizeof(value));
			exposition_write_application(
				p, application, value, exposition_applications[k].decimals);
		}
	}
	prom_family(
		p, "actop_process_members", PROM_GAUGE, "Processes that an application has");
	for (size_t i = 0; i < count; i++)
		exposition_write_application(
			p, &e->applications->items[i], e->applications->items[i].members, 0);
}

void exposition_write(struct prom *p, const struct exposition *e)
{
	double age_ms = (double)(message_int(e->hello, "ts_ms", 0) -
		message_int(e->sample, "ts_ms", 0));

	exposition_write_one(p, "actop_up", "1 when the daemon answered", 1);
	exposition_write_build(p, e->hello);
	exposition_write_one(p, "actop_sample_age_seconds", "Age of the sample that follows",
		age_ms > 0 ? age_ms / 1000 : 0);
	exposition_write_metrics(p, e);
	exposition_write_alerts(p, e->alerts);
	exposition_write_self(p, e->status);
	if (e->applications)
		exposition_write_applications(p, e);
	prom_end(p);
}

void exposition_write_down(struct prom *p)
{
	exposition_write_one(p, "actop_up", "1 when the daemon answered", 0);
	prom_end(p);
}
