/* SPDX-License-Identifier: MIT */
#ifndef TARGET_H
#define TARGET_H

#include <stdbool.h>
#include <stdio.h>

#include "client/options.h"

/*
 * A file that is written under another name in the same folder and gets its own only when it is
 * complete.  Until then signals that would end the program wait, so that nothing is left
 * behind: the writer asks now and then whether one does.  What is there and is no regular file
 * (a device, a pipe) is written as it is.
 */

#define TARGET_PATH_MAX 4096

struct target {
	FILE *file;
	const char *path;	       /* borrowed */
	char partial[TARGET_PATH_MAX]; /* "" = it is written as it is */
};

/* 0 or -errno. */
int target_open(struct target *t, const char *path);

/* Whether the user wants the program to end. */
bool target_interrupted(void);

/* Makes it durable and gives it its name.  0 or -errno, with nothing left either way. */
int target_commit(struct target *t);
void target_abandon(struct target *t);

/* The name to write under: "dir/.name.XXXXXX".  0 or -ENAMETOOLONG.  Pure. */
int target_partial_name(const char *path, char to[TARGET_PATH_MAX]);

/* By suffix: ".csv", ".ndjson", ".jsonl" or ".json", unless one is given; FILE_AUTO = not told.
 * Pure. */
enum file_format target_format(const char *path, enum file_format given);

#endif
