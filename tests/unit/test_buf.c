/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "proto/buf.h"
#include "tests/unit/run.h"

static struct buf b;

static void setup(void)
{
	buf_init(&b, 1000);
}

static void teardown(void)
{
	buf_fini(&b);
}

static void expect_bytes(const char *text)
{
	ck_assert_uint_eq(b.len, strlen(text));
	ck_assert_mem_eq(b.data, text, strlen(text));
}

START_TEST(what_is_added_stands_one_behind_the_other)
{
	buf_puts(&b, "ab");
	buf_add(&b, "cde", 2);
	buf_puts(&b, "");
	expect_bytes("abcd");
	ck_assert(buf_ok(&b));
}
END_TEST

START_TEST(a_buffer_fills_to_its_limit_exactly)
{
	for (int i = 0; i < 1000; i++)
		buf_add(&b, "x", 1);
	ck_assert(buf_ok(&b));
	ck_assert_uint_eq(b.len, 1000);
	ck_assert_uint_le(b.cap, 1000);
	buf_add(&b, "y", 1);
	ck_assert(!buf_ok(&b));
	ck_assert_uint_eq(b.len, 1000);
}
END_TEST

START_TEST(nothing_is_added_behind_what_did_not_fit)
{
	char big[1001] = { 0 };

	buf_puts(&b, "a");
	buf_add(&b, big, sizeof(big));
	buf_puts(&b, "b");
	ck_assert(!buf_ok(&b));
	expect_bytes("a");
}
END_TEST

START_TEST(a_size_near_the_largest_does_not_wrap)
{
	buf_puts(&b, "a");
	ck_assert_ptr_null(buf_reserve(&b, SIZE_MAX));
	ck_assert(!buf_ok(&b));
}
END_TEST

START_TEST(clearing_keeps_the_memory_and_forgets_the_overflow)
{
	char big[1001] = { 0 };
	size_t cap;

	buf_puts(&b, "a");
	buf_add(&b, big, sizeof(big));
	cap = b.cap;
	buf_clear(&b);
	ck_assert(buf_ok(&b));
	ck_assert_uint_eq(b.cap, cap);
	buf_puts(&b, "b");
	expect_bytes("b");
}
END_TEST

START_TEST(reserved_room_counts_only_when_len_says_so)
{
	char *to = buf_reserve(&b, 300);

	ck_assert_ptr_nonnull(to);
	memcpy(to, "xyz", 3);
	ck_assert_uint_eq(b.len, 0);
	b.len += 2;
	expect_bytes("xy");
}
END_TEST

START_TEST(memory_grows_by_doubling)
{
	size_t caps = 0, last = 0;

	buf_fini(&b);
	buf_init(&b, 1 << 20);
	for (int i = 0; i < 1 << 20; i++) {
		buf_add(&b, "x", 1);
		caps += b.cap != last;
		last = b.cap;
	}
	ck_assert_uint_eq(b.cap, 1 << 20);
	ck_assert_uint_le(caps, 13);
}
END_TEST

RUN_TESTS("buf", setup, teardown, what_is_added_stands_one_behind_the_other,
	a_buffer_fills_to_its_limit_exactly, nothing_is_added_behind_what_did_not_fit,
	a_size_near_the_largest_does_not_wrap,
	clearing_keeps_the_memory_and_forgets_the_overflow,
	reserved_room_counts_only_when_len_says_so, memory_grows_by_doubling)
