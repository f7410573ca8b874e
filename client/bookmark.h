/* SPDX-License-Identifier: MIT */
#ifndef BOOKMARK_H
#define BOOKMARK_H

#include "proto/cursor.h"

/* A file that holds the cursor of the last line that was printed ("EPOCH:SEQ"). */

/* 0, -ENOENT (no such file yet), -EINVAL (it holds something else) or -errno. */
int bookmark_read(const char *path, char cursor[CURSOR_TEXT_MAX]);

/* Replaces the file as a whole, so that it is never half written.  0 or -errno. */
int bookmark_write(const char *path, const char *cursor);

#endif
