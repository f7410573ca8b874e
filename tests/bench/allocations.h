/* SPDX-License-Identifier: MIT */
/* How often a bench allocated.  Linked in, it stands before the C library's allocator. */
#ifndef BENCH_ALLOCATIONS_H
#define BENCH_ALLOCATIONS_H

/* Calls of malloc, calloc and realloc in this process so far. */
unsigned long allocations_count(void);

#endif
