/* SPDX-License-Identifier: MIT */
#ifndef MATCHER_H
#define MATCHER_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A regular expression from a stranger: POSIX extended (regcomp), case-insensitive, found
 * anywhere.  What would cost much is refused before it is compiled, because libraries write
 * x{255} out 255 times: the expression, written out so, is at most MATCHER_COST_MAX atoms, and
 * back-references, which cost exponential time, are refused.  Texts are cut at
 * MATCHER_TEXT_MAX bytes.
 */
#define MATCHER_PATTERN_MAX 256
#define MATCHER_COST_MAX 256
#define MATCHER_DEPTH_MAX 16 /* of parentheses */
#define MATCHER_TEXT_MAX 1024
#define MATCHER_WHY_MAX 96 /* bytes of a reason, NUL included */

struct matcher;

/* NULL, with why (MATCHER_WHY_MAX bytes) saying what is wrong, when it is none. */
struct matcher *matcher_new(const char *pattern, char *why);
void matcher_free(struct matcher *matcher); /* NULL is allowed */

bool matcher_matches(const struct matcher *matcher, const char *text);

#endif
