/* SPDX-License-Identifier: MIT */
#ifndef WORDS_H
#define WORDS_H

/*
 * The small vocabularies of requests and lines: SET_WORDS(X) is X(SET_ID, "word") for each. The
 * first word is the default of the member, where there is one.
 */
#define WORDS_ID(id, word) id,

#define STREAM_WORDS(X) \
	X(STREAM_SAMPLES, "samples") \
	X(STREAM_EVENTS, "events") \
	X(STREAM_PROCESSES, "processes")
enum stream { STREAM_WORDS(WORDS_ID) STREAM_COUNT };

/* What a subscription does whose start point is no longer there. */
#define ON_GAP_WORDS(X) \
	X(ON_GAP_REPORT, "report") \
	X(ON_GAP_FAIL, "fail")
enum on_gap { ON_GAP_WORDS(WORDS_ID) ON_GAP_COUNT };

/* What a subscription does for a reader that is too slow. */
#define LAG_WORDS(X) \
	X(LAG_ALL, "all") \
	X(LAG_LATEST, "latest")
enum lag { LAG_WORDS(WORDS_ID) LAG_COUNT };

/* How the values of a line are arranged. */
#define FORMAT_WORDS(X) \
	X(FORMAT_OBJECT, "object") \
	X(FORMAT_ARRAY, "array")
enum format { FORMAT_WORDS(WORDS_ID) FORMAT_COUNT };

/* What processes are ordered by. */
#define SORT_WORDS(X) \
	X(SORT_CPU, "cpu") \
	X(SORT_GPU, "gpu") \
	X(SORT_WATTS, "watts") \
	X(SORT_MEM, "mem") \
	X(SORT_PID, "pid")
enum sort { SORT_WORDS(WORDS_ID) SORT_COUNT };

/* What kinds of events there are. */
#define EVENT_WORDS(X) \
	X(EVENT_ALERT, "alert") \
	X(EVENT_THROTTLE, "throttle") \
	X(EVENT_MARK, "mark") \
	X(EVENT_START, "start") \
	X(EVENT_STOP, "stop") \
	X(EVENT_SLEEP, "sleep") \
	X(EVENT_WAKE, "wake") \
	X(EVENT_CLOCK, "clock")
enum event_kind { EVENT_WORDS(WORDS_ID) EVENT_COUNT };

extern const char *const stream_words[STREAM_COUNT];
extern const char *const on_gap_words[ON_GAP_COUNT];
extern const char *const lag_words[LAG_COUNT];
extern const char *const format_words[FORMAT_COUNT];
extern const char *const sort_words[SORT_COUNT];
extern const char *const event_words[EVENT_COUNT];

/* Index of word among count words; count when it is not among them. */
unsigned words_find(const char *const *words, unsigned count, const char *word);

#endif
