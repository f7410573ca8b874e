/* SPDX-License-Identifier: MIT */
#ifndef UTF8_H
#define UTF8_H

#include <stddef.h>

/*
 * Length (1 to 4) of the well-formed UTF-8 sequence (RFC 3629: no overlong form, no surrogate,
 * nothing above U+10FFFF) at the start of s, which holds n > 0 bytes; 0 when there is none.
 */
size_t utf8_sequence(const char *s, size_t n);

/*
 * Copies text into to (size bytes, NUL included, at least 4), each byte that is not part of a
 * well-formed sequence replaced by U+FFFD; cut between characters where it does not fit.
 */
void utf8_clean(char *to, size_t size, const char *text);

#endif
