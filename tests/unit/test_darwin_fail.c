/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "daemon/source/source.h"
#include "tests/apple/world.h"
#include "tests/unit/run.h"

/*
 * Every call of every framework fails once, in turn, over the smallest world in which all parts
 * read something.  Whatever fails, a value is right or absent; what is absent belongs to one
 * part; nothing leaks, nothing stays held.
 */

#define WORLD "tests/fixtures/apple-small.json"
#define READS 4
#define SERIES_MAX 512
#define NAME_MAX_LENGTH 80

struct series {
	char name[NAME_MAX_LENGTH];
	bool counts;	 /* from the first reading that succeeded */
	unsigned owners; /* bits: the parts that set it */
	double values[READS];
};

struct table {
	unsigned count;
	struct series series[SERIES_MAX];
};

static void series_name(char *name, const struct layout *layout, enum metric_id id, unsigned i)
{
	snprintf(name, NAME_MAX_LENGTH, "%s.%s.%s", scope_name(metrics[id].scope),
		layout->entities[metrics[id].scope][i].name, metrics[id].name);
}

static struct series *table_find(struct table *t, const char *name, bool make)
{
	for (unsigned i = 0; i < t->count; i++)
		if (strcmp(t->series[i].name, name) == 0)
			return &t->series[i];
	if (!make)
		return NULL;
	ck_assert_uint_lt(t->count, SERIES_MAX);
	strcpy(t->series[t->count].name, name);
	for (unsigned r = 0; r < READS; r++)
		t->series[t->count].values[r] = NAN;
	return &t->series[t->count++];
}

static void table_take(struct table *t, const struct sample *s, unsigned read, unsigned owner)
{
	char name[NAME_MAX_LENGTH];

	for (enum metric_id id = 0; id < METRIC_COUNT; id++) {
		for (unsigned i = 0; i < s->layout->count[metrics[id].scope]; i++) {
			struct series *series;

			if (!sample_has(s, id, i))
				continue;
			series_name(name, s->layout, id, i);
			series = table_find(t, name, true);
			series->counts = metrics[id].kind == KIND_COUNTER;
			series->values[read] = sample_get(s, id, i);
			series->owners |= owner;
		}
	}
}

static void load(void)
{
	char error[256] = "";

	ck_assert_msg(world_load(WORLD, error, sizeof(error)) == 0, "%s", error);
}

/* Opens, reads every second, closes; everything goes into a table. */
static void scenario(struct table *t)
{
	struct fault why;
	struct source *source = source_open("darwin", &why);
	struct sample *s = sample_new(source_layout(source));

	for (unsigned r = 0; r < READS; r++) {
		world_advance(r ? 1 : 0);
		source_read(source, s);
		table_take(t, s, r, 0);
	}
	sample_free(s);
	source_close(source);
}

/* Which part sets what: each is opened alone. */
static void find_owners(struct table *t, unsigned p)
{
	const struct part *part = platform_parts[p];
	struct source_options options = { "" };
	struct layout *layout = layout_new();
	struct fault why;
	struct sample *s;
	void *self;

	load();
	ck_assert_int_eq(part->open(&self, &options, &why), 0);
	part->describe(self, layout);
	layout_seal(layout);
	s = sample_new(layout);
	for (unsigned r = 0; r < READS; r++) {
		world_advance(1);
		sample_clear(s);
		platform_now(&s->time);
		part->read(self, s);
		table_take(t, s, r, 1u << p);
	}
	part->close(self);
	sample_free(s);
	layout_free(layout);
}

static bool differs(double value, double expected)
{
	return fabs(value - expected) > 1e-6 * fmax(1, fabs(expected));
}

/* Values of a run with a failure against those without; the owners of what was lost. */
static void compare(struct table *good, struct table *owners, struct table *run,
	const char *call, unsigned long n)
{
	unsigned all = ~0u;

	for (unsigned i = 0; i < good->count; i++) {
		const struct series *g = &good->series[i];
		const struct series *o = table_find(owners, g->name, false);
		const struct series *v = table_find(run, g->name, false);

		/* These tell which of two sources is in use, and may. */
		if (strstr(g->name, "gpu_sram_separate") ||
			strstr(g->name, "bandwidth_quality"))
			continue;
		for (unsigned r = 0; r < READS; r++) {
			double value = v ? v->values[r] : NAN;

			if (isnan(g->values[r]))
				continue;
			if (isnan(value))
				all &= o->owners;
			else if (!(g->counts && value < g->values[r]))
				ck_assert_msg(!differs(value, g->values[r]),
					"%s fails (call %lu): %s is %g instead of %g", call, n,
					g->name, value, g->values[r]);
		}
	}
	ck_assert_msg(all, "%s fails (call %lu): values of several parts are lost", call, n);
}

static unsigned part_count(void)
{
	unsigned n = 0;

	while (platform_parts[n])
		n++;
	return n;
}

START_TEST(every_call_fails_once_and_only_what_depends_on_it_is_unknown)
{
	static struct table good, owners, run;
	unsigned long n = 0;
	const char *call;

	load();
	scenario(&good);
	for (unsigned p = 0; p < part_count(); p++)
		find_owners(&owners, p);
	do {
		n++;
		run.count = 0;
		load();
		world_fail_at(n);
		scenario(&run);
		call = world_failed();
		ck_assert_int_eq(world_held(), 0);
		if (call)
			compare(&good, &owners, &run, call, n);
	} while (call);
	/* It must have been a long way. */
	ck_assert_uint_gt(n, 500);
	printf("%lu calls failed once each\n", n - 1);
}
END_TEST

START_TEST(the_first_call_of_each_function_fails_and_the_next_read_is_whole)
{
	static struct table good, run;
	unsigned long count;
	const char *name;
	struct fault why;
	struct source *source;
	struct sample *s;

	load();
	scenario(&good);
	for (unsigned i = 0; (name = world_call_name(i, &count)) != NULL; i++) {
		load();
		source = source_open("darwin", &why);
		s = sample_new(source_layout(source));
		world_fail_next(name);
		source_read(source, s);
		for (unsigned r = 1; r < READS; r++) {
			world_advance(1);
			source_read(source, s);
		}
		run.count = 0;
		table_take(&run, s, READS - 1, 0);
		for (unsigned k = 0; k < good.count; k++) {
			const struct series *v = table_find(&run, good.series[k].name, false);

			ck_assert_msg(isnan(good.series[k].values[READS - 1]) || v,
				"%s failed once: %s never comes back", name,
				good.series[k].name);
		}
		sample_free(s);
		source_close(source);
	}
}
END_TEST

static void setup(void)
{
}

RUN_TESTS("darwin fail", setup, world_unload,
	every_call_fails_once_and_only_what_depends_on_it_is_unknown,
	the_first_call_of_each_function_fails_and_the_next_read_is_whole)
