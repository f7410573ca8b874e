/* SPDX-License-Identifier: MIT */
#include "daemon/log.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "proto/utf8.h"

#define LOG_PATH_MAX 1024
#define LOG_DATE_MAX 32			/* and what ends the line */
#define LOG_HEAD_MAX 64			/* "level module: " */
#define LOG_TEXT_MAX (4 * LOG_LINE_MAX) /* every byte escaped */

/* The program's one mutable static: threads that report a failure must not need a handle. */
static struct {
	pthread_mutex_t mutex;
	int fd;
	int given; /* by log_init: where the log goes without a file, or when it fails */
	enum log_level level;
	bool dated;  /* fd is a regular file */
	bool opened; /* fd is ours: it comes from path */
	char path[LOG_PATH_MAX];
	char last[LOG_HEAD_MAX + LOG_TEXT_MAX + 1];
	unsigned long repeats; /* of last, not yet told */
} log_state = { .mutex = PTHREAD_MUTEX_INITIALIZER,
	.fd = STDERR_FILENO,
	.given = STDERR_FILENO,
	.level = LOG_INFOS };

static const char *const log_names[] = { "error", "warn", "info", "debug" };

const char *log_level_name(unsigned level)
{
	return level < sizeof(log_names) / sizeof(*log_names) ? log_names[level] : NULL;
}

static bool log_is_regular(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

static void log_use(int fd, bool opened)
{
	if (log_state.opened)
		close(log_state.fd);
	log_state.fd = fd;
	log_state.opened = opened;
	log_state.dated = log_is_regular(fd);
	log_state.last[0] = '\0';
}

/* 0 or -errno: what is not a file of ours has nobody to tell. */
static int log_put(const char *text, size_t length)
{
	while (length > 0) {
		ssize_t n = write(log_state.fd, text, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		length -= (size_t)n;
	}
	return 0;
}

/* One write for the whole line, so that lines of several processes do not mix. */
static int log_put_dated(const char *text)
{
	char line[LOG_DATE_MAX + sizeof(log_state.last)];
	size_t used = 0;
	struct timespec now;
	struct tm utc;

	if (log_state.dated) {
		clock_gettime(CLOCK_REALTIME, &now);
		gmtime_r(&now.tv_sec, &utc);
		used = strftime(line, sizeof(line), "%Y-%m-%dT%H:%M:%SZ ", &utc);
	}
	used += (size_t)snprintf(line + used, sizeof(line) - used, "%s\n", text);
	return log_put(line, used);
}

/* ---- the file ---- */

static int log_open(const char *path)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	log_use(fd, true);
	return 0;
}

/* Renames the file once it is full, unless somebody else did, and begins a new one. */
static int log_rotate(size_t length)
{
	char former[LOG_PATH_MAX + 2];
	struct stat own, there;

	if (!log_state.opened || fstat(log_state.fd, &own) < 0 || !S_ISREG(own.st_mode) ||
		own.st_size == 0 || own.st_size + (off_t)length <= LOG_FILE_MAX)
		return 0;
	snprintf(former, sizeof(former), "%s.1", log_state.path);
	if (stat(log_state.path, &there) == 0 && there.st_ino == own.st_ino &&
		there.st_dev == own.st_dev && rename(log_state.path, former) < 0)
		return -errno;
	return log_open(log_state.path);
}

static void log_give_up(const char *path, int error)
{
	char line[LOG_HEAD_MAX + LOG_PATH_MAX + 128];

	log_use(log_state.given, false);
	snprintf(line, sizeof(line), "error log: %s: %s; the log goes on here until a SIGHUP",
		path, strerror(-error));
	log_put_dated(line);
}

static void log_put_line(const char *text)
{
	int rc = log_rotate(strlen(text) + LOG_DATE_MAX);

	if (rc == 0)
		rc = log_put_dated(text);
	if (rc == 0 || !log_state.opened)
		return;
	log_give_up(log_state.path, rc);
	log_put_dated(text);
}

/* ---- lines ---- */

static void log_put_repeats(void)
{
	char line[64];

	if (log_state.repeats == 0)
		return;
	snprintf(line, sizeof(line), "last message repeated %lu time%s", log_state.repeats,
		log_state.repeats == 1 ? "" : "s");
	log_state.repeats = 0;
	log_put_line(line);
}

/* C0, DEL, and C1 as UTF-8 encodes it: what a terminal might obey. */
static bool log_is_control(const char *s, size_t length)
{
	unsigned char c = (unsigned char)s[0];

	return c < 0x20 || c == 0x7f ||
		(length == 2 && c == 0xc2 && (unsigned char)s[1] < 0xa0);
}

/* to has room for four times the length of text. */
static void log_escape(char *to, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		size_t n = utf8_sequence(text, left);

		if (n == 0 || log_is_control(text, n)) {
			to += snprintf(to, 5, "\\x%02x", (unsigned char)*text);
			n = 1;
		} else {
			memcpy(to, text, n);
			to += n;
		}
		text += n;
		left -= n;
	}
	*to = '\0';
}

static void log_put_event(const char *line)
{
	if (strcmp(line, log_state.last) == 0) {
		log_state.repeats++;
		return;
	}
	log_put_repeats();
	log_put_line(line);
	memcpy(log_state.last, line, strlen(line) + 1);
}

void log_write(enum log_level level, const char *module, const char *format, ...)
{
	char text[LOG_LINE_MAX + 1];
	char line[sizeof(log_state.last)];
	va_list args;
	int head;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	head = snprintf(line, LOG_HEAD_MAX, "%s %.40s: ", log_level_name(level), module);
	log_escape(line + head, text);

	pthread_mutex_lock(&log_state.mutex);
	if (level <= log_state.level)
		log_put_event(line);
	pthread_mutex_unlock(&log_state.mutex);
}

void log_flush(void)
{
	pthread_mutex_lock(&log_state.mutex);
	log_put_repeats();
	pthread_mutex_unlock(&log_state.mutex);
}

void log_init(int fd, enum log_level level)
{
	pthread_mutex_lock(&log_state.mutex);
	log_put_repeats();
	log_state.given = fd;
	log_use(fd, false);
	log_state.level = level;
	pthread_mutex_unlock(&log_state.mutex);
}

void log_set_level(enum log_level level)
{
	pthread_mutex_lock(&log_state.mutex);
	log_state.level = level;
	pthread_mutex_unlock(&log_state.mutex);
}

void log_follow(const char *path)
{
	size_t length = strlen(path);
	int rc = length < LOG_PATH_MAX ? 0 : -ENAMETOOLONG;

	pthread_mutex_lock(&log_state.mutex);
	log_put_repeats();
	if (rc == 0)
		memcpy(log_state.path, path, length + 1);
	if (rc == 0 && length > 0)
		rc = log_open(path);
	else if (rc == 0)
		log_use(log_state.given, false);
	if (rc < 0)
		log_give_up(path, rc);
	pthread_mutex_unlock(&log_state.mutex);
}
