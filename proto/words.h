/* SPDX-License-Identifier: MIT */
#ifndef WORDS_H
#define WORDS_H

/* The small vocabularies of requests and lines, as enums and arrays (proto/words.def). */

enum stream {
#define STREAM(id, word) STREAM_##id,
#include "proto/words.def"
	STREAM_COUNT
};

/* What a subscription does whose start point is no longer there. */
enum on_gap {
#define ON_GAP(id, word) ON_GAP_##id,
#include "proto/words.def"
	ON_GAP_COUNT
};

/* What a subscription does for a reader that is too slow. */
enum lag {
#define LAG(id, word) LAG_##id,
#include "proto/words.def"
	LAG_COUNT
};

/* How the values of a line are arranged. */
enum format {
#define FORMAT(id, word) FORMAT_##id,
#include "proto/words.def"
	FORMAT_COUNT
};

/* What processes are ordered by. */
enum sort {
#define SORT(id, word) SORT_##id,
#include "proto/words.def"
	SORT_COUNT
};

enum event_kind {
#define EVENT(id, word) EVENT_##id,
#include "proto/words.def"
	EVENT_COUNT
};

extern const char *const stream_words[STREAM_COUNT];
extern const char *const on_gap_words[ON_GAP_COUNT];
extern const char *const lag_words[LAG_COUNT];
extern const char *const format_words[FORMAT_COUNT];
extern const char *const sort_words[SORT_COUNT];
extern const char *const event_words[EVENT_COUNT];

/* Index of word among count words; count when it is not among them. */
unsigned words_find(const char *const *words, unsigned count, const char *word);

#endif
