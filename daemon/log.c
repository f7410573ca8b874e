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
#define LOG_HEAD_MAX 64			/* "level module: " */
#define LOG_TEXT_MAX (4 * LOG_LINE_MAX) /* every byte escaped */

/* The program's one mutable static: threads that report a failure must not need a handle. */
static struct {
	pthread_mutex_t mutex;
	int fd;
	enum log_level level;
	bool dated;  /* fd is a regular file */
	bool opened; /* fd is ours: it comes from path */
	char path[LOG_PATH_MAX];
	char last[LOG_HEAD_MAX + LOG_TEXT_MAX + 1];
	unsigned long repeats; /* of last, not yet told */
} log_state = { .mutex = PTHREAD_MUTEX_INITIALIZER, .fd = STDERR_FILENO, .level = LOG_INFOS };

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

/* A log that cannot be written has nobody to tell. */
static void log_put(const char *text, size_t length)
{
	while (length > 0) {
		ssize_t n = write(log_state.fd, text, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		text += n;
		length -= (size_t)n;
	}
}

/* One write for the whole line, so that lines of several processes do not mix. */
static void log_put_line(const char *text)
{
	char line[32 + sizeof(log_state.last)];
	size_t used = 0;
	struct timespec now;
	struct tm utc;

	if (log_state.dated) {
		clock_gettime(CLOCK_REALTIME, &now);
		gmtime_r(&now.tv_sec, &utc);
		used = strftime(line, sizeof(line), "%Y-%m-%dT%H:%M:%SZ ", &utc);
	}
	used += (size_t)snprintf(line + used, sizeof(line) - used, "%s\n", text);
	log_put(line, used);
}

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
	memcpy(log_state.last, line, strlen(line) + 1);
	log_put_line(line);
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

static void log_use(int fd, bool opened)
{
	log_put_repeats();
	if (log_state.opened)
		close(log_state.fd);
	log_state.fd = fd;
	log_state.opened = opened;
	log_state.dated = log_is_regular(fd);
	log_state.last[0] = '\0';
}

void log_init(int fd, enum log_level level)
{
	pthread_mutex_lock(&log_state.mutex);
	log_use(fd, false);
	log_state.path[0] = '\0';
	log_state.level = level;
	pthread_mutex_unlock(&log_state.mutex);
}

void log_set_level(enum log_level level)
{
	pthread_mutex_lock(&log_state.mutex);
	log_state.level = level;
	pthread_mutex_unlock(&log_state.mutex);
}

static int log_open(const char *path)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	log_use(fd, true);
	return 0;
}

int log_set_file(const char *path)
{
	int rc;

	if (strlen(path) >= LOG_PATH_MAX)
		return -ENAMETOOLONG;
	pthread_mutex_lock(&log_state.mutex);
	rc = log_open(path);
	if (rc == 0)
		memcpy(log_state.path, path, strlen(path) + 1);
	pthread_mutex_unlock(&log_state.mutex);
	return rc;
}

int log_reopen(void)
{
	int rc = 0;

	pthread_mutex_lock(&log_state.mutex);
	if (log_state.path[0])
		rc = log_open(log_state.path);
	pthread_mutex_unlock(&log_state.mutex);
	return rc;
}
