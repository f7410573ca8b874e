/* SPDX-License-Identifier: MIT */
#include "daemon/history/codec.h"

#include <assert.h>
#include <string.h>

#include "daemon/history/bits.h"

/*
 * A column: a byte of form (order, flags, k), the runs of absences where there are any, the
 * first numbers as varints (as many as the order says), and the rest in the Rice code.  A
 * column of one number that does not change ends after that number.
 */
#define FORM_ORDER 0x03 /* 0 to 2: how often differences are taken; 3 = it never changes */
#define FORM_SPARSE 0x04
#define FORM_ABSENT 0x08
#define FORM_K_SHIFT 4
#define ORDER_CONSTANT 3
#define K_MAX 15
#define K_STEP 3 /* k counts in units of 3 bits beyond K_FINE */
#define K_FINE 10
#define QUOTIENT_MAX 20 /* so many ones say that the number follows in 64 bits */

/* How a column is to be coded. */
struct form {
	unsigned order, k;
	bool sparse;
	uint64_t cost; /* bits */
};

/* Remainder bits that code k stands for: 0 to 10, then 13, 16, 19, 22, 25. */
static unsigned form_bits(unsigned k)
{
	return k <= K_FINE ? k : K_FINE + K_STEP * (k - K_FINE);
}

void codec_put_varint(struct buf *out, uint64_t x)
{
	uint8_t bytes[10];
	size_t n = 0;

	do {
		bytes[n] = (uint8_t)(x & 0x7f);
		x >>= 7;
		bytes[n] |= x ? 0x80 : 0;
		n++;
	} while (x);
	buf_add(out, bytes, n);
}

bool codec_get_varint(const uint8_t **at, const uint8_t *end, uint64_t *x)
{
	*x = 0;
	for (unsigned shift = 0; shift < 70 && *at < end; shift += 7) {
		uint8_t byte = *(*at)++;

		if (shift == 63 && byte > 1)
			return false;
		*x |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return true;
	}
	return false;
}

/* ---- writing ---- */

/* Differences of that order in place, zig-zagged; the first ones are left to varints. */
static void codec_difference(uint64_t *z, const int64_t *values, unsigned n, unsigned order)
{
	for (unsigned i = order; i < n; i++) {
		uint64_t d = (uint64_t)values[i];

		if (order == 1)
			d -= (uint64_t)values[i - 1];
		else if (order == 2)
			d -= 2 * (uint64_t)values[i - 1] - (uint64_t)values[i - 2];
		z[i - order] = codec_zigzag((int64_t)d);
	}
}

static uint64_t rice_cost(const uint64_t *z, unsigned n, unsigned bits, bool sparse)
{
	uint64_t cost = 0;

	for (unsigned i = 0; i < n; i++) {
		uint64_t x = z[i], quotient;

		cost += sparse;
		if (sparse && x-- == 0)
			continue;
		quotient = x >> bits;
		cost += quotient < QUOTIENT_MAX ? quotient + 1 + bits : QUOTIENT_MAX + 64;
	}
	return cost;
}

/* The k nearest to the mean length of the numbers in bits: outliers hardly move it. */
static unsigned rice_guess(const uint64_t *z, unsigned n, bool sparse)
{
	unsigned sum = 0, count = 0, k = 0;

	for (unsigned i = 0; i < n; i++) {
		sum += z[i] ? 64 - (unsigned)__builtin_clzll(z[i]) : 0;
		count += !sparse || z[i] > 0;
	}
	while (k < K_MAX && count > 0 && form_bits(k + 1) * count <= sum)
		k++;
	return k;
}

static void form_try(struct form *best, const uint64_t *z, unsigned n, unsigned order)
{
	for (unsigned sparse = 0; sparse < 2; sparse++) {
		unsigned guess = rice_guess(z, n, sparse);
		unsigned last = guess + 1 < K_MAX ? guess + 1 : K_MAX;

		for (unsigned k = guess > 2 ? guess - 2 : 0; k <= last; k++) {
			uint64_t cost =
				rice_cost(z, n, form_bits(k), sparse) + order * UINT64_C(16);

			if (cost < best->cost)
				*best = (struct form){ order, k, sparse, cost };
		}
	}
}

static bool codec_is_constant(const int64_t *values, unsigned n)
{
	unsigned i = 1;

	while (i < n && values[i] == values[0])
		i++;
	return i == n;
}

static struct form form_choose(const int64_t *values, unsigned n, uint64_t *z)
{
	struct form best = { .cost = UINT64_MAX };

	if (codec_is_constant(values, n))
		return (struct form){ .order = ORDER_CONSTANT };
	for (unsigned order = 0; order <= 2 && order < n; order++) {
		codec_difference(z, values, n, order);
		form_try(&best, z, n - order, order);
	}
	return best;
}

static void rice_put(struct bit_writer *w, uint64_t x, unsigned bits)
{
	uint64_t quotient = x >> bits;

	if (quotient >= QUOTIENT_MAX) {
		bits_put(w, (1u << QUOTIENT_MAX) - 1, QUOTIENT_MAX);
		bits_put(w, x & 0xffffffff, 32);
		bits_put(w, x >> 32, 32);
		return;
	}
	bits_put(w, (UINT64_C(1) << quotient) - 1, (unsigned)quotient + 1);
	bits_put(w, x & ((UINT64_C(1) << bits) - 1), bits);
}

static void codec_put_numbers(struct buf *out, const uint64_t *z, unsigned n, struct form form)
{
	struct bit_writer w = { .out = out };

	for (unsigned i = 0; i < n; i++) {
		if (form.sparse)
			bits_put(&w, z[i] != 0, 1);
		if (!form.sparse || z[i])
			rice_put(&w, z[i] - form.sparse, form_bits(form.k));
	}
	bits_flush(&w);
}

/* Lengths of runs, present ones first. */
static void codec_put_absences(struct buf *out, const int64_t *values, unsigned n)
{
	unsigned i = 0;

	for (bool absent = false; i < n; absent = !absent) {
		unsigned since = i;

		while (i < n && (values[i] == CODEC_ABSENT) == absent)
			i++;
		codec_put_varint(out, i - since);
	}
}

static void codec_put_present(
	struct buf *out, const int64_t *all, unsigned total, const int64_t *values, unsigned n)
{
	uint64_t z[CODEC_VALUES_MAX] = { 0 };
	struct form form = n ? form_choose(values, n, z) : (struct form){ 0 };
	uint8_t head = (uint8_t)(form.order | (form.sparse ? FORM_SPARSE : 0) |
		(n < total ? FORM_ABSENT : 0) | form.k << FORM_K_SHIFT);
	int64_t before = 0;

	buf_add(out, &head, 1);
	if (n < total)
		codec_put_absences(out, all, total);
	if (form.order == ORDER_CONSTANT) {
		codec_put_varint(out, codec_zigzag(values[0]));
		return;
	}
	for (unsigned i = 0; i < form.order && i < n; i++) {
		codec_put_varint(
			out, codec_zigzag((int64_t)((uint64_t)values[i] - (uint64_t)before)));
		before = values[i];
	}
	if (n == 0)
		return;
	codec_difference(z, values, n, form.order);
	codec_put_numbers(out, z, n - form.order, form);
}

void codec_put(struct buf *out, const int64_t *values, unsigned n)
{
	int64_t present[CODEC_VALUES_MAX] = { 0 };
	unsigned count = 0;

	assert(n > 0 && n <= CODEC_VALUES_MAX);
	for (unsigned i = 0; i < n; i++)
		if (values[i] != CODEC_ABSENT)
			present[count++] = values[i];
	if (count == n && values[0] == 0 && codec_is_constant(values, n))
		return;
	codec_put_present(out, values, n, present, count);
}

/* ---- reading ---- */

static inline uint64_t rice_get(struct bit_reader *r, unsigned bits)
{
	unsigned quotient;
	uint64_t low;

	if (r->count <= QUOTIENT_MAX)
		bits_fill(r);
	quotient = (unsigned)__builtin_ctzll(~r->bits | UINT64_C(1) << QUOTIENT_MAX);
	if (quotient < QUOTIENT_MAX) {
		bits_get(r, quotient + 1);
		return (uint64_t)quotient << bits | bits_get(r, bits);
	}
	bits_get(r, QUOTIENT_MAX);
	low = bits_get(r, 32);
	return low | bits_get(r, 32) << 32;
}

static bool codec_get_numbers(
	const uint8_t *at, const uint8_t *end, int64_t *values, unsigned n, struct form form)
{
	struct bit_reader r = { .at = at, .left = (size_t)(end - at) };
	unsigned bits = form_bits(form.k);

	for (unsigned i = 0; i < n && form.sparse; i++)
		values[i] = codec_unzigzag(bits_get(&r, 1) ? rice_get(&r, bits) + 1 : 0);
	for (unsigned i = 0; i < n && !form.sparse; i++)
		values[i] = codec_unzigzag(rice_get(&r, bits));
	return !bits_beyond(&r);
}

/* Sums the differences up again; the first ones are in place. */
static void codec_integrate(int64_t *values, unsigned n, unsigned order)
{
	for (unsigned i = order; i < n && order == 1; i++)
		values[i] = (int64_t)((uint64_t)values[i] + (uint64_t)values[i - 1]);
	for (unsigned i = order; i < n && order == 2; i++)
		values[i] = (int64_t)((uint64_t)values[i] + 2 * (uint64_t)values[i - 1] -
			(uint64_t)values[i - 2]);
}

static bool codec_get_present(
	const uint8_t *at, const uint8_t *end, int64_t *values, unsigned n, struct form form)
{
	unsigned first = form.order == ORDER_CONSTANT ? 1 : form.order;
	uint64_t before = 0, z;

	if (n == 0)
		return at == end;
	if (first > n)
		return false;
	for (unsigned i = 0; i < first; i++) {
		if (!codec_get_varint(&at, end, &z))
			return false;
		before += (uint64_t)codec_unzigzag(z);
		values[i] = (int64_t)before;
	}
	if (form.order == ORDER_CONSTANT) {
		for (unsigned i = 1; i < n; i++)
			values[i] = values[0];
		return at == end;
	}
	if (!codec_get_numbers(at, end, values + first, n - first, form))
		return false;
	codec_integrate(values, n, form.order);
	return true;
}

/* Reads the runs into mask (1 = absent); counts what is present. */
static bool codec_get_absences(
	const uint8_t **at, const uint8_t *end, uint8_t *mask, unsigned n, unsigned *present)
{
	unsigned i = 0;
	uint64_t run;

	*present = 0;
	for (bool absent = false; i < n; absent = !absent) {
		if (!codec_get_varint(at, end, &run) || run > n - i || (run == 0 && i > 0))
			return false;
		memset(mask + i, absent, (size_t)run);
		i += (unsigned)run;
		*present += absent ? 0 : (unsigned)run;
	}
	return true;
}

/* From the back, so that nothing is overwritten before it has moved. */
static void codec_spread(int64_t *values, const uint8_t *mask, unsigned n, unsigned present)
{
	for (unsigned i = n; i-- > 0;)
		values[i] = mask[i] ? CODEC_ABSENT : values[--present];
}

bool codec_get(const uint8_t *bytes, size_t size, int64_t *values, unsigned n)
{
	const uint8_t *at, *end;
	uint8_t mask[CODEC_VALUES_MAX];
	struct form form;
	unsigned present = n;
	uint8_t head;

	if (n == 0 || n > CODEC_VALUES_MAX)
		return false;
	if (size == 0) {
		memset(values, 0, n * sizeof(*values));
		return true;
	}
	end = bytes + size;
	at = bytes;
	head = *at++;
	form = (struct form){ head & FORM_ORDER, head >> FORM_K_SHIFT, head & FORM_SPARSE, 0 };
	if (head & FORM_ABSENT && !codec_get_absences(&at, end, mask, n, &present))
		return false;
	if (!codec_get_present(at, end, values, present, form))
		return false;
	if (head & FORM_ABSENT)
		codec_spread(values, mask, n, present);
	return true;
}
