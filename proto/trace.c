/* SPDX-License-Identifier: MIT */
#include "proto/trace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "proto/json.h"

#define TRACE_BASE_MIN 1
#define TRACE_BASE_MAX 3600000

/* The shortest decimal that reads back as x. */
static void put_double(struct json *j, double x)
{
	char text[40];
	int precision = 15;
	int n;

	if (isnan(x)) {
		json_null(j);
		return;
	}
	do
		n = snprintf(text, sizeof(text), "%.*g", precision, x);
	while (precision++ < 17 && strtod(text, NULL) != x);
	json_raw(j, text, (size_t)n);
}

static void put_entity(struct json *j, const struct layout *layout, const struct entity *e)
{
	char kind[2] = { e->kind, '\0' };

	json_object_open(j);
	json_kv_string(j, "name", e->label[0] ? e->label : e->name);
	if (e->kind)
		json_kv_string(j, "kind", kind);
	if (e->cluster >= 0)
		json_kv_string(j, "cluster", layout->entities[SCOPE_CLUSTER][e->cluster].name);
	if (e->quality)
		json_kv_int(j, "quality", e->quality);
	if (e->domain)
		json_kv_string(j, "domain", domain_name(e->domain));
	json_object_close(j);
}

static void put_entities(struct json *j, const struct layout *layout)
{
	json_key(j, "entities");
	json_object_open(j);
	for (enum scope s = SCOPE_HOST + 1; s < SCOPE_COUNT; s++) {
		json_key(j, scope_name(s));
		json_array_open(j);
		for (unsigned i = 0; i < layout->count[s]; i++)
			put_entity(j, layout, &layout->entities[s][i]);
		json_array_close(j);
	}
	json_object_close(j);
}

static void metric_key(char *key, size_t size, enum metric_id id)
{
	const char *scope = scope_name(metrics[id].scope);

	snprintf(key, size, "%s%s%s", scope, *scope ? "." : "", metrics[id].name);
}

static void put_notes(struct json *j, const struct layout *layout)
{
	char key[64];

	json_key(j, "notes");
	json_object_open(j);
	for (enum metric_id id = 0; id < METRIC_COUNT; id++) {
		if (layout->notes[id].avail == AVAIL_OK)
			continue;
		metric_key(key, sizeof(key), id);
		json_key(j, key);
		json_object_open(j);
		json_kv_string(j, "avail", avail_name(layout->notes[id].avail));
		json_kv_string(j, "reason", layout->notes[id].reason);
		json_object_close(j);
	}
	json_object_close(j);
}

void trace_write_header(struct buf *out, const struct layout *layout, unsigned base_ms)
{
	const struct machine *m = &layout->machine;
	struct json j;

	json_init(&j, out);
	json_object_open(&j);
	json_kv_int(&j, "actop_trace", TRACE_VERSION);
	json_kv_int(&j, "base_ms", base_ms);
	json_key(&j, "machine");
	json_object_open(&j);
	json_kv_string(&j, "os", m->os);
	json_kv_string(&j, "os_version", m->os_version);
	json_kv_string(&j, "model", m->model);
	json_kv_string(&j, "chip", m->chip);
	json_kv_int(&j, "gpu_cores", m->gpu_cores);
	json_object_close(&j);
	put_entities(&j, layout);
	put_notes(&j, layout);
	json_object_close(&j);
	buf_puts(out, "\n");
}

static bool any_value(const struct sample *s, enum metric_id id)
{
	for (unsigned i = 0; i < s->layout->count[metrics[id].scope]; i++)
		if (sample_has(s, id, i))
			return true;
	return false;
}

void trace_write_sample(struct buf *out, const struct sample *s)
{
	char key[64];
	struct json j;

	json_init(&j, out);
	json_object_open(&j);
	json_kv_int(&j, "wall_ms", s->time.wall_ms);
	json_kv_uint(&j, "mono_ns", s->time.mono_ns);
	json_kv_uint(&j, "awake_ns", s->time.awake_ns);
	json_key(&j, "v");
	json_object_open(&j);
	for (enum metric_id id = 0; id < METRIC_COUNT; id++) {
		if (!any_value(s, id))
			continue;
		metric_key(key, sizeof(key), id);
		json_key(&j, key);
		json_array_open(&j);
		for (unsigned i = 0; i < s->layout->count[metrics[id].scope]; i++)
			put_double(&j, sample_get(s, id, i));
		json_array_close(&j);
	}
	json_object_close(&j);
	json_object_close(&j);
	buf_puts(out, "\n");
}

/* ---- reading ---- */

static const char *text_of(const cJSON *object, const char *key)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));

	return text ? text : "";
}

/* A number within the range, or fallback. */
static double number_of(
	const cJSON *object, const char *key, double low, double high, double fallback)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

	if (!cJSON_IsNumber(item) || !(item->valuedouble >= low && item->valuedouble <= high))
		return fallback;
	return item->valuedouble;
}

static void read_machine(const cJSON *from, struct machine *m)
{
	snprintf(m->os, sizeof(m->os), "%s", text_of(from, "os"));
	snprintf(m->os_version, sizeof(m->os_version), "%s", text_of(from, "os_version"));
	snprintf(m->model, sizeof(m->model), "%s", text_of(from, "model"));
	snprintf(m->chip, sizeof(m->chip), "%s", text_of(from, "chip"));
	m->gpu_cores = (unsigned)number_of(from, "gpu_cores", 0, 4096, 0);
	m->simulated = true;
}

static enum domain domain_of(const char *name)
{
	enum domain d = DOMAIN_SSD;

	while (d > DOMAIN_OTHER && strcmp(domain_name(d), name) != 0)
		d--;
	return d;
}

static bool read_entity(struct layout *layout, enum scope scope, const cJSON *from)
{
	struct entity *e = layout_add(layout, scope, text_of(from, "name"));

	if (!e)
		return false;
	e->kind = text_of(from, "kind")[0];
	if (!e->kind || !strchr("EPS", e->kind))
		e->kind = 0;
	e->cluster = layout_find(layout, SCOPE_CLUSTER, text_of(from, "cluster"));
	e->quality = (enum quality)number_of(from, "quality", 0, QUALITY_ESTIMATED, 0);
	e->domain = domain_of(text_of(from, "domain"));
	return true;
}

/* Clusters before the cores that name them. */
static bool read_entities(struct layout *layout, const cJSON *from)
{
	static const enum scope order[] = { SCOPE_CLUSTER, SCOPE_CORE, SCOPE_RAIL, SCOPE_FAN,
		SCOPE_SENSOR };
	const cJSON *item;

	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++)
		cJSON_ArrayForEach(item,
			cJSON_GetObjectItemCaseSensitive(
				from, scope_name(order[i]))) if (!read_entity(layout, order[i],
									 item)) return false;
	return true;
}

static enum metric_id metric_of(const char *key)
{
	enum scope scope = SCOPE_HOST;
	const char *dot = strchr(key, '.');

	if (!dot)
		return metric_find(SCOPE_HOST, key);
	while (++scope < SCOPE_COUNT)
		if (strlen(scope_name(scope)) == (size_t)(dot - key) &&
			strncmp(scope_name(scope), key, (size_t)(dot - key)) == 0)
			return metric_find(scope, dot + 1);
	return METRIC_COUNT;
}

static void read_notes(struct layout *layout, const cJSON *from)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, from)
	{
		enum metric_id id = metric_of(item->string);
		enum avail avail = AVAIL_ERROR;

		while (avail > AVAIL_OK &&
			strcmp(avail_name(avail), text_of(item, "avail")) != 0)
			avail--;
		if (id < METRIC_COUNT)
			layout_note(layout, id, avail, text_of(item, "reason"));
	}
}

static cJSON *parse(const char *line, size_t len, char *error)
{
	cJSON *json = len <= TRACE_LINE_MAX ? cJSON_ParseWithLength(line, len) : NULL;

	if (json && !cJSON_IsObject(json)) {
		cJSON_Delete(json);
		json = NULL;
	}
	if (!json)
		snprintf(error, TRACE_ERROR_MAX, "not a JSON object of at most %d bytes",
			TRACE_LINE_MAX);
	return json;
}

struct layout *trace_read_header(
	const char *line, size_t len, unsigned *base_ms, char error[TRACE_ERROR_MAX])
{
	cJSON *json = parse(line, len, error);
	struct layout *layout = NULL;
	double base = number_of(json, "base_ms", TRACE_BASE_MIN, TRACE_BASE_MAX, 0);

	if (json && number_of(json, "actop_trace", 0, 1e9, 0) != TRACE_VERSION) {
		snprintf(error, TRACE_ERROR_MAX,
			"its first line does not say \"actop_trace\":%d", TRACE_VERSION);
	} else if (json && base == 0) {
		snprintf(error, TRACE_ERROR_MAX, "base_ms is not within %d and %d",
			TRACE_BASE_MIN, TRACE_BASE_MAX);
	} else if (json) {
		layout = layout_new();
		read_machine(
			cJSON_GetObjectItemCaseSensitive(json, "machine"), &layout->machine);
		read_notes(layout, cJSON_GetObjectItemCaseSensitive(json, "notes"));
		if (!read_entities(
			    layout, cJSON_GetObjectItemCaseSensitive(json, "entities"))) {
			snprintf(error, TRACE_ERROR_MAX, "more than %d entities of a scope",
				LAYOUT_ENTITIES_MAX);
			layout_free(layout);
			layout = NULL;
		}
	}
	if (layout)
		layout_seal(layout);
	*base_ms = (unsigned)base;
	cJSON_Delete(json);
	return layout;
}

static void read_values(struct sample *s, const cJSON *from)
{
	const cJSON *row, *item;

	cJSON_ArrayForEach(row, from)
	{
		enum metric_id id = metric_of(row->string);
		unsigned i = 0;

		if (id == METRIC_COUNT)
			continue;
		cJSON_ArrayForEach(item, row)
		{
			sample_set(s, id, i, cJSON_IsNumber(item) ? item->valuedouble : NAN);
			i++;
		}
	}
}

int trace_read_sample(
	const char *line, size_t len, struct sample *s, char error[TRACE_ERROR_MAX])
{
	const double most = 9007199254740991.0;
	cJSON *json = parse(line, len, error);
	double wall = number_of(json, "wall_ms", 0, most, -1);
	double mono = number_of(json, "mono_ns", 0, most, -1);
	double awake = number_of(json, "awake_ns", 0, most, -1);
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(json, "v");
	bool good = json && wall >= 0 && mono >= 0 && awake >= 0 && cJSON_IsObject(v);

	if (good) {
		s->time.wall_ms = (int64_t)wall;
		s->time.mono_ns = (uint64_t)mono;
		s->time.awake_ns = (uint64_t)awake;
		read_values(s, v);
	} else if (json) {
		snprintf(error, TRACE_ERROR_MAX,
			"wall_ms, mono_ns, awake_ns or v is missing or out of range");
	}
	cJSON_Delete(json);
	return good ? 0 : -EBADMSG;
}
