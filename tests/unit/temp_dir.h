/* SPDX-License-Identifier: MIT */
#ifndef TEMP_DIR_H
#define TEMP_DIR_H

#include <check.h>
#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A private folder of a test, short enough for sockets.  Results of temp_path last for a test.
 */
static char temp_dir[64];

static inline void temp_make(void)
{
	snprintf(temp_dir, sizeof(temp_dir), "/tmp/actop-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(temp_dir));
}

static inline int temp_remove_one(
	const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path);
}

static inline void temp_remove(void)
{
	nftw(temp_dir, temp_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static inline const char *temp_path(const char *name)
{
	static char paths[8][512];
	static unsigned next;
	char *path = paths[next++ % 8];

	snprintf(path, sizeof(paths[0]), "%s/%s", temp_dir, name);
	return path;
}

static inline void temp_write(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
}

/* How many names in the folder begin so. */
static inline unsigned temp_count(const char *prefix)
{
	DIR *dir = opendir(temp_dir);
	struct dirent *entry;
	unsigned count = 0;

	while (dir && (entry = readdir(dir)))
		if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0)
			count++;
	if (dir)
		closedir(dir);
	return count;
}

static inline unsigned temp_mode(const char *path)
{
	struct stat st;

	ck_assert_int_eq(lstat(path, &st), 0);
	return st.st_mode & 07777;
}

#endif
