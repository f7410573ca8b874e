/* SPDX-License-Identifier: MIT */
#include "daemon/source/linux/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/source/linux/procfile.h"
#include "proto/alloc.h"

/*
 * The kernel's seq_file fills one page per read and never splits a record over two reads.  What
 * leaves more room in its page than any record of the files read here takes was the last one,
 * which saves the read that would only say so.
 */
#define FILE_PAGE 4096
#define FILE_RECORD_MAX 1024

static int file_open_path(struct file *f)
{
	f->fd = open(f->path, O_RDONLY | O_CLOEXEC);
	f->error = f->fd < 0 ? -errno : 0;
	f->wait = FILE_RETRY_READS;
	return f->error;
}

/* 0, or -ENAMETOOLONG with path empty. */
__attribute__((format(printf, 2, 0))) static int file_path(
	char path[FILE_PATH_MAX], const char *format, va_list args)
{
	int length = vsnprintf(path, FILE_PATH_MAX, format, args);

	if (length > 0 && length < FILE_PATH_MAX)
		return 0;
	path[0] = '\0';
	return -ENAMETOOLONG;
}

int file_open(struct file *f, const char *format, ...)
{
	char path[FILE_PATH_MAX];
	va_list args;
	int rc;

	va_start(args, format);
	rc = file_path(path, format, args);
	va_end(args);
	*f = (struct file){ .error = rc };
	if (rc < 0)
		return rc;
	f->path = xstrdup(path);
	return file_open_path(f);
}

void file_close(struct file *f)
{
	if (file_is_open(f))
		close(f->fd);
	free(f->path);
	*f = (struct file){ 0 };
}

bool file_is_open(const struct file *f)
{
	return f->path && f->fd >= 0;
}

/* 0 when the file is open or could be opened now. */
static int file_ready(struct file *f)
{
	if (file_is_open(f))
		return 0;
	if (!f->path)
		return -ENOENT;
	if (f->wait > 0) {
		f->wait--;
		return f->error;
	}
	return file_open_path(f);
}

/* A descriptor whose device is gone never comes back to life, not even under the same name. */
static int file_fail(struct file *f, int code)
{
	if (code != ENODEV && code != ENXIO)
		return -code;
	close(f->fd);
	f->fd = -1;
	f->error = -code;
	f->wait = FILE_RETRY_READS;
	return -code;
}

static ssize_t file_pread(struct file *f, char *buf, size_t size, off_t offset)
{
	ssize_t n;

	do
		n = pread(f->fd, buf, size, offset);
	while (n < 0 && errno == EINTR);
	return n < 0 ? file_fail(f, errno) : n;
}

int file_read(struct file *f, char *buf, size_t size)
{
	int rc = file_ready(f);
	ssize_t n = rc < 0 ? rc : file_pread(f, buf, size - 1, 0);

	buf[n < 0 ? 0 : n] = '\0';
	return (int)n;
}

/* Hands out the whole lines of buf and moves what is left to its front; -1 = stop. */
static ssize_t file_split(char *buf, size_t length, file_line each, void *arg)
{
	struct text rest = text_of(buf, length), line;
	size_t left;

	while (text_take_line(&rest, &line, false))
		if (!each(arg, line))
			return -1;
	left = (size_t)(rest.end - rest.at);
	memmove(buf, rest.at, left);
	return (ssize_t)left;
}

int file_read_lines(struct file *f, char *buf, size_t size, file_line each, void *arg)
{
	int rc = file_ready(f);
	ssize_t kept = 0, n = 0;
	off_t offset = 0;

	if (rc < 0)
		return rc;
	do {
		n = file_pread(f, buf + kept, size - (size_t)kept, offset);
		if (n <= 0)
			return (int)n;
		offset += n;
		kept = file_split(buf, (size_t)(kept + n), each, arg);
		if (kept < 0)
			return 0;
		if ((size_t)kept == size)
			return -EOVERFLOW;
	} while (n > FILE_PAGE - FILE_RECORD_MAX);
	return 0;
}

int file_read_number(struct file *f, int64_t *value)
{
	char buf[FILE_NUMBER_MAX];
	int n = file_read(f, buf, sizeof(buf));

	if (n < 0)
		return n;
	return procfile_parse_number(text_of(buf, (size_t)n), value) ? 0 : -EBADMSG;
}

static int file_load_path(char *buf, size_t size, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t length = 0;
	ssize_t n;

	buf[0] = '\0';
	if (fd < 0)
		return -errno;
	do {
		n = read(fd, buf + length, size - 1 - length);
		length += n > 0 ? (size_t)n : 0;
	} while (n > 0 && length < size - 1);
	n = n < 0 ? -errno : 0;
	close(fd);
	while (length > 0 && (buf[length - 1] == '\n' || buf[length - 1] == '\0'))
		length--;
	buf[length] = '\0';
	return n < 0 ? (int)n : (int)length;
}

int file_load(char *buf, size_t size, const char *format, ...)
{
	char path[FILE_PATH_MAX];
	va_list args;
	int rc;

	va_start(args, format);
	rc = file_path(path, format, args);
	va_end(args);
	buf[0] = '\0';
	return rc < 0 ? rc : file_load_path(buf, size, path);
}

int file_load_number(int64_t *value, const char *format, ...)
{
	char path[FILE_PATH_MAX], buf[FILE_NUMBER_MAX];
	va_list args;
	int rc;

	va_start(args, format);
	rc = file_path(path, format, args);
	va_end(args);
	if (rc == 0)
		rc = file_load_path(buf, sizeof(buf), path);
	if (rc < 0)
		return rc;
	return procfile_parse_number(text_of(buf, (size_t)rc), value) ? 0 : -EBADMSG;
}

bool file_exists(const char *format, ...)
{
	char path[FILE_PATH_MAX];
	va_list args;
	int rc;

	va_start(args, format);
	rc = file_path(path, format, args);
	va_end(args);
	return rc == 0 && access(path, F_OK) == 0;
}

int file_load_link(char *buf, size_t size, const char *format, ...)
{
	char path[FILE_PATH_MAX];
	ssize_t n = -1;
	va_list args;
	int rc;

	va_start(args, format);
	rc = file_path(path, format, args);
	va_end(args);
	if (rc == 0) {
		n = readlink(path, buf, size - 1);
		rc = n < 0 ? -errno : (int)n;
	}
	buf[n < 0 ? 0 : n] = '\0';
	return rc;
}

static int names_select(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int names_load(struct names *names, const char *format, ...)
{
	struct dirent **entries = NULL;
	char path[FILE_PATH_MAX];
	va_list args;
	int n;

	va_start(args, format);
	n = file_path(path, format, args);
	va_end(args);
	*names = (struct names){ NULL, 0 };
	if (n == 0)
		n = scandir(path, &entries, names_select, versionsort);
	if (n < 0)
		return path[0] ? -errno : n;
	names->at = xcalloc((size_t)n + 1, sizeof(*names->at));
	for (int i = 0; i < n; i++) {
		names->at[names->count++] = xstrdup(entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return 0;
}

void names_free(struct names *names)
{
	for (unsigned i = 0; i < names->count; i++)
		free(names->at[i]);
	free(names->at);
	*names = (struct names){ NULL, 0 };
}
