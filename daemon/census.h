/* SPDX-License-Identifier: MIT */
#ifndef CENSUS_H
#define CENSUS_H

#include "daemon/crowd.h"
#include "daemon/roster.h"
#include "daemon/share.h"
#include "proto/expr.h"

/*
 * Counts the groups of processes that alert rules ask about, "footprint(ollama|mlx)", in a walk
 * that is made for them or for somebody else at the time (daemon/survey.h).  A process belongs
 * to a group when the regular expression matches its name, or else its command line where this
 * daemon may read it.  What was counted is told to the rules until the next walk, or until it
 * is too old.  Pure.
 */

/* Between two walks for rules: one that waits for half a minute is right to a sixth of it, and
 * 150 processes with their footprints, 7 ms on a slow and busy machine, are 0.15 % of a core.
 */
#define CENSUS_MS 5000

/* What is older is not known any more: walks fail, or take too long. */
#define CENSUS_STALE_MS (4 * CENSUS_MS)

/* Different regular expressions of all rules together. */
#define CENSUS_GROUPS_MAX 16

struct census;

struct census *census_new(void);
void census_free(struct census *census); /* NULL is allowed */

/* Adds the groups of a condition (NULL = none).  False when there are too many. */
bool census_add(struct census *census, const struct expr *expr);

/* What is told of groups that an earlier census has as well goes on to be told. */
void census_adopt(struct census *fresh, const struct census *old);

bool census_is_empty(const struct census *census);

/* What must be known of every process: 1 << enum process_want. */
unsigned census_wants(const struct census *census);

/* The walk to count; complete: it has every process there is. */
struct census_walk {
	const struct crowd *crowd;
	const struct share *share;
	const struct roster_commands *commands;
	bool complete;
};

/* On any one thread, while the others leave what is counted alone. */
void census_count(struct census *census, const struct census_walk *walk);

/* From now on what was counted last is told: at_ns is the awake time of its walk. */
void census_tell(struct census *census, uint64_t at_ns);

/* There was a hole in time: what is told is not known any more. */
void census_forget(struct census *census);

/* Sets the sums of the groups of a condition, as of an awake time. */
void census_fill(const struct census *census, struct expr *expr, uint64_t now_ns);

#endif
