/* SPDX-License-Identifier: MIT */
#ifndef PRETTY_H
#define PRETTY_H

#include <stddef.h>

#include "proto/buf.h"

/* Appends JSON with one member or element per line, indented by two spaces.  Numbers and
 * strings stay byte for byte what they were.  No LF at the end. */
void pretty_json(struct buf *out, const char *json, size_t n);

#endif
