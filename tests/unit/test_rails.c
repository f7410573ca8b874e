/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <math.h>

#include "daemon/history/history.h"
#include "daemon/rails.h"

/* Means over stretches of every length: rows that are not among the newest are packed. */

#define ROWS 1000
#define SERIES 4

static struct schema *schema;
static struct timeline t;
static struct rails rails;

static void setup(void)
{
	schema = schema_new();
	t = (struct timeline){ .schema = schema, .base_ms = 100 };
	schema_add(schema, "cpu_watts", KIND_GAUGE, 2);
	schema_add(schema, "gpu_watts", KIND_GAUGE, 2);
	schema_add(schema, "cpu_util_pct", KIND_GAUGE, 2);
	schema_add(schema, "gpu_util_pct", KIND_GAUGE, 2);
	t.history = history_new(ROWS, SERIES);
}

static void teardown(void)
{
	history_free(t.history);
	schema_free(schema);
}

/* Rows whose watts are their numbers, each of 100 ms. */
static void grow(unsigned n)
{
	while (n-- > 0) {
		double k = (double)history_head(t.history) + 1;
		double values[SERIES] = { k, 2 * k, 50, NAN };
		struct row row = {
			.tick = (uint64_t)k, .run = 1, .dt_ns = 100000000, .values = values
		};

		history_append(t.history, &row);
	}
}

static void expect_mean_from(uint64_t after)
{
	double mean = ((double)after + 1 + (double)history_head(t.history)) / 2;

	rails_read(&t, after, 4, &rails);
	ck_assert_double_eq_tol(rails.cpu_watts, mean, 1e-6);
	ck_assert_double_eq_tol(rails.gpu_watts, 2 * mean, 1e-6);
	ck_assert_double_eq_tol(rails.cpu_busy, 2, 1e-6);
	ck_assert(isnan(rails.gpu_busy));
}

START_TEST(a_stretch_of_any_length_has_its_mean)
{
	grow(500);
	for (uint64_t after = 0; after < 500; after++)
		expect_mean_from(after);
}
END_TEST

START_TEST(behind_the_newest_row_it_is_that_of_the_newest)
{
	grow(100);
	rails_read(&t, 100, 0, &rails);
	ck_assert_double_eq_tol(rails.cpu_watts, 100, 1e-6);
	ck_assert(isnan(rails.cpu_busy));
	rails_read(&t, UINT64_MAX, 4, &rails);
	ck_assert_double_eq_tol(rails.cpu_watts, 100, 1e-6);
}
END_TEST

START_TEST(of_rows_that_gave_way_or_were_lost_nothing_counts)
{
	grow(ROWS + 200);
	expect_mean_from(200);
	rails_read(&t, 10, 4, &rails);
	ck_assert_double_eq_tol(rails.cpu_watts, (201.0 + ROWS + 200) / 2, 1e-6);
	history_lose(t.history, 300);
	rails_read(&t, ROWS, 4, &rails);
	ck_assert_double_eq_tol(rails.cpu_watts, (ROWS + 1.0 + ROWS + 200) / 2, 1e-6);
}
END_TEST

START_TEST(without_a_row_nothing_is_known)
{
	rails_read(&t, 0, 4, &rails);
	ck_assert(isnan(rails.cpu_watts) && isnan(rails.gpu_watts) && isnan(rails.cpu_busy));
}
END_TEST

RUN_TESTS("rails", setup, teardown, a_stretch_of_any_length_has_its_mean,
	behind_the_newest_row_it_is_that_of_the_newest,
	of_rows_that_gave_way_or_were_lost_nothing_counts, without_a_row_nothing_is_known)
