/* SPDX-License-Identifier: MIT */
#ifndef LINE_H
#define LINE_H

#include <stdbool.h>
#include <stddef.h>

/* A request line is at most this long, its LF included (PROTOCOL.md, framing). */
#define LINE_REQUEST_MAX 16384

enum line_status {
	LINE_NONE, /* no whole line is there */
	LINE_READY,
	LINE_TOO_LONG /* max bytes without LF; framing is lost and this answer stays */
};

/*
 * A byte stream in, lines out.  A line ends with LF; one CR before it is dropped; lines of only
 * space, tab and CR are skipped.  Holds at most max bytes plus those of the last feed, and no
 * memory at all while no unfinished line is there.
 */
struct line_reader {
	char *data;
	size_t len, cap, max;
	size_t next;	/* where the line to be given out starts */
	size_t scanned; /* no LF before this */
	bool eof, too_long;
};

void line_init(struct line_reader *r, size_t max);
void line_fini(struct line_reader *r);

/* Call line_next() until it is not LINE_READY before feeding more, or memory grows. */
void line_feed(struct line_reader *r, const char *data, size_t len);

/* Nothing more comes: an unterminated rest is a line. */
void line_eof(struct line_reader *r);

/*
 * *line has *len bytes and a NUL behind them (bytes of it may be NUL too); it may be written to
 * and is valid until the next call on this reader.
 */
enum line_status line_next(struct line_reader *r, char **line, size_t *len);

#endif
