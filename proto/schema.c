/* SPDX-License-Identifier: MIT */
#include "proto/schema.h"

#include <stdio.h>
#include <string.h>

#include "proto/alloc.h"
#include "proto/json.h"

static const double powers[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6 };

struct schema *schema_new(void)
{
	struct schema *schema = xcalloc(1, sizeof(*schema));

	schema->rev = 1;
	return schema;
}

void schema_free(struct schema *schema)
{
	if (!schema)
		return;
	free(schema->series);
	free(schema);
}

struct series *schema_add(struct schema *schema, const char *name, enum kind kind, int decimals)
{
	struct series *s;

	if (schema->count == schema->cap) {
		schema->cap = schema->cap ? schema->cap * 2 : 128;
		schema->series = xrealloc(schema->series, schema->cap, sizeof(*schema->series));
	}
	s = &schema->series[schema->count++];
	*s = (struct series){ .kind = kind, .decimals = decimals, .metric = METRIC_NONE };
	s->power = powers[decimals];
	s->agg = kind == KIND_GAUGE ? AGG_MEAN : AGG_LAST;
	snprintf(s->name, sizeof(s->name), "%s", name);
	s->help = "";
	return s;
}

static void series_name(char *name, size_t size, enum metric_id id, const struct entity *e)
{
	const struct metric *m = &metrics[id];

	if (m->scope == SCOPE_HOST)
		snprintf(name, size, "%s", m->name);
	else
		snprintf(name, size, "%s.%s.%s", scope_name(m->scope), e->name, m->name);
}

static void schema_add_metric(
	struct schema *schema, const struct layout *layout, enum metric_id id, unsigned entity)
{
	const struct metric *m = &metrics[id];
	const struct entity *e = &layout->entities[m->scope][entity];
	const struct layout_note *note = &layout->notes[id];
	char name[SERIES_NAME_MAX];
	struct series *s;

	series_name(name, sizeof(name), id, e);
	if (schema_find(schema, name) >= 0)
		return;
	s = schema_add(schema, name, m->kind, m->decimals);
	s->unit = m->unit;
	s->agg = m->agg;
	s->help = m->help;
	s->show = m->show;
	s->entity = m->scope == SCOPE_HOST ? NULL : e;
	s->metric = id;
	s->source = layout_index(layout, id, entity);
	s->states = m->states == STATES_NONE ? NULL : state_words[m->states];
	while (s->states && s->states[s->state_count])
		s->state_count++;
	s->avail = note->avail == AVAIL_OK ? AVAIL_UNSUPPORTED : note->avail;
	s->reason = note->reason[0] ? note->reason : NULL;
	s->remark = note->avail == AVAIL_OK ? s->reason : NULL;
}

void schema_extend(struct schema *schema, const struct layout *layout)
{
	unsigned before = schema->count;

	for (enum metric_id id = 0; id < METRIC_COUNT; id++)
		for (unsigned e = 0; e < layout->count[metrics[id].scope]; e++)
			if (metrics[id].kind != KIND_INPUT)
				schema_add_metric(schema, layout, id, e);
	if (before > 0 && schema->count > before)
		schema->rev++;
}

unsigned schema_capacity(const struct layout *layout)
{
	unsigned n = 0;

	for (enum metric_id id = 0; id < METRIC_COUNT; id++)
		if (metrics[id].kind != KIND_INPUT)
			n += layout->cap[metrics[id].scope];
	return n;
}

int schema_find(const struct schema *schema, const char *name)
{
	for (unsigned i = 0; i < schema->count; i++)
		if (strcmp(schema->series[i].name, name) == 0)
			return (int)i;
	return -1;
}

static void series_present(struct series *s, double x)
{
	bool saturated = s->kind == KIND_COUNTER && x > (double)JSON_INTEGER_MAX;

	s->missing = 0;
	s->seen = true;
	s->avail = saturated ? AVAIL_ERROR : AVAIL_OK;
	s->reason = saturated ? "beyond 2^53-1, which is shown instead" : s->remark;
}

static void series_absent(struct series *s)
{
	if (!s->seen || s->missing > SCHEMA_MISSING_MAX)
		return;
	if (++s->missing > SCHEMA_MISSING_MAX) {
		s->avail = AVAIL_ERROR;
		s->reason = "no value for a minute or more";
	}
}

/* At the resolution of the series, so that what is read live and from any store is the same. */
static double series_round(const struct series *s, double x)
{
	return fabs(x) * s->power < 9007199254740992.0 ? round(x * s->power) / s->power : x;
}

void schema_take(struct schema *schema, const struct sample *sample, double *row)
{
	for (unsigned i = 0; i < schema->count; i++) {
		struct series *s = &schema->series[i];
		double x = sample->values[s->source];

		if (isnan(x)) {
			series_absent(s);
			row[i] = NAN;
			continue;
		}
		series_present(s, x);
		row[i] = series_round(s, x);
	}
}

void schema_expect(struct schema *schema, const struct sample *sample)
{
	for (unsigned i = 0; i < schema->count; i++) {
		double x = sample->values[schema->series[i].source];

		if (!isnan(x))
			series_present(&schema->series[i], x);
	}
}
