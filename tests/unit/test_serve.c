/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "client/serve/api.h"
#include "client/serve/door.h"
#include "client/serve/relay.h"
#include "tests/unit/run.h"

static struct api_query query;
static struct buf out;

static void serve_setup(void)
{
	buf_init(&out, API_QUERY_MAX);
}

static void serve_teardown(void)
{
	buf_fini(&out);
	api_fini(&query);
	query = (struct api_query){ 0 };
}

static void begin(const char *path)
{
	ck_assert_ptr_nonnull(api_find(path));
	api_begin(&query, api_find(path));
}

static void check_line(const char *line)
{
	buf_clear(&out);
	ck_assert_int_eq(api_write(&query, &out), 0);
	buf_add(&out, "", 1);
	ck_assert_str_eq(out.data, line);
}

START_TEST(a_query_becomes_the_request_of_its_op)
{
	begin("/api/v1/history");
	ck_assert_int_eq(api_add(&query, "metrics", "cpu_watts,core.*.active_pct"), 0);
	ck_assert_int_eq(api_add(&query, "last_ms", "60000"), 0);
	ck_assert_int_eq(api_add(&query, "agg", "min,max"), 0);
	check_line(
		"{\"op\":\"history\",\"limit\":5000,\"metrics\":[\"cpu_watts\",\"core.*.active_"
		"pct\"],\"agg\":[\"min\",\"max\"],\"last_ms\":60000}\n");
}
END_TEST

START_TEST(one_aggregation_is_a_string_and_a_quote_stays_inside_it)
{
	begin("/api/v1/history");
	ck_assert_int_eq(api_add(&query, "agg", "max"), 0);
	ck_assert_int_eq(api_add(&query, "after", "a\",\"op\":\"mark"), 0);
	check_line("{\"op\":\"history\",\"limit\":5000,\"agg\":\"max\",\"after\":\"a\\\","
		   "\\\"op\\\":"
		   "\\\"mark\"}\n");
}
END_TEST

START_TEST(a_next_page_begins_behind_its_cursor_with_the_same_members)
{
	begin("/api/v1/history");
	api_add(&query, "since_ms", "5");
	api_add(&query, "until_ms", "9");
	api_set_after(&query, "e:7");
	check_line("{\"op\":\"history\",\"limit\":5000,\"until_ms\":9,\"after\":\"e:7\"}\n");
}
END_TEST

START_TEST(an_unknown_parameter_and_a_number_that_is_none_are_refused)
{
	begin("/api/v1/now");
	ck_assert_int_eq(api_add(&query, "intervall_ms", "5"), -ENOENT);
	ck_assert_int_eq(api_add(&query, "op", "mark"), -ENOENT);
	ck_assert_int_eq(api_add(&query, "last_ms", "5s"), -EINVAL);
	ck_assert_int_eq(api_add(&query, "last_ms", ""), -EINVAL);
	ck_assert_int_eq(api_add(&query, "last_ms", "99999999999999999999"), -EINVAL);
}
END_TEST

START_TEST(a_query_longer_than_a_request_may_be_is_refused)
{
	static char text[API_QUERY_MAX + 1];

	memset(text, 'a', sizeof(text) - 1);
	begin("/api/v1/now");
	api_add(&query, "metrics", text);
	ck_assert_int_eq(api_write(&query, &out), -EMSGSIZE);
}
END_TEST

START_TEST(error_codes_have_their_http_status)
{
	ck_assert_uint_eq(api_status("not_ready"), 503);
	ck_assert_uint_eq(api_status("unknown_metric"), 400);
	ck_assert_uint_eq(api_status("gone"), 410);
	ck_assert_uint_eq(api_status(NULL), 400);
	ck_assert_ptr_null(api_find("/api/v1/mark"));
}
END_TEST

static void check_listen(const char *text, const char *host, const char *port)
{
	char h[DOOR_HOST_MAX], p[8];

	ck_assert_int_eq(door_parse(text, h, p), 0);
	ck_assert_str_eq(h, host);
	ck_assert_str_eq(p, port);
}

START_TEST(where_to_listen_is_an_address_and_a_port)
{
	char h[DOOR_HOST_MAX], p[8];

	check_listen("127.0.0.1:9464", "127.0.0.1", "9464");
	check_listen("[::1]:80", "::1", "80");
	check_listen(":9464", "127.0.0.1", "9464");
	ck_assert_int_eq(door_parse("127.0.0.1", h, p), -EINVAL);
	ck_assert_int_eq(door_parse("::1:80", h, p), -EINVAL);
	ck_assert_int_eq(door_parse("a:65536", h, p), -EINVAL);
	ck_assert_int_eq(door_parse("a:", h, p), -EINVAL);
}
END_TEST

START_TEST(only_a_host_header_that_names_the_server_gets_in)
{
	const struct door door = { .host = "127.0.0.1" };
	const struct door wide = { .host = "0.0.0.0", .name = "studio.local" };

	ck_assert(door_knows_host(&door, "127.0.0.1:9464"));
	ck_assert(door_knows_host(&door, "LOCALHOST"));
	ck_assert(door_knows_host(&door, "[::1]:9464"));
	ck_assert(!door_knows_host(&door, "evil.example:9464"));
	ck_assert(!door_knows_host(&door, "127.0.0.1.evil.example"));
	ck_assert(!door_knows_host(&door, ""));
	ck_assert(!door_knows_host(&door, NULL));
	ck_assert(door_knows_host(&wide, "studio.local:9464"));
	ck_assert(!door_knows_host(&wide, "localhost"));
}
END_TEST

START_TEST(a_token_is_needed_where_there_is_one)
{
	const struct door open = { .host = "127.0.0.1" };
	const struct door shut = { .host = "0.0.0.0", .token = "0123456789abcdef" };

	ck_assert(door_opens(&open, NULL, NULL));
	ck_assert(!door_opens(&shut, NULL, NULL));
	ck_assert(door_opens(&shut, "Bearer 0123456789abcdef", NULL));
	ck_assert(door_opens(&shut, NULL, "0123456789abcdef"));
	ck_assert(!door_opens(&shut, "Bearer 0123456789abcdeF", NULL));
	ck_assert(!door_opens(&shut, "Bearer ", "0123456789abcdef"));
	ck_assert(!door_opens(&shut, "Basic 0123456789abcdef", NULL));
}
END_TEST

static void check_event(const char *line, const char *event)
{
	struct message m;

	ck_assert_int_eq(message_parse(&m, line, strlen(line)), 0);
	buf_clear(&out);
	relay_write_event(&out, &m, line, strlen(line));
	buf_add(&out, "", 1);
	ck_assert_str_eq(out.data, event);
	message_free(&m);
}

START_TEST(a_sample_is_an_event_with_its_cursor_as_id)
{
	check_event("{\"type\":\"sample\",\"epoch\":\"e1\",\"seq\":7,\"v\":{}}",
		"id: e1:7\nevent: sample\ndata: "
		"{\"type\":\"sample\",\"epoch\":\"e1\",\"seq\":7,\"v\":{}}\n\n");
	check_event("{\"type\":\"event\",\"epoch\":\"e1\",\"eseq\":2,\"seq\":7}",
		"event: event\ndata: "
		"{\"type\":\"event\",\"epoch\":\"e1\",\"eseq\":2,\"seq\":7}\n\n");
	check_event("{\"type\":\"heartbeat\",\"epoch\":\"e1\",\"seq\":7}", ": heartbeat\n\n");
}
END_TEST

RUN_TESTS("client/serve", serve_setup, serve_teardown, a_query_becomes_the_request_of_its_op,
	one_aggregation_is_a_string_and_a_quote_stays_inside_it,
	a_next_page_begins_behind_its_cursor_with_the_same_members,
	an_unknown_parameter_and_a_number_that_is_none_are_refused,
	a_query_longer_than_a_request_may_be_is_refused, error_codes_have_their_http_status,
	where_to_listen_is_an_address_and_a_port,
	only_a_host_header_that_names_the_server_gets_in, a_token_is_needed_where_there_is_one,
	a_sample_is_an_event_with_its_cursor_as_id)
