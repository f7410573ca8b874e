/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/cursor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A text that passes is the one text of its cursor. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), again[CURSOR_TEXT_MAX];
	uint64_t epoch, seq;

	assert(text);
	memcpy(text, data, size);
	text[size] = '\0';
	if (cursor_parse(text, &epoch, &seq)) {
		cursor_format(again, epoch, seq);
		assert(strcmp(text, again) == 0);
		assert(seq < UINT64_C(1) << 53);
	}
	free(text);
	return 0;
}
