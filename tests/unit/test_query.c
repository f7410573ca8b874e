/* SPDX-License-Identifier: MIT */
#include "daemon/history/query.h"

#include <math.h>

#include "daemon/history/history.h"
#include "tests/unit/run.h"

#define SAMPLES 5000
#define SERIES 3
#define NEEDS (1u << COLUMN_BELOW | 1u << COLUMN_ABOVE | 1u << COLUMN_LAST)

/* A counter, a gauge that is absent now and then, and a state. */
static double samples[SAMPLES + 1][SERIES];
static struct schema *schema;
static struct archive *archive;
static uint64_t random_state;

static uint64_t next_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static void add_samples(void)
{
	struct row row = { .run = 1, .boot = 1, .ts_ms = 1700000000000, .mono_ns = 1000000000 };

	for (row.seq = 1; row.seq <= SAMPLES; row.seq++) {
		double *values = samples[row.seq];

		values[0] = (double)row.seq * 7;
		values[1] = next_random() % 3 ? (double)(next_random() % 4000) / 4 - 500 : NAN;
		values[2] = (double)(next_random() % 3);
		row.tick = row.seq;
		row.ts_ms += 1000;
		row.mono_ns += 1000000000;
		row.dt_ns = 1000000000;
		row.values = values;
		archive_add(archive, &row);
	}
}

static void setup(void)
{
	static const struct archive_tier tiers[] = { { 10000, 10000000 }, { 60000, 60000000 } };

	random_state = 88172645463325252u;
	schema = schema_new();
	schema_add(schema, "counter", KIND_COUNTER, 0);
	schema_add(schema, "gauge", KIND_GAUGE, 2);
	schema_add(schema, "state", KIND_STATE, 0);
	archive = archive_new(schema, 1000, tiers, 2, SERIES);
	add_samples();
}

static void teardown(void)
{
	archive_free(archive);
	schema_free(schema);
}

/* What a series of the samples first to last is, worked out the plain way. */
static void check_series(
	const struct gathered *g, unsigned series, uint64_t first, uint64_t last)
{
	double min = NAN, max = NAN, newest = NAN, sum = 0;
	unsigned count = 0;

	for (uint64_t seq = first; seq <= last; seq++) {
		double x = samples[seq][series];

		min = fmin(min, x);
		max = fmax(max, x);
		newest = isnan(x) ? newest : x;
		sum += isnan(x) ? 0 : x;
		count += !isnan(x);
	}
	if (count == 0) {
		ck_assert_double_eq(g->weight, 0);
		return;
	}
	ck_assert_double_eq(g->last, newest);
	if (series == 0)
		return;
	ck_assert_double_eq(g->min, min);
	ck_assert_double_eq(g->max, max);
	/* Each row's mean is rounded to two decimals, and weighs as if nothing were absent. */
	if (series == 1 && count == last + 1 - first)
		ck_assert_double_eq_tol(gathered_mean(g), sum / count, 0.0051);
}

static struct query *query_all(unsigned tier)
{
	static const struct query_column columns[] = { { 0, 0 }, { 1, NEEDS }, { 2, NEEDS } };

	return query_new(archive, tier, 0, columns, SERIES);
}

/* Takes as many rows as there are, up to most; the samples that they cover, from *first on. */
static uint64_t take_rows(struct query *q, unsigned most, uint64_t *first)
{
	const struct span *s;
	uint64_t last = 0;

	for (unsigned n = 0; n < most && (s = query_peek(q)) != NULL; n++) {
		*first = n ? *first : s->first_seq;
		if (n > 0)
			ck_assert_uint_eq(s->first_seq, last + 1);
		last = s->last_seq;
		query_take(q);
	}
	return last;
}

/* Across blocks, into the open one and into the steps under way. */
START_TEST(rows_taken_together_are_what_their_samples_are)
{
	for (unsigned round = 0; round < 60; round++) {
		struct query *q = query_all(round % 2);
		uint64_t end = 0, first = 0, last;

		while ((last = take_rows(q, (unsigned)(next_random() % 90) + 1, &first)) > 0) {
			const struct gathered *g = query_gathered(q);

			ck_assert_uint_eq(first, end + 1);
			for (unsigned i = 0; i < SERIES; i++)
				check_series(&g[i], i, first, last);
			end = last;
		}
		ck_assert_uint_eq(end, SAMPLES);
		query_free(q);
	}
}
END_TEST

START_TEST(rows_passed_over_are_in_nothing)
{
	struct query *q = query_all(0);
	const struct span *s;
	bool wanted = true;

	for (; (s = query_peek(q)) != NULL; wanted = !wanted) {
		uint64_t first = s->first_seq, last = s->last_seq;

		if (!wanted) {
			query_pass(q);
			continue;
		}
		query_take(q);
		query_peek(q);
		check_series(&query_gathered(q)[1], 1, first, last);
	}
	query_free(q);
}
END_TEST

START_TEST(a_row_peeked_at_twice_is_taken_once)
{
	struct query *q = query_all(1);
	struct query_row row;
	uint64_t last = 0;

	while (query_peek(q)) {
		ck_assert_ptr_eq(query_peek(q), query_peek(q));
		ck_assert(query_next(q, &row));
		ck_assert_uint_eq(row.span.first_seq, last + 1);
		last = row.span.last_seq;
		check_series(&row.values[2], 2, row.span.first_seq, last);
	}
	ck_assert(!query_next(q, &row));
	ck_assert_uint_eq(last, SAMPLES);
	query_free(q);
}
END_TEST

RUN_TESTS("query", setup, teardown, rows_taken_together_are_what_their_samples_are,
	rows_passed_over_are_in_nothing, a_row_peeked_at_twice_is_taken_once)
