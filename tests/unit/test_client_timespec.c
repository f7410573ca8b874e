/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "client/timespec.h"
#include "tests/unit/run.h"

#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* 2026-03-01 00:10:00 UTC */
static const struct timespec_now utc = { INT64_C(1772323800000), true };

static void test_timespec_setup(void)
{
	/* A zone with summer time, an hour east of UTC in winter. */
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
}

static void test_timespec_teardown(void)
{
}

static struct timespec_value parsed(const char *text, const struct timespec_now *now)
{
	struct timespec_value value = { TIMESPEC_BOOT, -1 };
	char why[TIMESPEC_WHY_MAX] = "";

	ck_assert_msg(timespec_parse(text, now, &value, why) == 0, "%s: %s", text, why);
	return value;
}

static void check_ago(const char *text, int64_t ms)
{
	struct timespec_value value = parsed(text, &utc);

	ck_assert_msg(value.kind == TIMESPEC_AGO && value.ms == ms, "%s: kind %d, %lld ms",
		text, value.kind, (long long)value.ms);
}

static void check_at(const char *text, int64_t ms)
{
	struct timespec_value value = parsed(text, &utc);

	ck_assert_msg(value.kind == TIMESPEC_AT && value.ms == ms, "%s: kind %d, %lld ms", text,
		value.kind, (long long)value.ms);
}

static void check_refused(const char *text, const char *part)
{
	struct timespec_value value;
	char why[TIMESPEC_WHY_MAX] = "";

	ck_assert_msg(timespec_parse(text, &utc, &value, why) < 0, "%s was taken", text);
	ck_assert_msg(strstr(why, part) != NULL, "%s: %s", text, why);
}

START_TEST(a_duration_is_so_long_ago_in_every_spelling)
{
	check_ago("5m", 5 * MINUTE);
	check_ago("5m ago", 5 * MINUTE);
	check_ago("5mago", 5 * MINUTE);
	check_ago("-5m", 5 * MINUTE);
	check_ago("1h30m", 90 * MINUTE);
	check_ago("10m20s", 620000);
	check_ago("250ms", 250);
	check_ago("1.5h", 90 * MINUTE);
	check_ago("2w", 14 * DAY);
	check_ago("now", 0);
}
END_TEST

START_TEST(a_bare_number_asks_which_unit_was_meant)
{
	check_refused("5", "did you mean 5s or 5m?");
	check_refused("-5", "did you mean 5s or 5m?");
	check_refused("1.5", "did you mean 1.5s or 1.5m?");
}
END_TEST

START_TEST(a_date_is_midnight_and_a_time_may_follow)
{
	check_at("2026-01-01", INT64_C(1767225600000));
	check_at("2026-01-01T00:00", INT64_C(1767225600000));
	check_at("2026-01-01 10:00:05", INT64_C(1767225600000) + 10 * HOUR + 5000);
	check_at("2026-01-01T10:00:05.250", INT64_C(1767225600000) + 10 * HOUR + 5250);
	check_at("2024-02-29", INT64_C(1709164800000));
	check_at("1970-01-01", 0);
}
END_TEST

START_TEST(a_zone_is_heeded_whatever_the_local_one_is)
{
	const struct timespec_now local = { utc.wall_ms, false };

	check_at("2026-01-01T00:00Z", INT64_C(1767225600000));
	check_at("2026-01-01T02:00+02:00", INT64_C(1767225600000));
	check_at("2025-12-31T22:30-01:30", INT64_C(1767225600000));
	ck_assert_int_eq(parsed("2026-01-01T00:00Z", &local).ms, INT64_C(1767225600000));
}
END_TEST

START_TEST(without_a_zone_the_local_one_counts_with_its_summer_time)
{
	const struct timespec_now local = { utc.wall_ms, false };

	ck_assert_int_eq(parsed("2026-01-01", &local).ms, INT64_C(1767225600000) - HOUR);
	ck_assert_int_eq(parsed("2026-07-01", &local).ms, INT64_C(1782864000000) - 2 * HOUR);
	/* 00:10 UTC is 01:10 in the zone: its day began at 23:00 UTC. */
	ck_assert_int_eq(parsed("today", &local).ms, utc.wall_ms - 70 * MINUTE);
}
END_TEST

START_TEST(a_time_of_day_is_the_latest_one_that_has_been)
{
	check_at("00:05", utc.wall_ms - 5 * MINUTE);
	check_at("00:10:00", utc.wall_ms);
	check_at("23:50", utc.wall_ms - 20 * MINUTE);
}
END_TEST

START_TEST(days_have_names)
{
	check_at("today", utc.wall_ms - 10 * MINUTE);
	check_at("yesterday", utc.wall_ms - 10 * MINUTE - DAY);
	ck_assert_int_eq(parsed("boot", &utc).kind, TIMESPEC_BOOT);
}
END_TEST

START_TEST(unix_time_follows_an_at_sign)
{
	check_at("@1767225600", INT64_C(1767225600000));
	check_at("@1767225600.5", INT64_C(1767225600500));
	check_at("@0", 0);
	check_refused("todya", "is no time: did you mean today?");
	check_refused("5min", "is no time: did you mean 5m?");
	check_refused("@", "is no time");
	check_refused("@-1", "is no time");
	check_refused("@99999999999999999999", "is no time");
}
END_TEST

START_TEST(what_is_no_time_is_refused_with_examples)
{
	static const char *const wrong[] = { "", "-", "m", "5x", "5m5", "ago", "5m agos",
		"-5m ago", "10:60", "24:00", "1:30", "10:30:60", "2026-13-01", "2026-02-29",
		"2026-00-01", "2026-01-32", "2026-1-1", "1969-12-31", "2026-01-01T",
		"2026-01-01 10", "2026-01-01Tx", "2026-01-01T10:00+1:00", "tomorrow", "5m\n",
		"--5m", "1e3s", "99999999999999999999d" };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		check_refused(wrong[i], "is no time: write 5m");
}
END_TEST

START_TEST(a_duration_alone_takes_no_words_and_no_sign)
{
	char why[TIMESPEC_WHY_MAX];
	int64_t ms;

	ck_assert_int_eq(timespec_parse_duration("1m30s", &ms, why), 0);
	ck_assert_int_eq(ms, 90000);
	ck_assert_int_lt(timespec_parse_duration("5m ago", &ms, why), 0);
	ck_assert_int_lt(timespec_parse_duration("-5m", &ms, why), 0);
	ck_assert_int_lt(timespec_parse_duration("", &ms, why), 0);
	ck_assert_int_lt(timespec_parse_duration("90", &ms, why), 0);
	ck_assert_str_eq(why, "\"90\" has no unit: did you mean 90s or 90m?");
	ck_assert_int_lt(timespec_parse_duration("0", &ms, why), 0);
	ck_assert_str_eq(why, "\"0\" has no unit: write 500ms, 5s or 1m30s");
	ck_assert_int_lt(timespec_parse_duration("101y", &ms, why), 0);
	ck_assert_int_lt(timespec_parse_duration("36526d", &ms, why), 0);
	ck_assert_int_eq(timespec_parse_duration("36525d", &ms, why), 0);
}
END_TEST

RUN_TESTS("client_timespec", test_timespec_setup, test_timespec_teardown,
	a_duration_is_so_long_ago_in_every_spelling, a_bare_number_asks_which_unit_was_meant,
	a_date_is_midnight_and_a_time_may_follow, a_zone_is_heeded_whatever_the_local_one_is,
	without_a_zone_the_local_one_counts_with_its_summer_time,
	a_time_of_day_is_the_latest_one_that_has_been, days_have_names,
	unix_time_follows_an_at_sign, what_is_no_time_is_refused_with_examples,
	a_duration_alone_takes_no_words_and_no_sign)
