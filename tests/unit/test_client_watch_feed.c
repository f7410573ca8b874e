/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/ask.h"
#include "client/watch/feed.h"
#include "tests/unit/run.h"

/* The feed at one end of a socket, the test, as the daemon, at the other. */
static struct options options;
static struct model model;
static struct feed feed;
static int far_end;
static char asked[65536];

static void connect_feed(void)
{
	int ends[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	conn_init(&feed.talk.conn, ends[0]);
	far_end = ends[1];
}

static void setup(void)
{
	model_init(&model);
	model.settings.avg_ms = 30000;
	feed = (struct feed){ .options = &options, .model = &model, .span = 100 };
	buf_init(&feed.talk.out, ASK_MAX);
	feed.ever = true;
	connect_feed();
}

static void teardown(void)
{
	close(far_end);
	feed_close(&feed);
	model_fini(&model);
}

static void tell(const char *lines)
{
	ck_assert_int_eq(write(far_end, lines, strlen(lines)), (int)strlen(lines));
	ck_assert_int_eq(feed_take(&feed), FEED_GO_ON);
}

/* What it has asked for since. */
static const char *hear(void)
{
	ssize_t n = recv(far_end, asked, sizeof(asked) - 1, MSG_DONTWAIT);

	asked[n > 0 ? n : 0] = '\0';
	return asked;
}

static bool asks(const char *text)
{
	return strstr(hear(), text) != NULL;
}

#define HELLO(epoch) \
	"{\"type\":\"reply\",\"op\":\"hello\",\"proto\":1,\"epoch\":\"" epoch \
	"\",\"base_ms\":1000,\"caps\":[\"processes\"]}\n"
#define SCHEMA \
	"{\"type\":\"reply\",\"op\":\"schema\",\"metrics\":[{\"name\":\"cpu_util_pct\"}]}\n"
#define SUBSCRIBED(names) \
	"{\"type\":\"reply\",\"id\":\"samples\",\"op\":\"subscribe\",\"interval_ms\":1000," \
	"\"head_seq\":42,\"metrics\":[" names "]}\n"

static void sample(int seq)
{
	char line[200];

	snprintf(line, sizeof(line),
		"{\"type\":\"sample\",\"sub\":\"samples\",\"seq\":%d,\"ts_ms\":%d,\"v\":[%d]}"
		"\n",
		seq, 1000 * seq, seq);
	tell(line);
}

static void begin(void)
{
	tell(HELLO("e1") SCHEMA SUBSCRIBED("\"cpu_util_pct\""));
	hear();
}

START_TEST(the_past_is_asked_for_once_it_is_known_what_there_is)
{
	tell(HELLO("e1"));
	ck_assert_str_eq(hear(), "");
	tell(SCHEMA);
	ck_assert(asks("\"sub\":\"samples\",\"last_ms\":100000,\"interval_ms\":1000"));
	ck_assert(strstr(asked, "\"sub\":\"events\",\"last_ms\":3600000") != NULL);
	tell(SUBSCRIBED("\"cpu_util_pct\""));
	ck_assert(!feed_is_ready(&feed));
	sample(41);
	ck_assert(!feed_is_ready(&feed));
	sample(42);
	ck_assert(feed_is_ready(&feed));
	ck_assert_uint_eq(model.live.count, 2);
	ck_assert_double_eq_tol(model_meter(&model, METER_CPU_UTIL), 42, 1e-9);
}
END_TEST

START_TEST(a_line_may_come_in_pieces)
{
	begin();
	tell("{\"type\":\"sample\",\"sub\":\"samples\",\"seq\":42,");
	ck_assert_uint_eq(model.live.count, 0);
	tell("\"ts_ms\":42000,\"v\":[7]}\n");
	ck_assert_uint_eq(model.live.count, 1);
}
END_TEST

START_TEST(a_connection_that_was_lost_goes_on_behind_its_cursor)
{
	begin();
	sample(42);
	tell("{\"type\":\"event\",\"sub\":\"events\",\"eseq\":9,\"ts_ms\":1,\"kind\":\"mark\"}"
	     "\n");
	close(far_end);
	ck_assert_int_eq(feed_take(&feed), FEED_LOST);
	conn_close(&feed.talk.conn);
	connect_feed();
	tell(HELLO("e1") SCHEMA);
	ck_assert(asks("\"sub\":\"samples\",\"after\":\"e1:42\""));
	ck_assert(strstr(asked, "\"sub\":\"events\",\"after\":\"e1:9\"") != NULL);
	tell(SUBSCRIBED("\"cpu_util_pct\""));
	sample(43);
	ck_assert_uint_eq(model.live.count, 2);
}
END_TEST

START_TEST(a_history_that_was_begun_anew_is_asked_for_its_past)
{
	begin();
	sample(42);
	close(far_end);
	ck_assert_int_eq(feed_take(&feed), FEED_LOST);
	conn_close(&feed.talk.conn);
	connect_feed();
	tell(HELLO("e2") SCHEMA);
	ck_assert(asks("\"sub\":\"samples\",\"last_ms\":100000"));
}
END_TEST

START_TEST(other_columns_than_before_are_filled_from_the_past)
{
	begin();
	sample(42);
	tell(SCHEMA);
	hear();
	tell(SUBSCRIBED("\"load_1m\",\"cpu_util_pct\""));
	ck_assert(asks("\"op\":\"unsubscribe\",\"sub\":\"samples\""));
	ck_assert(strstr(asked, "\"last_ms\":100000") != NULL);
	ck_assert(!feed_is_ready(&feed));
}
END_TEST

START_TEST(a_gap_breaks_the_charts)
{
	begin();
	sample(42);
	tell("{\"type\":\"gap\",\"sub\":\"samples\",\"from_seq\":43,\"to_seq\":50}\n");
	ck_assert_uint_eq(model.live.count, 2);
	ck_assert(model_meter(&model, METER_CPU_UTIL) != model_meter(&model, METER_CPU_UTIL));
}
END_TEST

START_TEST(a_farewell_loses_the_connection)
{
	begin();
	ck_assert_int_gt(write(far_end, "{\"type\":\"bye\",\"reason\":\"shutdown\"}\n", 35), 0);
	ck_assert_int_eq(feed_take(&feed), FEED_LOST);
}
END_TEST

START_TEST(a_wider_screen_asks_for_more)
{
	begin();
	sample(42);
	feed_widen(&feed, 90);
	ck_assert_str_eq(hear(), "");
	feed_widen(&feed, 300);
	ck_assert(asks("\"last_ms\":300000"));
	ck_assert(!feed_is_ready(&feed));
}
END_TEST

START_TEST(another_interval_asks_for_the_same_number_of_rows)
{
	begin();
	sample(42);
	feed_interval(&feed, 5000);
	ck_assert(asks("\"last_ms\":500000,\"interval_ms\":5000"));
	ck_assert(!feed_is_ready(&feed));
	/* Pressed again before the answer. */
	feed_interval(&feed, 10000);
	feed_interval(&feed, 5000);
	ck_assert_str_eq(hear(), "");
	/* Too short a past for a whole window: nothing is awaited. */
	tell("{\"type\":\"reply\",\"id\":\"samples\",\"op\":\"subscribe\",\"interval_ms\":5000,"
	     "\"from_seq\":36,\"head_seq\":43,\"metrics\":[\"cpu_util_pct\"]}\n");
	ck_assert(feed_is_ready(&feed));
	feed_interval(&feed, 5000);
	tell("{\"type\":\"reply\",\"id\":\"samples\",\"op\":\"subscribe\",\"interval_ms\":5000,"
	     "\"from_seq\":35,\"head_seq\":43,\"metrics\":[\"cpu_util_pct\"]}\n");
	ck_assert(!feed_is_ready(&feed));
	sample(39);
	ck_assert(feed_is_ready(&feed));
}
END_TEST

START_TEST(a_filter_that_is_no_expression_is_told)
{
	begin();
	sample(42);
	model.settings.processes = true;
	snprintf(model.filter, sizeof(model.filter), "(");
	feed_processes(&feed, 20);
	ck_assert(asks("\"match\":\"(\",\"limit\":20"));
	tell("{\"type\":\"error\",\"id\":\"processes\",\"op\":\"subscribe\",\"code\":\"bad_"
	     "value\","
	     "\"field\":\"match\"}\n");
	ck_assert(model.filter_bad);
	model.filter[0] = '\0';
	feed_processes(&feed, 20);
	ck_assert(!asks("unsubscribe"));
	tell("{\"type\":\"reply\",\"id\":\"processes\",\"op\":\"subscribe\"}\n");
	ck_assert(!model.filter_bad);
	feed_processes(&feed, 30);
	ck_assert(asks("{\"op\":\"unsubscribe\",\"sub\":\"processes\"}"));
}
END_TEST

static void row(unsigned id, int ts_ms)
{
	char line[200];

	snprintf(line, sizeof(line),
		"{\"type\":\"row\",\"id\":%u,\"seq\":1,\"ts_ms\":%d,\"v\":[1]}\n", id, ts_ms);
	tell(line);
}

static void complete(unsigned id, int tier_ms)
{
	char line[200];

	snprintf(line, sizeof(line),
		"{\"type\":\"reply\",\"id\":%u,\"op\":\"history\",\"tier_ms\":%d}\n", id,
		tier_ms);
	tell(line);
}

START_TEST(a_stretch_of_the_past_takes_the_place_of_the_one_before)
{
	unsigned first;

	begin();
	sample(42);
	feed_past(&feed, 5000000, 100);
	first = feed.past_id;
	ck_assert(asks("\"since_ms\":4800000,\"until_ms\":5050000,\"step_ms\":1000"));
	ck_assert(model.past_wanted);
	feed_past(&feed, 6000000, 100);
	row(first, 4900000);
	complete(first, 1000);
	ck_assert(model.past_wanted);
	row(feed.past_id, 5900000);
	row(feed.past_id, 6000000);
	complete(feed.past_id, 1000);
	ck_assert(!model.past_wanted);
	ck_assert_uint_eq(model.past.count, 2);
}
END_TEST

START_TEST(a_past_that_is_kept_coarser_is_asked_for_once_more_and_wider)
{
	begin();
	sample(42);
	feed_past(&feed, 5000000, 100);
	hear();
	complete(feed.past_id, 10000);
	ck_assert(model.past_wanted);
	ck_assert(asks("\"since_ms\":3000000,\"until_ms\":5500000,\"step_ms\":10000"));
	complete(feed.past_id, 10000);
	ck_assert(!model.past_wanted);
	ck_assert_int_eq(model.past_step_ms, 10000);
}
END_TEST

START_TEST(an_error_that_is_not_the_end_is_told)
{
	begin();
	sample(42);
	feed_mark(&feed, "x");
	ck_assert(asks("{\"op\":\"mark\",\"text\":\"x\"}"));
	tell("{\"type\":\"error\",\"op\":\"mark\",\"code\":\"denied\",\"message\":\"marks are "
	     "for the owner\"}\n");
	ck_assert_str_eq(model.note, "marks are for the owner");
}
END_TEST

RUN_TESTS("watch: feed", setup, teardown, the_past_is_asked_for_once_it_is_known_what_there_is,
	a_line_may_come_in_pieces, a_connection_that_was_lost_goes_on_behind_its_cursor,
	a_history_that_was_begun_anew_is_asked_for_its_past,
	other_columns_than_before_are_filled_from_the_past, a_gap_breaks_the_charts,
	a_farewell_loses_the_connection, a_wider_screen_asks_for_more,
	another_interval_asks_for_the_same_number_of_rows,
	a_filter_that_is_no_expression_is_told,
	a_stretch_of_the_past_takes_the_place_of_the_one_before,
	a_past_that_is_kept_coarser_is_asked_for_once_more_and_wider,
	an_error_that_is_not_the_end_is_told)
