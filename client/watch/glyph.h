/* SPDX-License-Identifier: MIT */
#ifndef GLYPH_H
#define GLYPH_H

#include <stddef.h>
#include <stdint.h>

/* Characters of the dashboard, as code points.  Pure. */

#define GLYPH_BRAILLE 0x2800u
#define GLYPH_BYTES_MAX 4

/* The next character of text and how many bytes it has; one that is no UTF-8 is U+FFFD, of one
 * byte.  0 at the end. */
uint32_t glyph_next(const char *text, size_t *bytes);

/* Columns that it takes: 0, 1 or 2. */
unsigned glyph_width(uint32_t glyph);

/* What stands for it where there is nothing but ASCII. */
char glyph_ascii(uint32_t glyph);

/* Writes it as UTF-8.  Returns the bytes. */
size_t glyph_encode(char to[GLYPH_BYTES_MAX], uint32_t glyph);

#endif
