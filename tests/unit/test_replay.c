/* SPDX-License-Identifier: MIT */
#include "daemon/source/replay.h"
#include "proto/trace.h"
#include "tests/unit/run.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char path[64], spec[128];
static FILE *file;
static struct fault why;
static struct layout *layout;
static struct sample *s;

static void setup(void)
{
	int fd;

	strcpy(path, "/tmp/actop-replay-XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	file = fdopen(fd, "w");
	memset(&why, 0, sizeof(why));
	layout = NULL;
	s = NULL;
}

static void teardown(void)
{
	sample_free(s);
	layout_free(layout);
	fclose(file);
	unlink(path);
}

static void put_header(void)
{
	fputs("{\"actop_trace\":1,\"base_ms\":500}\n", file);
}

static void put_sample(unsigned ms, double load)
{
	fprintf(file,
		"{\"wall_ms\":%u,\"mono_ns\":%u000000,\"awake_ns\":%u000000,\"v\":{\"load_1m\":"
		"[%g]}}\n",
		ms, ms, ms, load);
}

static struct replay *open_as(const char *option)
{
	fflush(file);
	snprintf(spec, sizeof(spec), "%s%s", path, option);
	return replay_open(spec, &why);
}

static struct replay *open_good(const char *option)
{
	struct replay *r = open_as(option);

	ck_assert_msg(r != NULL, "%s", why.text);
	layout = replay_take_layout(r);
	s = sample_new(layout);
	return r;
}

static void expect_sample(struct replay *r, uint64_t ms, double load)
{
	ck_assert_int_eq(replay_read(r, s), 0);
	ck_assert(s->time.mono_ns == ms * 1000000);
	ck_assert_double_eq(sample_get(s, METRIC_LOAD_1M, 0), load);
}

static void expect_refused(const char *option, int code, const char *text)
{
	ck_assert_ptr_null(open_as(option));
	ck_assert_int_eq(why.code, code);
	ck_assert_msg(strstr(why.text, text) != NULL, "%s", why.text);
}

START_TEST(samples_come_in_the_order_and_at_the_pace_of_the_recording)
{
	struct replay *r;

	put_header();
	put_sample(1000, 1);
	put_sample(1500, 2);
	put_sample(4000, 3);
	r = open_good("");
	ck_assert_uint_eq(replay_base_ms(r), 500);
	ck_assert_uint_eq(replay_pace(r), 1);
	expect_sample(r, 1000, 1);
	ck_assert(replay_pace(r) == 500000000);
	expect_sample(r, 1500, 2);
	ck_assert(replay_pace(r) == UINT64_C(2500000000));
	expect_sample(r, 4000, 3);
	ck_assert_int_eq(replay_read(r, s), -ENODATA);
	ck_assert_int_eq(replay_read(r, s), -ENODATA);
	ck_assert_uint_eq(replay_pace(r), 1);
	replay_close(r);
}
END_TEST

START_TEST(when_it_begins_is_known_before_it_is_read)
{
	struct replay *r;

	put_header();
	fputs("broken\n", file);
	put_sample(1500, 1);
	put_sample(2000, 2);
	r = open_good("");
	ck_assert_ptr_nonnull(replay_begin(r));
	ck_assert_int_eq(replay_begin(r)->wall_ms, 1500);
	ck_assert_uint_eq(replay_pace(r), 1);
	expect_sample(r, 1500, 1);
	expect_sample(r, 2000, 2);
	ck_assert_int_eq(replay_begin(r)->wall_ms, 1500);
	replay_close(r);
}
END_TEST

START_TEST(it_plays_faster_or_without_waiting)
{
	struct replay *r;

	put_header();
	put_sample(1000, 1);
	put_sample(2000, 2);
	r = open_good(",speed=4");
	expect_sample(r, 1000, 1);
	ck_assert(replay_pace(r) == 250000000);
	replay_close(r);
	sample_free(s);
	layout_free(layout);
	r = open_good(",speed=max");
	expect_sample(r, 1000, 1);
	ck_assert_uint_eq(replay_pace(r), 1);
	replay_close(r);
}
END_TEST

START_TEST(time_that_does_not_go_on_is_not_waited_for)
{
	struct replay *r;

	put_header();
	put_sample(2000, 1);
	put_sample(1000, 2);
	r = open_good("");
	expect_sample(r, 2000, 1);
	ck_assert_uint_eq(replay_pace(r), 1);
	expect_sample(r, 1000, 2);
	replay_close(r);
}
END_TEST

START_TEST(broken_lines_are_passed_over_and_counted)
{
	struct replay *r;

	put_header();
	fputs("garbage\n\n", file);
	put_sample(1000, 1);
	fputs("{\"wall_ms\":5}\n", file);
	put_sample(2000, 2);
	fputs("{\"wall_ms\":3000,\"mono_ns\":30000", file); /* cut off in the middle */
	r = open_good("");
	expect_sample(r, 1000, 1);
	expect_sample(r, 2000, 2);
	ck_assert_int_eq(replay_read(r, s), -ENODATA);
	ck_assert_uint_eq(replay_bad_lines(r), 4);
	replay_close(r);
}
END_TEST

START_TEST(an_old_reading_does_not_shine_through)
{
	struct replay *r;

	put_header();
	put_sample(1000, 1);
	fputs("{\"wall_ms\":2000,\"mono_ns\":2000000000,\"awake_ns\":2000000000,\"v\":{}}\n",
		file);
	r = open_good("");
	expect_sample(r, 1000, 1);
	ck_assert_int_eq(replay_read(r, s), 0);
	ck_assert(!sample_has(s, METRIC_LOAD_1M, 0));
	replay_close(r);
}
END_TEST

START_TEST(a_recording_without_samples_ends_at_once)
{
	struct replay *r;

	put_header();
	r = open_good("");
	ck_assert_int_eq(replay_read(r, s), -ENODATA);
	ck_assert_ptr_null(replay_begin(r));
	replay_close(r);
}
END_TEST

START_TEST(what_is_no_recording_is_refused)
{
	expect_refused("", -EBADMSG, "no recording");
	fputs("{\"actop_trace\":9}\n", file);
	expect_refused("", -EBADMSG, "does not say");
	ck_assert_ptr_null(replay_open("/tmp/actop-no-such-file", &why));
	ck_assert_int_eq(why.code, -ENOENT);
}
END_TEST

START_TEST(a_refusal_is_told_whole_with_a_long_path_too)
{
	char far[160];

	snprintf(far, sizeof(far), "/tmp/%0150d", 0);
	ck_assert_ptr_null(replay_open(far, &why));
	ck_assert_ptr_nonnull(strstr(why.text, far));
	ck_assert_ptr_nonnull(strstr(why.text, strerror(ENOENT)));
}
END_TEST

START_TEST(odd_speeds_are_refused)
{
	put_header();
	expect_refused(",speed=", -EINVAL, "speed is");
	expect_refused(",speed=0", -EINVAL, "speed is");
	expect_refused(",speed=-1", -EINVAL, "speed is");
	expect_refused(",speed=nan", -EINVAL, "speed is");
	expect_refused(",speed=2x", -EINVAL, "speed is");
	expect_refused(",speed=1e9", -EINVAL, "speed is");
}
END_TEST

RUN_TESTS("replay", setup, teardown, when_it_begins_is_known_before_it_is_read,
	samples_come_in_the_order_and_at_the_pace_of_the_recording,
	it_plays_faster_or_without_waiting, time_that_does_not_go_on_is_not_waited_for,
	broken_lines_are_passed_over_and_counted, an_old_reading_does_not_shine_through,
	a_recording_without_samples_ends_at_once, what_is_no_recording_is_refused,
	a_refusal_is_told_whole_with_a_long_path_too, odd_speeds_are_refused)
