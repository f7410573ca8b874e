/* SPDX-License-Identifier: MIT */
#ifndef MATCHER_H
#define MATCHER_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A regular expression from a stranger: POSIX extended, case-insensitive for ASCII, bytes,
 * found anywhere.  Not regcomp(): glibc's takes exponential time to compile short expressions
 * with anchors and loops ("^a*++++++"), and this one runs in the daemon's loop.  Here compiling
 * is bounded by MATCHER_STEPS_MAX and a match costs at most the text's length times
 * MATCHER_COST_MAX, whatever the expression is (Glushkov's automaton, all states at once).
 *
 * Known: | ( ) * + ? {m} {m,} {m,n} . [ ] with ranges, [^ ] and [:class:], ^ $, and \ before
 * what is neither letter nor digit.  Refused, with the reason: back-references, [. .], [= =], a
 * repetition of nothing or of a repetition, and an expression of more than MATCHER_COST_MAX
 * characters when x{3} is written out as xxx.
 */
#define MATCHER_PATTERN_MAX 256
#define MATCHER_COST_MAX 256
#define MATCHER_STEPS_MAX 4096
#define MATCHER_DEPTH_MAX 16  /* of parentheses */
#define MATCHER_TEXT_MAX 1024 /* bytes; of a longer text the rest is not looked at */
#define MATCHER_WHY_MAX 96    /* bytes of a reason, NUL included */

struct matcher;

/* NULL, with why (MATCHER_WHY_MAX bytes) saying what is wrong, when it is none. */
struct matcher *matcher_new(const char *pattern, char *why);
void matcher_free(struct matcher *matcher); /* NULL is allowed */

bool matcher_matches(const struct matcher *matcher, const char *text);

#endif
