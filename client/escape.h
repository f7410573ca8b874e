/* SPDX-License-Identifier: MIT */
#ifndef ESCAPE_H
#define ESCAPE_H

#include <stddef.h>

#include "proto/buf.h"

/* Most bytes that one byte becomes. */
#define ESCAPE_GROWTH 4

/*
 * Appends text as it may be shown on a terminal: what a terminal would obey or what hides the
 * order of characters becomes visible.  C0, DEL and invalid UTF-8 become \xHH; C1 controls and
 * the bidirectional controls (U+202A to U+202E, U+2066 to U+2069) become \u{H}.
 */
void escape_text(struct buf *out, const char *text, size_t n);

/*
 * The same for a line of JSON, which stays JSON of the same meaning: DEL, C1 and the
 * bidirectional controls become \uHHHH.  (C0 and invalid UTF-8 are refused before, see
 * message_parse().)
 */
void escape_json(struct buf *out, const char *line, size_t n);

/* Columns that text takes on a terminal: its characters; wide ones are not known here. */
size_t escape_width(const char *text, size_t n);

#endif
