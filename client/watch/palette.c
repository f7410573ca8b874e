/* SPDX-License-Identifier: MIT */
#include "client/watch/palette.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct rgb {
	unsigned char red, green, blue;
};

#define STOPS_MAX 5

/* From cold to hot, at equal distances. */
static const struct {
	unsigned count;
	struct rgb stops[STOPS_MAX];
} ramps[PALETTE_COUNT] = {
	[PALETTE_THERMAL] = { 5,
		{ { 66, 135, 245 }, { 60, 180, 200 }, { 110, 200, 120 }, { 240, 180, 60 },
			{ 240, 70, 64 } } },
	[PALETTE_VIRIDIS] = { 5,
		{ { 84, 94, 168 }, { 49, 128, 160 }, { 33, 158, 140 }, { 94, 201, 98 },
			{ 246, 222, 45 } } },
};

/* actop's severities, of 16 colours: blue, green, yellow, red. */
static unsigned char palette_severity(unsigned level)
{
	static const unsigned char colors[] = { 4, 2, 3, 1 };

	return colors[level * 4 / STYLE_LEVELS];
}

static unsigned char palette_mix(unsigned char a, unsigned char b, double share)
{
	return (unsigned char)lround(a + (b - a) * share);
}

static struct ink palette_heat(enum palette palette, unsigned level)
{
	double place = (double)level / (STYLE_LEVELS - 1) * (ramps[palette].count - 1);
	unsigned i = (unsigned)place;
	const struct rgb *a = &ramps[palette].stops[i];
	const struct rgb *b = i + 1 < ramps[palette].count ? a + 1 : a;
	double share = place - i;

	return (struct ink){
		.colored = true,
		.red = palette_mix(a->red, b->red, share),
		.green = palette_mix(a->green, b->green, share),
		.blue = palette_mix(a->blue, b->blue, share),
		.ansi = palette_severity(level),
	};
}

/* Grey, then the terminal's own colour, then bold: it must be seen on black and on white. */
static struct ink palette_mono(unsigned level)
{
	struct ink ink = { .colored = level < STYLE_LEVELS / 3,
		.red = 128,
		.green = 128,
		.blue = 128,
		.ansi = 8,
		.bold = level >= STYLE_LEVELS * 4 / 5 };

	return ink;
}

struct ink palette_ink(enum palette palette, enum style style)
{
	static const struct ink inks[STYLE_HEAT] = {
		[STYLE_DIM] = { true, 128, 132, 140, 8, false, false },
		[STYLE_FRAME] = { true, 88, 96, 112, 8, false, false },
		[STYLE_TITLE] = { .bold = true },
		[STYLE_KEY] = { true, 90, 180, 220, 6, true, false },
		[STYLE_GOOD] = { true, 90, 190, 110, 2, false, false },
		[STYLE_WARN] = { true, 235, 175, 60, 3, true, false },
		[STYLE_BAD] = { true, 240, 70, 64, 1, true, false },
		[STYLE_MARK] = { true, 200, 130, 230, 5, true, false },
		[STYLE_EMPTY] = { true, 70, 76, 88, 8, false, false },
		[STYLE_HEAD] = { true, 128, 132, 140, 8, true, false },
	};
	struct ink ink;

	if (style >= STYLE_HEAT)
		return palette == PALETTE_MONO ? palette_mono(style - STYLE_HEAT)
					       : palette_heat(palette, style - STYLE_HEAT);
	ink = inks[style];
	if (palette == PALETTE_MONO && ink.ansi != 8)
		ink.colored = false;
	if (palette == PALETTE_MONO && style == STYLE_BAD)
		ink.reverse = true;
	return ink;
}

/* The nearest of the cube of 6 x 6 x 6 and the 24 greys. */
static int palette_256(const struct ink *ink)
{
	static const int steps[] = { 0, 95, 135, 175, 215, 255 };
	const int want[] = { ink->red, ink->green, ink->blue };
	int index = 16, grey = (want[0] + want[1] + want[2]) / 3;
	int place = grey < 8 ? 0 : grey > 238 ? 23 : (grey - 3) / 10;
	long cube = 0, far = 0;

	for (int i = 0; i < 3; i++) {
		int near = 0;

		for (int k = 1; k < 6; k++)
			if (abs(steps[k] - want[i]) < abs(steps[near] - want[i]))
				near = k;
		index += near * (i == 0 ? 36 : i == 1 ? 6 : 1);
		cube += (long)(steps[near] - want[i]) * (steps[near] - want[i]);
		far += (long)(8 + 10 * place - want[i]) * (8 + 10 * place - want[i]);
	}
	return far < cube ? 232 + place : index;
}

/* Without colours what is bad must stand out by something else. */
static bool palette_reverses(const struct ink *ink, enum depth depth)
{
	return ink->reverse || (depth == DEPTH_NONE && ink->bold && ink->ansi == 1);
}

bool palette_is_heavy(const struct ink *ink, enum depth depth)
{
	return ink->bold || palette_reverses(ink, depth);
}

void palette_sequence(char to[PALETTE_SEQUENCE_MAX], const struct ink *ink, enum depth depth)
{
	const char *bold = ink->bold ? ";1" : "";
	const char *reverse = palette_reverses(ink, depth) ? ";7" : "";

	if (depth == DEPTH_NONE || !ink->colored)
		snprintf(to, PALETTE_SEQUENCE_MAX, "\033[0%s%sm", bold, reverse);
	else if (depth == DEPTH_TRUE)
		snprintf(to, PALETTE_SEQUENCE_MAX, "\033[0%s%s;38;2;%d;%d;%dm", bold, reverse,
			ink->red, ink->green, ink->blue);
	else if (depth == DEPTH_256)
		snprintf(to, PALETTE_SEQUENCE_MAX, "\033[0%s%s;38;5;%dm", bold, reverse,
			palette_256(ink));
	else
		snprintf(to, PALETTE_SEQUENCE_MAX, "\033[0%s%s;%dm", bold, reverse,
			ink->ansi < 8 ? 30 + ink->ansi : 82 + ink->ansi);
}

enum depth palette_depth(
	const char *term, const char *colorterm, const char *no_color, int colors)
{
	if ((no_color && *no_color) || !term || strcmp(term, "dumb") == 0)
		return DEPTH_NONE;
	if (colorterm &&
		(strcmp(colorterm, "truecolor") == 0 || strcmp(colorterm, "24bit") == 0))
		return DEPTH_TRUE;
	if (colors >= 1 << 24)
		return DEPTH_TRUE;
	if (colors >= 256)
		return DEPTH_256;
	return colors >= 8 ? DEPTH_16 : DEPTH_NONE;
}
