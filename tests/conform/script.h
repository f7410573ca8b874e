/* SPDX-License-Identifier: MIT */
#ifndef SCRIPT_H
#define SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Transcripts: what a client sends, what the daemon answers, and what happens in between.
 *
 *   case 41: words     begins a case, on a new connection to a new fixture
 *   only socket        the case needs a real server
 *   any order          lines of subscriptions may come before or after those of requests
 *   ring N             rows that the history keeps (8)
 *   tick N, miss N     N samples, one after the other; N ticks without one
 *   clock N            the clock is set by N ms; below 0 is back
 *   sleep N            the machine sleeps for N ms
 *   stall N            the client stops reading, and N samples come
 *   resume             it reads again
 *   > text             the client sends text and LF
 *   >> text            the same without LF
 *   eof                the client closes its writing side
 *   hang up            the client closes both
 *   < text             the next line that the daemon sends; "*" stands for anything
 *   silence            nothing more came
 *   fin                nothing more came, and the daemon closed the connection
 *   sessions N         connections that the daemon has now
 *   encoded N          texts made for live windows since the connection began
 *   # words            a comment
 *
 * In text, $E is the epoch of the fixture, $P(K) the members of the sample at tick K from
 * "epoch" to "dt_ms", %41 a byte in hex, and %{N*x} N times the byte x.
 */

enum step_kind {
	STEP_TICK,
	STEP_MISS,
	STEP_CLOCK,
	STEP_SLEEP,
	STEP_STALL,
	STEP_RESUME,
	STEP_SEND,
	STEP_EOF,
	STEP_HANG_UP,
	STEP_EXPECT,
	STEP_SILENCE,
	STEP_FIN,
	STEP_SESSIONS,
	STEP_ENCODED
};

struct step {
	enum step_kind kind;
	unsigned line;	 /* in the file */
	unsigned number; /* of tick, miss, clock, sleep, stall, sessions, encoded */
	char *text;	 /* of send and expect */
	size_t length;
};

struct script_case {
	char title[100];
	unsigned ring;
	bool socket_only, any_order;
	struct step *steps;
	unsigned count;
};

struct script {
	const char *path;
	struct script_case *cases;
	unsigned count;
};

/* Reads a transcript; false, with a line on stderr, when it is none. */
bool script_read(struct script *script, const char *path);
void script_fini(struct script *script);

/* Whether text is what pattern says, where "*" stands for any run of bytes. */
bool script_matches(
	const char *pattern, size_t pattern_length, const char *text, size_t length);

#endif
