/* SPDX-License-Identifier: MIT */
#ifndef ALLOC_H
#define ALLOC_H

#include <stddef.h>
#include <stdlib.h>

/*
 * Allocation that does not return NULL: what the daemon keeps is bounded by named limits, so
 * running out of memory means that the machine has none left, and the only honest end is
 * abort() with a line on stderr.  Freed with free().
 */
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *p, size_t count, size_t size); /* count x size, overflow checked */
char *xstrdup(const char *s);

#endif
