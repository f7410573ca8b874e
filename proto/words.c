/* SPDX-License-Identifier: MIT */
#include "proto/words.h"

#include <string.h>

#define WORDS_TEXT(id, word) word,

const char *const stream_words[STREAM_COUNT] = { STREAM_WORDS(WORDS_TEXT) };
const char *const on_gap_words[ON_GAP_COUNT] = { ON_GAP_WORDS(WORDS_TEXT) };
const char *const lag_words[LAG_COUNT] = { LAG_WORDS(WORDS_TEXT) };
const char *const format_words[FORMAT_COUNT] = { FORMAT_WORDS(WORDS_TEXT) };
const char *const sort_words[SORT_COUNT] = { SORT_WORDS(WORDS_TEXT) };
const char *const event_words[EVENT_COUNT] = { EVENT_WORDS(WORDS_TEXT) };

unsigned words_find(const char *const *words, unsigned count, const char *word)
{
	unsigned i = 0;

	while (i < count && strcmp(words[i], word) != 0)
		i++;
	return i;
}
