/* SPDX-License-Identifier: MIT */
#include "client/watch/glyph.h"

#include <string.h>

#include "proto/utf8.h"

#define GLYPH_UNKNOWN 0xfffdu

uint32_t glyph_next(const char *text, size_t *bytes)
{
	static const unsigned char masks[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	size_t left = strnlen(text, GLYPH_BYTES_MAX);
	size_t n = left > 0 ? utf8_sequence(text, left) : 0;
	uint32_t glyph;

	*bytes = left > 0;
	if (n == 0)
		return left > 0 ? GLYPH_UNKNOWN : 0;
	glyph = (unsigned char)text[0] & masks[n];
	for (size_t i = 1; i < n; i++)
		glyph = glyph << 6 | ((unsigned char)text[i] & 0x3f);
	*bytes = n;
	return glyph;
}

struct glyph_range {
	uint32_t first, last;
};

static int glyph_in(const struct glyph_range *ranges, size_t count, uint32_t glyph)
{
	for (size_t i = 0; i < count; i++)
		if (glyph >= ranges[i].first && glyph <= ranges[i].last)
			return 1;
	return 0;
}

#define GLYPH_IN(ranges, glyph) glyph_in(ranges, sizeof(ranges) / sizeof(*(ranges)), glyph)

/* East Asian wide and emoji, combining marks: the blocks, as names of processes may have them.
 */
unsigned glyph_width(uint32_t glyph)
{
	static const struct glyph_range wide[] = {
		{ 0x1100, 0x115f },
		{ 0x2e80, 0x303e },
		{ 0x3041, 0xa4cf },
		{ 0xa960, 0xa97c },
		{ 0xac00, 0xd7a3 },
		{ 0xf900, 0xfaff },
		{ 0xfe30, 0xfe6f },
		{ 0xff01, 0xff60 },
		{ 0xffe0, 0xffe6 },
		{ 0x1f300, 0x1f64f },
		{ 0x1f680, 0x1f6ff },
		{ 0x1f900, 0x1f9ff },
		{ 0x20000, 0x3fffd },
	};
	static const struct glyph_range none[] = {
		{ 0x0300, 0x036f },
		{ 0x0483, 0x0489 },
		{ 0x0591, 0x05bd },
		{ 0x064b, 0x065f },
		{ 0x0e34, 0x0e3a },
		{ 0x1ab0, 0x1aff },
		{ 0x1dc0, 0x1dff },
		{ 0x200b, 0x200f },
		{ 0x2028, 0x202e },
		{ 0x2060, 0x206f },
		{ 0x20d0, 0x20ff },
		{ 0xfe00, 0xfe0f },
		{ 0xfe20, 0xfe2f },
	};

	/* What a terminal would obey is never shown. */
	if (glyph < 0x20 || (glyph >= 0x7f && glyph < 0xa0))
		return 0;
	if (glyph < 0x300)
		return 1;
	if (GLYPH_IN(none, glyph))
		return 0;
	return GLYPH_IN(wide, glyph) ? 2 : 1;
}

/* Levels of a cell of a chart, 0 to 4. */
static char glyph_level(unsigned level)
{
	return " .:+#"[level < 4 ? level : 4];
}

static char glyph_braille_ascii(unsigned bits)
{
	static const unsigned char rows[] = { 0x09, 0x12, 0x24, 0xc0 };
	unsigned level = 0;

	for (unsigned i = 0; i < 4; i++)
		level += (bits & rows[i]) != 0;
	return glyph_level(level);
}

static char glyph_box_ascii(uint32_t glyph)
{
	if (glyph == 0x2502)
		return '|';
	if (glyph == 0x2501)
		return '=';
	return glyph == 0x2500 ? '-' : '+';
}

char glyph_ascii(uint32_t glyph)
{
	static const struct {
		uint32_t glyph;
		char ascii;
	} table[] = {
		{ 0xb7, '-' },	 /* middle dot */
		{ 0xb0, ' ' },	 /* degree */
		{ 0x2013, '-' }, /* en dash */
		{ 0x2026, '.' }, /* ellipsis */
		{ 0x2190, '<' },
		{ 0x2191, '^' },
		{ 0x2192, '>' },
		{ 0x2193, 'v' },
		{ 0x25b2, '^' },
		{ 0x25bc, 'v' },
		{ 0x25b8, '>' },
		{ 0x25c2, '<' },
		{ 0x25cf, '*' },
		{ 0x25cb, 'o' },
		{ 0x25c6, '#' },
		{ 0x2016, '=' },
		{ 0xd7, 'x' },
		{ 0x2594, '\'' },
		{ 0x2580, '"' },
		{ 0x2588, '#' },
		{ 0x258f, '|' },
	};

	if (glyph < 0x80)
		return (char)glyph;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (table[i].glyph == glyph)
			return table[i].ascii;
	if (glyph >= GLYPH_BRAILLE && glyph < GLYPH_BRAILLE + 256)
		return glyph_braille_ascii(glyph - GLYPH_BRAILLE);
	if (glyph >= 0x2581 && glyph <= 0x2587)
		return glyph_level((glyph - 0x2580 + 1) / 2);
	if (glyph >= 0x2500 && glyph <= 0x257f)
		return glyph_box_ascii(glyph);
	return '?';
}

size_t glyph_encode(char to[GLYPH_BYTES_MAX], uint32_t glyph)
{
	static const unsigned char leads[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t n = glyph < 0x80 ? 1 : glyph < 0x800 ? 2 : glyph < 0x10000 ? 3 : 4;

	for (size_t i = n; i-- > 1; glyph >>= 6)
		to[i] = (char)(0x80 | (glyph & 0x3f));
	to[0] = (char)(leads[n] | glyph);
	return n;
}
