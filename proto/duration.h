/* SPDX-License-Identifier: MIT */
#ifndef DURATION_H
#define DURATION_H

#include <stddef.h>
#include <stdint.h>

#include "proto/why.h"

#define DURATION_TEXT_MAX 64

/*
 * Reads "90s", "1h30m", "250ms": numbers (digits, optionally a fraction) each with one of the
 * units ms s m h d w, added up.  0, or -EINVAL with why saying what is expected; a bare number
 * is such an error, except 0.
 */
int duration_parse(uint64_t *ms, const char *text, char why[WHY_MAX]);

/* "5m" for "5min", "10s" for "10 Seconds": what a number with a word behind it may be meant to
 * be; NULL where the word is none for a time, or where the text is already so.  Returns to. */
const char *duration_guess(char to[DURATION_TEXT_MAX], const char *text);

/* Prints the shortest exact form ("90s" is printed "1m30s"; weeks are told in days);
 * 0 is "0".  Returns to. */
const char *duration_format(char to[DURATION_TEXT_MAX], uint64_t ms);

#endif
