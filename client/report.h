/* SPDX-License-Identifier: MIT */
#ifndef REPORT_H
#define REPORT_H

/* What is not data goes to stderr, one "actopctl: ..." line each; and how the program ends. */

enum exit_code {
#define EXIT(id, code, meaning) EXIT_##id = (code),
#include "client/exits.def"
#undef EXIT
};

#define REPORT_MAX 2048 /* bytes of one message; what is longer is cut */

/* Says what went wrong and returns code, so that functions can end with it. */
__attribute__((format(printf, 2, 3))) int report_error(int code, const char *format, ...);

/* Adds an indented line to the error before it. */
__attribute__((format(printf, 1, 2))) void report_detail(const char *format, ...);

/* Says something that is no error, unless quiet. */
__attribute__((format(printf, 2, 3))) void report_note(int quiet, const char *format, ...);

#endif
