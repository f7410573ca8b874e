/* SPDX-License-Identifier: MIT */
#include "client/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "client/escape.h"
#include "proto/buf.h"

/* Names and texts from the daemon, from the environment and from argv pass through here. */
__attribute__((format(printf, 2, 0))) static void report_line(
	const char *prefix, const char *format, va_list args)
{
	char text[REPORT_MAX];
	struct buf out;

	vsnprintf(text, sizeof(text), format, args);
	buf_init(&out, sizeof(text) * ESCAPE_GROWTH + 64);
	buf_puts(&out, prefix);
	escape_text(&out, text, strlen(text));
	buf_puts(&out, "\n");
	fflush(stdout);
	fwrite(out.data, 1, out.len, stderr);
	buf_fini(&out);
}

int report_error(int code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	report_line("actopctl: ", format, args);
	va_end(args);
	return code;
}

void report_detail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	report_line("  ", format, args);
	va_end(args);
}

void report_note(int quiet, const char *format, ...)
{
	va_list args;

	if (quiet)
		return;
	va_start(args, format);
	report_line("actopctl: ", format, args);
	va_end(args);
}
