/* SPDX-License-Identifier: MIT */
#include "proto/words.h"

#include <string.h>

#define WORD(id, word) word,

#define STREAM WORD
const char *const stream_words[STREAM_COUNT] = {
#include "proto/words.def"
};

#define ON_GAP WORD
const char *const on_gap_words[ON_GAP_COUNT] = {
#include "proto/words.def"
};

#define LAG WORD
const char *const lag_words[LAG_COUNT] = {
#include "proto/words.def"
};

#define FORMAT WORD
const char *const format_words[FORMAT_COUNT] = {
#include "proto/words.def"
};

#define SORT WORD
const char *const sort_words[SORT_COUNT] = {
#include "proto/words.def"
};

#define EVENT WORD
const char *const event_words[EVENT_COUNT] = {
#include "proto/words.def"
};

unsigned words_find(const char *const *words, unsigned count, const char *word)
{
	unsigned i = 0;

	while (i < count && strcmp(words[i], word) != 0)
		i++;
	return i;
}
