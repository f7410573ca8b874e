/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <math.h>

#include "proto/rise.h"

#define S UINT64_C(1000000000)

static struct rise *rise;

static void setup(void)
{
	rise = rise_new(8 * S);
}

static void teardown(void)
{
	rise_free(rise);
}

/* The rise at second t of a value that grows by 3 a second, sampled every step seconds. */
static double rise_at_second(unsigned t, unsigned step)
{
	double last = NAN;

	for (unsigned i = 100; i <= t; i += step)
		last = rise_add(rise, i * S, 3.0 * i, i == 100);
	return last;
}

START_TEST(it_is_unknown_until_the_window_is_full)
{
	ck_assert(isnan(rise_at_second(107, 1)));
	ck_assert_double_eq_tol(rise_add(rise, 108 * S, 324, false), 24, 1e-9);
}
END_TEST

START_TEST(it_does_not_depend_on_the_interval)
{
	ck_assert_double_eq_tol(rise_at_second(120, 1), 24, 1e-9);
	ck_assert_double_eq_tol(rise_at_second(120, 2), 24, 1e-9);
	ck_assert_double_eq_tol(rise_at_second(121, 3), 24, 1e-9);
	ck_assert_double_eq_tol(rise_at_second(120, 10), 24, 1e-9);
}
END_TEST

START_TEST(a_fine_interval_takes_no_more_room)
{
	double last = NAN;

	for (unsigned ms = 0; ms <= 60000; ms++)
		last = rise_add(rise, S + ms * (S / 1000), ms / 1000.0, ms == 0);
	ck_assert_double_eq_tol(last, 8, 1e-6);
}
END_TEST

START_TEST(a_hole_in_time_begins_the_window_anew)
{
	rise_at_second(110, 1);
	ck_assert(isnan(rise_add(rise, 111 * S, 1000, true)));
	ck_assert(isnan(rise_add(rise, 118 * S, 1000, false)));
	ck_assert_double_eq_tol(rise_add(rise, 119 * S, 1000.5, false), 0.5, 1e-9);
}
END_TEST

START_TEST(an_unknown_value_begins_the_window_anew)
{
	rise_at_second(110, 1);
	ck_assert(isnan(rise_add(rise, 111 * S, NAN, false)));
	ck_assert(isnan(rise_add(rise, 112 * S, 400, false)));
	ck_assert_double_eq_tol(rise_add(rise, 120 * S, 390, false), -10, 1e-9);
}
END_TEST

START_TEST(a_boot_clock_younger_than_the_window_is_no_window)
{
	ck_assert(isnan(rise_add(rise, 2 * S, 1, true)));
	ck_assert(isnan(rise_add(rise, 7 * S, 2, false)));
}
END_TEST

RUN_TESTS("rise", setup, teardown, it_is_unknown_until_the_window_is_full,
	it_does_not_depend_on_the_interval, a_fine_interval_takes_no_more_room,
	a_hole_in_time_begins_the_window_anew, an_unknown_value_begins_the_window_anew,
	a_boot_clock_younger_than_the_window_is_no_window)
