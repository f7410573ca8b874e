/* SPDX-License-Identifier: MIT */
#include "client/bookmark.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int bookmark_read(const char *path, char cursor[CURSOR_TEXT_MAX])
{
	char text[CURSOR_TEXT_MAX + 1];
	uint64_t epoch, seq;
	FILE *file = fopen(path, "re");
	int rc = 0;

	if (!file)
		return -errno;
	if (!fgets(text, sizeof(text), file))
		rc = ferror(file) ? -EIO : -EINVAL;
	fclose(file);
	if (rc < 0)
		return rc;
	text[strcspn(text, "\n")] = '\0';
	if (!cursor_parse(text, &epoch, &seq))
		return -EINVAL;
	cursor_format(cursor, epoch, seq);
	return 0;
}

static int bookmark_fill(const char *path, const char *cursor)
{
	FILE *file = fopen(path, "we");
	int rc = 0;

	if (!file)
		return -errno;
	if (fprintf(file, "%s\n", cursor) < 0)
		rc = -EIO;
	if (fclose(file) != 0 && rc == 0)
		rc = -errno;
	return rc;
}

int bookmark_write(const char *path, const char *cursor)
{
	char temporary[PATH_MAX];
	int n = snprintf(temporary, sizeof(temporary), "%s.new", path), rc;

	if (n < 0 || (size_t)n >= sizeof(temporary))
		return -ENAMETOOLONG;
	rc = bookmark_fill(temporary, cursor);
	if (rc == 0 && rename(temporary, path) < 0)
		rc = -errno;
	if (rc < 0)
		unlink(temporary);
	return rc;
}
