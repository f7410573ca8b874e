/* SPDX-License-Identifier: MIT */
#include "client/escape.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "proto/utf8.h"

static uint32_t escape_code_point(const char *s, size_t n)
{
	static const unsigned char first[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t c = (unsigned char)s[0] & first[n];

	for (size_t i = 1; i < n; i++)
		c = c << 6 | ((unsigned char)s[i] & 0x3f);
	return c;
}

static bool escape_is_c1(uint32_t c)
{
	return c >= 0x7f && c <= 0x9f;
}

static bool escape_is_bidi(uint32_t c)
{
	return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static void escape_byte(struct buf *out, char byte)
{
	char text[8];

	snprintf(text, sizeof(text), "\\x%02x", (unsigned char)byte);
	buf_puts(out, text);
}

static void escape_char(struct buf *out, const char *s, size_t n)
{
	uint32_t c = escape_code_point(s, n);
	char text[16];

	if (c < 0x20 || c == 0x7f) {
		escape_byte(out, s[0]);
	} else if (escape_is_c1(c) || escape_is_bidi(c)) {
		snprintf(text, sizeof(text), "\\u{%x}", (unsigned)c);
		buf_puts(out, text);
	} else {
		buf_add(out, s, n);
	}
}

void escape_text(struct buf *out, const char *text, size_t n)
{
	for (size_t i = 0, step; i < n; i += step) {
		step = utf8_sequence(text + i, n - i);
		if (step > 0) {
			escape_char(out, text + i, step);
			continue;
		}
		step = 1;
		escape_byte(out, text[i]);
	}
}

void escape_json(struct buf *out, const char *line, size_t n)
{
	for (size_t i = 0, step; i < n; i += step) {
		uint32_t c;
		char text[16];

		step = utf8_sequence(line + i, n - i);
		step = step > 0 ? step : 1;
		c = escape_code_point(line + i, step);
		if (!escape_is_c1(c) && !escape_is_bidi(c)) {
			buf_add(out, line + i, step);
			continue;
		}
		snprintf(text, sizeof(text), "\\u%04x", (unsigned)c);
		buf_puts(out, text);
	}
}

size_t escape_width(const char *text, size_t n)
{
	size_t width = 0;

	for (size_t i = 0; i < n; i++)
		if (((unsigned char)text[i] & 0xc0) != 0x80)
			width++;
	return width;
}
