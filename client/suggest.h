/* SPDX-License-Identifier: MIT */
#ifndef SUGGEST_H
#define SUGGEST_H

/* Finds what somebody may have meant. */

#define SUGGEST_WORD_MAX 64 /* longer words are compared by their beginning */

/* A word and the best guess so far; begin with guess NULL. */
struct suggest {
	const char *word;
	const char *guess; /* NULL = nothing is close enough */
	unsigned distance;
};

void suggest_begin(struct suggest *s, const char *word);

/* Offers a candidate; it is borrowed. */
void suggest_offer(struct suggest *s, const char *candidate);

/* Insertions, deletions, changes and swaps of neighbours that lead from a to b. */
unsigned suggest_distance(const char *a, const char *b);

#endif
