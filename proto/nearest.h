/* SPDX-License-Identifier: MIT */
#ifndef NEAREST_H
#define NEAREST_H

/* Finds what somebody probably meant.  Pure. */

#define NEAREST_LENGTH_MAX 80 /* longer words are not compared */

struct nearest {
	const char *word; /* what was written */
	const char *best; /* the most similar candidate so far; NULL = none is similar */
	unsigned distance;
};

/* word is borrowed, and so are the candidates. */
void nearest_init(struct nearest *nearest, const char *word);

/*
 * Similar is: a third of the letters of the word, at most, to insert, delete or replace; a
 * change of case counts as nothing.
 */
void nearest_try(struct nearest *nearest, const char *candidate);

#endif
