/* SPDX-License-Identifier: MIT */
#ifndef EXPR_SIDE_H
#define EXPR_SIDE_H

#include <errno.h>

#include "proto/expr_code.h"
#include "proto/quantity.h"

/* The words of a condition and the sides of its comparisons; for expr_parse.c. */

/* Where the parse is. */
struct expr_parser {
	const char *text, *at;
	struct expr *expr;
	char *why; /* WHY_MAX bytes */
	unsigned depth, nots;
};

/* A side of a comparison, before it is known what it is compared with. */
struct expr_side {
	struct expr_operand operand;
	const struct quantity_unit *unit; /* written behind a number; NULL = none */
	uint64_t window_ms;		  /* of a rise */
	const char *at;
};

/* Says what is wrong at a place of the text.  Returns -EINVAL. */
#define expr_fail(p, at, ...) expr_place(p, at, why_set((p)->why, -EINVAL, __VA_ARGS__))

/* Puts the column in front of the message.  Returns code. */
int expr_place(struct expr_parser *p, const char *at, int code);

/* Says that there is no such series, and which one may be meant. */
int expr_fail_name(struct expr_parser *p, const char *at, const char *name);

/* Skips white space. */
void expr_skip(struct expr_parser *p);

/* Takes a keyword or its symbol, whichever stands there. */
bool expr_take(struct expr_parser *p, const char *word, const char *symbol);

/* Takes a name, which is that of a series or any word. */
int expr_parse_name(struct expr_parser *p, struct expr_side *side);

/* Takes a rise or a group of processes and sets rc; false = none stands there. */
bool expr_parse_call(struct expr_parser *p, struct expr_side *side, int *rc);

/* Takes a series, a rise, a group of processes, a number with its unit, or a word, whose
 * meaning is open. */
int expr_parse_side(struct expr_parser *p, struct expr_side *side);

#endif
