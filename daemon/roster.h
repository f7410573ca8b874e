/* SPDX-License-Identifier: MIT */
#ifndef ROSTER_H
#define ROSTER_H

#include "daemon/crowd.h"
#include "daemon/share.h"
#include "proto/matcher.h"
#include "proto/words.h"

/*
 * Which processes an answer is about, and in which order.  Pure.
 */

#define ROSTER_LIMIT_MAX 1000
#define ROSTER_ANY_PID (-1)

/* What somebody asks for. */
struct roster_query {
	enum sort sort;
	unsigned limit; /* 1 to ROSTER_LIMIT_MAX */
	char *match;	/* owned; NULL = every name */
	struct matcher *matcher;
	int64_t pid;	 /* or ROSTER_ANY_PID */
	bool tree;	 /* with the descendants of those that are chosen */
	uint32_t user;	 /* or PROCESS_UNKNOWN_UID for all */
	uint32_t viewer; /* uid of who asks: others' command lines are none of its business */
};

bool roster_query_equals(const struct roster_query *a, const struct roster_query *b);
void roster_query_fini(struct roster_query *query);

/* What must be known of every process before they can be chosen and put in order: bits of enum
 * process_want. */
unsigned roster_wants(const struct roster_query *query);

/* Whether who asks may see the command line of that process. */
bool roster_may_see(const struct roster_query *query, const struct process *p);

struct roster_pick {
	double key;
	int32_t pid;
	uint32_t row;
};

/* Those that were chosen; the first `count` of picks are to be sent. */
struct roster {
	struct roster_pick *picks;
	unsigned count, capacity;
	unsigned total, restricted; /* of all that were chosen, sent or not */
};

/* Where command lines come from, for match; NULL text = not to be had. */
struct roster_commands {
	void *arg;
	const char *(*get)(void *arg, const struct process *p);
};

/*
 * Chooses by pid, user and match; then, with tree, adds the descendants of what was chosen (a
 * process belongs to its parent and to the one that is responsible for it).  match is looked
 * for in the name, then in the command line where it may be seen.  Ordered by sort, the
 * greatest first and what is unknown last (by cpu and watts, those without a difference by
 * their CPU time so far); equal ones, and all of sort pid, by pid.
 */
void roster_choose(struct roster *roster, struct crowd *crowd, const struct share *share,
	const struct roster_query *query, const struct roster_commands *commands);
void roster_fini(struct roster *roster);

#endif
