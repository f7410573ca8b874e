/* SPDX-License-Identifier: MIT */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/words.h"

/* What the user may choose: on the command line, and by keys. */

#define LAYOUT_WORDS(X) \
	X(LAYOUT_AUTO, "auto") \
	X(LAYOUT_GRID, "grid") \
	X(LAYOUT_STACK, "stack")
enum layout_kind { LAYOUT_WORDS(WORDS_ID) LAYOUT_COUNT };

#define PALETTE_WORDS(X) \
	X(PALETTE_THERMAL, "thermal") \
	X(PALETTE_VIRIDIS, "viridis") \
	X(PALETTE_MONO, "mono")
enum palette { PALETTE_WORDS(WORDS_ID) PALETTE_COUNT };

#define DOTS_WORDS(X) \
	X(DOTS_BRAILLE, "dots") \
	X(DOTS_BLOCK, "block")
enum dots { DOTS_WORDS(WORDS_ID) DOTS_COUNT };

#define SCALE_WORDS(X) \
	X(SCALE_PROFILE, "profile") \
	X(SCALE_AUTO, "auto")
enum scale { SCALE_WORDS(WORDS_ID) SCALE_COUNT };

extern const char *const layout_words[LAYOUT_COUNT];
extern const char *const palette_words[PALETTE_COUNT];
extern const char *const dots_words[DOTS_COUNT];
extern const char *const scale_words[SCALE_COUNT];

#define AVG_DEFAULT_MS 30000
#define AVG_MAX_MS 3600000 /* rows of that time are kept */

struct settings {
	enum layout_kind layout;
	enum palette palette;
	enum dots dots;
	enum scale scale;
	bool cores, processes;
	enum sort sort;
	int64_t avg_ms; /* averages and maxima span this */
	bool utc;
};

#endif
