/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "proto/line.h"
#include "tests/unit/run.h"

#define MAX LINE_REQUEST_MAX

static struct line_reader r;
static char big[MAX + 2];

static void setup(void)
{
	line_init(&r, MAX);
	memset(big, 'x', sizeof(big));
}

static void teardown(void)
{
	line_fini(&r);
}

static void feed(const char *text)
{
	line_feed(&r, text, strlen(text));
}

static void expect_line(const char *text)
{
	char *line;
	size_t len;

	ck_assert_int_eq(line_next(&r, &line, &len), LINE_READY);
	ck_assert_uint_eq(len, strlen(text));
	ck_assert_str_eq(line, text);
}

static void expect_status(enum line_status status)
{
	char *line;
	size_t len;

	ck_assert_int_eq(line_next(&r, &line, &len), status);
}

START_TEST(lines_end_with_lf_and_lose_one_cr)
{
	feed("a\nb\r\nc\r\r\nd\re\n");
	expect_line("a");
	expect_line("b");
	expect_line("c\r");
	expect_line("d\re");
	expect_status(LINE_NONE);
}
END_TEST

START_TEST(blank_lines_are_skipped)
{
	feed("\n\r\n  \t\n \r \r\n");
	expect_status(LINE_NONE);
	ck_assert_ptr_null(r.data);
}
END_TEST

START_TEST(a_line_may_come_in_pieces)
{
	feed("{\"op\":\"pi");
	expect_status(LINE_NONE);
	feed("ng\"}\nrest");
	expect_line("{\"op\":\"ping\"}");
	expect_status(LINE_NONE);
	feed("\r");
	expect_status(LINE_NONE);
	feed("\n");
	expect_line("rest");
	feed("a\nre");
	expect_line("a");
	expect_status(LINE_NONE);
	feed("st\nb\n");
	expect_line("rest");
	expect_line("b");
}
END_TEST

START_TEST(bytes_one_by_one_give_the_lines_that_they_give_at_once)
{
	const char *text = "one\r\n\n \ntwo\n\xc3\xbc\nthree\r\r\n";
	char got[64] = "", *line;
	size_t len;

	for (; *text; text++) {
		line_feed(&r, text, 1);
		while (line_next(&r, &line, &len) == LINE_READY) {
			strcat(got, line);
			strcat(got, "|");
		}
	}
	ck_assert_str_eq(got, "one|two|\xc3\xbc|three\r|");
}
END_TEST

START_TEST(a_nul_byte_is_part_of_its_line)
{
	char *line;
	size_t len;

	line_feed(&r, "a\0b\n\0\n", 6);
	ck_assert_int_eq(line_next(&r, &line, &len), LINE_READY);
	ck_assert_uint_eq(len, 3);
	ck_assert_mem_eq(line, "a\0b", 4);
	ck_assert_int_eq(line_next(&r, &line, &len), LINE_READY);
	ck_assert_uint_eq(len, 1);
}
END_TEST

START_TEST(an_unterminated_rest_is_a_line_at_the_end)
{
	feed("a\nb");
	expect_line("a");
	line_eof(&r);
	expect_line("b");
	expect_status(LINE_NONE);
	expect_status(LINE_NONE);
	ck_assert_ptr_null(r.data);
}
END_TEST

START_TEST(a_blank_rest_is_nothing_at_the_end)
{
	feed(" \r");
	line_eof(&r);
	expect_status(LINE_NONE);
}
END_TEST

START_TEST(the_longest_line_has_16384_bytes_with_its_lf)
{
	char *line;
	size_t len;

	line_feed(&r, big, MAX - 1);
	expect_status(LINE_NONE);
	feed("\n");
	ck_assert_int_eq(line_next(&r, &line, &len), LINE_READY);
	ck_assert_uint_eq(len, MAX - 1);
}
END_TEST

START_TEST(as_many_bytes_without_lf_are_too_many)
{
	feed("a\n");
	line_feed(&r, big, MAX);
	expect_line("a");
	expect_status(LINE_TOO_LONG);
	feed("\nb\n");
	ck_assert_ptr_null(r.data);
	expect_status(LINE_TOO_LONG);
}
END_TEST

START_TEST(a_line_that_is_one_byte_too_long_is_refused_even_with_its_lf)
{
	big[MAX] = '\n';
	line_feed(&r, big, MAX + 1);
	expect_status(LINE_TOO_LONG);
}
END_TEST

START_TEST(an_unterminated_rest_may_not_be_longer_than_a_line)
{
	line_feed(&r, big, MAX - 1);
	line_eof(&r);
	expect_status(LINE_READY);
	line_fini(&r);
	line_init(&r, MAX);
	line_feed(&r, big, MAX);
	line_eof(&r);
	expect_status(LINE_TOO_LONG);
}
END_TEST

START_TEST(an_idle_reader_holds_no_memory_and_a_busy_one_little)
{
	char *line;
	size_t len;

	for (int i = 0; i < 1000; i++) {
		line_feed(&r, big, 100);
		line_feed(&r, "\n12345", 6);
		while (line_next(&r, &line, &len) == LINE_READY)
			;
		ck_assert_uint_le(r.cap, 1024);
	}
	feed("\n");
	expect_status(LINE_READY);
	expect_status(LINE_NONE);
	ck_assert_ptr_null(r.data);
}
END_TEST

RUN_TESTS("line", setup, teardown, lines_end_with_lf_and_lose_one_cr, blank_lines_are_skipped,
	a_line_may_come_in_pieces, bytes_one_by_one_give_the_lines_that_they_give_at_once,
	a_nul_byte_is_part_of_its_line, an_unterminated_rest_is_a_line_at_the_end,
	a_blank_rest_is_nothing_at_the_end, the_longest_line_has_16384_bytes_with_its_lf,
	as_many_bytes_without_lf_are_too_many,
	a_line_that_is_one_byte_too_long_is_refused_even_with_its_lf,
	an_unterminated_rest_may_not_be_longer_than_a_line,
	an_idle_reader_holds_no_memory_and_a_busy_one_little)
