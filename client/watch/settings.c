/* SPDX-License-Identifier: MIT */
#include "client/watch/settings.h"

#define SETTING_WORD(id, word) word,

const char *const layout_words[LAYOUT_COUNT] = { LAYOUT_WORDS(SETTING_WORD) };
const char *const palette_words[PALETTE_COUNT] = { PALETTE_WORDS(SETTING_WORD) };
const char *const dots_words[DOTS_COUNT] = { DOTS_WORDS(SETTING_WORD) };
const char *const scale_words[SCALE_COUNT] = { SCALE_WORDS(SETTING_WORD) };
