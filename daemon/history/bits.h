/* SPDX-License-Identifier: MIT */
#ifndef BITS_H
#define BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/buf.h"

/* A row of bits in bytes, the lowest bit of a byte first.  Inline: one call per value. */

struct bit_writer {
	struct buf *out;
	uint64_t bits; /* not yet written, the low count ones */
	unsigned count;
};

/* count 0 to 32; bits has no others set. */
static inline void bits_put(struct bit_writer *w, uint64_t bits, unsigned count)
{
	w->bits |= bits << w->count;
	w->count += count;
	if (w->count >= 32) {
		uint8_t word[4] = { (uint8_t)w->bits, (uint8_t)(w->bits >> 8),
			(uint8_t)(w->bits >> 16), (uint8_t)(w->bits >> 24) };

		buf_add(w->out, word, sizeof(word));
		w->bits >>= 32;
		w->count -= 32;
	}
}

static inline void bits_flush(struct bit_writer *w)
{
	while (w->count > 0) {
		uint8_t byte = (uint8_t)w->bits;

		buf_add(w->out, &byte, 1);
		w->bits >>= 8;
		w->count -= w->count < 8 ? w->count : 8;
	}
}

/* Bits beyond the end are zeros; bits_beyond tells that some were taken. */
struct bit_reader {
	const uint8_t *at;
	size_t left;
	uint64_t bits; /* the next count ones */
	unsigned count;
	size_t padding; /* bytes added behind the end */
};

/* Spelt out, so that compilers see one load in it. */
static inline uint64_t bits_word(const uint8_t *p)
{
	return p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 |
		(uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
		(uint64_t)p[7] << 56;
}

static inline void bits_fill(struct bit_reader *r)
{
	if (r->left >= 8) {
		unsigned taken = (63 - r->count) / 8;

		r->bits |= bits_word(r->at) << r->count;
		r->at += taken;
		r->left -= taken;
		r->count += taken * 8;
		r->bits &= UINT64_MAX >> (64 - r->count);
		return;
	}
	while (r->count <= 56) {
		if (r->left > 0) {
			r->bits |= (uint64_t)*r->at++ << r->count;
			r->left--;
		} else {
			r->padding++;
		}
		r->count += 8;
	}
}

/* count 0 to 32. */
static inline uint64_t bits_get(struct bit_reader *r, unsigned count)
{
	uint64_t bits;

	if (r->count < count)
		bits_fill(r);
	bits = r->bits & ((UINT64_C(1) << count) - 1);
	r->bits >>= count;
	r->count -= count;
	return bits;
}

static inline bool bits_beyond(const struct bit_reader *r)
{
	return r->padding * 8 > r->count;
}

#endif
