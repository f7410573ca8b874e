/* SPDX-License-Identifier: MIT */
#include "proto/cursor.h"

#include <inttypes.h>
#include <stdio.h>

#define CURSOR_EPOCH_DIGITS 16
#define CURSOR_SEQ_MAX ((UINT64_C(1) << 53) - 1)

/* Value of a lowercase hex digit; -1 for anything else. */
static int cursor_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool cursor_parse_seq(const char *s, uint64_t *seq)
{
	uint64_t n = 0;

	if (s[0] == '\0' || (s[0] == '0' && s[1] != '\0'))
		return false;
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return false;
		n = n * 10 + (uint64_t)(*s - '0');
		if (n > CURSOR_SEQ_MAX)
			return false;
	}
	*seq = n;
	return true;
}

bool cursor_parse(const char *text, uint64_t *epoch, uint64_t *seq)
{
	uint64_t n = 0;

	for (int i = 0; i < CURSOR_EPOCH_DIGITS; i++) {
		int digit = cursor_digit(text[i]);

		if (digit < 0)
			return false;
		n = n << 4 | (uint64_t)digit;
	}
	if (text[CURSOR_EPOCH_DIGITS] != ':' ||
		!cursor_parse_seq(text + CURSOR_EPOCH_DIGITS + 1, seq))
		return false;
	*epoch = n;
	return true;
}

void cursor_format(char to[CURSOR_TEXT_MAX], uint64_t epoch, uint64_t seq)
{
	if (seq > CURSOR_SEQ_MAX)
		seq = CURSOR_SEQ_MAX;
	snprintf(to, CURSOR_TEXT_MAX, "%016" PRIx64 ":%" PRIu64, epoch, seq);
}
