/* SPDX-License-Identifier: MIT */
#ifndef BATCH_H
#define BATCH_H

#include <stdbool.h>

#include "daemon/body.h"

#define BATCH_LINES_MAX 64
#define BATCH_BYTES_MAX 65536
#define BATCH_CHUNKS_MAX (2 * BATCH_LINES_MAX)

/* Part of a body.  By offset: a body that grows may move. */
struct chunk {
	struct body *body; /* a reference */
	size_t offset, length;
};

/* What one write is to send: whole lines, at most BATCH_LINES_MAX and about BATCH_BYTES_MAX. */
struct batch {
	struct chunk chunks[BATCH_CHUNKS_MAX];
	unsigned count, lines;
	size_t bytes;
	struct body *own; /* lines that only this batch has; NULL until needed */
};

void batch_init(struct batch *batch);

/* Drops all references; the batch is empty and may be used again. */
void batch_clear(struct batch *batch);

/* No further line is to be added. */
bool batch_is_full(const struct batch *batch);

/* Takes a new reference on body and adds that part of it. */
void batch_add(struct batch *batch, struct body *body, size_t offset, size_t length);

/* Where to append a line of the batch's own; batch_own_end() then adds what was appended. */
struct buf *batch_own_begin(struct batch *batch);
void batch_own_end(struct batch *batch, size_t since);

#endif
