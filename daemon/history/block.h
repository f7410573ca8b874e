/* SPDX-License-Identifier: MIT */
#ifndef BLOCK_H
#define BLOCK_H

#include "daemon/history/codec.h"

/*
 * A block of rows as bytes, column by column:
 *
 *   CRC-32 of all that follows, 4 bytes, low one first
 *   version (BLOCK_VERSION) and form (0 = samples, 1 = coarse), 1 byte each
 *   varints: id of the columns, rows, streams, base_ms, step_ms, first seq, first ts_ms
 *	(zig-zag), first mono_us
 *   the streams of the spans, then those of the columns: each a varint length and a column of
 *	codec.h
 *
 * Every stream can be read without reading those before it.
 */

#define BLOCK_VERSION 1
#define BLOCK_ROWS_MAX 256
#define BLOCK_STREAMS_MAX 32768
#define BLOCK_BYTES_MAX ((size_t)64 * 1024 * 1024)
/* Most that a stream of a block can take: 84 bits a value, runs of absences, head and length.
 */
#define BLOCK_VALUE_MAX 14
#define BLOCK_STREAM_MAX 24

/* What a row of a block covers: one sample, or the samples of one step of a coarser tier. */
struct span {
	uint64_t first_seq, last_seq;
	uint64_t tick; /* of the last sample */
	unsigned run, boot;
	unsigned flags;	    /* enum row_flag, of all samples together */
	int64_t ts_ms;	    /* of the last sample */
	uint64_t mono_us;   /* of the last sample */
	uint64_t dt_us;	    /* time covered; 0 = not known */
	uint64_t weight_us; /* the same in means, where base_ms stands for what is not known */
};

struct block_head {
	bool coarse;
	unsigned columns, rows, streams;
	unsigned base_ms; /* of the ticks */
	unsigned step_ms;
};

/* Most bytes that a block may take, whatever is in it. */
size_t block_bytes_max(unsigned rows, unsigned streams);

/* Appends the block; stream s is at cells + s * stride. */
void block_put(struct buf *out, const struct block_head *head, const struct span *spans,
	const int64_t *cells, size_t stride);

struct block_slice {
	const uint8_t *at;
	size_t size;
};

/* A block that was opened: borrows the bytes. */
struct block {
	struct block_head head;
	uint64_t first_seq, first_mono_us;
	int64_t first_ts_ms;
	const uint8_t *at, *end; /* the streams */
};

/* Any bytes are safe.  False when they are no block of this version, or were changed. */
bool block_open(struct block *block, const void *bytes, size_t size);

/* Fills head.rows spans. */
bool block_get_spans(const struct block *block, struct span *spans);

/* Tick numbers as if the daemon had run with another base_ms. */
void block_scale_ticks(const struct block *block, struct span *spans, unsigned base_ms);

/* Finds the streams of the columns, head.streams of them; read them by codec_get. */
bool block_get_slices(const struct block *block, struct block_slice *slices);

#endif
