/* SPDX-License-Identifier: MIT */
#include "daemon/memory.h"

#include <uv.h>

#include "proto/alloc.h"

static void *memory_get(size_t size)
{
	return xcalloc(1, size);
}

static void *memory_resize(void *p, size_t size)
{
	return xrealloc(p, 1, size);
}

void memory_share(void)
{
	uv_replace_allocator(memory_get, memory_resize, xcalloc, free);
}
