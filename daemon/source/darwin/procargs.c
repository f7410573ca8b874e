/* SPDX-License-Identifier: MIT */
#include "daemon/source/darwin/procargs.h"

#include <string.h>

bool procargs_parse(const char *bytes, size_t size, const char **text, size_t *length)
{
	const char *at = bytes + sizeof(int), *end = bytes + size;
	int count;

	if (size < sizeof(count))
		return false;
	memcpy(&count, bytes, sizeof(count));
	while (at < end && *at != '\0')
		at++;
	while (at < end && *at == '\0')
		at++;
	*text = at;
	while (count > 0 && at < end) {
		const char *nul = memchr(at, '\0', (size_t)(end - at));

		if (!nul)
			return false;
		at = nul + 1;
		count--;
	}
	if (count != 0)
		return false;
	while (at > *text && (at[-1] == '\0' || at[-1] == ' '))
		at--;
	*length = (size_t)(at - *text);
	return true;
}
