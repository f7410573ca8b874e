/* SPDX-License-Identifier: MIT */
#ifndef LOG_H
#define LOG_H

/*
 * The log: lines "level module: text" on stderr, for a service manager to keep, or in a file.
 * They begin with the time (RFC 3339, UTC) in a regular file, since nobody else adds one there.
 * Control characters and bytes that are not UTF-8 are written \xNN, so that one event is one
 * line.  A line equal to the last one is only counted.  Usable from every thread.
 */

enum log_level { LOG_ERRORS, LOG_WARNINGS, LOG_INFOS, LOG_DEBUGS };

#define LOG_LINE_MAX 1024 /* bytes of text; the rest is cut */

#define LOG_FILE_MAX (4 << 20) /* bytes of the file, and of the one before it */

/* Until called, errors to infos go to stderr.  fd stays the caller's, and open. */
void log_init(int fd, enum log_level level);

void log_set_level(enum log_level level);

/*
 * Appends to that file from now on instead of fd; "" is fd again.  The file is opened anew with
 * each call: a rotation may have renamed it.  What would make it longer than LOG_FILE_MAX goes
 * into a new one; the former is then PATH.1, in place of the one before.  Where the file cannot
 * be opened or written, the log goes on in fd and says so once, until the next call.
 */
void log_follow(const char *path);

/* Writes "last message repeated N times" if there is anything to tell: at the end, and now and
 * then. */
void log_flush(void);

__attribute__((format(printf, 3, 4))) void log_write(
	enum log_level level, const char *module, const char *format, ...);

#define log_error(...) log_write(LOG_ERRORS, __VA_ARGS__)
#define log_warn(...) log_write(LOG_WARNINGS, __VA_ARGS__)
#define log_info(...) log_write(LOG_INFOS, __VA_ARGS__)
#define log_debug(...) log_write(LOG_DEBUGS, __VA_ARGS__)

/* "error", "warn", "info", "debug"; NULL beyond the last. */
const char *log_level_name(unsigned level);

#endif
