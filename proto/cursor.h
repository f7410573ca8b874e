/* SPDX-License-Identifier: MIT */
#ifndef CURSOR_H
#define CURSOR_H

#include <stdbool.h>
#include <stdint.h>

/* "EPOCH:SEQ" and its NUL: 16 hex digits, a colon, at most 16 digits. */
#define CURSOR_TEXT_MAX 34

/*
 * A cursor names the last sample (or event) that a reader has: 16 lowercase hex digits, a
 * colon, and a decimal number of at most 2^53 - 1 without leading zeros.  Anything else is
 * refused.
 */
bool cursor_parse(const char *text, uint64_t *epoch, uint64_t *seq);
void cursor_format(char to[CURSOR_TEXT_MAX], uint64_t epoch, uint64_t seq);

#endif
