/* SPDX-License-Identifier: MIT */
#ifndef CSV_H
#define CSV_H

#include <stddef.h>

#include "proto/buf.h"

/* Appends one field as RFC 4180 has it: quoted only where it holds a comma, a quote or a line
 * end. */
void csv_field(struct buf *out, const char *text, size_t n);

#endif
