/* SPDX-License-Identifier: MIT */
#ifndef REPORT_H
#define REPORT_H

/* What is not data goes to stderr, one "actopctl: ..." line each; and how the program ends. */

enum exit_code {
	EXIT_OK = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_UNREACHABLE = 3, /* no daemon answers */
	EXIT_NOTHING = 4,     /* no data in that range, no such metric */
	EXIT_PROTOCOL = 5,    /* the daemon speaks another version */
	EXIT_DENIED = 6,
	EXIT_WARNING = 10, /* check: not known, or an alert that warns */
	EXIT_ALARM = 11,   /* check: a condition does not hold, or a critical alert */
	EXIT_TIMEOUT = 124,
	EXIT_INTERRUPTED = 130
};

#define REPORT_MAX 2048 /* bytes of one message; what is longer is cut */

/* Says what went wrong and returns code, so that functions can end with it. */
__attribute__((format(printf, 2, 3))) int report_error(int code, const char *format, ...);

/* Adds an indented line to the error before it. */
__attribute__((format(printf, 1, 2))) void report_detail(const char *format, ...);

/* Says something that is no error, unless quiet. */
__attribute__((format(printf, 2, 3))) void report_note(int quiet, const char *format, ...);

#endif
