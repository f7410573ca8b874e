/* SPDX-License-Identifier: MIT */
#ifndef PROMPT_H
#define PROMPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A line of text that the user types: the filter of processes, or a mark.  Pure. */

#define PROMPT_MAX 201 /* bytes, NUL included: a mark has 200 */

enum prompt_kind { PROMPT_NONE, PROMPT_FILTER, PROMPT_MARK };

struct prompt {
	enum prompt_kind kind;
	char text[PROMPT_MAX];
	size_t length;
};

void prompt_begin(struct prompt *p, enum prompt_kind kind, const char *text);

/* A character; false where there is no room for it. */
bool prompt_type(struct prompt *p, uint32_t glyph);

/* Takes the last character away; false = there is none. */
bool prompt_erase(struct prompt *p);

#endif
