/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "client/serve/api.h"
#include "client/serve/door.h"
#include "client/serve/pack.h"
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
	ck_assert(door_knows_host(&wide, "192.168.1.5:9464"));
	ck_assert(!door_knows_host(&wide, "192.168.1.5.evil.example"));
	ck_assert(!door_knows_host(&door, "192.168.1.5:9464"));
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

START_TEST(the_page_of_another_site_is_told_by_its_browser)
{
	ck_assert(door_is_cross_site("cross-site"));
	ck_assert(!door_is_cross_site("same-origin"));
	ck_assert(!door_is_cross_site("none"));
	ck_assert(!door_is_cross_site(NULL));
}
END_TEST

static struct relay_place place;

static void check_event(const char *line, const char *event)
{
	struct message m;

	ck_assert_int_eq(message_parse(&m, line, strlen(line)), 0);
	buf_clear(&out);
	relay_write_event(&out, &place, &m, line, strlen(line));
	buf_add(&out, "", 1);
	ck_assert_str_eq(out.data, event);
	message_free(&m);
}

START_TEST(a_sample_is_an_event_with_its_cursor_as_id)
{
	place = (struct relay_place){ 0 };
	check_event("{\"type\":\"sample\",\"epoch\":\"e1\",\"seq\":7,\"v\":{}}",
		"id: e1:7\nevent: sample\ndata: "
		"{\"type\":\"sample\",\"epoch\":\"e1\",\"seq\":7,\"v\":{}}\n\n");
	check_event("{\"type\":\"event\",\"epoch\":\"e1\",\"eseq\":2,\"seq\":7}",
		"id: e1:7;2\nevent: event\ndata: "
		"{\"type\":\"event\",\"epoch\":\"e1\",\"eseq\":2,\"seq\":7}\n\n");
	check_event("{\"type\":\"heartbeat\",\"epoch\":\"e1\",\"seq\":7}", ": heartbeat\n\n");
}
END_TEST

START_TEST(the_id_names_the_newest_event_too_and_goes_back_for_no_old_alert)
{
	place = (struct relay_place){ 0 };
	check_event("{\"type\":\"reply\",\"epoch\":\"e1\",\"from_eseq\":6}",
		"event: reply\ndata: "
		"{\"type\":\"reply\",\"epoch\":\"e1\",\"from_eseq\":6}\n\n");
	check_event("{\"type\":\"event\",\"epoch\":\"e1\",\"eseq\":2}",
		"event: event\ndata: {\"type\":\"event\",\"epoch\":\"e1\",\"eseq\":2}\n\n");
	check_event("{\"type\":\"sample\",\"epoch\":\"e1\",\"seq\":7}",
		"id: e1:7;5\nevent: sample\ndata: "
		"{\"type\":\"sample\",\"epoch\":\"e1\",\"seq\":7}\n\n");
}
END_TEST

static void unpack(const struct buf *packed, char *to, size_t size)
{
	z_stream z = { .next_in = (Bytef *)packed->data,
		.avail_in = (uInt)packed->len,
		.next_out = (Bytef *)to,
		.avail_out = (uInt)size - 1 };

	ck_assert_int_eq(inflateInit2(&z, 15 + 16), Z_OK);
	ck_assert_int_ge(inflate(&z, Z_SYNC_FLUSH), Z_OK);
	to[z.total_out] = '\0';
	inflateEnd(&z);
}

START_TEST(what_was_packed_so_far_can_be_read_before_the_end)
{
	static char text[64];
	struct pack pack;

	ck_assert_int_eq(pack_begin(&pack, PACK_SMALL), 0);
	ck_assert_int_eq(pack_write(&pack, &out, "one\n", 4, PACK_FLUSH), 0);
	unpack(&out, text, sizeof(text));
	ck_assert_str_eq(text, "one\n");
	ck_assert_int_eq(pack_write(&pack, &out, "two\n", 4, PACK_FLUSH), 0);
	ck_assert_int_eq(pack_write(&pack, &out, NULL, 0, PACK_FINISH), 0);
	unpack(&out, text, sizeof(text));
	ck_assert_str_eq(text, "one\ntwo\n");
	pack_end(&pack);
}
END_TEST

START_TEST(packing_ends_where_its_room_does)
{
	struct pack pack;
	struct buf small;

	buf_init(&small, 4);
	ck_assert_int_eq(pack_begin(&pack, PACK_LARGE), 0);
	ck_assert_int_eq(pack_write(&pack, &small, "one\n", 4, PACK_FINISH), -EMSGSIZE);
	pack_end(&pack);
	buf_fini(&small);
}
END_TEST

RUN_TESTS("client/serve", serve_setup, serve_teardown, a_query_becomes_the_request_of_its_op,
	one_aggregation_is_a_string_and_a_quote_stays_inside_it,
	a_next_page_begins_behind_its_cursor_with_the_same_members,
	an_unknown_parameter_and_a_number_that_is_none_are_refused,
	a_query_longer_than_a_request_may_be_is_refused, error_codes_have_their_http_status,
	where_to_listen_is_an_address_and_a_port,
	only_a_host_header_that_names_the_server_gets_in, a_token_is_needed_where_there_is_one,
	a_sample_is_an_event_with_its_cursor_as_id,
	the_page_of_another_site_is_told_by_its_browser,
	the_id_names_the_newest_event_too_and_goes_back_for_no_old_alert,
	what_was_packed_so_far_can_be_read_before_the_end, packing_ends_where_its_room_does)
