/* SPDX-License-Identifier: MIT */
#include "proto/why.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int why_set(char why[WHY_MAX], int code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, WHY_MAX, format, args);
	va_end(args);
	return code;
}

void why_prefix(char why[WHY_MAX], const char *format, ...)
{
	char former[WHY_MAX];
	va_list args;
	int n;

	memcpy(former, why, WHY_MAX);
	va_start(args, format);
	n = vsnprintf(why, WHY_MAX, format, args);
	va_end(args);
	if (n >= 0 && n < WHY_MAX)
		snprintf(why + n, WHY_MAX - (size_t)n, "%s", former);
}
