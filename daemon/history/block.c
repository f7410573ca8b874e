/* SPDX-License-Identifier: MIT */
#include "daemon/history/block.h"

#include <assert.h>
#include <string.h>

#include "daemon/history/crc32.h"

#define CRC_SIZE 4
#define BLOCK_HEAD_MAX 80

/* The streams of the spans, in this order. */
enum span_stream {
	SPAN_FIRST,
	SPAN_MORE, /* last_seq - first_seq */
	SPAN_TICK,
	SPAN_RUN,
	SPAN_BOOT,
	SPAN_FLAGS,
	SPAN_DT,
	SPAN_WEIGHT, /* beyond dt */
	SPAN_MONO,   /* beyond the row before and dt: the time that was not sampled */
	SPAN_TS,     /* wall time that passed since the first row, beyond monotonic time */
	SPAN_STREAMS
};

static int64_t span_get(const struct span *spans, unsigned i, enum span_stream stream)
{
	const struct span *s = &spans[i];

	switch (stream) {
	case SPAN_FIRST:
		return (int64_t)s->first_seq;
	case SPAN_MORE:
		return (int64_t)(s->last_seq - s->first_seq);
	case SPAN_TICK:
		return (int64_t)s->tick;
	case SPAN_RUN:
		return s->run;
	case SPAN_BOOT:
		return s->boot;
	case SPAN_FLAGS:
		return s->flags;
	case SPAN_DT:
		return (int64_t)s->dt_us;
	case SPAN_WEIGHT:
		return (int64_t)(s->weight_us - s->dt_us);
	case SPAN_MONO:
		return i ? (int64_t)(s->mono_us - s[-1].mono_us - s->dt_us) : 0;
	default:
		return s->ts_ms - spans->ts_ms - (int64_t)(s->mono_us - spans->mono_us) / 1000;
	}
}

static void put_stream(
	struct buf *out, struct buf *scratch, const int64_t *values, unsigned rows)
{
	buf_clear(scratch);
	codec_put(scratch, values, rows);
	codec_put_varint(out, scratch->len);
	buf_add(out, scratch->data, scratch->len);
}

static void put_spans(
	struct buf *out, struct buf *scratch, const struct span *spans, unsigned rows)
{
	int64_t values[BLOCK_ROWS_MAX];

	for (unsigned stream = 0; stream < SPAN_STREAMS; stream++) {
		for (unsigned i = 0; i < rows; i++)
			values[i] = span_get(spans, i, (enum span_stream)stream);
		put_stream(out, scratch, values, rows);
	}
}

static void put_head(struct buf *out, const struct block_head *head, const struct span *first)
{
	const uint8_t form[CRC_SIZE + 2] = { 0, 0, 0, 0, BLOCK_VERSION, head->coarse };

	buf_add(out, form, sizeof(form));
	codec_put_varint(out, head->columns);
	codec_put_varint(out, head->rows);
	codec_put_varint(out, head->streams);
	codec_put_varint(out, head->base_ms);
	codec_put_varint(out, head->step_ms);
	codec_put_varint(out, first->first_seq);
	codec_put_varint(out, codec_zigzag(first->ts_ms));
	codec_put_varint(out, first->mono_us);
}

size_t block_bytes_max(unsigned rows, unsigned streams)
{
	return BLOCK_HEAD_MAX +
		(SPAN_STREAMS + (size_t)streams) *
		((size_t)rows * BLOCK_VALUE_MAX + BLOCK_STREAM_MAX);
}

void block_put(struct buf *out, const struct block_head *head, const struct span *spans,
	const int64_t *cells, size_t stride)
{
	size_t since = out->len;
	struct buf scratch;
	uint32_t crc;

	assert(head->rows > 0 && head->rows <= BLOCK_ROWS_MAX);
	assert(head->streams <= BLOCK_STREAMS_MAX);
	buf_init(&scratch, (size_t)BLOCK_ROWS_MAX * BLOCK_VALUE_MAX + BLOCK_STREAM_MAX);
	put_head(out, head, spans);
	put_spans(out, &scratch, spans, head->rows);
	for (unsigned s = 0; s < head->streams; s++)
		put_stream(out, &scratch, cells + s * stride, head->rows);
	assert(buf_ok(&scratch));
	buf_fini(&scratch);
	if (!buf_ok(out))
		return;
	crc = crc32_of(out->data + since + CRC_SIZE, out->len - since - CRC_SIZE);
	for (unsigned i = 0; i < CRC_SIZE; i++)
		out->data[since + i] = (char)(crc >> 8 * i & 0xff);
}

static bool get_unsigned(struct block *b, unsigned *x, unsigned most)
{
	uint64_t number;

	if (!codec_get_varint(&b->at, b->end, &number) || number > most)
		return false;
	*x = (unsigned)number;
	return true;
}

static bool get_head(struct block *b)
{
	struct block_head *head = &b->head;
	uint64_t ts;
	bool good = get_unsigned(b, &head->columns, UINT32_MAX) &&
		get_unsigned(b, &head->rows, BLOCK_ROWS_MAX) &&
		get_unsigned(b, &head->streams, BLOCK_STREAMS_MAX) &&
		get_unsigned(b, &head->base_ms, INT32_MAX) &&
		get_unsigned(b, &head->step_ms, INT32_MAX) &&
		codec_get_varint(&b->at, b->end, &b->first_seq) &&
		codec_get_varint(&b->at, b->end, &ts) &&
		codec_get_varint(&b->at, b->end, &b->first_mono_us);

	if (!good || head->rows == 0 || head->base_ms == 0)
		return false;
	b->first_ts_ms = codec_unzigzag(ts);
	return true;
}

bool block_open(struct block *b, const void *bytes, size_t size)
{
	const uint8_t *p = bytes;
	uint32_t crc;

	if (size < CRC_SIZE + 2 || size > BLOCK_BYTES_MAX)
		return false;
	crc = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
	if (crc != crc32_of(p + CRC_SIZE, size - CRC_SIZE))
		return false;
	*b = (struct block){ .at = p + CRC_SIZE, .end = p + size };
	if (*b->at++ != BLOCK_VERSION || *b->at > 1)
		return false;
	b->head.coarse = *b->at++;
	return get_head(b);
}

static bool get_slice(const uint8_t **at, const uint8_t *end, struct block_slice *slice)
{
	uint64_t size;

	if (!codec_get_varint(at, end, &size) || size > (uint64_t)(end - *at))
		return false;
	*slice = (struct block_slice){ *at, (size_t)size };
	*at += size;
	return true;
}

static void span_set(const struct block *b, struct span *s, unsigned i,
	const int64_t values[SPAN_STREAMS][BLOCK_ROWS_MAX])
{
	const struct span *first = s - i;

	s->first_seq = (uint64_t)values[SPAN_FIRST][i];
	s->last_seq = s->first_seq + (uint64_t)values[SPAN_MORE][i];
	s->tick = (uint64_t)values[SPAN_TICK][i];
	s->run = (unsigned)values[SPAN_RUN][i];
	s->boot = (unsigned)values[SPAN_BOOT][i];
	s->flags = (unsigned)values[SPAN_FLAGS][i];
	s->dt_us = (uint64_t)values[SPAN_DT][i];
	s->weight_us = s->dt_us + (uint64_t)values[SPAN_WEIGHT][i];
	s->mono_us = i ? s[-1].mono_us + s->dt_us + (uint64_t)values[SPAN_MONO][i]
		       : b->first_mono_us;
	s->ts_ms = (int64_t)((uint64_t)b->first_ts_ms + (uint64_t)values[SPAN_TS][i] +
		(uint64_t)((int64_t)(s->mono_us - first->mono_us) / 1000));
}

bool block_get_spans(const struct block *b, struct span *spans)
{
	int64_t values[SPAN_STREAMS][BLOCK_ROWS_MAX];
	const uint8_t *at = b->at;
	struct block_slice slice;

	for (unsigned i = 0; i < SPAN_STREAMS; i++)
		if (!get_slice(&at, b->end, &slice) ||
			!codec_get(slice.at, slice.size, values[i], b->head.rows))
			return false;
	for (unsigned i = 0; i < b->head.rows; i++)
		span_set(b, &spans[i], i, values);
	return true;
}

void block_scale_ticks(const struct block *b, struct span *spans, unsigned base_ms)
{
	uint64_t theirs = b->head.base_ms;

	if (theirs == base_ms)
		return;
	for (unsigned i = 0; i < b->head.rows; i++)
		spans[i].tick = (spans[i].tick * theirs + base_ms - 1) / base_ms;
}

bool block_get_slices(const struct block *b, struct block_slice *slices)
{
	const uint8_t *at = b->at;
	struct block_slice skipped;

	for (unsigned i = 0; i < SPAN_STREAMS; i++)
		if (!get_slice(&at, b->end, &skipped))
			return false;
	for (unsigned i = 0; i < b->head.streams; i++)
		if (!get_slice(&at, b->end, &slices[i]))
			return false;
	return at == b->end;
}
