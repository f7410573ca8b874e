/* SPDX-License-Identifier: MIT */
#include "daemon/choose.h"

#include "proto/alloc.h"
#include "proto/pattern.h"

static bool chosen(const struct request_patterns *patterns, const char *name)
{
	if (patterns->count == 0)
		return true;
	for (unsigned i = 0; i < patterns->count; i++)
		if (pattern_match(patterns->items[i], name))
			return true;
	return false;
}

const char *choose_columns(const struct schema *schema, const struct request_patterns *patterns,
	struct view_spec *spec)
{
	for (unsigned i = 0; i < patterns->count; i++)
		if (pattern_is_exact(patterns->items[i]) &&
			schema_find(schema, patterns->items[i]) < 0)
			return patterns->items[i];
	spec->columns = xcalloc(schema->count, sizeof(*spec->columns));
	spec->count = 0;
	for (unsigned i = 0; i < schema->count; i++)
		if (chosen(patterns, schema->series[i].name))
			spec->columns[spec->count++] = i;
	return NULL;
}

const char *choose_view(const struct timeline *timeline, const struct request *r,
	int64_t interval_ms, struct view_spec *spec)
{
	int64_t base = timeline->base_ms;

	*spec = (struct view_spec){ .aggs = { AGG_OWN } };
	spec->ticks = interval_ms > base ? (uint64_t)((interval_ms + base - 1) / base) : 1;
	spec->array = r->format == FORMAT_ARRAY;
	for (unsigned i = 0; i < r->aggs.count; i++)
		spec->aggs[i] = r->aggs.items[i];
	spec->agg_count = r->aggs.count ? r->aggs.count : 1;
	spec->lists = r->aggs.is_array;
	return choose_columns(timeline->schema, &r->metrics, spec);
}
