/* SPDX-License-Identifier: MIT */
#include "daemon/source/darwin/ctl.h"

#include <errno.h>
#include <string.h>
#include <sys/types.h>
#include <sys/sysctl.h>

int ctl_integer(const char *name, int64_t *value)
{
	union {
		int32_t i32;
		int64_t i64;
	} answer = { 0 };
	size_t size = sizeof(answer);

	if (sysctlbyname(name, &answer, &size, NULL, 0) < 0)
		return -errno;
	if (size == sizeof(answer.i32))
		*value = answer.i32;
	else if (size == sizeof(answer.i64))
		*value = answer.i64;
	else
		return -EINVAL;
	return 0;
}

int ctl_text(const char *name, char *text, size_t size)
{
	size_t used = size - 1;

	memset(text, 0, size);
	if (sysctlbyname(name, text, &used, NULL, 0) < 0) {
		text[0] = '\0';
		return -errno;
	}
	for (used = strlen(text); used > 0 && text[used - 1] == ' '; used--)
		text[used - 1] = '\0';
	return 0;
}

int ctl_struct(const char *name, void *value, size_t size)
{
	size_t used = size;

	if (sysctlbyname(name, value, &used, NULL, 0) < 0)
		return -errno;
	return used == size ? 0 : -EINVAL;
}
