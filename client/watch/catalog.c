/* SPDX-License-Identifier: MIT */
#include "client/watch/catalog.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/alloc.h"

static const char *const meter_names[METER_COUNT] = {
#define METER(id, name) name,
#include "client/watch/meters.def"
#undef METER
};

static const struct {
	const char *scope;
	const char *series[MEMBER_SERIES + 1];
} groups[GROUP_COUNT] = {
#define GROUP(id, scope, ...) { scope, { __VA_ARGS__ } },
#include "client/watch/groups.def"
#undef GROUP
};

/* Of wildcards only: a name that an older daemon does not know would be an error, and a request
 * takes 64 patterns at most. */
static const char *const catalog_asked[CATALOG_PATTERNS] = {
	"*cpu_util_pct",
	"*cpu_freq_mhz",
	"*cpu_max_freq_mhz",
	"*_temp_c",
	"*_temp_avg_c",
	"throttle_*",
	"gpu_util_*",
	"gpu_freq_*",
	"gpu_max_*",
	"gpu_renderer_*",
	"gpu_tiler_*",
	"gpu_mem_*",
	"ane_util_*",
	"*_watts",
	"ram_total_*",
	"ram_used_b*",
	"ram_wired_*",
	"ram_compressed_*",
	"ram_cached_*",
	"swap_*_bytes",
	"*_bytes_per_s",
	"mem_pressure*",
	"bandwidth_*gbps",
	"bandwidth_quality*",
	"package_joules*",
	"system_joules*",
	"thermal_state*",
	"load_*",
	"psi_*_some_pct",
	"process_count*",
	"battery_*",
	"limit*",
	"core.*.active_pct",
	"core.*.freq_mhz",
	"cluster.*.idle_pct",
	"cluster.*.low_pct",
	"cluster.*.mid_pct",
	"cluster.*.high_pct",
	"rail.*.watts",
	"fan.*.rpm",
	"fan.*.max_rpm",
	"sensor.*.temp_c",
};

const char *const *catalog_patterns(void)
{
	return catalog_asked;
}

void catalog_fini(struct catalog *c)
{
	for (unsigned i = 0; i < c->columns; i++)
		free(c->names[i]);
	free(c->names);
	for (unsigned g = 0; g < GROUP_COUNT; g++)
		free(c->members[g].items);
	*c = (struct catalog){ 0 };
}

int catalog_find(const struct catalog *c, const char *name)
{
	for (unsigned i = 0; i < c->columns; i++)
		if (strcmp(c->names[i], name) == 0)
			return (int)i;
	return -1;
}

static void catalog_copy_names(struct catalog *c, const struct node *names)
{
	unsigned count = 0;

	for (const struct node *n = node_first(names); n; n = node_next(n))
		count++;
	c->names = xcalloc(count + 1, sizeof(*c->names));
	for (const struct node *n = node_first(names); n; n = node_next(n)) {
		const char *name = node_text(n);

		c->names[c->columns++] = xstrdup(name ? name : "");
	}
}

/* Group of "core.7.active_pct", its member's name and the place of the series; GROUP_COUNT =
 * none. */
static enum group catalog_split(const char *series, char name[MEMBER_NAME_MAX], unsigned *place)
{
	const char *dot = strchr(series, '.');
	const char *key = dot ? strchr(dot + 1, '.') : NULL;

	if (!key || (size_t)(key - dot) > MEMBER_NAME_MAX)
		return GROUP_COUNT;
	snprintf(name, MEMBER_NAME_MAX, "%.*s", (int)(key - dot - 1), dot + 1);
	for (unsigned g = 0; g < GROUP_COUNT; g++) {
		size_t n = strlen(groups[g].scope);

		if ((size_t)(dot - series) != n || strncmp(series, groups[g].scope, n) != 0)
			continue;
		for (*place = 0; groups[g].series[*place]; ++*place)
			if (strcmp(groups[g].series[*place], key + 1) == 0)
				return (enum group)g;
	}
	return GROUP_COUNT;
}

static struct member *catalog_member(struct members *m, const char *name)
{
	struct member *member;

	for (unsigned i = 0; i < m->count; i++)
		if (strcmp(m->items[i].name, name) == 0)
			return &m->items[i];
	m->items = xrealloc(m->items, m->count + 1, sizeof(*m->items));
	member = &m->items[m->count++];
	*member = (struct member){ .columns = { -1, -1, -1, -1 } };
	snprintf(member->name, sizeof(member->name), "%s", name);
	return member;
}

static void catalog_add_member(struct catalog *c, const struct node *row, int column)
{
	char name[MEMBER_NAME_MAX];
	unsigned place;
	enum group group = catalog_split(c->names[column], name, &place);
	const char *kind = node_text(node_get(row, "core_kind"));
	const char *label = node_text(node_get(row, "label"));
	const char *quality = node_text(node_get(row, "quality"));
	struct member *member;

	if (group == GROUP_COUNT)
		return;
	member = catalog_member(&c->members[group], name);
	member->columns[place] = column;
	if (kind)
		member->kind = kind[0];
	if (group == GROUP_CLUSTER)
		member->kind = name[0];
	member->estimated = quality && strcmp(quality, "estimated") == 0;
	snprintf(member->label, sizeof(member->label), "%.*s", MEMBER_NAME_MAX - 1,
		label ? label : "");
}

static void catalog_add_words(struct catalog *c, const struct node *values, int column)
{
	struct words *words = &c->words[c->word_count];

	if (!node_is_array(values) || c->word_count == WORDS_MAX)
		return;
	c->word_count++;
	*words = (struct words){ .column = column };
	for (const struct node *n = node_first(values); n; n = node_next(n))
		if (words->count < WORDS_MAX && node_text(n))
			snprintf(words->words[words->count++], WORD_MAX, "%.*s", WORD_MAX - 1,
				node_text(n));
}

/* What the machine does not have at all is left out; what only fails now may come back. */
static bool catalog_has(const struct node *row)
{
	const char *avail = node_text(node_get(row, "avail"));

	return !avail || strcmp(avail, "unsupported") != 0;
}

static void catalog_add(struct catalog *c, const struct node *row)
{
	const char *name = node_text(node_get(row, "name"));
	int column = name && catalog_has(row) ? catalog_find(c, name) : -1;

	if (column < 0)
		return;
	for (unsigned m = 0; m < METER_COUNT; m++)
		if (strcmp(meter_names[m], name) == 0)
			c->meters[m] = column;
	catalog_add_member(c, row, column);
	catalog_add_words(c, node_get(row, "values"), column);
}

static int member_compare(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	long m = strtol(x->name, NULL, 10), n = strtol(y->name, NULL, 10);

	if (m != n)
		return m < n ? -1 : 1;
	return strcmp(x->name, y->name);
}

void catalog_read(struct catalog *c, const struct node *schema, const struct node *names)
{
	struct members *cores = &c->members[GROUP_CORE];

	catalog_fini(c);
	for (unsigned m = 0; m < METER_COUNT; m++)
		c->meters[m] = -1;
	catalog_copy_names(c, names);
	for (const struct node *row = node_first(schema); row; row = node_next(row))
		catalog_add(c, row);
	if (cores->count > 0)
		qsort(cores->items, cores->count, sizeof(*cores->items), member_compare);
}

bool catalog_is(const struct catalog *c, const struct node *names)
{
	unsigned i = 0;

	for (const struct node *n = node_first(names); n; n = node_next(n), i++) {
		const char *name = node_text(n);

		if (i == c->columns || !name || strcmp(name, c->names[i]) != 0)
			return false;
	}
	return i == c->columns;
}

static const struct words *catalog_words(const struct catalog *c, int column)
{
	for (unsigned i = 0; i < c->word_count; i++)
		if (c->words[i].column == column)
			return &c->words[i];
	return NULL;
}

static double catalog_place(const struct catalog *c, int column, const char *word)
{
	const struct words *words = catalog_words(c, column);

	for (unsigned i = 0; words && i < words->count; i++)
		if (strcmp(words->words[i], word) == 0)
			return i;
	return NAN;
}

void catalog_values(const struct catalog *c, const struct node *values, double *to)
{
	unsigned i = 0;

	for (const struct node *n = node_first(values); n && i < c->columns;
		n = node_next(n), i++) {
		bool flag;

		if (node_number(n, &to[i]))
			continue;
		if (node_bool(n, &flag))
			to[i] = flag;
		else
			to[i] = node_text(n) ? catalog_place(c, (int)i, node_text(n)) : NAN;
	}
}

const char *catalog_word(const struct catalog *c, int column, double value)
{
	const struct words *words = catalog_words(c, column);

	if (!words || !(value >= 0 && value < words->count))
		return NULL;
	return words->words[(unsigned)value];
}
