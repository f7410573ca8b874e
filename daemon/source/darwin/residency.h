/* SPDX-License-Identifier: MIT */
#ifndef RESIDENCY_H
#define RESIDENCY_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/source/darwin/channel.h"
#include "daemon/source/darwin/dvfs.h"

/*
 * Where a core, a cluster or the GPU spent its time between two reads.  Time is counted by the
 * hardware for each state since boot; here the differences are taken and summed up.  Pure.
 */
#define RESIDENCY_STATES_MAX 72

struct residency {
	unsigned count;
	enum state_class class[RESIDENCY_STATES_MAX];
	uint8_t entry[RESIDENCY_STATES_MAX]; /* of active states: their place in the table */
	int64_t last[RESIDENCY_STATES_MAX], spent[RESIDENCY_STATES_MAX];
	bool started; /* last holds a reading */
	bool valid;   /* spent holds a difference */
};

/* Ticks of one read, of one core or added up over several. */
struct residency_sum {
	double total, active;
	double weighted;  /* MHz x ticks over the active states */
	double thirds[3]; /* active ticks in the lowest, middle and highest third of the table
			   */
	bool outside;	  /* time was spent in a state that the table has no entry for */
};

/* Adds a state; beyond RESIDENCY_STATES_MAX it is left out and false returned. */
bool residency_add_state(struct residency *r, const char *name);

/* How many active states there are. */
unsigned residency_actives(const struct residency *r);

/* Takes one reading, r->count ticks.  A counter that went back makes it a new beginning. */
void residency_feed(struct residency *r, const int64_t *ticks);

/* Forgets the last reading. */
void residency_drop(struct residency *r);

/* Adds to sum what was spent; false when that is not known or no time passed. */
bool residency_sum(
	const struct residency *r, const struct dvfs_table *table, struct residency_sum *sum);

/* Whether the counter of idle time has ever moved: where it has not, it is no such counter. */
bool residency_has_idled(const struct residency *r);

#endif
