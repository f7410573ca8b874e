/* SPDX-License-Identifier: MIT */
#include "client/serve/pack.h"

#include <errno.h>

#define PACK_GZIP 16 /* added to the window bits: a gzip header, not zlib's */
#define PACK_BLOCK_BYTES 8192

/* Window bits and memory level of each size, see zlib.h. */
static const struct {
	int window, memory;
} pack_sizes[] = { [PACK_LARGE] = { 15, 8 }, [PACK_SMALL] = { 12, 5 } };

int pack_begin(struct pack *p, enum pack_size size)
{
	*p = (struct pack){ 0 };
	p->on = deflateInit2(&p->z, Z_BEST_SPEED, Z_DEFLATED,
			pack_sizes[size].window + PACK_GZIP, pack_sizes[size].memory,
			Z_DEFAULT_STRATEGY) == Z_OK;
	return p->on ? 0 : -ENOMEM;
}

void pack_end(struct pack *p)
{
	if (p->on)
		deflateEnd(&p->z);
	p->on = false;
}

int pack_write(struct pack *p, struct buf *out, const char *text, size_t n, enum pack_how how)
{
	char block[PACK_BLOCK_BYTES];

	p->z.next_in = (Bytef *)text;
	p->z.avail_in = (uInt)n;
	do {
		p->z.next_out = (Bytef *)block;
		p->z.avail_out = sizeof(block);
		deflate(&p->z, how == PACK_FINISH ? Z_FINISH : Z_SYNC_FLUSH);
		buf_add(out, block, sizeof(block) - p->z.avail_out);
	} while (p->z.avail_out == 0);
	return buf_ok(out) ? 0 : -EMSGSIZE;
}
