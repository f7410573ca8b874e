/* SPDX-License-Identifier: MIT */
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "proto/json.h"
#include "tests/unit/run.h"

#define ROUNDS 2000000

static struct buf out;
static struct json j;

static void setup(void)
{
	buf_init(&out, 4096);
	json_init(&j, &out);
}

static void teardown(void)
{
	buf_fini(&out);
}

static void expect(const char *text)
{
	buf_add(&out, "", 1);
	ck_assert(buf_ok(&out));
	ck_assert_str_eq(out.data, text);
	buf_clear(&out);
	json_init(&j, &out);
}

static void expect_fixed(double x, int decimals, const char *text)
{
	json_fixed(&j, x, decimals);
	expect(text);
}

static void expect_string(const char *bytes, size_t n, const char *text)
{
	json_string_n(&j, bytes, n);
	expect(text);
}

START_TEST(commas_come_by_themselves)
{
	json_object_open(&j);
	json_kv_int(&j, "a", 1);
	json_key(&j, "b");
	json_array_open(&j);
	json_array_open(&j);
	json_array_close(&j);
	json_object_open(&j);
	json_object_close(&j);
	json_bool(&j, true);
	json_null(&j);
	json_string(&j, "x");
	json_array_close(&j);
	json_kv_bool(&j, "c", false);
	json_kv_null(&j, "d");
	json_kv_string(&j, "e", NULL);
	json_kv_fixed(&j, "f", 1.5, 2);
	json_kv_uint(&j, "g", 7);
	json_key(&j, "h");
	json_raw(&j, "[1]", 3);
	json_kv_string(&j, "i", "y");
	json_object_close(&j);
	expect("{\"a\":1,\"b\":[[],{},true,null,\"x\"],\"c\":false,\"d\":null,\"e\":null,"
	       "\"f\":1.5,\"g\":7,\"h\":[1],\"i\":\"y\"}");
}
END_TEST

START_TEST(integers_saturate_where_readers_lose_digits)
{
	json_int(&j, INT64_MIN);
	expect("-9007199254740991");
	json_int(&j, INT64_MAX);
	expect("9007199254740991");
	json_uint(&j, UINT64_MAX);
	expect("9007199254740991");
	json_int(&j, -9007199254740991);
	expect("-9007199254740991");
	json_int(&j, 0);
	expect("0");
	json_uint(&j, 100);
	expect("100");
}
END_TEST

START_TEST(every_integer_is_printed_like_printf_prints_it)
{
	char slow[32];

	for (int64_t n = 1; n < JSON_INTEGER_MAX / 7; n = n * 7 - 3) {
		for (int64_t near = -1; near <= 1; near++) {
			snprintf(slow, sizeof(slow), "%" PRId64, n + near);
			json_int(&j, n + near);
			expect(slow);
			snprintf(slow, sizeof(slow), "%" PRId64, -n + near);
			json_int(&j, -n + near);
			expect(slow);
		}
	}
}
END_TEST

START_TEST(fixed_numbers_are_rounded_and_have_no_idle_zeros)
{
	expect_fixed(12.5, 2, "12.5");
	expect_fixed(3.214, 3, "3.214");
	expect_fixed(3.0, 3, "3");
	expect_fixed(100, 2, "100");
	expect_fixed(0.05, 2, "0.05");
	expect_fixed(0.005, 2, "0.01");
	expect_fixed(0.0049, 2, "0");
	expect_fixed(-0.0049, 2, "0");
	expect_fixed(-0.0, 2, "0");
	expect_fixed(-0.5, 1, "-0.5");
	expect_fixed(-12.345, 1, "-12.3");
	expect_fixed(2.5, 0, "3");
	expect_fixed(-2.5, 0, "-3");
	expect_fixed(0.000000001, 9, "0.000000001");
	expect_fixed(1000.214, 3, "1000.214");
}
END_TEST

START_TEST(what_is_not_a_number_is_null)
{
	expect_fixed(NAN, 2, "null");
	expect_fixed(INFINITY, 2, "null");
	expect_fixed(-INFINITY, 0, "null");
}
END_TEST

START_TEST(large_fixed_numbers_give_up_decimals_and_then_saturate)
{
	expect_fixed(9007199254740991.0, 9, "9007199254740991");
	expect_fixed(9007199254740992.0, 0, "9007199254740991");
	expect_fixed(1e300, 9, "9007199254740991");
	expect_fixed(-DBL_MAX, 3, "-9007199254740991");
	expect_fixed(90071992547409.5, 9, "90071992547409.5");
	expect_fixed(-123456789012.25, 9, "-123456789012.25");
}
END_TEST

/* The same number by printf: exact decimal digits of the integer that llround() gives. */
static void print_slowly(char *to, size_t size, double x, int decimals)
{
	long long scaled = llround(x * pow(10, decimals));
	unsigned long long u = (unsigned long long)llabs(scaled), unit = 1;
	size_t n;

	for (int i = 0; i < decimals; i++)
		unit *= 10;
	snprintf(
		to, size, "%s%llu.%0*llu", scaled < 0 ? "-" : "", u / unit, decimals, u % unit);
	n = strlen(to);
	while (strchr(to, '.') && (to[n - 1] == '0' || to[n - 1] == '.')) {
		bool point = to[n - 1] == '.';

		to[--n] = '\0';
		if (point)
			break;
	}
}

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

START_TEST(random_fixed_numbers_are_printed_like_the_slow_way_prints_them)
{
	uint64_t state = 88172645463325252;

	for (int i = 0; i < ROUNDS; i++) {
		int decimals = (int)(next_random(&state) % 5) + 1;
		double scale = pow(10, (int)(next_random(&state) % 10));
		double x = ((double)(next_random(&state) >> 11) / 9007199254740992.0 - 0.5) *
			scale;
		char fast[JSON_NUMBER_MAX + 1], slow[64];

		fast[json_format_fixed(fast, x, decimals)] = '\0';
		print_slowly(slow, sizeof(slow), x, decimals);
		if (strcmp(fast, slow) != 0)
			ck_abort_msg(
				"%.17g with %d decimals: %s, not %s", x, decimals, fast, slow);
	}
}
END_TEST

START_TEST(no_number_is_longer_than_promised)
{
	uint64_t state = 2463534242;

	for (int i = 0; i < ROUNDS / 4; i++) {
		uint64_t bits = next_random(&state);
		char text[64];
		double x;

		memset(text, '#', sizeof(text));
		memcpy(&x, &bits, sizeof(x));
		ck_assert_uint_le(
			json_format_fixed(text, x, (int)(bits % 10)), JSON_NUMBER_MAX);
		ck_assert_int_eq(text[JSON_NUMBER_MAX], '#');
		ck_assert_uint_le(json_format_int(text, (int64_t)bits), JSON_NUMBER_MAX);
	}
}
END_TEST

START_TEST(strings_are_escaped_and_repaired)
{
	expect_string("a\"b\\c/", 6, "\"a\\\"b\\\\c/\"");
	expect_string("\b\f\n\r\t", 5, "\"\\b\\f\\n\\r\\t\"");
	expect_string("\x01\x1f\x7f", 3, "\"\\u0001\\u001f\x7f\"");
	expect_string("a\0b", 3, "\"a\\u0000b\"");
	expect_string("\xc3\xbc\xf0\x9f\x98\x80", 6, "\"\xc3\xbc\xf0\x9f\x98\x80\"");
	expect_string("\xff", 1, "\"\xef\xbf\xbd\"");
	expect_string("a\xc3", 2, "\"a\xef\xbf\xbd\"");
	expect_string("\xed\xa0\x80", 3, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
	expect_string("", 0, "\"\"");
}
END_TEST

START_TEST(a_text_beyond_the_limit_is_reported)
{
	for (int i = 0; i < 4096; i++)
		json_int(&j, 1);
	ck_assert(!buf_ok(&out));
}
END_TEST

RUN_TESTS("json", setup, teardown, commas_come_by_themselves,
	integers_saturate_where_readers_lose_digits,
	every_integer_is_printed_like_printf_prints_it,
	fixed_numbers_are_rounded_and_have_no_idle_zeros, what_is_not_a_number_is_null,
	large_fixed_numbers_give_up_decimals_and_then_saturate,
	random_fixed_numbers_are_printed_like_the_slow_way_prints_them,
	no_number_is_longer_than_promised, strings_are_escaped_and_repaired,
	a_text_beyond_the_limit_is_reported)
