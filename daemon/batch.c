/* SPDX-License-Identifier: MIT */
#include "daemon/batch.h"

#include <assert.h>
#include <stdint.h>

#define BATCH_OWN_MAX (4 << 20) /* never met: BATCH_BYTES_MAX and one line come before it */

void batch_init(struct batch *batch)
{
	batch->count = batch->lines = 0;
	batch->bytes = 0;
	batch->own = NULL;
}

void batch_clear(struct batch *batch)
{
	for (unsigned i = 0; i < batch->count; i++)
		body_unref(batch->chunks[i].body);
	body_unref(batch->own);
	batch_init(batch);
}

bool batch_is_full(const struct batch *batch)
{
	return batch->lines >= BATCH_LINES_MAX || batch->bytes >= BATCH_BYTES_MAX ||
		batch->count + 2 > BATCH_CHUNKS_MAX;
}

void batch_add(struct batch *batch, struct body *body, size_t offset, size_t length)
{
	struct chunk *last = batch->count ? &batch->chunks[batch->count - 1] : NULL;

	batch->bytes += length;
	if (last && last->body == body && last->offset + last->length == offset) {
		last->length += length;
		return;
	}
	assert(batch->count < BATCH_CHUNKS_MAX);
	batch->chunks[batch->count++] = (struct chunk){ body_ref(body), offset, length };
}

struct buf *batch_own_begin(struct batch *batch)
{
	if (!batch->own)
		batch->own = body_new(BATCH_OWN_MAX);
	return &batch->own->text;
}

void batch_own_end(struct batch *batch, size_t since)
{
	batch_add(batch, batch->own, since, batch->own->text.len - since);
}
