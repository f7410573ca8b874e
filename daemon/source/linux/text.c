/* SPDX-License-Identifier: MIT */
#include "daemon/source/linux/text.h"

#include <string.h>

struct text text_of(const char *bytes, size_t length)
{
	return (struct text){ bytes, bytes + length };
}

static inline bool text_is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool text_take_line(struct text *rest, struct text *line, bool whole)
{
	const char *newline;

	if (rest->at == rest->end)
		return false;
	newline = memchr(rest->at, '\n', (size_t)(rest->end - rest->at));
	if (!newline && !whole)
		return false;
	*line = (struct text){ rest->at, newline ? newline : rest->end };
	rest->at = newline ? newline + 1 : rest->end;
	return true;
}

bool text_take_word(struct text *rest, struct text *word)
{
	const char *p = rest->at, *end = rest->end;

	while (p < end && text_is_blank(*p))
		p++;
	word->at = p;
	while (p < end && !text_is_blank(*p))
		p++;
	word->end = rest->at = p;
	return word->at < word->end;
}

bool text_take_digits(struct text *rest, uint64_t *value)
{
	const char *p = rest->at, *end = rest->end;
	uint64_t sum = 0;

	for (; p < end && *p >= '0' && *p <= '9'; p++) {
		unsigned digit = (unsigned)(*p - '0');

		if (sum > UINT64_MAX / 10 || sum * 10 > UINT64_MAX - digit)
			return false;
		sum = sum * 10 + digit;
	}
	if (p == rest->at)
		return false;
	rest->at = p;
	*value = sum;
	return true;
}

bool text_take_number(struct text *rest, uint64_t *value)
{
	struct text after = *rest;
	uint64_t number;

	while (after.at < after.end && text_is_blank(*after.at))
		after.at++;
	if (!text_take_digits(&after, &number))
		return false;
	if (after.at < after.end && !text_is_blank(*after.at))
		return false;
	*rest = after;
	*value = number;
	return true;
}

bool text_take_prefix(struct text *rest, const char *prefix)
{
	size_t length = strlen(prefix);

	if ((size_t)(rest->end - rest->at) < length || memcmp(rest->at, prefix, length) != 0)
		return false;
	rest->at += length;
	return true;
}

bool text_equals(struct text text, const char *string)
{
	return text_take_prefix(&text, string) && text.at == text.end;
}

void text_copy(struct text text, char *to, size_t size)
{
	size_t length = (size_t)(text.end - text.at);

	if (length > size - 1)
		length = size - 1;
	memcpy(to, text.at, length);
	to[length] = '\0';
}
