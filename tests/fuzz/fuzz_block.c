/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/history/block.h"
#include "daemon/history/crc32.h"
#include "proto/alloc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a column decodes to is coded and decoded again without a loss. */
static void fuzz_column(const uint8_t *data, size_t size, unsigned n)
{
	int64_t values[BLOCK_ROWS_MAX], again[BLOCK_ROWS_MAX];
	struct buf out;

	if (!codec_get(data, size, values, n))
		return;
	buf_init(&out, (size_t)BLOCK_ROWS_MAX * BLOCK_VALUE_MAX + BLOCK_STREAM_MAX);
	codec_put(&out, values, n);
	assert(buf_ok(&out));
	assert(codec_get((const uint8_t *)out.data, out.len, again, n));
	assert(memcmp(values, again, n * sizeof(*values)) == 0);
	buf_fini(&out);
}

/* The sum would keep almost every input out: it is made to fit. */
static void fuzz_seal(uint8_t *copy, size_t size)
{
	uint32_t crc = crc32_of(copy + 4, size - 4);

	for (unsigned i = 0; i < 4; i++)
		copy[i] = (uint8_t)(crc >> 8 * i);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span spans[BLOCK_ROWS_MAX];
	struct block_slice *slices;
	struct block block;
	uint8_t *copy;

	fuzz_column(data, size, 1 + (size ? data[size - 1] : 0));
	if (size < 8)
		return 0;
	copy = xcalloc(1, size);
	memcpy(copy, data, size);
	fuzz_seal(copy, size);
	if (block_open(&block, copy, size)) {
		slices = xcalloc(block.head.streams + 1, sizeof(*slices));
		block_get_spans(&block, spans);
		if (block_get_slices(&block, slices))
			for (unsigned i = 0; i < block.head.streams; i++)
				fuzz_column(slices[i].at, slices[i].size, block.head.rows);
		free(slices);
	}
	free(copy);
	return 0;
}
