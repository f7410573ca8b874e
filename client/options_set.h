/* SPDX-License-Identifier: MIT */
#ifndef OPTIONS_SET_H
#define OPTIONS_SET_H

#include "client/options.h"

/*
 * What each option does with its value, NULL where it takes none.  0, or EXIT_USAGE after
 * saying on stderr what is wrong.
 */
extern int (*const option_setters[OPTION_COUNT])(struct options *, const char *);

/* The words that an option chooses among; count 0 = its value is something else. */
struct option_words {
	const char *const *words;
	unsigned count;
};

struct option_words option_words(unsigned id);

#endif
