/* SPDX-License-Identifier: MIT */
#include "daemon/source/source.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "proto/alloc.h"

struct open_part {
	const struct part *part;
	void *self;
	unsigned long errors;
	char fault[160]; /* why it did not open */
	bool open;
};

/* A platform's parts opened together. */
struct source {
	struct layout *layout;
	struct open_part parts[SOURCE_PARTS_MAX];
	unsigned count;
};

int fault_set(struct fault *why, int code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	why->code = code;
	return code;
}
