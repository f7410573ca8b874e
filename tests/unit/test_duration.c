/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <errno.h>
#include <string.h>

#include "proto/duration.h"

static char why[WHY_MAX];

static void setup(void)
{
}

static void teardown(void)
{
}

static uint64_t parsed(const char *text)
{
	uint64_t ms = 77;

	ck_assert_int_eq(duration_parse(&ms, text, why), 0);
	return ms;
}

START_TEST(a_unit_that_is_written_out_is_guessed)
{
	static const struct {
		const char *text, *guess;
	} cases[] = {
		{ "5min", "5m" },
		{ "10 Seconds", "10s" },
		{ "5sec", "5s" },
		{ "2hours", "2h" },
		{ "1.5D", "1.5d" },
		{ "3wk", NULL },
		{ "250msec", NULL },
		{ "100milli", "100ms" },
		{ "5", NULL },
		{ "5x", NULL },
		{ "min", NULL },
		{ "", NULL },
	};
	char to[DURATION_TEXT_MAX];

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ck_assert_pstr_eq(duration_guess(to, cases[i].text), cases[i].guess);
	ck_assert_int_eq(duration_parse(&(uint64_t){ 0 }, "5min", why), -EINVAL);
	ck_assert_str_eq(why, "'5min' is not a duration; did you mean 5m?");
}
END_TEST

START_TEST(every_unit_is_known_and_compounds_add_up)
{
	ck_assert_uint_eq(parsed("250ms"), 250);
	ck_assert_uint_eq(parsed("90s"), 90000);
	ck_assert_uint_eq(parsed("5m"), 300000);
	ck_assert_uint_eq(parsed("1h30m"), 5400000);
	ck_assert_uint_eq(parsed("2d"), 172800000);
	ck_assert_uint_eq(parsed("1w"), 604800000);
	ck_assert_uint_eq(parsed("1m1ms"), 60001);
	ck_assert_uint_eq(parsed("1.5s"), 1500);
	ck_assert_uint_eq(parsed("0.25h"), 900000);
	ck_assert_uint_eq(parsed("0"), 0);
	ck_assert_uint_eq(parsed("0s"), 0);
}
END_TEST

START_TEST(a_bare_number_is_told_to_take_a_unit)
{
	uint64_t ms;

	ck_assert_int_eq(duration_parse(&ms, "5", why), -EINVAL);
	ck_assert_str_eq(why, "'5' has no unit; did you mean 5s or 5m?");
}
END_TEST

START_TEST(what_is_no_duration_is_refused)
{
	static const char *const texts[] = { "", "s", "5x", "5 s", "-5s", "5s ", "1.s", ".5s",
		"1h30", "5sec", "5S", "1e3s" };
	uint64_t ms;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		why[0] = '\0';
		ck_assert_int_eq(duration_parse(&ms, texts[i], why), -EINVAL);
		ck_assert_ptr_nonnull(strstr(why, "is not a duration"));
	}
}
END_TEST

START_TEST(what_is_too_large_or_too_fine_is_refused)
{
	static const char *const texts[] = { "99999999999999999999999999s", "5219w",
		"5217w9999w", "0.5ms", "0.0001s", "1.99999999999999999999s" };
	uint64_t ms;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		ck_assert_int_eq(duration_parse(&ms, texts[i], why), -EINVAL);
		ck_assert_ptr_nonnull(strstr(why, "out of range"));
	}
}
END_TEST

START_TEST(printed_durations_read_back_the_same)
{
	static const uint64_t values[] = { 0, 1, 999, 1000, 1001, 60000, 90000, 3600000,
		5400000, 86400000, 2592000000, 604800000, 694861001,
		UINT64_C(36525) * 86400000 };
	char text[DURATION_TEXT_MAX];

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++)
		ck_assert_uint_eq(parsed(duration_format(text, values[i])), values[i]);
	ck_assert_str_eq(duration_format(text, 90000), "1m30s");
	ck_assert_str_eq(duration_format(text, 0), "0");
}
END_TEST

RUN_TESTS("duration", setup, teardown, a_unit_that_is_written_out_is_guessed,
	every_unit_is_known_and_compounds_add_up, a_bare_number_is_told_to_take_a_unit,
	what_is_no_duration_is_refused, what_is_too_large_or_too_fine_is_refused,
	printed_durations_read_back_the_same)
