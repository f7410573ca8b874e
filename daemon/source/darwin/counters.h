/* SPDX-License-Identifier: MIT */
#ifndef COUNTERS_H
#define COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Two counters of things that come and go (bytes in and out of interfaces and disks), added up
 * so that the sum never goes back: a thing that vanishes takes nothing with it, and one that
 * begins again from less is taken from there.  Pure.
 */
#define COUNTERS_MAX 64

struct counters_entry {
	uint64_t id;
	uint64_t last[2];
	unsigned bits; /* 64, or 32 for counters that wrap there */
	bool started;  /* last holds a reading */
	bool seen;     /* in this round */
	bool skip;     /* known, and not to be counted */
};

struct counters {
	unsigned count;
	struct counters_entry entries[COUNTERS_MAX];
	uint64_t total[2];
	bool started; /* the first round is over */
};

/* A new round: what is not added again until the next is forgotten. */
void counters_begin(struct counters *c);

/* The round could not be finished: what was not met is not forgotten. */
void counters_abandon(struct counters *c);

/* The entry of that id, NULL when it is new. */
struct counters_entry *counters_find(struct counters *c, uint64_t id);

/* Makes an entry of that width; NULL when there are too many. */
struct counters_entry *counters_make(struct counters *c, uint64_t id, unsigned bits);

/*
 * Adds a reading.  What is new in the first round counts from boot, what comes later from its
 * first reading on.
 */
void counters_add(struct counters *c, struct counters_entry *entry, const uint64_t now[2]);

#endif
