/* SPDX-License-Identifier: MIT */
#ifndef SPSC_H
#define SPSC_H

#include <stdatomic.h>
#include <stdbool.h>

#define SPSC_SLOTS 64 /* a power of two */

/*
 * A queue of pointers from one thread to one other, without locks.  What is pushed is seen
 * complete by the thread that pops it.
 */
struct spsc {
	_Atomic unsigned head; /* next to pop; written by the consumer */
	char apart[64];	       /* keeps the two counters off one cache line */
	_Atomic unsigned tail; /* next to push; written by the producer */
	void *slots[SPSC_SLOTS];
};

void spsc_init(struct spsc *queue);

/* Producer: false when the queue is full; item is not NULL. */
bool spsc_push(struct spsc *queue, void *item);

/* Consumer: NULL when the queue is empty. */
void *spsc_pop(struct spsc *queue);

#endif
