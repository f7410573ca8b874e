/* SPDX-License-Identifier: MIT */
#ifndef BUF_H
#define BUF_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Bytes that grow up to a limit.  What would go beyond the limit is dropped as a whole and
 * overflow is set, and everything after it is dropped too, so that a buffer never holds a text
 * with a hole in it.  The bytes are not NUL-terminated.
 */
struct buf {
	char *data; /* NULL while nothing was ever added */
	size_t len, cap, limit;
	bool overflow;
};

void buf_init(struct buf *b, size_t limit);
void buf_fini(struct buf *b);

/* Forgets the bytes and the overflow, keeps the memory. */
void buf_clear(struct buf *b);

void buf_add(struct buf *b, const void *bytes, size_t n);
void buf_puts(struct buf *b, const char *text);

/*
 * Makes room for n more bytes and returns where they go; the caller adds what it wrote to len.
 * NULL, with overflow set, where the limit does not allow for n bytes.
 */
char *buf_reserve(struct buf *b, size_t n);

/* Whether everything that was added since the last clear is there. */
bool buf_ok(const struct buf *b);

#endif
