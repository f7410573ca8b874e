/* SPDX-License-Identifier: MIT */
#include "daemon/ledger.h"

#include "tests/unit/run.h"

static struct layout *layout;
static struct ledger *ledger;
static struct sample *s, *last;

static void setup(void)
{
	layout = layout_new();
	layout_add(layout, SCOPE_RAIL, "cpu");
	layout_seal(layout);
	ledger = ledger_new(layout);
	s = sample_new(layout);
	last = sample_new(layout);
}

static void teardown(void)
{
	sample_free(s);
	sample_free(last);
	ledger_free(ledger);
	layout_free(layout);
}

/* What the ledger makes of a reading. */
static double total(double raw)
{
	sample_copy(last, s);
	sample_clear(s);
	sample_set(s, METRIC_RAIL_JOULES, 0, raw);
	ledger_apply(ledger, s, last);
	ledger_hold(ledger, s);
	return sample_get(s, METRIC_RAIL_JOULES, 0);
}

static void restart(bool same_boot)
{
	struct ledger *old = ledger;
	struct ledger_entry entry;
	unsigned place = 0;

	ledger = ledger_new(layout);
	while (ledger_next(old, &place, &entry))
		ledger_restore(ledger, &entry, same_boot);
	ledger_free(old);
	sample_clear(s);
}

START_TEST(without_a_past_a_counter_is_what_the_source_says)
{
	ck_assert_double_eq(total(1000), 1000);
	ck_assert_double_eq(total(1001.5), 1001.5);
}
END_TEST

START_TEST(a_counter_that_went_on_meanwhile_is_taken_in)
{
	total(1000);
	total(1010);
	restart(true);
	ck_assert_double_eq(total(1050), 1050);
}
END_TEST

START_TEST(a_source_that_counts_from_its_own_start_goes_on)
{
	total(0);
	total(10);
	restart(true);
	ck_assert_double_eq(total(0), 10);
	ck_assert_double_eq(total(7), 17);
	restart(true);
	ck_assert_double_eq(total(0), 17);
	ck_assert_double_eq(total(1), 18);
}
END_TEST

START_TEST(after_a_boot_nothing_is_counted_that_may_be_old)
{
	total(1000);
	total(1010);
	restart(false);
	ck_assert_double_eq(total(5000), 1010);
	ck_assert_double_eq(total(5001), 1011);
	restart(false);
	ck_assert_double_eq(total(3), 1011);
}
END_TEST

START_TEST(a_reset_under_way_loses_nothing_and_has_no_rate)
{
	total(1000);
	total(1010);
	ck_assert_double_eq(total(4), 1010);
	ck_assert(!sample_has(last, METRIC_RAIL_JOULES, 0));
	ck_assert_double_eq(total(6), 1012);
	ck_assert(sample_has(last, METRIC_RAIL_JOULES, 0));
}
END_TEST

START_TEST(a_counter_that_was_away_goes_on)
{
	total(1000);
	sample_clear(s);
	ledger_apply(ledger, s, last);
	ledger_hold(ledger, s);
	ck_assert(!sample_has(s, METRIC_RAIL_JOULES, 0));
	ck_assert_double_eq(total(1003), 1003);
}
END_TEST

/* package_joules is a sum of rails; one of them may be missing for a while. */
START_TEST(a_sum_does_not_go_back_while_a_rail_is_missing)
{
	double sums[] = { 10, 12, 9, 13 }, wanted[] = { 10, 12, 12, 13 };

	for (unsigned i = 0; i < 4; i++) {
		sample_clear(s);
		ledger_apply(ledger, s, last);
		sample_set(s, METRIC_PACKAGE_JOULES, 0, sums[i]);
		ledger_hold(ledger, s);
		ck_assert_double_eq(sample_get(s, METRIC_PACKAGE_JOULES, 0), wanted[i]);
	}
	restart(false);
	ledger_apply(ledger, s, last);
	sample_set(s, METRIC_PACKAGE_JOULES, 0, 3);
	ledger_hold(ledger, s);
	ck_assert_double_eq(sample_get(s, METRIC_PACKAGE_JOULES, 0), 13);
}
END_TEST

RUN_TESTS("ledger", setup, teardown, without_a_past_a_counter_is_what_the_source_says,
	a_counter_that_went_on_meanwhile_is_taken_in,
	a_source_that_counts_from_its_own_start_goes_on,
	after_a_boot_nothing_is_counted_that_may_be_old,
	a_reset_under_way_loses_nothing_and_has_no_rate, a_counter_that_was_away_goes_on,
	a_sum_does_not_go_back_while_a_rail_is_missing)
