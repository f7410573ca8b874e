/* SPDX-License-Identifier: MIT */
#ifndef REDACT_H
#define REDACT_H

#include "proto/buf.h"

/* Takes out of a text what tells whose machine it is about. */

#define REDACT_WORDS_MAX 8
#define REDACT_WORD_MAX 256

/* Words that name somebody, and what stands in their place. */
struct redact {
	struct {
		char word[REDACT_WORD_MAX];
		const char *instead; /* borrowed */
	} words[REDACT_WORDS_MAX];
	unsigned count;
};

/* Adds a word, unless it is empty, one letter, or names nobody ("root", "localhost"). */
void redact_add(struct redact *r, const char *word, const char *instead);

/* Adds the names of this machine and of the user, from the system. */
void redact_here(struct redact *r);

/*
 * Appends the text to out without those words (as whole words, in any case of letters), without
 * hardware and internet addresses, UUIDs, and the values of JSON members whose key speaks of a
 * serial number.  JSON stays JSON, and numbers in it stay as they are.  Pure.
 */
void redact_text(const struct redact *r, struct buf *out, const char *text, size_t n);

#endif
