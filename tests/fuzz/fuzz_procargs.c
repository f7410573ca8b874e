/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/source/darwin/procargs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* How many arguments end within the bytes. */
static int ends(const char *bytes, size_t size)
{
	int n = 0;

	for (size_t i = 0; i < size; i++)
		n += bytes[i] == '\0';
	return n;
}

/* The first byte is the count: others than small ones are of no interest. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t room = size + sizeof(int), length;
	char *bytes = malloc(room);
	const char *text;
	int count = size ? data[0] : 0;

	memcpy(bytes, &count, sizeof(count));
	memcpy(bytes + sizeof(count), data, size);
	if (procargs_parse(bytes, room, &text, &length)) {
		assert(text >= bytes + sizeof(count) && text + length <= bytes + room);
		assert(length == 0 || text[length - 1] != '\0');
		assert(ends(text, length) < count || count == 0);
		assert(count > 0 || length == 0);
	}
	free(bytes);
	return 0;
}
