/* SPDX-License-Identifier: MIT */
#ifndef TAIL_H
#define TAIL_H

#include <stddef.h>
#include <stdint.h>

/* Keeps the last lines of many. */
struct tail {
	char **lines; /* NUL-terminated */
	size_t count, cap, max;
	size_t oldest; /* once count is max */
};

void tail_init(struct tail *t, size_t max);
void tail_fini(struct tail *t);
void tail_add(struct tail *t, const char *line, size_t n);

/* The i-th of t->count, the oldest is 0. */
const char *tail_get(const struct tail *t, size_t i);

#endif
