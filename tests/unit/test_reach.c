/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "daemon/history/archive.h"
#include "tests/unit/fixture.h"
#include "tests/unit/run.h"

/*
 * Which rows of a coarse tier answer a request about wall time, on a machine whose clock was
 * set back twice: just those whose own time is within the bounds, wherever they stand.
 */

#define STEP_TICKS 4
#define RUN_TICKS 1200 /* between two steps of the clock: more than a block of rows */
#define BACK_MS 800000
#define ROWS (3 * RUN_TICKS / STEP_TICKS)

static struct fixture f;
static struct archive *archive;
static struct session *session;

/* Row i of the tier, counted from 0: the time of its last sample. */
static int64_t row_ts_ms(unsigned i)
{
	int64_t tick = (int64_t)(i + 1) * STEP_TICKS;

	return FIXTURE_T0_MS + 1000 * tick - BACK_MS * ((tick - 1) / RUN_TICKS);
}

static void setup(void)
{
	static const struct archive_tier tier = { STEP_TICKS * 1000, 4 * RUN_TICKS * 1000 };

	fixture_init(&f, 8);
	archive = archive_new(f.schema, FIXTURE_BASE_MS, &tier, 1, FIXTURE_SERIES);
	hub_continue(&f.hub, FIXTURE_EPOCH, 0, archive);
	for (unsigned k = 0; k < 3 * RUN_TICKS; k++) {
		if (k > 0 && k % RUN_TICKS == 0)
			fixture_set_clock(&f, -BACK_MS);
		fixture_tick(&f);
		archive_add(archive, history_row(f.history, history_head(f.history)));
	}
	session = session_new(&f.hub, 0, 0, true);
}

static void teardown(void)
{
	session_free(session);
	fixture_fini(&f);
	archive_free(archive);
}

static const char *expect_row(const char *line, unsigned i)
{
	const char *seq = strstr(line, "\"seq\":");

	ck_assert_msg(strncmp(line, "{\"type\":\"row\"", 13) == 0, "row %u: %.200s", i, line);
	ck_assert_uint_eq(strtoul(seq + 6, NULL, 10), (i + 1) * STEP_TICKS);
	return strchr(line, '\n') + 1;
}

/* Asks for since <= ts < until, and holds the answer against the rows one by one. */
static void expect_rows(int64_t since_ms, int64_t until_ms)
{
	char ask[200], wanted[64];
	struct buf out;
	const char *line;
	unsigned rows = 0;

	buf_init(&out, FIXTURE_OUT_MAX);
	snprintf(ask, sizeof(ask),
		"{\"op\":\"history\",\"metrics\":[\"a.gauge\"],\"step_ms\":%d,\"limit\":10000,"
		"\"since_ms\":%" PRIi64 ",\"until_ms\":%" PRIi64 "}",
		STEP_TICKS * 1000, since_ms, until_ms);
	fixture_ask(session, ask, &out);
	buf_add(&out, "", 1);
	line = out.data;
	for (unsigned i = 0; i < ROWS; i++) {
		if (row_ts_ms(i) < since_ms || row_ts_ms(i) >= until_ms)
			continue;
		line = expect_row(line, i);
		rows++;
	}
	snprintf(wanted, sizeof(wanted), "\"rows\":%u,", rows);
	ck_assert_msg(strstr(line, wanted) != NULL, "%s, not %.200s", wanted, line);
	ck_assert_msg(strstr(line, "\"next\":null") != NULL, "%.200s", line);
	buf_fini(&out);
}

START_TEST(rows_of_a_coarse_tier_are_each_held_against_the_bounds)
{
	static const int64_t seconds[] = { 0, 4, 300, 399, 400, 401, 700, 1199, 1200, 1201,
		1600, 1990, 2500 };
	const unsigned count = sizeof(seconds) / sizeof(*seconds);

	for (unsigned i = 0; i < count; i++)
		for (unsigned k = i + 1; k < count; k++)
			expect_rows(FIXTURE_T0_MS + 1000 * seconds[i],
				FIXTURE_T0_MS + 1000 * seconds[k]);
}
END_TEST

START_TEST(a_coarse_window_ends_where_rows_lie_in_it_that_are_not_wanted)
{
	/* Ticks 1185 to 1216 are a window; behind 1200 the clock goes from 1200 s to 401 s. */
	static const char ask[] =
		"{\"op\":\"history\",\"metrics\":[\"a.gauge\"],\"step_ms\":32000,"
		"\"since_ms\":1700000412000,\"until_ms\":1700001197000}";
	struct buf out;

	buf_init(&out, FIXTURE_OUT_MAX);
	fixture_ask(session, ask, &out);
	buf_add(&out, "", 1);
	ck_assert_ptr_nonnull(strstr(out.data, "\"seq\":1196,\"n\":12,"));
	ck_assert_ptr_nonnull(strstr(out.data, "\"seq\":1216,\"n\":8,"));
	buf_fini(&out);
}
END_TEST

START_TEST(a_start_that_no_tier_has_any_more_is_gone)
{
	struct buf out;

	for (unsigned k = 0; k < 6 * RUN_TICKS; k++) {
		fixture_tick(&f);
		archive_add(archive, history_row(f.history, history_head(f.history)));
	}
	buf_init(&out, FIXTURE_OUT_MAX);
	fixture_ask(session,
		"{\"op\":\"history\",\"after\":\"00000000000000e1:5\",\"on_gap\":\"fail\"}",
		&out);
	buf_add(&out, "", 1);
	ck_assert_str_eq(out.data,
		"{\"type\":\"error\",\"id\":null,\"op\":\"history\",\"code\":\"gone\","
		"\"message\":\"cursor is no longer in the history\",\"reason\":\"evicted\","
		"\"oldest\":\"00000000000000e1:10792\",\"head\":\"00000000000000e1:10800\","
		"\"fatal\":false}\n");
	buf_fini(&out);
}
END_TEST

RUN_TESTS("reach", setup, teardown, rows_of_a_coarse_tier_are_each_held_against_the_bounds,
	a_coarse_window_ends_where_rows_lie_in_it_that_are_not_wanted,
	a_start_that_no_tier_has_any_more_is_gone)
