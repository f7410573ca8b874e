/* SPDX-License-Identifier: MIT */
#ifndef PAGE_H
#define PAGE_H

#include <stddef.h>

/* The page at "/": client/serve/page/, put together into one file and into the program by the
 * Makefile. */

extern const char page_text[];
extern const size_t page_bytes;

#endif
