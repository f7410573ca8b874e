/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "daemon/history/block.h"
#include "daemon/history/crc32.h"
#include "proto/alloc.h"
#include "tests/unit/run.h"

static struct buf bytes;
static int64_t back[CODEC_VALUES_MAX];
static uint64_t state;

static void setup(void)
{
	buf_init(&bytes, 1 << 20);
	state = 88172645463325252u;
}

static void teardown(void)
{
	buf_fini(&bytes);
}

static uint64_t next(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static void survives(const int64_t *values, unsigned n)
{
	buf_clear(&bytes);
	codec_put(&bytes, values, n);
	ck_assert(buf_ok(&bytes));
	ck_assert(codec_get((const uint8_t *)bytes.data, bytes.len, back, n));
	ck_assert_mem_eq(back, values, n * sizeof(*values));
}

START_TEST(extremes_survive)
{
	const int64_t values[] = { 0, INT64_MAX, INT64_MIN + 1, -1, 1, INT64_MAX, INT64_MIN + 1,
		CODEC_ABSENT, 0, 7 };

	for (unsigned n = 1; n <= sizeof(values) / sizeof(*values); n++)
		survives(values, n);
}
END_TEST

START_TEST(zeros_take_no_bytes)
{
	const int64_t zeros[100] = { 0 };

	survives(zeros, 100);
	ck_assert_uint_eq(bytes.len, 0);
}
END_TEST

START_TEST(what_does_not_change_takes_a_few_bytes)
{
	int64_t values[CODEC_VALUES_MAX];

	for (unsigned i = 0; i < CODEC_VALUES_MAX; i++)
		values[i] = -123456;
	survives(values, CODEC_VALUES_MAX);
	ck_assert_uint_le(bytes.len, 4);
}
END_TEST

START_TEST(a_steady_counter_takes_a_bit_a_value)
{
	int64_t values[CODEC_VALUES_MAX];

	for (unsigned i = 0; i < CODEC_VALUES_MAX; i++)
		values[i] = 1000000007 * (int64_t)i;
	survives(values, CODEC_VALUES_MAX);
	ck_assert_uint_le(bytes.len, CODEC_VALUES_MAX / 8 + 16);
}
END_TEST

START_TEST(absences_survive)
{
	int64_t values[64];

	for (unsigned round = 0; round < 200; round++) {
		for (unsigned i = 0; i < 64; i++)
			values[i] = next() % 3 ? (int64_t)(next() % 100) : CODEC_ABSENT;
		survives(values, 1 + round % 64);
	}
	for (unsigned i = 0; i < 64; i++)
		values[i] = CODEC_ABSENT;
	survives(values, 64);
	ck_assert_uint_le(bytes.len, 3);
}
END_TEST

START_TEST(anything_survives)
{
	int64_t values[CODEC_VALUES_MAX];

	for (unsigned round = 0; round < 3000; round++) {
		unsigned n = 1 + (unsigned)(next() % CODEC_VALUES_MAX),
			 shift = (unsigned)(next() % 64);
		int64_t x = 0;

		for (unsigned i = 0; i < n; i++) {
			x = (int64_t)((uint64_t)x * (round & 1) + (next() >> shift));
			values[i] = next() % 4 ? x : (i ? values[i - 1] : 1);
			if (values[i] == CODEC_ABSENT && round % 3)
				values[i] = 0;
		}
		survives(values, n);
	}
}
END_TEST

START_TEST(a_column_cut_short_is_refused_or_shorter)
{
	int64_t values[50];

	for (unsigned i = 0; i < 50; i++)
		values[i] = (int64_t)(next() % 100000);
	survives(values, 50);
	for (size_t n = 1; n < bytes.len; n++)
		ck_assert(!codec_get((const uint8_t *)bytes.data, n, back, 50));
}
END_TEST

START_TEST(varints_end_where_they_should)
{
	const uint8_t endless[11] = { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255 };
	const uint8_t *at = endless;
	uint64_t x;

	ck_assert(!codec_get_varint(&at, endless + sizeof(endless), &x));
	codec_put_varint(&bytes, UINT64_MAX);
	at = (const uint8_t *)bytes.data;
	ck_assert(codec_get_varint(&at, at + bytes.len, &x));
	ck_assert(x == UINT64_MAX);
	at = (const uint8_t *)bytes.data;
	ck_assert(!codec_get_varint(&at, at + bytes.len - 1, &x));
}
END_TEST

/* Bit by bit, as the standard has it. */
static uint32_t slow_crc32(const uint8_t *p, size_t n)
{
	uint32_t crc = 0xffffffff;

	for (; n > 0; n--) {
		crc ^= *p++;
		for (unsigned bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

START_TEST(the_sum_of_long_bytes_is_that_of_short_ones)
{
	uint8_t long_bytes[5000];

	for (size_t i = 0; i < sizeof(long_bytes); i++)
		long_bytes[i] = (uint8_t)(i * i >> 3);
	for (size_t n = 4080; n < sizeof(long_bytes); n += 7)
		ck_assert_uint_eq(crc32_of(long_bytes, n), slow_crc32(long_bytes, n));
}
END_TEST

START_TEST(the_sum_is_the_one_that_everybody_has)
{
	ck_assert_uint_eq(crc32_of("123456789", 9), 0xcbf43926);
	ck_assert_uint_eq(crc32_of("", 0), 0);
}
END_TEST

/* ---- blocks ---- */

#define ROWS 40
#define STREAMS 6

static struct span spans[ROWS];
static int64_t cells[STREAMS * ROWS];

static void block_make(void)
{
	const struct block_head head = { true, 3, ROWS, STREAMS, 1000, 10000 };

	for (unsigned i = 0; i < ROWS; i++) {
		uint64_t before = i ? spans[i - 1].last_seq : 100;

		spans[i] = (struct span){ .first_seq = before + 1 + (i == 7) * 50,
			.last_seq = before + 10 + (i == 7) * 50,
			.tick = 10 * (i + 1),
			.run = 1 + (i > 20),
			.boot = 1 + (i > 30),
			.flags = i == 21 ? 2 : 0,
			.ts_ms = 1700000000000 + 10000 * (int64_t)i + (int64_t)(next() % 7) -
				(i > 10 ? 3600000 : 0),
			.mono_us = (i > 30 ? 5000000 : 900000000) + 10000000ull * i,
			.dt_us = i == 21 ? 0 : 10000000 + next() % 90,
			.weight_us = 0 };
		spans[i].weight_us = spans[i].dt_us + (i == 21 ? 1000000 : 0);
	}
	for (unsigned i = 0; i < STREAMS * ROWS; i++)
		cells[i] = i / ROWS == 2 ? CODEC_ABSENT : (int64_t)(next() % 5000);
	block_put(&bytes, &head, spans, cells, ROWS);
}

static bool same_span(const struct span *a, const struct span *b)
{
	return a->first_seq == b->first_seq && a->last_seq == b->last_seq &&
		a->tick == b->tick && a->run == b->run && a->boot == b->boot &&
		a->flags == b->flags && a->ts_ms == b->ts_ms && a->mono_us == b->mono_us &&
		a->dt_us == b->dt_us && a->weight_us == b->weight_us;
}

START_TEST(a_block_gives_back_what_was_put_in)
{
	struct block_slice slices[STREAMS];
	struct span read[ROWS];
	struct block block;

	block_make();
	ck_assert(block_open(&block, bytes.data, bytes.len));
	ck_assert(block.head.coarse);
	ck_assert_uint_eq(block.head.columns, 3);
	ck_assert_uint_eq(block.head.rows, ROWS);
	ck_assert_uint_eq(block.head.base_ms, 1000);
	ck_assert_uint_eq(block.head.step_ms, 10000);
	ck_assert(block_get_spans(&block, read));
	for (unsigned i = 0; i < ROWS; i++)
		ck_assert(same_span(&read[i], &spans[i]));
	ck_assert(block_get_slices(&block, slices));
	for (unsigned s = 0; s < STREAMS; s++) {
		ck_assert(codec_get(slices[s].at, slices[s].size, back, ROWS));
		ck_assert_mem_eq(back, cells + s * ROWS, ROWS * sizeof(*back));
	}
}
END_TEST

START_TEST(a_block_cut_at_any_byte_is_refused)
{
	struct block block;

	block_make();
	for (size_t n = 0; n < bytes.len; n++)
		ck_assert(!block_open(&block, bytes.data, n));
}
END_TEST

START_TEST(a_block_with_any_bit_turned_is_refused)
{
	struct block block;

	block_make();
	for (size_t i = 0; i < bytes.len * 8; i++) {
		bytes.data[i / 8] = (char)(bytes.data[i / 8] ^ 1 << i % 8);
		ck_assert(!block_open(&block, bytes.data, bytes.len));
		bytes.data[i / 8] = (char)(bytes.data[i / 8] ^ 1 << i % 8);
	}
	ck_assert(block_open(&block, bytes.data, bytes.len));
}
END_TEST

RUN_TESTS("codec", setup, teardown, extremes_survive, zeros_take_no_bytes,
	the_sum_of_long_bytes_is_that_of_short_ones, what_does_not_change_takes_a_few_bytes,
	a_steady_counter_takes_a_bit_a_value, absences_survive, anything_survives,
	a_column_cut_short_is_refused_or_shorter, varints_end_where_they_should,
	the_sum_is_the_one_that_everybody_has, a_block_gives_back_what_was_put_in,
	a_block_cut_at_any_byte_is_refused, a_block_with_any_bit_turned_is_refused)
