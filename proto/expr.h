/* SPDX-License-Identifier: MIT */
#ifndef EXPR_H
#define EXPR_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/group.h"
#include "proto/schema.h"
#include "proto/why.h"

/*
 * Conditions over series: "bandwidth_pct >= 85 and thermal_state < Serious".
 *
 *   condition   and, or, not (also && || !) of comparisons, in parentheses where needed
 *   comparison  one of > >= < <= == != between two of: a series; a group of processes,
 *               footprint(REGEX) and the other functions of proto/group.h; rise(SERIES,
 *               WINDOW), its growth over a time such as 8s; a number, with a unit or in that of
 *               the series; a word of a state series, by its rank.  At least one is a series or
 *               a group.  A series that is true or false also stands alone.
 *
 * What is not known makes a comparison neither true nor false, and so a condition, unless the
 * rest of it decides.  A sum of which only a part is known decides what it can: it is at least
 * so much.  Pure; evaluating allocates nothing.
 */

#define EXPR_TEXT_MAX 1024 /* bytes */
#define EXPR_DEPTH_MAX 16  /* nested parentheses and nots */
#define EXPR_TERMS_MAX 32  /* comparisons; bits of expr_terms() */
#define EXPR_GROUPS_MAX 8  /* groups of processes */
#define EXPR_WINDOW_MAX_MS UINT64_C(86400000)

enum truth { TRUTH_FALSE, TRUTH_TRUE, TRUTH_UNKNOWN };

struct expr;

/*
 * Compiles the text, against the metric table alone.  0, or -EINVAL or, for a series that there
 * is not, -ENOENT, with why beginning "column N: "; *expr is then NULL.
 */
int expr_parse(struct expr **expr, const char *text, char why[WHY_MAX]);
void expr_free(struct expr *expr);

/*
 * Looks the series up in a schema whose rows are going to be evaluated; to be repeated when it
 * has grown.  Returns the name of the first series that it does not have, whose value stays
 * unknown; NULL when it has all.
 */
const char *expr_bind(struct expr *expr, const struct schema *schema);

/*
 * Evaluates one row of that schema; every row is to be shown, in order, for the sake of rise().
 * gap: there is a hole in time before the row.
 */
enum truth expr_eval(struct expr *expr, const double *values, uint64_t mono_ns, bool gap);

/* The series that the condition looks at, one after the other, some perhaps twice; NULL behind
 * the last. */
const char *expr_series(const struct expr *expr, unsigned i);

/*
 * Group i of the condition, from 0; NULL behind the last.  Its sum is not known until it is
 * set, and stays as it was set from row to row.
 */
const struct group *expr_group(const struct expr *expr, unsigned i);
void expr_set_group(struct expr *expr, unsigned i, struct group_sum sum);

/* The longest window of a rise() in it; 0 = there is none. */
uint64_t expr_window_ns(const struct expr *expr);

/* One comparison and its two sides at the newest row. */
struct expr_reading {
	const char *name; /* of its series, or the text of its group */
	int series;	  /* index in the schema; -1 = not there */
	bool rise;	  /* value is a growth */
	bool group;	  /* it is of a group of processes: there is no series */
	enum unit unit;	  /* of the values */
	int decimals;	  /* that mean something */
	double value;	  /* in the unit of the series; a rank for states; NaN = unknown */
	bool partial;	  /* it is at least so much */
	double threshold; /* the other side, likewise; 1 where the series stands alone */
};

/* The comparisons that have this truth at the newest row: bit i is comparison i. */
uint32_t expr_terms(const struct expr *expr, enum truth truth);

/* Which comparison decided the newest row: the first that is true, else the first that
 * is known, else the first. */
unsigned expr_decisive(const struct expr *expr);

/* Comparison i of the condition, from 0. */
struct expr_reading expr_reading(const struct expr *expr, unsigned i);

#endif
