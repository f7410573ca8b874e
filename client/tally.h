/* SPDX-License-Identifier: MIT */
#ifndef TALLY_H
#define TALLY_H

#include "client/message.h"
#include "proto/buf.h"
#include "proto/json.h"

/* What a group of processes has used in a stretch of time, from the lists of its processes.
 * Pure.
 */
struct tally {
	const char *match;	/* borrowed; NULL = the tree of a child of this process */
	int64_t root;		/* its pid */
	bool seen;		/* a list had it */
	int64_t self;		/* see client/muster.h */
	int64_t from_ms, to_ms; /* Unix times of the daemon; only what lies between them counts,
				 * and nothing before they are set */
	double most_bytes;	/* footprint, at a look; NaN = not known */
	double most;		/* processes at a look */
	double seconds;		/* for which rates are known */
	double cpu_s, gpu_s, joules;
	bool cpu_known, gpu_known, joules_known;
	bool partial;	/* of some of the group not all was known */
	bool estimated; /* joules */
};

void tally_init(struct tally *t, const char *match);

/* Takes the next list.  True when it is of the end, or behind it, or the child is gone. */
bool tally_take(struct tally *t, const struct message *list);

/* Appends a line of a report for people, or the members of an object. */
void tally_write(const struct tally *t, struct buf *out);
void tally_write_json(const struct tally *t, struct json *j);

#endif
