/* SPDX-License-Identifier: MIT */
#ifndef LOG_H
#define LOG_H

/*
 * The log: lines "level module: text" on stderr, for a service manager to keep.  They begin
 * with the time (RFC 3339, UTC) when stderr is a regular file, since nobody else adds one then.
 * Control characters and bytes that are not UTF-8 are written \xNN, so that one event is one
 * line.  A line equal to the last one is only counted.  Usable from every thread.
 */

enum log_level { LOG_ERRORS, LOG_WARNINGS, LOG_INFOS, LOG_DEBUGS };

#define LOG_LINE_MAX 1024 /* bytes of text; the rest is cut */

/* Until called, errors to infos go to stderr. */
void log_init(int fd, enum log_level level);

void log_set_level(enum log_level level);

/*
 * Appends to a file from now on instead of fd.  log_reopen opens it anew, after it was renamed
 * by a rotation; it does nothing without a file.  0 or -errno, then nothing has changed.
 */
int log_set_file(const char *path);
int log_reopen(void);

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
