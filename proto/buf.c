/* SPDX-License-Identifier: MIT */
#include "proto/buf.h"

#include <string.h>

#include "proto/alloc.h"

#define BUF_FIRST 256 /* bytes of the first allocation, if the limit allows for them */

void buf_init(struct buf *b, size_t limit)
{
	*b = (struct buf){ .limit = limit };
}

void buf_fini(struct buf *b)
{
	free(b->data);
	*b = (struct buf){ .limit = b->limit };
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	b->overflow = false;
}

/* The limit holds needed bytes. */
static void buf_grow(struct buf *b, size_t needed)
{
	size_t cap = b->cap ? b->cap : BUF_FIRST;

	while (cap < needed)
		cap = cap > b->limit / 2 ? b->limit : cap * 2;
	if (cap > b->limit)
		cap = b->limit;
	b->data = xrealloc(b->data, cap, 1);
	b->cap = cap;
}

char *buf_reserve(struct buf *b, size_t n)
{
	if (b->overflow || n > b->limit - b->len) {
		b->overflow = true;
		return NULL;
	}
	if (n > b->cap - b->len || !b->data)
		buf_grow(b, b->len + n);
	return b->data + b->len;
}

void buf_add(struct buf *b, const void *bytes, size_t n)
{
	char *to = buf_reserve(b, n);

	if (!to || n == 0)
		return;
	memcpy(to, bytes, n);
	b->len += n;
}

void buf_puts(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

bool buf_ok(const struct buf *b)
{
	return !b->overflow;
}
