/* SPDX-License-Identifier: MIT */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A piece of somebody else's bytes, not NUL-terminated, that parsers walk through from the
 * left. Nothing here reads past end, whatever the bytes are.
 */
struct text {
	const char *at, *end;
};

struct text text_of(const char *bytes, size_t length);

/*
 * Takes the next line, without its newline, off rest; false at the end.  A last line without a
 * newline was cut by a full buffer as often as not: it counts only where whole says so.
 */
bool text_take_line(struct text *rest, struct text *line, bool whole);

/* Takes the next word (between blanks) off rest; false when only blanks are left. */
bool text_take_word(struct text *rest, struct text *word);

/* Takes the next word off rest as an unsigned decimal; false, with rest as it was, when it is
 * none or does not fit 64 bits. */
bool text_take_number(struct text *rest, uint64_t *value);

/* Takes prefix off the front of rest; false, with rest as it was, when it is not there. */
bool text_take_prefix(struct text *rest, const char *prefix);

/* Takes the digits at the front of rest; false when there is none or they do not fit. */
bool text_take_digits(struct text *rest, uint64_t *value);

bool text_equals(struct text text, const char *string);

/* Copies at most size - 1 bytes and ends them with NUL. */
void text_copy(struct text text, char *to, size_t size);

#endif
