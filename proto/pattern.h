/* SPDX-License-Identifier: MIT */
#ifndef PATTERN_H
#define PATTERN_H

#include <stdbool.h>

#define PATTERN_MAX 128 /* bytes, without the NUL */

/*
 * Patterns of metric names: "*" is any run of characters (none too) inside one segment, "**"
 * any run, dots included; three or more stars are two.  Everything else stands for itself.
 */

/*
 * Linear in the length of both, whatever the stars.  A pattern that is not valid may match
 * nothing.
 */
bool pattern_match(const char *pattern, const char *name);

/* No star: it names one metric. */
bool pattern_is_exact(const char *pattern);

/* 1 to PATTERN_MAX characters of [A-Za-z0-9_.*-]. */
bool pattern_is_valid(const char *pattern);

#endif
