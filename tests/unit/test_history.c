/* SPDX-License-Identifier: MIT */
#include "daemon/history/history.h"

#include <math.h>

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
		ck_assert_double_eq(history_value(h, row, 0), (double)seq);
		ck_assert_double_eq(history_value(h, row, 1), -(double)seq);
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

/* One that cannot be packed, one with holes, and what series are made of. */
static void awkward(uint64_t k, double *values)
{
	values[0] = sqrt((double)k);
	values[1] = k % 7 ? (double)(k % 1000) / 100 : NAN;
	values[2] = NAN;
	values[3] = (double)(k * 1048576);
	values[4] = -(double)(k % 300) / 1000;
	values[5] = k % 64 == 3 ? 9e15 : 1e-6 * (double)k;
	values[6] = k / 64 % 2 ? INFINITY : 255;
	values[7] = (double)(k % 256);
}

static void append_awkward(unsigned n)
{
	double values[8];
	struct row row = { .values = values };

	while (n-- > 0) {
		awkward(history_head(h) + 1, values);
		history_append(h, &row);
	}
}

static bool is_same(double a, double b)
{
	return isnan(a) ? isnan(b) : a == b;
}

static void expect_awkward(void)
{
	double values[8], copy[8];

	for (uint64_t seq = history_oldest(h); seq <= history_head(h); seq++) {
		const struct row *row = history_row(h, seq);

		awkward(seq, values);
		history_copy(h, row, copy);
		for (unsigned i = 0; i < 8; i++) {
			ck_assert(is_same(history_value(h, row, i), values[i]));
			ck_assert(is_same(copy[i], values[i]));
		}
		ck_assert(row->values || seq + HISTORY_PLAIN <= history_head(h));
	}
}

START_TEST(packed_values_come_out_as_they_went_in)
{
	for (size_t rows = 1; rows < 600; rows += 83) {
		history_free(h);
		h = history_new(rows, 8);
		history_begin(h, rows * 5);
		for (unsigned n = 0; n < 40; n++) {
			append_awkward(n * 3);
			expect_awkward();
		}
	}
}
END_TEST

START_TEST(lost_numbers_between_packed_rows_have_no_values)
{
	history_free(h);
	h = history_new(300, 8);
	append_awkward(150);
	history_lose(h, 100);
	append_awkward(140);
	ck_assert_uint_eq(history_oldest(h), 91);
	for (uint64_t seq = 91; seq <= 390; seq++) {
		double value = history_value(h, history_row(h, seq), 3);

		ck_assert(is_same(
			value, seq > 150 && seq <= 250 ? NAN : (double)(seq * 1048576)));
	}
	history_lose(h, 1000);
	append_awkward(70);
	ck_assert(isnan(history_value(h, history_row(h, 1390), 3)));
	ck_assert_double_eq(history_value(h, history_row(h, 1391), 3), 1391.0 * 1048576);
}
END_TEST

START_TEST(it_says_how_much_it_takes)
{
	size_t bound;

	ck_assert_uint_eq(history_capacity(h), 4);
	ck_assert_uint_ge(history_bytes(h), 4 * (sizeof(struct row) + 2 * sizeof(double)));
	history_free(h);
	h = history_new(1000, 8);
	bound = history_bound(h);
	append_awkward(3000);
	ck_assert_uint_le(history_bytes(h), bound);
	history_free(h);
	h = history_new(3600, 2);
	fill(10000);
	/* The row itself, and 1 byte for each of the two values. */
	ck_assert_uint_lt(history_bytes(h), 3600 * (sizeof(struct row) + 4));
	ck_assert_uint_eq(bound > 1000 * 8 * sizeof(double), 1);
}
END_TEST

RUN_TESTS("history", setup, teardown, an_empty_history_ends_before_its_first_row,
	rows_are_numbered_from_1_until_it_is_full, the_oldest_rows_give_way,
	a_history_of_one_row_keeps_the_newest, rows_are_found_by_time,
	packed_values_come_out_as_they_went_in, lost_numbers_between_packed_rows_have_no_values,
	it_says_how_much_it_takes)
