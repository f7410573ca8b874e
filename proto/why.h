/* SPDX-License-Identifier: MIT */
#ifndef WHY_H
#define WHY_H

/*
 * What went wrong with a text, for people, in one line without a full stop or newline: an array
 * of WHY_MAX bytes that functions which parse fill.  What does not fit is cut.
 */
#define WHY_MAX 512

/* Sets the text and returns code, so that functions can end with it. */
__attribute__((format(printf, 3, 4))) int why_set(
	char why[WHY_MAX], int code, const char *format, ...);

/* Puts a formatted text in front of what is there. */
__attribute__((format(printf, 2, 3))) void why_prefix(
	char why[WHY_MAX], const char *format, ...);

#endif
