/* SPDX-License-Identifier: MIT */
#ifndef FILL_H
#define FILL_H

#include "proto/buf.h"

#define FILL_WIDTH 79 /* the last column of a terminal of 80 stays empty */

/*
 * Appends words as a paragraph: lines of at most FILL_WIDTH columns, all but the first
 * indented. column is where the first line already is; it ends with LF.
 */
void fill_text(struct buf *out, const char *text, unsigned indent, unsigned column);

#endif
