/* SPDX-License-Identifier: MIT */
#include "daemon/history/history.h"
#include "tests/unit/run.h"

static struct history *h;

static void setup(void)
{
	h = history_new(4, 2);
}

static void teardown(void)
{
	history_free(h);
}

/* Row k: wall time k seconds, monotonic time k seconds, values k and -k. */
static void fill(unsigned n)
{
	while (n-- > 0) {
		uint64_t k = history_head(h) + 1;
		double values[] = { (double)k, -(double)k };
		struct row row = { .tick = k, .values = values };

		row.ts_ms = (int64_t)k * 1000;
		row.mono_ns = k * 1000000000;
		ck_assert_uint_eq(history_append(h, &row), k);
	}
}

static void expect_range(uint64_t oldest, uint64_t head)
{
	ck_assert_uint_eq(history_oldest(h), oldest);
	ck_assert_uint_eq(history_head(h), head);
	for (uint64_t seq = oldest; seq <= head; seq++) {
		const struct row *row = history_row(h, seq);

		ck_assert_uint_eq(row->seq, seq);
		ck_assert_uint_eq(row->tick, seq);
		ck_assert_double_eq(row->values[0], (double)seq);
		ck_assert_double_eq(row->values[1], -(double)seq);
	}
}

static uint64_t since_wall(int64_t ts_ms)
{
	struct moment moment = { MOMENT_NO_BOOT, 0, ts_ms };

	return history_since(h, &moment);
}

static uint64_t since_mono(uint64_t mono_ns)
{
	struct moment moment = { 0, mono_ns, 0 };

	return history_since(h, &moment);
}

START_TEST(an_empty_history_ends_before_its_first_row)
{
	expect_range(1, 0);
	ck_assert_uint_eq(since_wall(0), 1);
	ck_assert_uint_eq(since_mono(0), 1);
}
END_TEST

START_TEST(rows_are_numbered_from_1_until_it_is_full)
{
	fill(3);
	expect_range(1, 3);
	fill(1);
	expect_range(1, 4);
}
END_TEST

START_TEST(the_oldest_rows_give_way)
{
	fill(5);
	expect_range(2, 5);
	fill(3);
	expect_range(5, 8);
	fill(101);
	expect_range(106, 109);
}
END_TEST

START_TEST(a_history_of_one_row_keeps_the_newest)
{
	history_free(h);
	h = history_new(1, 2);
	expect_range(1, 0);
	fill(1);
	expect_range(1, 1);
	fill(1);
	expect_range(2, 2);
}
END_TEST

START_TEST(rows_are_found_by_time)
{
	fill(7);
	ck_assert_uint_eq(since_wall(0), 4);
	ck_assert_uint_eq(since_wall(5000), 5);
	ck_assert_uint_eq(since_wall(5001), 6);
	ck_assert_uint_eq(since_wall(7001), 8);
	ck_assert_uint_eq(history_before_wall(h, 4000), 3);
	ck_assert_uint_eq(history_before_wall(h, 4001), 4);
	ck_assert_uint_eq(history_before_wall(h, 9000), 7);
	ck_assert_uint_eq(since_mono(UINT64_C(6000000000)), 6);
	ck_assert_uint_eq(since_mono(UINT64_C(7000000001)), 8);
}
END_TEST

START_TEST(it_says_how_much_it_takes)
{
	ck_assert_uint_eq(history_capacity(h), 4);
	ck_assert_uint_ge(history_bytes(h), 4 * (sizeof(struct row) + 2 * sizeof(double)));
}
END_TEST

RUN_TESTS("history", setup, teardown, an_empty_history_ends_before_its_first_row,
	rows_are_numbered_from_1_until_it_is_full, the_oldest_rows_give_way,
	a_history_of_one_row_keeps_the_newest, rows_are_found_by_time,
	it_says_how_much_it_takes)
