/* SPDX-License-Identifier: MIT */
#include "daemon/source/darwin/counters.h"

#include <stddef.h>

void counters_begin(struct counters *c)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < c->count; i++) {
		if (c->entries[i].seen)
			c->entries[kept++] = c->entries[i];
	}
	c->started = c->started || c->count > 0;
	c->count = kept;
	for (unsigned i = 0; i < c->count; i++)
		c->entries[i].seen = false;
}

void counters_abandon(struct counters *c)
{
	for (unsigned i = 0; i < c->count; i++)
		c->entries[i].seen = true;
}

struct counters_entry *counters_find(struct counters *c, uint64_t id)
{
	for (unsigned i = 0; i < c->count; i++)
		if (c->entries[i].id == id)
			return &c->entries[i];
	return NULL;
}

struct counters_entry *counters_make(struct counters *c, uint64_t id, unsigned bits)
{
	struct counters_entry *entry;

	if (c->count == COUNTERS_MAX)
		return NULL;
	entry = &c->entries[c->count++];
	*entry = (struct counters_entry){ .id = id, .bits = bits };
	return entry;
}

static uint64_t difference(uint64_t now, uint64_t last, unsigned bits)
{
	if (bits == 32)
		return (uint32_t)(now - last);
	return now > last ? now - last : 0;
}

void counters_add(struct counters *c, struct counters_entry *entry, const uint64_t now[2])
{
	for (unsigned i = 0; i < 2; i++) {
		if (entry->started)
			c->total[i] += difference(now[i], entry->last[i], entry->bits);
		else if (!c->started)
			c->total[i] += now[i];
		entry->last[i] = now[i];
	}
	entry->started = true;
	entry->seen = true;
}
