/* SPDX-License-Identifier: MIT */
#include "client/tail.h"

#include <stdlib.h>
#include <string.h>

#include "proto/alloc.h"

void tail_init(struct tail *t, size_t max)
{
	*t = (struct tail){ .max = max };
}

void tail_fini(struct tail *t)
{
	for (size_t i = 0; i < t->count; i++)
		free(t->lines[i]);
	free(t->lines);
	*t = (struct tail){ .max = t->max };
}

/* Where the next line goes.  Memory is taken as lines come, not for all that were asked for. */
static char **tail_place(struct tail *t)
{
	char **place;

	if (t->count == t->max) {
		place = &t->lines[t->oldest];
		t->oldest = (t->oldest + 1) % t->max;
		free(*place);
		return place;
	}
	if (t->count == t->cap) {
		t->cap = t->cap ? t->cap * 2 : 64;
		t->lines = xrealloc(t->lines, t->cap, sizeof(*t->lines));
	}
	return &t->lines[t->count++];
}

void tail_add(struct tail *t, const char *line, size_t n)
{
	char *copy = xcalloc(n + 1, 1);

	memcpy(copy, line, n);
	*tail_place(t) = copy;
}

const char *tail_get(const struct tail *t, size_t i)
{
	return t->lines[(t->oldest + i) % t->count];
}
