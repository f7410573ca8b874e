/* SPDX-License-Identifier: MIT */
#include "daemon/message.h"

#include <stdarg.h>
#include <stdio.h>

int message_set(struct message *why, int code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	return code;
}

void message_prefix(struct message *why, const char *format, ...)
{
	struct message former = *why;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	if (n >= 0 && (size_t)n < sizeof(why->text))
		snprintf(why->text + n, sizeof(why->text) - (size_t)n, "%s", former.text);
}
