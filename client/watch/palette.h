/* SPDX-License-Identifier: MIT */
#ifndef PALETTE_H
#define PALETTE_H

#include <stdbool.h>

#include "client/watch/settings.h"
#include "client/watch/style.h"

/* How styles look, and how a terminal is told so.  Pure. */

/* Colours that a terminal has. */
enum depth { DEPTH_NONE, DEPTH_16, DEPTH_256, DEPTH_TRUE };

struct ink {
	bool colored; /* else it has the terminal's own colour */
	unsigned char red, green, blue;
	unsigned char ansi; /* of 16: the nearest in meaning */
	bool bold, reverse;
};

struct ink palette_ink(enum palette palette, enum style style);

#define PALETTE_SEQUENCE_MAX 40

/* The sequence (SGR) that switches to it, whatever was before: "\033[0;1;38;5;9m". */
void palette_sequence(char to[PALETTE_SEQUENCE_MAX], const struct ink *ink, enum depth depth);

/* Whether it is more than a colour. */
bool palette_is_heavy(const struct ink *ink, enum depth depth);

/* What the environment says: texts may be NULL; colors as terminfo has it. */
enum depth palette_depth(
	const char *term, const char *colorterm, const char *no_color, int colors);

#endif
