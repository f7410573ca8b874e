/* SPDX-License-Identifier: MIT */
#include "proto/cursor.h"
#include "tests/unit/run.h"

static uint64_t epoch, seq;

static void setup(void)
{
}

static void teardown(void)
{
}

START_TEST(a_cursor_is_read_as_it_is_written)
{
	static const uint64_t numbers[] = { 0, 1, 4711, (UINT64_C(1) << 53) - 1 };
	char text[CURSOR_TEXT_MAX];

	for (unsigned i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		cursor_format(text, UINT64_C(0x5f0c1a2b3c4d5e6f), numbers[i]);
		ck_assert(cursor_parse(text, &epoch, &seq));
		ck_assert_uint_eq(epoch, UINT64_C(0x5f0c1a2b3c4d5e6f));
		ck_assert_uint_eq(seq, numbers[i]);
	}
	cursor_format(text, UINT64_MAX, UINT64_MAX);
	ck_assert_str_eq(text, "ffffffffffffffff:9007199254740991");
	cursor_format(text, 0xe1, 4);
	ck_assert_str_eq(text, "00000000000000e1:4");
}
END_TEST

START_TEST(anything_else_is_no_cursor)
{
	static const char *const bad[] = { "", "x", ":", "00000000000000e1",
		"00000000000000e1:", "00000000000000e1:x", "00000000000000e1:1x",
		"00000000000000e1: 1", "00000000000000e1:-1", "00000000000000e1:+1",
		"00000000000000e1:01", "00000000000000e1:00", "00000000000000E1:1",
		"0000000000000e1:1", "000000000000000e1:1", "00000000000000e1:9007199254740992",
		"00000000000000e1:99999999999999999", "00000000000000e1:18446744073709551617",
		"00000000000000e1:99999999999999999999999999999999999", "00000000000000g1:1",
		" 00000000000000e1:1", "00000000000000e1:1 ", "00000000000000e1:1.0",
		"0x000000000000e1:1" };

	for (unsigned i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ck_assert_msg(!cursor_parse(bad[i], &epoch, &seq), "%s", bad[i]);
}
END_TEST

RUN_TESTS("cursor", setup, teardown, a_cursor_is_read_as_it_is_written,
	anything_else_is_no_cursor)
