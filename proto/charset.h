/* SPDX-License-Identifier: MIT */
#ifndef CHARSET_H
#define CHARSET_H

#include <stdbool.h>
#include <stdint.h>

/* Which symbols one place of a regular expression takes: bytes, and the two ends of a text. */
#define CHARSET_BEGIN 256
#define CHARSET_END 257
#define CHARSET_SYMBOLS 258

struct charset {
	uint64_t bits[(CHARSET_SYMBOLS + 63) / 64];
};

/*
 * Reads what stands for one character at *at (not empty): itself, "\x", ".", "[...]", or "^"
 * and
 * "$" for the ends; moves *at behind it.  ASCII letters take both cases.  NULL, or why not.
 */
const char *charset_read(struct charset *set, const char **at);

bool charset_has(const struct charset *set, unsigned symbol);

#endif
