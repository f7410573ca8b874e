/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "proto/request.h"
#include "tests/unit/run.h"

static struct request r;

static void setup(void)
{
	memset(&r, 0, sizeof(r));
}

static void teardown(void)
{
	request_fini(&r);
}

static void parse(const char *line)
{
	request_fini(&r);
	request_parse(&r, line, strlen(line));
}

static void parse_well(const char *line)
{
	parse(line);
	ck_assert_msg(r.error.code == ERROR_NONE, "%s: %s", line,
		r.error.message ? r.error.message : "");
}

static void expect_line(const char *want)
{
	struct buf out;

	buf_init(&out, 4096);
	request_error_write(&out, &r, &r.error);
	buf_add(&out, "", 1);
	ck_assert_str_eq(out.data, want);
	buf_fini(&out);
}

/* want is the error line from "id" up to, without, "fatal". */
static void expect_error(const char *line, const char *want)
{
	char whole[1024];

	parse(line);
	ck_assert_msg(r.error.code != ERROR_NONE, "%s passed", line);
	snprintf(whole, sizeof(whole), "{\"type\":\"error\",%s,\"fatal\":false}\n", want);
	expect_line(whole);
}

#define BAD_JSON(message, reason) \
	"\"id\":null,\"op\":null,\"code\":\"bad_json\",\"message\":\"" message \
	"\",\"reason\":\"" reason "\""
#define AT(id, op, code, message, field) \
	"\"id\":" id ",\"op\":" op ",\"code\":\"" code "\",\"message\":\"" message \
	"\",\"field\":\"" field "\""

static void expect_bad_value(const char *op, const char *members, const char *field)
{
	char line[512], want[512];

	snprintf(line, sizeof(line), "{\"op\":\"%s\",%s}", op, members);
	parse(line);
	snprintf(want, sizeof(want), "%s: %s, not %s of %s", line, error_name(r.error.code),
		"bad_value", field);
	ck_assert_msg(r.error.code == ERROR_BAD_VALUE, "%s", want);
	ck_assert_str_eq(r.error.field, field);
}

START_TEST(a_request_is_as_small_as_its_op)
{
	parse_well("{\"op\":\"ping\"}");
	ck_assert_int_eq(r.op, OP_PING);
	ck_assert_str_eq(r.op_text, "ping");
	ck_assert_str_eq(r.id, "null");
	ck_assert(!r.close);
	ck_assert_uint_eq(r.given, 0);
	parse_well(" { \"op\" : \"ping\" , \"id\" : 7 , \"close\" : true } ");
	ck_assert_str_eq(r.id, "7");
	ck_assert(r.close);
}
END_TEST

START_TEST(what_is_not_json_is_answered_by_its_reason)
{
	expect_error("{\"op\":\"ping\"", BAD_JSON("not a JSON text", "syntax"));
	expect_error("{\"op\":\"ping\"}x", BAD_JSON("not a JSON text", "syntax"));
	expect_error("{\"op\":01}", BAD_JSON("not a JSON text", "syntax"));
	expect_error("\"\\ud800\"", BAD_JSON("not a JSON text", "syntax"));
	expect_error("{\"op\":\"\xff\"}", BAD_JSON("line is not valid UTF-8", "utf8"));
	expect_error("{\"op\":\"\x01\"}", BAD_JSON("control character in line", "control"));
	expect_error("{\"op\":\"ping\\u0000x\"}", BAD_JSON("\\\\u0000 is not allowed", "nul"));
	expect_error("[[[[[[[[[", BAD_JSON("nested deeper than 8", "depth"));
}
END_TEST

START_TEST(too_many_tokens_are_refused)
{
	char line[2048] = "{\"op\":\"ping\",\"_\":[0";

	for (int i = 0; i < 510; i++)
		strcat(line, ",0");
	strcat(line, "]}");
	expect_error(line, BAD_JSON("more than 512 tokens", "tokens"));
}
END_TEST

START_TEST(a_request_is_an_object)
{
	static const char *const lines[] = { "[1,2]", "\"ping\"", "5", "null",
		"[[[[[[[[]]]]]]]]" };

	for (unsigned i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		expect_error(lines[i],
			"\"id\":null,\"op\":null,\"code\":\"bad_request\",\"message\":"
			"\"request must be a JSON object\"");
}
END_TEST

START_TEST(no_member_may_stand_twice)
{
	expect_error("{\"op\":\"ping\",\"op\":\"get\"}",
		AT("null", "null", "bad_request", "duplicate member", "op"));
	expect_error("{\"op\":\"ping\",\"_a\":1,\"b\":1,\"\\u005fa\":2}",
		AT("null", "null", "bad_request", "duplicate member", "_a"));
}
END_TEST

START_TEST(an_id_is_echoed_as_it_was_meant)
{
	static const char *const ids[][2] = { { "2.0", "2" }, { "-0", "0" }, { "1e3", "1000" },
		{ "9007199254740991", "9007199254740991" },
		{ "-9007199254740991", "-9007199254740991" }, { "\"\"", "\"\"" },
		{ "\"\xc3\xbc\\n\"", "\"\xc3\xbc\\n\"" },
		{ "\"\\u00fc\\/\"", "\"\xc3\xbc/\"" } };
	char line[128];

	for (unsigned i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
		snprintf(line, sizeof(line), "{\"op\":\"ping\",\"id\":%s}", ids[i][0]);
		parse_well(line);
		ck_assert_str_eq(r.id, ids[i][1]);
	}
}
END_TEST

START_TEST(the_longest_id_is_64_bytes)
{
	char line[512] = "{\"op\":\"ping\",\"id\":\"";
	size_t start = strlen(line);

	for (int i = 0; i < 64; i++)
		strcat(line, "\\u0001");
	strcat(line, "\"}");
	parse_well(line);
	ck_assert_uint_eq(strlen(r.id), 64 * 6 + 2);
	memcpy(line + start, "xxxxxx", 6);
	parse(line);
	ck_assert_int_eq(r.error.code, ERROR_BAD_REQUEST);
}
END_TEST

START_TEST(other_ids_are_refused)
{
	static const char *const ids[] = { "1.5", "9007199254740993", "true", "null", "{}",
		"[]", "1e400",
		"\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"" };
	char line[128];

	for (unsigned i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
		snprintf(line, sizeof(line), "{\"id\":%s}", ids[i]);
		expect_error(line,
			AT("null", "null", "bad_request",
				"id must be a string of at most 64 bytes or an integer "
				"within 2^53-1",
				"id"));
	}
}
END_TEST

START_TEST(an_op_is_there_and_a_string_and_known)
{
	expect_error("{}", AT("null", "null", "missing_field", "op is missing", "op"));
	expect_error("{\"OP\":\"ping\"}",
		AT("null", "null", "missing_field", "op is missing", "op"));
	expect_error("{\"op\":5}", AT("null", "null", "bad_type", "must be a string", "op"));
	expect_error("{\"op\":\"nope\",\"id\":3,\"foo\":1}",
		"\"id\":3,\"op\":\"nope\",\"code\":\"unknown_op\",\"message\":\"no such op\"");
	expect_error("{\"op\":\"\\\\u0000\"}",
		"\"id\":null,\"op\":\"\\\\u0000\",\"code\":"
		"\"unknown_op\",\"message\":\"no such op\"");
}
END_TEST

START_TEST(an_unknown_op_is_echoed_cut_between_characters)
{
	char line[512] = "{\"op\":\"x";

	for (int i = 0; i < 100; i++)
		strcat(line, "\xc3\xbc");
	strcat(line, "\"}");
	parse(line);
	ck_assert_int_eq(r.error.code, ERROR_UNKNOWN_OP);
	ck_assert_uint_eq(strlen(r.op_text), 63);
}
END_TEST

START_TEST(unknown_members_are_refused_but_those_that_begin_with_a_line)
{
	expect_error("{\"op\":\"ping\",\"foo\":1,\"id\":7}",
		AT("7", "\"ping\"", "unknown_field", "no such member for this op", "foo"));
	expect_error("{\"op\":\"ping\",\"metrics\":[\"a\"]}",
		AT("null", "\"ping\"", "unknown_field", "no such member for this op",
			"metrics"));
	parse_well("{\"op\":\"ping\",\"_trace\":\"abc\",\"_\":{\"x\":[1]}}");
}
END_TEST

START_TEST(types_are_checked_in_order_of_appearance_and_before_values)
{
	expect_error("{\"op\":\"subscribe\",\"count\":0,\"sub\":5,\"foo\":1}",
		AT("null", "\"subscribe\"", "bad_type", "must be a string", "sub"));
	expect_error("{\"op\":\"subscribe\",\"count\":0,\"foo\":1,\"sub\":5}",
		AT("null", "\"subscribe\"", "unknown_field", "no such member for this op",
			"foo"));
	expect_error("{\"op\":\"ping\",\"close\":1}",
		AT("null", "\"ping\"", "bad_type", "must be true or false", "close"));
	expect_error("{\"op\":\"unsubscribe\",\"id\":7}",
		AT("7", "\"unsubscribe\"", "missing_field", "sub is missing", "sub"));
	expect_error("{\"op\":\"get\",\"metrics\":\"a.gauge\"}",
		AT("null", "\"get\"", "bad_type", "must be an array of strings", "metrics"));
	expect_error("{\"op\":\"get\",\"metrics\":[\"a\",1]}",
		AT("null", "\"get\"", "bad_type", "must be an array of strings", "metrics"));
	expect_error("{\"op\":\"history\",\"agg\":{}}",
		AT("null", "\"history\"", "bad_type", "must be a string or an array of strings",
			"agg"));
	expect_error("{\"op\":\"hello\",\"proto\":[1.5]}",
		AT("null", "\"hello\"", "bad_type", "must be an array of integers", "proto"));
	expect_error("{\"op\":\"energy\",\"from_mark\":1.5}",
		AT("null", "\"energy\"", "bad_type", "must be a string or an integer",
			"from_mark"));
}
END_TEST

static void expect_interval(const char *value, const char *code, const char *message)
{
	char line[128], want[256];

	snprintf(line, sizeof(line), "{\"op\":\"subscribe\",\"id\":7,\"interval_ms\":%s}",
		value);
	snprintf(want, sizeof(want), AT("7", "\"subscribe\"", "%s", "%s", "interval_ms"), code,
		message);
	expect_error(line, want);
}

START_TEST(integers_are_integral_and_within_their_range)
{
	expect_interval("\"1s\"", "bad_type", "must be an integer");
	expect_interval("1e400", "bad_type", "must be an integer");
	expect_interval("-1e400", "bad_type", "must be an integer");
	expect_interval("0.5", "bad_type", "must be an integer");
	expect_interval("true", "bad_type", "must be an integer");
	expect_interval("null", "bad_type", "must be an integer");
	expect_interval("5", "bad_value", "must be within 100 and 3600000");
	expect_interval("-1", "bad_value", "must be within 100 and 3600000");
	expect_interval("0", "bad_value", "must be within 100 and 3600000");
	expect_interval("1e308", "bad_value", "must be within 100 and 3600000");
	expect_interval("9223372036854775808", "bad_value", "must be within 100 and 3600000");
	parse_well("{\"op\":\"subscribe\",\"interval_ms\":2e3}");
	ck_assert_int_eq(r.interval_ms, 2000);
	parse_well("{\"op\":\"subscribe\",\"interval_ms\":100.0}");
	ck_assert_int_eq(r.interval_ms, 100);
}
END_TEST

START_TEST(values_outside_of_their_set_are_refused)
{
	expect_bad_value("get", "\"metrics\":[]", "metrics");
	expect_bad_value("get", "\"metrics\":[\"\"]", "metrics");
	expect_bad_value("get", "\"metrics\":[\"a b\"]", "metrics");
	expect_bad_value("subscribe", "\"after\":\"x\"", "after");
	expect_bad_value(
		"subscribe", "\"after\":\"00000000000000e1:99999999999999999\"", "after");
	expect_bad_value("subscribe", "\"sub\":\"a b\"", "sub");
	expect_bad_value("subscribe", "\"sub\":\"\"", "sub");
	expect_bad_value("subscribe", "\"sub\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"", "sub");
	expect_bad_value("subscribe", "\"agg\":\"p99\"", "agg");
	expect_bad_value("subscribe", "\"lag\":\"none\"", "lag");
	expect_bad_value("subscribe", "\"stream\":\"Samples\"", "stream");
	expect_bad_value("subscribe", "\"count\":0", "count");
	expect_bad_value("subscribe", "\"heartbeat_ms\":999", "heartbeat_ms");
	expect_bad_value("subscribe", "\"stream\":\"events\",\"kinds\":[\"x\"]", "kinds");
	expect_bad_value("history", "\"limit\":0", "limit");
	expect_bad_value("history", "\"limit\":10001", "limit");
	expect_bad_value("history", "\"agg\":[]", "agg");
	expect_bad_value("history", "\"agg\":[\"mean\",\"own\"]", "agg");
	expect_bad_value("history", "\"since_ms\":5,\"until_ms\":4", "until_ms");
	expect_bad_value("history", "\"boot\":1", "boot");
	expect_bad_value("processes", "\"limit\":1001", "limit");
	expect_bad_value("processes", "\"match\":\"\"", "match");
	expect_bad_value("mark", "\"text\":\"\"", "text");
	expect_bad_value("hello", "\"proto\":[]", "proto");
	expect_bad_value("hello", "\"proto\":[1e30]", "proto");
	expect_bad_value("energy", "\"from_mark\":0", "from_mark");
}
END_TEST

START_TEST(messages_say_what_would_be_right)
{
	expect_error("{\"op\":\"subscribe\",\"agg\":\"p99\"}",
		AT("null", "\"subscribe\"", "bad_value", "must be one of mean, min, max, last",
			"agg"));
	expect_error("{\"op\":\"mark\",\"text\":\"\"}",
		AT("null", "\"mark\"", "bad_value", "must have 1 to 200 bytes", "text"));
	expect_error("{\"op\":\"get\",\"metrics\":[]}",
		AT("null", "\"get\"", "bad_value", "must have 1 to 64 entries", "metrics"));
	expect_error("{\"op\":\"events\",\"kinds\":[\"x\"]}",
		AT("null", "\"events\"", "bad_value",
			"must be one of alert, throttle, mark, start, stop, sleep, wake, clock",
			"kinds"));
}
END_TEST

START_TEST(members_that_exclude_each_other_are_a_conflict)
{
	expect_error("{\"op\":\"subscribe\",\"id\":7,\"last_ms\":1,\"after\":"
		     "\"00000000000000e1:4\"}",
		AT("7", "\"subscribe\"", "conflict", "after and last_ms exclude each other",
			"last_ms"));
	expect_error("{\"op\":\"history\",\"since_ms\":1,\"last_ms\":1}",
		AT("null", "\"history\"", "conflict", "since_ms and last_ms exclude each other",
			"last_ms"));
	expect_error("{\"op\":\"energy\",\"from_mark\":\"a\",\"last_ms\":1}",
		AT("null", "\"energy\"", "conflict", "last_ms and from_mark exclude each other",
			"from_mark"));
	expect_error("{\"op\":\"subscribe\",\"sort\":\"cpu\"}",
		AT("null", "\"subscribe\"", "conflict", "sort is not for the stream samples",
			"sort"));
	expect_error("{\"op\":\"subscribe\",\"stream\":\"processes\",\"metrics\":[\"a\"]}",
		AT("null", "\"subscribe\"", "conflict",
			"metrics is not for the stream processes", "metrics"));
}
END_TEST

START_TEST(members_that_are_not_given_have_the_defaults_of_the_protocol)
{
	parse_well("{\"op\":\"subscribe\"}");
	ck_assert_int_eq(r.stream, STREAM_SAMPLES);
	ck_assert_ptr_null(r.sub);
	ck_assert_uint_eq(r.metrics.count, 0);
	ck_assert_int_eq(r.interval_ms, 1000);
	ck_assert_uint_eq(r.aggs.count, 0);
	ck_assert(r.snapshot);
	ck_assert_int_eq(r.on_gap, ON_GAP_REPORT);
	ck_assert_int_eq(r.lag, LAG_ALL);
	ck_assert_int_eq(r.format, FORMAT_OBJECT);
	ck_assert_int_eq(r.count, 0);
	ck_assert_int_eq(r.heartbeat_ms, 0);
	ck_assert_uint_eq(r.kinds, 255);
	parse_well("{\"op\":\"history\"}");
	ck_assert_int_eq(r.limit, 1000);
	ck_assert_int_eq(r.step_ms, 0);
	parse_well("{\"op\":\"processes\"}");
	ck_assert_int_eq(r.limit, 50);
	ck_assert_int_eq(r.sort, SORT_CPU);
	ck_assert(!request_has(&r, MEMBER_PID));
}
END_TEST

START_TEST(a_subscription_is_decoded_whole)
{
	parse_well("{\"op\":\"subscribe\",\"id\":1,\"sub\":\"menu\",\"metrics\":[\"cpu.util\","
		   "\"power.*\"],\"interval_ms\":2000,\"agg\":\"max\","
		   "\"after\":\"5f0c1a2b3c4d5e6f:4711\",\"snapshot\":false,\"on_gap\":\"fail\","
		   "\"lag\":\"latest\",\"format\":\"array\",\"count\":3,\"heartbeat_ms\":5000,"
		   "\"stream\":\"samples\"}");
	ck_assert_str_eq(r.sub, "menu");
	ck_assert_uint_eq(r.metrics.count, 2);
	ck_assert_str_eq(r.metrics.items[0], "cpu.util");
	ck_assert_str_eq(r.metrics.items[1], "power.*");
	ck_assert_int_eq(r.interval_ms, 2000);
	ck_assert_uint_eq(r.aggs.count, 1);
	ck_assert(!r.aggs.is_array);
	ck_assert_int_eq(r.aggs.items[0], AGG_MAX);
	ck_assert(request_has(&r, MEMBER_AFTER));
	ck_assert(!request_has(&r, MEMBER_LAST_MS));
	ck_assert_uint_eq(r.after.epoch, UINT64_C(0x5f0c1a2b3c4d5e6f));
	ck_assert_uint_eq(r.after.seq, 4711);
	ck_assert(!r.snapshot);
	ck_assert_int_eq(r.on_gap, ON_GAP_FAIL);
	ck_assert_int_eq(r.lag, LAG_LATEST);
	ck_assert_int_eq(r.format, FORMAT_ARRAY);
	ck_assert_int_eq(r.count, 3);
	ck_assert_int_eq(r.heartbeat_ms, 5000);
}
END_TEST

START_TEST(the_other_requests_are_decoded_too)
{
	parse_well("{\"op\":\"hello\",\"proto\":[1,2],\"client\":\"menubar/0.3\"}");
	ck_assert_uint_eq(r.proto.count, 2);
	ck_assert_int_eq(r.proto.items[1], 2);
	ck_assert_str_eq(r.client, "menubar/0.3");
	parse_well("{\"op\":\"history\",\"agg\":[\"min\",\"mean\",\"max\"],\"step_ms\":5000,"
		   "\"last_ms\":300000,\"limit\":10000,\"boot\":-1}");
	ck_assert_uint_eq(r.aggs.count, 3);
	ck_assert(r.aggs.is_array);
	ck_assert_int_eq(r.aggs.items[1], AGG_MEAN);
	ck_assert_int_eq(r.last_ms, 300000);
	ck_assert_int_eq(r.limit, 10000);
	ck_assert_int_eq(r.boot, -1);
	parse_well("{\"op\":\"events\",\"kinds\":[\"mark\",\"wake\",\"mark\"],\"until_ms\":9}");
	ck_assert_uint_eq(r.kinds, 1u << EVENT_MARK | 1u << EVENT_WAKE);
	ck_assert_int_eq(r.until_ms, 9);
	parse_well("{\"op\":\"processes\",\"sort\":\"watts\",\"match\":\"^x\",\"pid\":0,"
		   "\"tree\":true,"
		   "\"user\":\"me\",\"limit\":1}");
	ck_assert_int_eq(r.sort, SORT_WATTS);
	ck_assert_str_eq(r.match, "^x");
	ck_assert_str_eq(r.user, "me");
	ck_assert(request_has(&r, MEMBER_PID));
	ck_assert(r.tree);
	parse_well("{\"op\":\"energy\",\"from_mark\":\"run\",\"to_mark\":12}");
	ck_assert_str_eq(r.from_mark.text, "run");
	ck_assert_ptr_null(r.to_mark.text);
	ck_assert_uint_eq(r.to_mark.eseq, 12);
	parse_well("{\"op\":\"status\",\"clients\":true}");
	ck_assert(r.clients);
	parse_well("{\"op\":\"mark\",\"text\":\"a \\\"b\\\" \\u00fc\"}");
	ck_assert_str_eq(r.text, "a \"b\" \xc3\xbc");
}
END_TEST

START_TEST(close_is_read_from_any_object_that_has_it)
{
	parse("{\"op\":\"nope\",\"close\":true}");
	ck_assert(r.close);
	parse("{\"close\":true,\"op\":\"ping\",\"op\":\"ping\"}");
	ck_assert(r.close);
	parse("{\"op\":\"ping\",\"close\":true");
	ck_assert(!r.close);
	parse("[{\"close\":true}]");
	ck_assert(!r.close);
}
END_TEST

START_TEST(all_details_of_an_error_have_their_place)
{
	parse("{\"op\":\"get\",\"id\":7}");
	r.error = request_error_make(ERROR_GONE);
	r.error.reason = "evicted";
	r.error.field = "f";
	r.error.name = "n";
	r.error.sub = "s";
	r.error.limit = "max_subs";
	r.error.max = 8;
	r.error.retry_ms = 0;
	r.error.oldest = "E:4";
	r.error.head = "E:12";
	r.error.supported = true;
	r.error.ref = "a1b2";
	r.error.fatal = true;
	expect_line(
		"{\"type\":\"error\",\"id\":7,\"op\":\"get\",\"code\":\"gone\",\"message\":"
		"\"cursor is no longer in the history\",\"reason\":\"evicted\",\"field\":\"f\","
		"\"name\":\"n\",\"sub\":\"s\",\"limit\":\"max_subs\",\"max\":8,\"retry_ms\":0,"
		"\"oldest\":\"E:4\",\"head\":\"E:12\",\"supported\":[1],\"ref\":\"a1b2\","
		"\"fatal\":true}\n");
}
END_TEST

START_TEST(an_error_without_a_request_has_neither_id_nor_op)
{
	struct request_error error = request_error_make(ERROR_LINE_TOO_LONG);
	struct buf out;

	buf_init(&out, 4096);
	error.max = 16384;
	request_error_write(&out, NULL, &error);
	buf_add(&out, "", 1);
	ck_assert_str_eq(out.data,
		"{\"type\":\"error\",\"id\":null,\"op\":null,\"code\":\"line_too_long\","
		"\"message\":"
		"\"request line is longer than 16384 bytes\",\"max\":16384,\"fatal\":true}\n");
	buf_fini(&out);
}
END_TEST

RUN_TESTS("request", setup, teardown, a_request_is_as_small_as_its_op,
	what_is_not_json_is_answered_by_its_reason, too_many_tokens_are_refused,
	a_request_is_an_object, no_member_may_stand_twice, an_id_is_echoed_as_it_was_meant,
	the_longest_id_is_64_bytes, other_ids_are_refused,
	an_op_is_there_and_a_string_and_known, an_unknown_op_is_echoed_cut_between_characters,
	unknown_members_are_refused_but_those_that_begin_with_a_line,
	types_are_checked_in_order_of_appearance_and_before_values,
	integers_are_integral_and_within_their_range, values_outside_of_their_set_are_refused,
	messages_say_what_would_be_right, members_that_exclude_each_other_are_a_conflict,
	members_that_are_not_given_have_the_defaults_of_the_protocol,
	a_subscription_is_decoded_whole, the_other_requests_are_decoded_too,
	close_is_read_from_any_object_that_has_it, all_details_of_an_error_have_their_place,
	an_error_without_a_request_has_neither_id_nor_op)
