/* SPDX-License-Identifier: MIT */
#ifndef HELLO_H
#define HELLO_H

#include <stdbool.h>

#include "client/message.h"
#include "proto/buf.h"

/*
 * Appends one line that names the machine: "Mac16,8, Apple M4 Pro, macos 26.5, up 3d04h,
 * sampled every 1 s".  A machine that is not real is said to be simulated.  No LF.
 */
void hello_describe(const struct message *hello, struct buf *out);

/* Whether the daemon has that capability: an op, or one of the other words of "caps". */
bool hello_can(const struct message *hello, const char *cap);

#endif
