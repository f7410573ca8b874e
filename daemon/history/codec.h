/* SPDX-License-Identifier: MIT */
#ifndef CODEC_H
#define CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/buf.h"

/*
 * A column of a block as bytes: whole numbers, some of them absent.  What is coded is the
 * numbers themselves, their differences, or the differences of these, whichever is shortest,
 * each as a zig-zag number in a Rice code (a quotient in unary, k bits of remainder), on demand
 * with one bit in front of each that says whether it is zero.  Differences wrap, so every
 * int64_t but CODEC_ABSENT is kept exactly.
 */

#define CODEC_ABSENT INT64_MIN
#define CODEC_VALUES_MAX 256 /* in one column of a block */

/* Appends n values, 1 to CODEC_VALUES_MAX.  A column of zeros is no bytes at all. */
void codec_put(struct buf *out, const int64_t *values, unsigned n);

/* Reads n values back.  Any bytes are safe; false when they are no column of n values. */
bool codec_get(const uint8_t *bytes, size_t size, int64_t *values, unsigned n);

/* Whole numbers in 7 bits a byte, low ones first; false beyond the end or 64 bits. */
void codec_put_varint(struct buf *out, uint64_t x);
bool codec_get_varint(const uint8_t **at, const uint8_t *end, uint64_t *x);

static inline uint64_t codec_zigzag(int64_t x)
{
	return (uint64_t)x << 1 ^ (x < 0 ? UINT64_MAX : 0);
}

static inline int64_t codec_unzigzag(uint64_t u)
{
	return (int64_t)(u >> 1 ^ (u & 1 ? UINT64_MAX : 0));
}

#endif
