/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "proto/pattern.h"
#include "tests/unit/run.h"

static void setup(void)
{
}

static void teardown(void)
{
}

static void expect(const char *pattern, const char *name, bool match)
{
	ck_assert_msg(pattern_match(pattern, name) == match, "%s %s %s", pattern,
		match ? "misses" : "matches", name);
}

START_TEST(an_exact_name_matches_itself_only)
{
	expect("cpu_power_watts", "cpu_power_watts", true);
	expect("cpu_power_watts", "cpu_power_watt", false);
	expect("cpu_power_watts", "cpu_power_watts_", false);
	expect("core.0.active_pct", "core.0.active_pct", true);
}
END_TEST

START_TEST(a_star_stays_inside_its_segment)
{
	expect("core.*.active_pct", "core.0.active_pct", true);
	expect("core.*.active_pct", "core.12.active_pct", true);
	expect("core.*.active_pct", "core..active_pct", true);
	expect("core.*.active_pct", "core.a.b.active_pct", false);
	expect("core.*", "core.0.active_pct", false);
	expect("*", "cpu", true);
	expect("*", "core.0.active_pct", false);
	expect("*.*.*", "core.0.active_pct", true);
	expect("c*u", "cpu", true);
	expect("c*u", "cu", true);
	expect("c*u", "cup", false);
	expect("*pct", "pctpct", true);
	expect("*a*b", "xaxxb", true);
	expect("*a*b", "xa.xb", false);
}
END_TEST

START_TEST(two_stars_cross_dots)
{
	expect("**", "core.0.active_pct", true);
	expect("**", "", true);
	expect("core.**", "core.0.active_pct", true);
	expect("**_pct", "core.0.active_pct", true);
	expect("**.0.*", "core.0.active_pct", true);
	expect("**.1.*", "core.0.active_pct", false);
	expect("***", "a.b", true);
	expect("a**b*c", "a.x.b.bxc", true);
	expect("a**b*c", "a.x.bx.c", false);
	expect("*.b**", "a.bc.d", true);
	expect("*.b**", "a.x.bc.d", false);
}
END_TEST

START_TEST(many_stars_take_no_longer_than_one)
{
	char pattern[PATTERN_MAX + 1], name[20001];

	for (int i = 0; i < PATTERN_MAX - 1; i += 2)
		memcpy(pattern + i, "a*", 2);
	memcpy(pattern + PATTERN_MAX - 2, "*b", 3);
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	for (int i = 0; i < 100; i++)
		expect(pattern, name, false);
	name[sizeof(name) - 2] = 'b';
	expect(pattern, name, true);
}
END_TEST

START_TEST(the_longest_patterns_work)
{
	char pattern[PATTERN_MAX + 1], name[PATTERN_MAX + 1];

	memset(pattern, 'a', PATTERN_MAX);
	memset(name, 'a', PATTERN_MAX);
	pattern[PATTERN_MAX] = name[PATTERN_MAX] = '\0';
	expect(pattern, name, true);
	pattern[PATTERN_MAX - 1] = '*';
	expect(pattern, name, true);
	pattern[0] = '*';
	name[PATTERN_MAX - 1] = '.';
	expect(pattern, name, false);
}
END_TEST

START_TEST(a_pattern_without_a_star_is_exact)
{
	ck_assert(pattern_is_exact("a.b"));
	ck_assert(!pattern_is_exact("a.*"));
}
END_TEST

START_TEST(patterns_are_of_the_characters_of_names_and_stars)
{
	char text[PATTERN_MAX + 2];

	ck_assert(pattern_is_valid("aZ09_-.*"));
	ck_assert(!pattern_is_valid(""));
	ck_assert(!pattern_is_valid("a b"));
	ck_assert(!pattern_is_valid("\xc3\xbc"));
	ck_assert(!pattern_is_valid("a?"));
	memset(text, '*', sizeof(text));
	text[PATTERN_MAX + 1] = '\0';
	ck_assert(!pattern_is_valid(text));
	text[PATTERN_MAX] = '\0';
	ck_assert(pattern_is_valid(text));
	ck_assert(pattern_match(text, "a.b"));
}
END_TEST

RUN_TESTS("pattern", setup, teardown, an_exact_name_matches_itself_only,
	a_star_stays_inside_its_segment, two_stars_cross_dots,
	many_stars_take_no_longer_than_one, the_longest_patterns_work,
	a_pattern_without_a_star_is_exact, patterns_are_of_the_characters_of_names_and_stars)
