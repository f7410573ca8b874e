/* SPDX-License-Identifier: MIT */
#ifndef ANSWER_H
#define ANSWER_H

#include <stdbool.h>

struct batch;

/*
 * An answer of many lines under way.  Lines are made only as the socket drains, so that a long
 * answer never sits in memory.  First member of whoever gives such answers.
 */
struct answer {
	/* Adds the next line, or the reply that ends it; false once that was added. */
	bool (*pull)(struct answer *answer, struct batch *batch);
	void (*free)(struct answer *answer);
	bool close; /* the connection is to end behind it */
	/* Whether there is something to pull yet; NULL = always. */
	bool (*ready)(const struct answer *answer);
};

#endif
