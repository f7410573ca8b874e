/* SPDX-License-Identifier: MIT */
#include "daemon/spsc.h"

#include <stddef.h>

/* The counters run on and wrap; their difference is what is queued, their low bits the slot. */

void spsc_init(struct spsc *queue)
{
	atomic_init(&queue->head, 0);
	atomic_init(&queue->tail, 0);
}

bool spsc_push(struct spsc *queue, void *item)
{
	unsigned tail = atomic_load_explicit(&queue->tail, memory_order_relaxed);
	unsigned head = atomic_load_explicit(&queue->head, memory_order_acquire);

	if (tail - head == SPSC_SLOTS)
		return false;
	queue->slots[tail % SPSC_SLOTS] = item;
	atomic_store_explicit(&queue->tail, tail + 1, memory_order_release);
	return true;
}

void *spsc_pop(struct spsc *queue)
{
	unsigned head = atomic_load_explicit(&queue->head, memory_order_relaxed);
	unsigned tail = atomic_load_explicit(&queue->tail, memory_order_acquire);
	void *item;

	if (head == tail)
		return NULL;
	item = queue->slots[head % SPSC_SLOTS];
	atomic_store_explicit(&queue->head, head + 1, memory_order_release);
	return item;
}
