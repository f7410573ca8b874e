/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "proto/validate.h"
#include "tests/unit/run.h"

struct text {
	const char *bytes;
	size_t n;
};

#define TEXT(literal) \
	{ \
		literal, sizeof(literal) - 1 \
	}

static void setup(void)
{
}

static void teardown(void)
{
}

/* Each text is judged from a copy of exactly its size, so that a sanitizer sees a byte too far.
 */
static enum json_fault judge(const char *bytes, size_t n)
{
	char *copy = malloc(n ? n : 1);
	enum json_fault fault;

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, bytes, n);
	fault = json_validate(copy, n);
	free(copy);
	return fault;
}

static void expect_all(const struct text *texts, size_t count, enum json_fault fault)
{
	for (size_t i = 0; i < count; i++)
		ck_assert_msg(judge(texts[i].bytes, texts[i].n) == fault, "text %zu: %.*s: %d",
			i, (int)texts[i].n, texts[i].bytes, judge(texts[i].bytes, texts[i].n));
}

#define EXPECT_ALL(fault, ...) \
	do { \
		static const struct text texts[] = { __VA_ARGS__ }; \
\
		expect_all(texts, sizeof(texts) / sizeof(*texts), fault); \
	} while (0)

START_TEST(json_texts_pass)
{
	EXPECT_ALL(JSON_VALID, TEXT("{}"), TEXT("[]"), TEXT("null"), TEXT("true"),
		TEXT("false"), TEXT("0"), TEXT("-0"), TEXT("\"\""), TEXT(" \t{ \t} \t"),
		TEXT("[1,2]"), TEXT("[[],{},[{}]]"), TEXT("{\"a\":1,\"a\":2}"),
		TEXT("{\"\":0}"),
		TEXT("[1, -1, 0.5, 1e5, 1E+5, 1e-5, 1.5e10, 123456789012345678901234567890]"),
		TEXT("[0e0, 0E+1, -0.0, 1e400, -1e-400]"), TEXT("[true,false,null]"),
		TEXT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), TEXT("\"\\u0041\\uABCD\\uabcd\""),
		TEXT("\"\\uD83D\\uDE00\""), TEXT("\"\\ud83d\\ude00x\""), TEXT("\"\\u0001\""),
		TEXT("\"\x7f\""), TEXT("\"\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\""),
		TEXT("\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\""), TEXT("\"\xef\xbb\xbf\""),
		TEXT("\"\\\\u0000\""), TEXT("\"\\uFFFF\\uFDD0\""),
		TEXT("{\"a\" : [ 1 , 2 ] }"));
}
END_TEST

START_TEST(what_is_not_json_is_a_syntax_fault)
{
	EXPECT_ALL(JSON_BAD_SYNTAX, TEXT(""), TEXT(" "), TEXT("{"), TEXT("}"), TEXT("["),
		TEXT("]"), TEXT("{\"op\":\"ping\""), TEXT("{\"op\":\"ping\"}x"),
		TEXT("{\"op\":\"ping\",}"), TEXT("{'op':1}"), TEXT("{\"op\":NaN}"),
		TEXT("{\"op\":01}"), TEXT("{\"op\":.5}"), TEXT("[1,]"), TEXT("[,1]"),
		TEXT("[1 2]"), TEXT("[1,,2]"), TEXT("[1}"), TEXT("{1:2}"), TEXT("{\"a\"}"),
		TEXT("{\"a\":}"), TEXT("{\"a\":1 \"b\":2}"), TEXT("{\"a\" 1}"), TEXT("{,}"),
		TEXT("{\"a\":1,,\"b\":2}"), TEXT("{\"a\"::1}"), TEXT("[1]]"), TEXT("[1][2]"),
		TEXT("{}{}"), TEXT("1 2"), TEXT("tru"), TEXT("TRUE"), TEXT("truee"),
		TEXT("nul"), TEXT("None"), TEXT("undefined"), TEXT("Infinity"),
		TEXT("-Infinity"), TEXT("[1"), TEXT("[1,"), TEXT("{\"a\":1"), TEXT("{\"a\":1,"),
		TEXT("{\"a\":"), TEXT("{\"a"), TEXT("{a:1}"), TEXT("// c"), TEXT("[1/**/]"),
		TEXT("#"), TEXT("&"));
}
END_TEST

START_TEST(numbers_are_strict)
{
	EXPECT_ALL(JSON_BAD_SYNTAX, TEXT("01"), TEXT("-01"), TEXT("00"), TEXT("+1"), TEXT("-"),
		TEXT("--1"), TEXT("- 1"), TEXT("1."), TEXT(".5"), TEXT("-.5"), TEXT("1.e5"),
		TEXT("1e"), TEXT("1e+"), TEXT("1e-"), TEXT("1E"), TEXT("1e1.5"), TEXT("0x10"),
		TEXT("1_000"), TEXT("1 000"), TEXT("1,000"), TEXT("1.2.3"), TEXT("1+2"),
		TEXT("0e"), TEXT("1ee2"), TEXT("\xef\xbc\x91"), TEXT("[-2.]"), TEXT("[2.e+3]"),
		TEXT("[1eE2]"));
}
END_TEST

START_TEST(numbers_that_the_parser_would_cut_are_refused)
{
	char text[66];

	memset(text, '1', sizeof(text));
	ck_assert_int_eq(judge(text, 63), JSON_VALID);
	ck_assert_int_eq(judge(text, 64), JSON_BAD_SYNTAX);
}
END_TEST

START_TEST(strings_are_strict)
{
	EXPECT_ALL(JSON_BAD_SYNTAX, TEXT("\""), TEXT("\"a"), TEXT("\"\\"), TEXT("\"\\\""),
		TEXT("\"\\x41\""), TEXT("\"\\a\""), TEXT("\"\\u\""), TEXT("\"\\u12\""),
		TEXT("\"\\u123"), TEXT("\"\\u123g\""), TEXT("\"\\U0041\""), TEXT("\"\\'\""),
		TEXT("\"\t\""), TEXT("\"\\\t\""), TEXT("\"a\"b\""), TEXT("\"\\u 041\""),
		TEXT("\"\\ud800\""), TEXT("\"\\udc00\""), TEXT("\"\\udc00\\udc00\""),
		TEXT("\"\\ud800\\u0041\""), TEXT("\"\\ud800x\""), TEXT("\"\\ud800\\n\""),
		TEXT("\"\\ud800\\ud800\""), TEXT("\"\\udc00\\ud800\""),
		TEXT("\"\\ud800\\udc0\""), TEXT("\"\\ud800\\"), TEXT("\"\\ud800\\u"),
		TEXT("\\u0000"), TEXT("\\"), TEXT("\"\\\xc3\xbc\""));
}
END_TEST

START_TEST(a_byte_order_mark_is_a_syntax_fault)
{
	EXPECT_ALL(JSON_BAD_SYNTAX, TEXT("\xef\xbb\xbf{\"op\":\"ping\"}"), TEXT("\xef\xbb\xbf"),
		TEXT("\xc2\xa0{}"), TEXT("{}\xe2\x80\xa8"));
}
END_TEST

START_TEST(bytes_that_are_not_utf8_are_found_first)
{
	EXPECT_ALL(JSON_BAD_UTF8, TEXT("{\"op\":\"\xff\"}"), TEXT("\"\xc0\x80\""),
		TEXT("\"\xed\xa0\x80\""), TEXT("\"\xf4\x90\x80\x80\""), TEXT("\x80"),
		TEXT("\xc3"), TEXT("\"\xe2\x82\""), TEXT("\"\xf0\x8f\xbf\xbf\""),
		TEXT("\"\xe0\x9f\xbf\""), TEXT("\xf8\x88\x80\x80\x80"), TEXT("\x01 \xff"),
		TEXT("[[[[[[[[[ \x01 \\u0000 \xfe"));
}
END_TEST

START_TEST(control_bytes_come_before_the_rest)
{
	EXPECT_ALL(JSON_BAD_CONTROL, TEXT("{\"op\":\"\x01\"}"), TEXT("\x01"), TEXT("{}\0"),
		TEXT("\0"), TEXT("{\"op\0\":1}"), TEXT("{}\r{}"), TEXT("{}\n"),
		TEXT("\"\x1f\""), TEXT("\"\x0c\""), TEXT("[[[[[[[[[\"\\u0000\x02"));
}
END_TEST

START_TEST(the_escape_of_nul_comes_before_depth_and_syntax)
{
	EXPECT_ALL(JSON_BAD_NUL, TEXT("{\"op\":\"ping\\u0000x\"}"),
		TEXT("{\"op\\u0000\":\"ping\"}"), TEXT("\"\\u0000"),
		TEXT("[[[[[[[[[\"\\u0000\""), TEXT("x\"\\\\\\u0000"),
		TEXT("{\"a\":\"\\\"\\u0000\"}"));
}
END_TEST

START_TEST(depth_comes_before_syntax)
{
	EXPECT_ALL(JSON_BAD_DEPTH, TEXT("[[[[[[[[["), TEXT("[[[[[[[[[]]]]]]]]]"),
		TEXT("{\"a\":[[[[[[[[1]]]]]]]]}"), TEXT("xx[[[[[[[[["), TEXT("]]]][[[[[[[[["),
		TEXT("[{[{[{[{["));
	EXPECT_ALL(JSON_VALID, TEXT("[[[[[[[[]]]]]]]]"), TEXT("[\"[[[[[[[[[[\"]"),
		TEXT("{\"a\":[[[[[[[1]]]]]]],\"b\":[[[[[[[]]]]]]]}"),
		TEXT("[\"\\\"[[[[[[[[[\"]"));
	EXPECT_ALL(JSON_BAD_SYNTAX, TEXT("[[[[[[[["), TEXT("[}[}[}[}[}[}[}[}[}"));
}
END_TEST

START_TEST(tokens_are_counted_last)
{
	char text[2 * JSON_TOKENS_MAX + 8] = "[0";
	size_t n = 2;

	for (int tokens = 2; tokens < JSON_TOKENS_MAX; tokens++, n += 2)
		memcpy(text + n, ",0", 2);
	text[n] = ']';
	ck_assert_int_eq(judge(text, n + 1), JSON_VALID);
	memcpy(text + n, ",0]", 3);
	ck_assert_int_eq(judge(text, n + 3), JSON_BAD_TOKENS);
	ck_assert_int_eq(judge(text, n + 2), JSON_BAD_SYNTAX);
}
END_TEST

START_TEST(keys_are_tokens_too)
{
	char text[8 * JSON_TOKENS_MAX] = "{\"a\":0";
	size_t n = 6;

	for (int tokens = 3; tokens < JSON_TOKENS_MAX - 1; tokens += 2, n += 6)
		memcpy(text + n, ",\"a\":0", 6);
	memcpy(text + n, "}", 1);
	ck_assert_int_eq(judge(text, n + 1), JSON_VALID);
	memcpy(text + n, ",\"a\":0}", 7);
	ck_assert_int_eq(judge(text, n + 7), JSON_BAD_TOKENS);
}
END_TEST

START_TEST(no_beginning_of_a_text_passes)
{
	static const char text[] = "{\"a\":[1.5e3,\"\\ud83d\\ude00\\n\xc3\xbc\",true,null,{}]}";

	for (size_t n = 0; n < sizeof(text) - 1; n++)
		ck_assert_int_ne(judge(text, n), JSON_VALID);
	ck_assert_int_eq(judge(text, sizeof(text) - 1), JSON_VALID);
}
END_TEST

START_TEST(each_fault_has_its_reason_and_its_message)
{
	static const char *const reasons[] = { "utf8", "control", "nul", "depth", "syntax",
		"tokens" };

	for (int fault = JSON_BAD_UTF8; fault <= JSON_BAD_TOKENS; fault++) {
		ck_assert_str_eq(json_fault_reason((enum json_fault)fault), reasons[fault - 1]);
		ck_assert_ptr_nonnull(json_fault_message((enum json_fault)fault));
	}
	ck_assert_ptr_null(json_fault_reason(JSON_VALID));
	ck_assert_ptr_null(json_fault_message(JSON_VALID));
}
END_TEST

RUN_TESTS("validate", setup, teardown, json_texts_pass, what_is_not_json_is_a_syntax_fault,
	numbers_are_strict, numbers_that_the_parser_would_cut_are_refused, strings_are_strict,
	a_byte_order_mark_is_a_syntax_fault, bytes_that_are_not_utf8_are_found_first,
	control_bytes_come_before_the_rest, the_escape_of_nul_comes_before_depth_and_syntax,
	depth_comes_before_syntax, tokens_are_counted_last, keys_are_tokens_too,
	no_beginning_of_a_text_passes, each_fault_has_its_reason_and_its_message)
