/* SPDX-License-Identifier: MIT */
#ifndef PACK_H
#define PACK_H

#include <stddef.h>
#include <zlib.h>

#include "proto/buf.h"

/* gzip, for an answer that is complete and for one that grows. */
struct pack {
	z_stream z;
	bool on; /* begun and not yet ended */
};

/* A stream lives long and there are many: 40 KiB each instead of 256. */
enum pack_size { PACK_LARGE, PACK_SMALL };

enum pack_how {
	PACK_FLUSH, /* everything so far can be read */
	PACK_FINISH /* and nothing follows */
};

/* 0, or -ENOMEM. */
int pack_begin(struct pack *p, enum pack_size size);
void pack_end(struct pack *p);

/* Appends the packed bytes to out.  0, or -EMSGSIZE when out is full. */
int pack_write(struct pack *p, struct buf *out, const char *text, size_t n, enum pack_how how);

#endif
