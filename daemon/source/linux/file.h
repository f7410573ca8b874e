/* SPDX-License-Identifier: MIT */
#ifndef FILE_H
#define FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/source/linux/text.h"

/* A file that was gone is looked for again after so many reads. */
#define FILE_RETRY_READS 60

#define FILE_PATH_MAX 512  /* of a whole path, root and NUL included */
#define FILE_NUMBER_MAX 64 /* of a file that holds one number or word, NUL included */

/*
 * One file of /proc or /sys that stays open and is read again and again from its start.
 * One full of zeros is a file that this machine does not have.
 */
struct file {
	char *path;    /* owned; NULL = no such file */
	int fd;	       /* -1 = not open */
	unsigned wait; /* reads to skip until it is looked for again */
	int error;     /* of the last attempt to open it: 0 or -errno */
};

/*
 * Opens the file whose path is made from format.  -errno when that fails; the file may be read
 * all the same, and is looked for again every FILE_RETRY_READS reads.
 */
__attribute__((format(printf, 2, 3))) int file_open(struct file *f, const char *format, ...);
void file_close(struct file *f);

/* Whether it could be opened. */
bool file_is_open(const struct file *f);

/*
 * Reads up to size - 1 bytes from the start with one pread and ends them with NUL; returns
 * their number or -errno.  Enough for files that the kernel makes in one piece (all of sysfs,
 * /proc/stat, meminfo, loadavg, pressure).
 */
int file_read(struct file *f, char *buf, size_t size);

/*
 * Reads all of a file that the kernel hands out record by record (/proc/diskstats, net/dev,
 * vmstat), each whole line to each(), which returns false to stop.  size (at least 8192) bounds
 * the length of a line.  0 or -errno.
 */
typedef bool (*file_line)(void *arg, struct text line);
int file_read_lines(struct file *f, char *buf, size_t size, file_line each, void *arg);

/* Reads a file that holds one decimal number.  -EBADMSG when it does not. */
int file_read_number(struct file *f, int64_t *value);

/* ---- once, at open ---- */

/* Reads a whole small file; the newlines at its end are cut.  Returns its length or -errno. */
__attribute__((format(printf, 3, 4))) int file_load(
	char *buf, size_t size, const char *format, ...);
__attribute__((format(printf, 2, 3))) int file_load_number(
	int64_t *value, const char *format, ...);
__attribute__((format(printf, 1, 2))) bool file_exists(const char *format, ...);

/* Reads a link; -errno when it is none. */
__attribute__((format(printf, 3, 4))) int file_load_link(
	char *buf, size_t size, const char *format, ...);

/* The names in a folder, in natural order (hwmon2 before hwmon10), "." and ".." left out. */
struct names {
	char **at;
	unsigned count;
};

__attribute__((format(printf, 2, 3))) int names_load(
	struct names *names, const char *format, ...);
void names_free(struct names *names);

#endif
