/* SPDX-License-Identifier: MIT */
#ifndef EXPR_CODE_H
#define EXPR_CODE_H

#include "proto/expr.h"
#include "proto/rise.h"

/* What expr_parse.c writes and expr.c runs. */

enum expr_op { EXPR_LT, EXPR_LE, EXPR_GT, EXPR_GE, EXPR_EQ, EXPR_NE };

/* A group of processes is like a series, and it may rise as well. */
enum expr_kind { EXPR_NUMBER, EXPR_SERIES, EXPR_RISE, EXPR_WORD /* while parsing */ };

struct expr_operand {
	enum expr_kind kind;
	char name[SERIES_NAME_MAX]; /* of the series or the function; the word */
	enum metric_id metric;
	int series;	     /* index in the schema; -1 = not there */
	double factor;	     /* into the unit of the left side */
	struct rise *rise;   /* owned */
	struct group *group; /* whose sum it is; NULL = a series */
	double value;	     /* at the newest row; for ever, of a number */
	bool partial;	     /* it is at least so much */
};

struct expr_term {
	enum expr_op op;
	struct expr_operand left, right; /* the left one is no number */
	enum truth truth;		 /* at the newest row */
};

/* In postfix order: each takes truths from a stack and puts one back. */
enum expr_step_kind { STEP_TERM, STEP_NOT, STEP_AND, STEP_OR };

/* Nots, one for each comparison, and an and/or between any two. */
#define EXPR_NOTS_MAX 32
#define EXPR_STEPS_MAX (2 * EXPR_TERMS_MAX + EXPR_NOTS_MAX)

struct expr_step {
	enum expr_step_kind kind;
	unsigned term;
};

struct expr {
	struct expr_term terms[EXPR_TERMS_MAX];
	struct expr_step steps[EXPR_STEPS_MAX];
	struct group groups[EXPR_GROUPS_MAX];
	unsigned term_count, step_count, group_count;
};

/* The unit of what is no number. */
enum unit expr_unit(const struct expr_operand *operand);

/* The same comparison with its sides exchanged. */
enum expr_op expr_mirror(enum expr_op op);

#endif
