/* SPDX-License-Identifier: MIT */
#include "daemon/history/shelf.h"

#include <string.h>

#include "proto/alloc.h"

void shelf_init(struct shelf *shelf, uint64_t rows_max, size_t bytes_max, unsigned count_max)
{
	*shelf = (struct shelf){
		.rows_max = rows_max, .bytes_max = bytes_max, .count_max = count_max
	};
}

void shelf_fini(struct shelf *shelf)
{
	for (unsigned i = 0; i < shelf->count; i++)
		free(shelf_at(shelf, i)->bytes);
	free(shelf->blocks);
}

static void shelf_drop(struct shelf *shelf)
{
	struct shelf_block *oldest = shelf_at(shelf, 0);

	shelf->rows -= oldest->rows;
	shelf->bytes -= oldest->size;
	free(oldest->bytes);
	shelf->first++;
	shelf->count--;
}

static bool shelf_is_over(const struct shelf *shelf)
{
	return shelf->count > 1 && !shelf_at(shelf, 0)->lent &&
		(shelf->rows - shelf_at(shelf, 0)->rows >= shelf->rows_max ||
			shelf->bytes > shelf->bytes_max || shelf->count > shelf->count_max);
}

/* Places that are enough: one block too many for a moment, and as many free to move down to. */
static unsigned shelf_cap_max(const struct shelf *shelf)
{
	return 2 * (shelf->count_max + 1);
}

/* Room for one more: by moving down where half is free, else by growing. */
static void shelf_reserve(struct shelf *shelf)
{
	unsigned most = shelf_cap_max(shelf), grown;

	if (shelf->first + shelf->count < shelf->cap)
		return;
	if (shelf->first > 0 && shelf->first >= shelf->cap / 2) {
		memmove(shelf->blocks, shelf_at(shelf, 0),
			shelf->count * sizeof(*shelf->blocks));
		shelf->first = 0;
		return;
	}
	grown = shelf->cap ? shelf->cap * 2 : 64;
	shelf->cap = shelf->cap < most && grown > most ? most : grown;
	shelf->blocks = xrealloc(shelf->blocks, shelf->cap, sizeof(*shelf->blocks));
}

void shelf_add(struct shelf *shelf, const struct shelf_block *block)
{
	shelf_reserve(shelf);
	*shelf_at(shelf, shelf->count++) = *block;
	shelf->rows += block->rows;
	shelf->bytes += block->size;
	while (shelf_is_over(shelf))
		shelf_drop(shelf);
}

size_t shelf_bytes(const struct shelf *shelf)
{
	size_t bytes = shelf->cap * sizeof(*shelf->blocks);

	for (unsigned i = 0; i < shelf->count; i++)
		bytes += shelf_at(shelf, i)->bytes ? shelf_at(shelf, i)->size : 0;
	return bytes;
}

size_t shelf_bound(const struct shelf *shelf)
{
	return shelf_cap_max(shelf) * sizeof(*shelf->blocks) + shelf->bytes_max;
}

unsigned shelf_find(const struct shelf *shelf, uint64_t seq)
{
	unsigned low = 0, high = shelf->count;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;

		if (shelf_at(shelf, middle)->last_seq > seq)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

unsigned shelf_unstored(const struct shelf *shelf)
{
	unsigned place = shelf->count;

	while (place > 0 && !shelf_at(shelf, place - 1)->stored)
		place--;
	return place;
}

void shelf_forget_stored(struct shelf *shelf)
{
	struct shelf old = *shelf;

	shelf->blocks = NULL;
	shelf->first = shelf->count = shelf->cap = 0;
	shelf->rows = 0;
	shelf->bytes = 0;
	for (unsigned i = 0; i < old.count; i++) {
		struct shelf_block *b = shelf_at(&old, i);

		b->stored = false;
		if (b->bytes)
			shelf_add(shelf, b);
	}
	free(old.blocks);
}
