/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <pthread.h>
#include <sched.h>

#include "daemon/spsc.h"

#define COUNT 200000

static struct spsc queue;
static long items[COUNT];

static void setup(void)
{
	spsc_init(&queue);
}

static void teardown(void)
{
}

START_TEST(an_empty_queue_gives_nothing)
{
	ck_assert_ptr_null(spsc_pop(&queue));
}
END_TEST

START_TEST(items_come_out_in_the_order_they_went_in)
{
	ck_assert(spsc_push(&queue, &items[0]));
	ck_assert(spsc_push(&queue, &items[1]));
	ck_assert_ptr_eq(spsc_pop(&queue), &items[0]);
	ck_assert_ptr_eq(spsc_pop(&queue), &items[1]);
	ck_assert_ptr_null(spsc_pop(&queue));
}
END_TEST

START_TEST(a_full_queue_refuses_and_loses_nothing)
{
	for (int i = 0; i < SPSC_SLOTS; i++)
		ck_assert(spsc_push(&queue, &items[i]));
	ck_assert(!spsc_push(&queue, &items[SPSC_SLOTS]));
	for (int i = 0; i < SPSC_SLOTS; i++)
		ck_assert_ptr_eq(spsc_pop(&queue), &items[i]);
	ck_assert(spsc_push(&queue, &items[SPSC_SLOTS]));
	ck_assert_ptr_eq(spsc_pop(&queue), &items[SPSC_SLOTS]);
}
END_TEST

START_TEST(the_counters_may_wrap)
{
	atomic_store(&queue.head, (unsigned)-3);
	atomic_store(&queue.tail, (unsigned)-3);
	for (int i = 0; i < SPSC_SLOTS; i++)
		ck_assert(spsc_push(&queue, &items[i]));
	ck_assert(!spsc_push(&queue, &items[0]));
	for (int i = 0; i < SPSC_SLOTS; i++)
		ck_assert_ptr_eq(spsc_pop(&queue), &items[i]);
	ck_assert_ptr_null(spsc_pop(&queue));
}
END_TEST

/* Fills each item only now, so that a missing barrier shows as a value or a race. */
static void *produce(void *unused)
{
	(void)unused;
	for (long i = 0; i < COUNT; i++) {
		items[i] = i + 1;
		while (!spsc_push(&queue, &items[i]))
			sched_yield();
	}
	return NULL;
}

START_TEST(two_threads_see_every_item_once_and_complete)
{
	pthread_t producer;

	ck_assert_int_eq(pthread_create(&producer, NULL, produce, NULL), 0);
	for (long i = 0; i < COUNT; i++) {
		long *item;

		while (!(item = spsc_pop(&queue)))
			sched_yield();
		if (item != &items[i] || *item != i + 1)
			ck_abort_msg("item %ld holds %ld", (long)(item - items), *item);
	}
	ck_assert_int_eq(pthread_join(producer, NULL), 0);
	ck_assert_ptr_null(spsc_pop(&queue));
}
END_TEST

RUN_TESTS("spsc", setup, teardown, an_empty_queue_gives_nothing,
	items_come_out_in_the_order_they_went_in, a_full_queue_refuses_and_loses_nothing,
	the_counters_may_wrap, two_threads_see_every_item_once_and_complete)
