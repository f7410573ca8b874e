/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "client/commands.h"
#include "client/csv.h"
#include "client/escape.h"
#include "client/fill.h"
#include "client/hello.h"
#include "client/help.h"
#include "client/message.h"
#include "client/pretty.h"
#include "client/stamp.h"
#include "client/suggest.h"
#include "client/tail.h"
#include "tests/unit/run.h"

static struct buf out;

static void test_text_setup(void)
{
	buf_init(&out, 65536);
}

static void test_text_teardown(void)
{
	buf_fini(&out);
}

static void check_out(const char *expected)
{
	buf_add(&out, "", 1);
	ck_assert_str_eq(out.data, expected);
	buf_clear(&out);
}

START_TEST(a_csv_field_is_quoted_only_where_it_must_be)
{
	csv_field(&out, "12.5", 4);
	check_out("12.5");
	csv_field(&out, "", 0);
	check_out("");
	csv_field(&out, "a b", 3);
	check_out("a b");
	csv_field(&out, "a,b", 3);
	check_out("\"a,b\"");
	csv_field(&out, "say \"hi\"", 8);
	check_out("\"say \"\"hi\"\"\"");
	csv_field(&out, "a\nb", 3);
	check_out("\"a\nb\"");
	csv_field(&out, "a\r", 2);
	check_out("\"a\r\"");
}
END_TEST

START_TEST(what_a_terminal_would_obey_is_made_visible)
{
	const char text[] = "a\033[31m\n\x7f\tb";

	escape_text(&out, text, sizeof(text) - 1);
	check_out("a\\x1b[31m\\x0a\\x7f\\x09b");
	/* CSI as one C1 character, and a right-to-left override. */
	escape_text(&out, "\xc2\x9b\xe2\x80\xae", 5);
	check_out("\\u{9b}\\u{202e}");
	escape_text(&out, "\xff\xc0\x80", 3);
	check_out("\\xff\\xc0\\x80");
	escape_text(&out, "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x8d\x8e", 15);
	check_out("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x8d\x8e");
}
END_TEST

START_TEST(escaped_json_is_still_the_same_json)
{
	const char line[] = "{\"a\":\"\xc2\x9b\x7f\xc3\xbc\xe2\x80\xae\\n\"}";

	escape_json(&out, line, sizeof(line) - 1);
	check_out("{\"a\":\"\\u009b\\u007f\xc3\xbc\\u202e\\n\"}");
}
END_TEST

START_TEST(width_counts_characters_not_bytes)
{
	ck_assert_uint_eq(escape_width("\xc2\xb0"
				       "C",
				  3),
		2);
	ck_assert_uint_eq(escape_width("", 0), 0);
}
END_TEST

START_TEST(pretty_json_is_indented_and_keeps_its_numbers)
{
	const char json[] = "{\"a\":[1,2.50,{}],\"b\":\"x{,\\\"\",\"c\":[],\"d\":{\"e\":null}}";

	pretty_json(&out, json, sizeof(json) - 1);
	check_out("{\n  \"a\": [\n    1,\n    2.50,\n    {}\n  ],\n  \"b\": \"x{,\\\"\",\n"
		  "  \"c\": [],\n  \"d\": {\n    \"e\": null\n  }\n}");
}
END_TEST

START_TEST(distance_counts_edits_and_swaps)
{
	ck_assert_uint_eq(suggest_distance("watch", "watch"), 0);
	ck_assert_uint_eq(suggest_distance("wacth", "watch"), 1);
	ck_assert_uint_eq(suggest_distance("wach", "watch"), 1);
	ck_assert_uint_eq(suggest_distance("wattch", "watch"), 1);
	ck_assert_uint_eq(suggest_distance("", "now"), 3);
	ck_assert_uint_eq(suggest_distance("kitten", "sitting"), 3);
}
END_TEST

START_TEST(the_closest_word_is_suggested_and_a_far_one_is_not)
{
	static const char *const words[] = { "now", "watch", "history", "status" };
	static const struct {
		const char *word, *guess;
	} cases[] = { { "wach", "watch" }, { "histroy", "history" }, { "hist", "history" },
		{ "stauts", "status" }, { "nwo", "now" }, { "frobnicate", NULL },
		{ "x", NULL } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct suggest s;

		suggest_begin(&s, cases[i].word);
		for (size_t k = 0; k < sizeof(words) / sizeof(*words); k++)
			suggest_offer(&s, words[k]);
		ck_assert_pstr_eq(s.guess, cases[i].guess);
	}
}
END_TEST

START_TEST(every_help_fits_a_screen_and_says_what_it_takes)
{
	for (unsigned i = 0; commands[i]; i++) {
		unsigned lines = 0;

		buf_clear(&out);
		help_command(&out, commands[i]);
		ck_assert(buf_ok(&out));
		ck_assert_msg(commands[i]->examples, "%s has no example", commands[i]->name);
		for (size_t k = 0, start = 0; k < out.len; k++) {
			if (out.data[k] != '\n')
				continue;
			ck_assert_msg(k - start < 80, "%s: %.*s", commands[i]->name,
				(int)(k - start), out.data + start);
			start = k + 1;
			lines++;
		}
		ck_assert_msg(lines <= 31, "%s: %u lines", commands[i]->name, lines);
	}
}
END_TEST

START_TEST(a_paragraph_is_filled_and_indented)
{
	fill_text(&out, "one\n two  three\n", 2, 75);
	check_out("one\n  two three\n");
	fill_text(&out, "", 2, 0);
	check_out("\n");
}
END_TEST

START_TEST(a_command_is_found_by_name_and_alias)
{
	ck_assert_str_eq(commands_find("now")->name, "now");
	ck_assert_str_eq(commands_find("snapshot")->name, "now");
	ck_assert_str_eq(commands_find("schema")->name, "info");
	ck_assert_ptr_null(commands_find("nwo"));
}
END_TEST

START_TEST(a_tail_keeps_the_last_lines_in_order)
{
	struct tail t;

	tail_init(&t, 3);
	tail_add(&t, "a", 1);
	ck_assert_uint_eq(t.count, 1);
	ck_assert_str_eq(tail_get(&t, 0), "a");
	for (const char *s = "bcdefgh"; *s; s++)
		tail_add(&t, s, 1);
	ck_assert_uint_eq(t.count, 3);
	ck_assert_str_eq(tail_get(&t, 0), "f");
	ck_assert_str_eq(tail_get(&t, 2), "h");
	tail_fini(&t);
}
END_TEST

START_TEST(spans_are_told_in_two_units_at_most)
{
	static const struct {
		int64_t ms;
		const char *text;
	} cases[] = { { 0, "0 ms" }, { 99, "99 ms" }, { 400, "0.4 s" }, { 1000, "1 s" },
		{ 9999, "9.9 s" }, { 12000, "12 s" }, { 270000, "4m30s" },
		{ 11520000, "3h12m" }, { 187200000, "2d04h" } };
	char text[STAMP_MAX];

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		stamp_span(text, cases[i].ms);
		ck_assert_str_eq(text, cases[i].text);
	}
}
END_TEST

START_TEST(moments_are_local_or_utc_as_asked_for)
{
	char text[STAMP_MAX];

	setenv("TZ", "CET-1", 1);
	stamp_clock(text, INT64_C(1767225600250), false, false);
	ck_assert_str_eq(text, "01:00:00");
	stamp_clock(text, INT64_C(1767225600250), true, true);
	ck_assert_str_eq(text, "00:00:00.250");
	stamp_date(text, INT64_C(1767222000000), false);
	ck_assert_str_eq(text, "2026-01-01");
	stamp_date(text, INT64_C(1767222000000), true);
	ck_assert_str_eq(text, "2025-12-31");
}
END_TEST

static void check_hello(const char *line, const char *expected)
{
	struct message m;

	ck_assert_int_eq(message_parse(&m, line, strlen(line)), 0);
	hello_describe(&m, &out);
	message_free(&m);
	check_out(expected);
}

START_TEST(the_machine_is_named_by_what_is_known_of_it)
{
	check_hello("{\"machine\":\"Mac16,8\",\"soc\":\"Apple M4 Pro\",\"os\":\"macos\","
		    "\"os_version\":\"26.5\",\"base_ms\":1000,\"mono_ms\":187200000}",
		"Mac16,8, Apple M4 Pro, macos 26.5, up 2d04h, sampled every 1 s");
	check_hello("{\"machine\":null,\"os\":\"linux\",\"os_version\":\"Debian 12\"}",
		"Debian 12");
	check_hello(
		"{\"os\":\"linux\",\"simulated\":true}", "linux, SIMULATED: not this machine");
	check_hello("{\"machine\":\"a\\u001b[2J\",\"os\":\"linux\"}", "a\\x1b[2J, linux");
}
END_TEST

RUN_TESTS("client_text", test_text_setup, test_text_teardown,
	a_csv_field_is_quoted_only_where_it_must_be, what_a_terminal_would_obey_is_made_visible,
	escaped_json_is_still_the_same_json, width_counts_characters_not_bytes,
	pretty_json_is_indented_and_keeps_its_numbers, distance_counts_edits_and_swaps,
	the_closest_word_is_suggested_and_a_far_one_is_not,
	every_help_fits_a_screen_and_says_what_it_takes, a_paragraph_is_filled_and_indented,
	a_command_is_found_by_name_and_alias, a_tail_keeps_the_last_lines_in_order,
	spans_are_told_in_two_units_at_most, moments_are_local_or_utc_as_asked_for,
	the_machine_is_named_by_what_is_known_of_it)
