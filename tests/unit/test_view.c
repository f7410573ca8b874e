/* SPDX-License-Identifier: MIT */
#include "daemon/view.h"
#include "proto/alloc.h"
#include "tests/unit/run.h"

#include <math.h>
#include <string.h>

#define MS UINT64_C(1000000)

enum { GAUGE, COUNTER, STATE, BOOL, SERIES };

static struct schema *schema;
static struct timeline timeline;
static struct view *view;
static struct buf out;
static uint64_t tick;
static unsigned run;

static void setup(void)
{
	static const char *const words[] = { "cool", "warm", "hot", NULL };

	schema = schema_new();
	schema_add(schema, "g", KIND_GAUGE, 2);
	schema_add(schema, "n", KIND_COUNTER, 0);
	schema_add(schema, "s", KIND_STATE, 0)->states = words;
	schema->series[STATE].state_count = 3;
	schema->series[STATE].agg = AGG_MAX;
	schema_add(schema, "b", KIND_BOOL, 0)->agg = AGG_MAX;
	timeline = (struct timeline){ schema, history_new(50, SERIES), "e", 1000, 0, NULL };
	buf_init(&out, 1 << 20);
	tick = 0;
	run = 1;
	view = NULL;
}

static void teardown(void)
{
	view_free(view);
	history_free(timeline.history);
	schema_free(schema);
	buf_fini(&out);
}

static void look(uint64_t ticks, enum agg agg)
{
	struct view_spec spec = { .ticks = ticks, .aggs = { agg }, .agg_count = 1 };

	spec.columns = xcalloc(SERIES, sizeof(*spec.columns));
	for (spec.count = 0; spec.count < SERIES; spec.count++)
		spec.columns[spec.count] = spec.count;
	view_free(view);
	view = view_new(&timeline, &spec);
}

static void row(double g, double s, double b, uint64_t dt_ms, unsigned flags)
{
	double values[SERIES] = { g, 10.0 * (double)(tick + 1), s, b };
	struct row r = { .tick = ++tick, .run = run, .flags = flags, .values = values };

	r.ts_ms = (int64_t)tick * 1000;
	r.mono_ns = tick * 1000 * MS;
	r.dt_ns = dt_ms * MS;
	history_append(timeline.history, &r);
}

static void plain_rows(unsigned n)
{
	while (n-- > 0)
		row((double)tick + 1, 0, 0, 1000, 0);
}

static const char *text_of(uint64_t first, uint64_t last)
{
	struct window w = { first, last, true };

	buf_clear(&out);
	view_write(view, &w, &out);
	buf_add(&out, "", 1);
	return out.data;
}

static void expect_in(const char *text, const char *part)
{
	ck_assert_msg(strstr(text, part) != NULL, "%s is not in: %s", part, text);
}

static void expect_window(uint64_t after, uint64_t first, uint64_t last, bool complete)
{
	struct window w;

	ck_assert(view_window(view, after, &w));
	ck_assert_uint_eq(w.first, first);
	ck_assert_uint_eq(w.last, last);
	ck_assert_int_eq(w.complete, complete);
}

START_TEST(windows_are_aligned_to_ticks)
{
	look(3, AGG_OWN);
	plain_rows(7);
	expect_window(0, 1, 3, true);
	expect_window(1, 2, 3, true);
	expect_window(3, 4, 6, true);
	expect_window(6, 7, 7, false);
	ck_assert(!view_window(view, 7, &(struct window){ 0 }));
}
END_TEST

START_TEST(a_window_is_complete_with_its_last_tick_or_a_later_row)
{
	look(3, AGG_OWN);
	plain_rows(2);
	expect_window(0, 1, 2, false);
	tick = 3; /* its last tick is missed */
	expect_window(0, 1, 2, false);
	plain_rows(1);
	expect_window(0, 1, 2, true);
	expect_window(2, 3, 3, false);
}
END_TEST

START_TEST(two_runs_never_share_a_window)
{
	look(10, AGG_OWN);
	plain_rows(2);
	run = 2;
	plain_rows(2);
	expect_window(0, 1, 2, true);
	expect_window(2, 3, 4, false);
	run = 3;
	tick = 0; /* ticks may begin again */
	plain_rows(3);
	expect_window(2, 3, 4, true);
	expect_window(4, 5, 7, false);
}
END_TEST

START_TEST(a_snapshot_begins_before_the_newest_complete_window)
{
	look(3, AGG_OWN);
	ck_assert_uint_eq(view_before_newest(view), 0);
	plain_rows(2);
	ck_assert_uint_eq(view_before_newest(view), 0);
	plain_rows(3);
	ck_assert_uint_eq(view_before_newest(view), 0);
	plain_rows(1);
	ck_assert_uint_eq(view_before_newest(view), 3);
	plain_rows(2);
	ck_assert_uint_eq(view_before_newest(view), 3);
}
END_TEST

START_TEST(means_weigh_by_the_time_that_rows_cover)
{
	look(4, AGG_OWN);
	row(1, 0, 0, 1000, 0);
	row(4, 0, 0, 3000, 0);
	row(NAN, 0, 0, 5000, 0);
	expect_in(text_of(1, 3), "\"dt_ms\":9000,");
	expect_in(text_of(1, 3), "\"g\":3.25,");
}
END_TEST

START_TEST(a_row_of_unknown_length_weighs_as_one_interval)
{
	look(4, AGG_OWN);
	row(1, 0, 0, 0, ROW_RESTART);
	row(4, 0, 0, 3000, 0);
	expect_in(text_of(1, 2), "\"dt_ms\":3000,");
	expect_in(text_of(1, 2), "\"g\":3.25,");
}
END_TEST

START_TEST(a_length_that_no_row_knows_is_null)
{
	look(1, AGG_OWN);
	row(1, 0, 0, 0, ROW_BOOT);
	expect_in(text_of(1, 1), "\"dt_ms\":null,\"flags\":[\"boot\"],");
}
END_TEST

START_TEST(absent_values_are_left_out_and_all_absent_is_null)
{
	look(2, AGG_MIN);
	row(NAN, NAN, NAN, 1000, 0);
	row(7, 1, 1, 1000, 0);
	row(NAN, NAN, NAN, 1000, 0);
	row(NAN, NAN, NAN, 1000, 0);
	expect_in(text_of(1, 2), "{\"g\":7,\"n\":20,\"s\":\"warm\",\"b\":true}");
	expect_in(text_of(3, 4), "{\"g\":null,\"n\":40,\"s\":null,\"b\":null}");
}
END_TEST

START_TEST(each_aggregation_does_what_it_is_called)
{
	row(5, 2, 1, 1000, 0);
	row(1, 0, 0, 1000, 0);
	row(3, 1, 0, 1000, 0);
	look(3, AGG_MIN);
	expect_in(text_of(1, 3), "{\"g\":1,\"n\":30,\"s\":\"cool\",\"b\":false}");
	look(3, AGG_MAX);
	expect_in(text_of(1, 3), "{\"g\":5,\"n\":30,\"s\":\"hot\",\"b\":true}");
	look(3, AGG_LAST);
	expect_in(text_of(1, 3), "{\"g\":3,\"n\":30,\"s\":\"warm\",\"b\":false}");
	look(3, AGG_OWN);
	expect_in(text_of(1, 3), "{\"g\":3,\"n\":30,\"s\":\"hot\",\"b\":true}");
}
END_TEST

START_TEST(a_mean_of_words_is_their_own_aggregation)
{
	row(5, 2, 1, 1000, 0);
	row(1, 0, 0, 1000, 0);
	look(2, AGG_MEAN);
	expect_in(text_of(1, 2), "{\"g\":3,\"n\":20,\"s\":\"hot\",\"b\":true}");
}
END_TEST

START_TEST(several_aggregations_make_lists_of_gauges_alone)
{
	unsigned *columns = xcalloc(SERIES, sizeof(*columns));
	struct view_spec spec = { columns, SERIES, 2, { AGG_MIN, AGG_MEAN }, 2, true, true };

	for (unsigned i = 0; i < SERIES; i++)
		columns[i] = i;
	view = view_new(&timeline, &spec);
	row(1, 0, 0, 1000, 0);
	row(2, 1, 1, 1000, 0);
	expect_in(text_of(1, 2), "\"v\":[[1,1.5],20,\"warm\",true]}\n");
	expect_in(text_of(1, 1), "\"v\":[[1,1],10,\"cool\",false]}\n");
}
END_TEST

START_TEST(flags_of_a_window_are_those_of_all_its_rows)
{
	look(3, AGG_OWN);
	row(1, 0, 0, 0, ROW_START);
	row(1, 0, 0, 1000, ROW_CLOCK_STEP);
	row(1, 0, 0, 4000, ROW_LATE | ROW_CLOCK_STEP);
	expect_in(text_of(1, 3), "\"flags\":[\"start\",\"late\",\"clock_step\"]");
	expect_in(text_of(2, 2), "\"flags\":[\"clock_step\"]");
}
END_TEST

START_TEST(a_word_that_nobody_knows_is_null)
{
	look(1, AGG_OWN);
	row(0, 3, 0, 1000, 0);
	row(0, -1, 0, 1000, 0);
	expect_in(text_of(1, 1), "\"s\":null");
	expect_in(text_of(2, 2), "\"s\":null");
}
END_TEST

START_TEST(all_who_ask_for_a_window_share_its_text)
{
	struct window w = { 1, 1, true };
	uint64_t encoded = 0;
	struct body *a, *b;

	look(1, AGG_OWN);
	plain_rows(2);
	a = view_body(view, &w, &encoded);
	b = view_body(view, &w, &encoded);
	ck_assert_ptr_eq(a, b);
	ck_assert_uint_eq(encoded, 1);
	w = (struct window){ 2, 2, true };
	body_unref(b);
	b = view_body(view, &w, &encoded);
	ck_assert_ptr_ne(a, b); /* a is still to be sent */
	ck_assert_uint_eq(encoded, 2);
	ck_assert(!memcmp(a->text.data, text_of(1, 1), a->text.len));
	body_unref(a);
	body_unref(b);
}
END_TEST

RUN_TESTS("view", setup, teardown, windows_are_aligned_to_ticks,
	a_window_is_complete_with_its_last_tick_or_a_later_row, two_runs_never_share_a_window,
	a_snapshot_begins_before_the_newest_complete_window,
	means_weigh_by_the_time_that_rows_cover, a_row_of_unknown_length_weighs_as_one_interval,
	a_length_that_no_row_knows_is_null, absent_values_are_left_out_and_all_absent_is_null,
	each_aggregation_does_what_it_is_called, a_mean_of_words_is_their_own_aggregation,
	several_aggregations_make_lists_of_gauges_alone,
	flags_of_a_window_are_those_of_all_its_rows, a_word_that_nobody_knows_is_null,
	all_who_ask_for_a_window_share_its_text)
