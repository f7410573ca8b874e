/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_H
#define CAPTURE_H

#include <stdint.h>

#include "proto/buf.h"

#define CAPTURE_NOT_RUN 127 /* no such program, or it cannot be run */

/*
 * Runs argv (found as a shell finds it, no input) and appends what it writes to stdout and
 * stderr to out, up to out's limit; the rest is read and dropped.  Returns its exit code, 128 +
 * the signal that ended it, CAPTURE_NOT_RUN, or -errno: -ETIMEDOUT where it was killed because
 * it took longer than timeout_ms.
 */
int capture_run(struct buf *out, const char *const *argv, int64_t timeout_ms);

#endif
