/* SPDX-License-Identifier: MIT */
#include "proto/utf8.h"

#include <string.h>

static size_t sequence_length(unsigned char lead)
{
	if (lead < 0x80)
		return 1;
	if (lead >= 0xC2 && lead <= 0xDF)
		return 2;
	if (lead >= 0xE0 && lead <= 0xEF)
		return 3;
	return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

/* The second byte has a narrower range behind four leads (RFC 3629, section 4). */
static int second_fits(unsigned char lead, unsigned char second)
{
	unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
	unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;

	return second >= low && second <= high;
}

size_t utf8_sequence(const char *s, size_t n)
{
	const unsigned char *u = (const unsigned char *)s;
	size_t length = sequence_length(u[0]);

	if (length == 0 || length > n || (length > 1 && !second_fits(u[0], u[1])))
		return 0;
	for (size_t i = 2; i < length; i++)
		if ((u[i] & 0xC0) != 0x80)
			return 0;
	return length;
}

void utf8_clean(char *to, size_t size, const char *text)
{
	static const char replacement[] = "\xEF\xBF\xBD";
	size_t left = strlen(text), used = 0;

	while (left > 0) {
		size_t take = utf8_sequence(text, left);
		size_t put = take ? take : sizeof(replacement) - 1;

		if (used + put >= size)
			break;
		memcpy(to + used, take ? text : replacement, put);
		used += put;
		text += take ? take : 1;
		left -= take ? take : 1;
	}
	to[used] = '\0';
}
