/* SPDX-License-Identifier: MIT */
#include <limits.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/commands.h"
#include "client/ask.h"
#include "client/bookmark.h"
#include "client/conn.h"
#include "client/message.h"
#include "client/options.h"
#include "client/range.h"
#include "client/report.h"
#include "proto/alloc.h"
#include "tests/unit/run.h"

static struct conn conn;
static int server = -1;

static void test_conn_setup(void)
{
	int fds[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	conn_init(&conn, fds[0]);
	server = fds[1];
}

static void test_conn_teardown(void)
{
	conn_close(&conn);
	if (server >= 0)
		close(server);
}

static void serve(const char *bytes, size_t n)
{
	ck_assert_int_eq(write(server, bytes, n), n);
}

static void end_server(void)
{
	close(server);
	server = -1;
}

static void check_line(const char *expected)
{
	char *line;
	size_t n;

	ck_assert_int_eq(conn_line(&conn, &line, &n, conn_clock_ms() + 5000), 1);
	ck_assert_uint_eq(n, strlen(expected));
	ck_assert_str_eq(line, expected);
}

static int next_status(void)
{
	char *line;
	size_t n;

	return conn_line(&conn, &line, &n, conn_clock_ms() + 50);
}

START_TEST(lines_come_whole_however_the_bytes_come)
{
	serve("{\"a\":1}\n{\"b\"", 12);
	check_line("{\"a\":1}");
	ck_assert_int_eq(next_status(), -ETIMEDOUT);
	serve(":2}\n{\"c\":3}\n", 12);
	check_line("{\"b\":2}");
	check_line("{\"c\":3}");
}
END_TEST

START_TEST(a_torn_last_line_is_dropped)
{
	serve("{\"a\":1}\n{\"b\":2}", 15);
	end_server();
	check_line("{\"a\":1}");
	ck_assert_int_eq(next_status(), 0);
	ck_assert_int_eq(next_status(), 0);
}
END_TEST

START_TEST(silence_ends_at_the_deadline)
{
	int64_t began = conn_clock_ms();

	ck_assert_int_eq(next_status(), -ETIMEDOUT);
	ck_assert_int_ge(conn_clock_ms() - began, 45);
}
END_TEST

static void serve_long(size_t n)
{
	char *bytes = xcalloc(n, 1);

	memset(bytes, 'x', n);
	bytes[n - 1] = '\n';
	if (fork() == 0) {
		for (size_t done = 0; done < n;)
			done += (size_t)write(server, bytes + done, n - done);
		_exit(0);
	}
	free(bytes);
	end_server();
}

START_TEST(a_line_may_be_as_long_as_the_protocol_allows)
{
	char *line;
	size_t n;

	serve_long(CONN_LINE_MAX);
	ck_assert_int_eq(conn_line(&conn, &line, &n, conn_clock_ms() + 5000), 1);
	ck_assert_uint_eq(n, CONN_LINE_MAX - 1);
}
END_TEST

START_TEST(a_longer_line_is_an_error)
{
	char *line;
	size_t n;

	serve_long(CONN_LINE_MAX + 1);
	ck_assert_int_eq(conn_line(&conn, &line, &n, conn_clock_ms() + 5000), -EMSGSIZE);
}
END_TEST

START_TEST(a_daemon_that_is_gone_is_told_and_does_not_kill)
{
	struct buf out;

	buf_init(&out, 100);
	buf_puts(&out, "{}\n");
	ck_assert_int_eq(conn_send(&conn, &out), 0);
	end_server();
	ck_assert_int_eq(conn_send(&conn, &out), -EPIPE);
	buf_fini(&out);
}
END_TEST

START_TEST(only_clean_json_objects_are_messages)
{
	static const char *const wrong[] = { "", "{", "[1]", "5", "null", "{} x",
		"{\"a\":\"\xff\"}", "{\"a\":\"\033\"}", "HTTP/1.1 400 Bad Request" };
	const char future[] = "{\"type\":\"future\",\"x\":{\"y\":4}}";
	struct message m;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		ck_assert_int_eq(message_parse(&m, wrong[i], strlen(wrong[i])), -EINVAL);
	ck_assert_int_eq(message_parse(&m, future, sizeof(future) - 1), 0);
	ck_assert_int_eq(m.type, MESSAGE_OTHER);
	ck_assert_int_eq(message_int(&m, "x.y", 0), 4);
	ck_assert_int_eq(message_int(&m, "x.z", -7), -7);
	ck_assert_int_eq(message_int(&m, "type", -7), -7);
	ck_assert_ptr_null(message_text(&m, "x"));
	message_free(&m);
}
END_TEST

START_TEST(a_member_is_cut_out_of_its_line_byte_for_byte)
{
	const char line[] =
		"{\"type\":\"reply\",\"s\":\"}\\\"{,\",\"sample\":{\"v\":{\"a\":1.50,"
		"\"b\":[1,{\"c\":\"]\"}]}},\"n\":9007199254740991}";
	const char *start;
	struct message m;
	size_t n;

	ck_assert_int_eq(message_parse(&m, line, sizeof(line) - 1), 0);
	ck_assert(message_span(&m, "sample", &start, &n));
	ck_assert_uint_eq(n, strlen("{\"v\":{\"a\":1.50,\"b\":[1,{\"c\":\"]\"}]}}"));
	ck_assert_int_eq(memcmp(start, "{\"v\":{\"a\":1.50,\"b\":[1,{\"c\":\"]\"}]}}", n), 0);
	ck_assert(message_span(&m, "n", &start, &n));
	ck_assert_uint_eq(n, 16);
	ck_assert_int_eq(memcmp(start, "9007199254740991", n), 0);
	ck_assert(message_span(&m, "s", &start, &n));
	ck_assert(!message_span(&m, "v", &start, &n));
	message_free(&m);
}
END_TEST

START_TEST(requests_are_written_as_the_protocol_has_them)
{
	static const char *const patterns[] = { "cpu_*", "core.0.*" };
	const struct ask_metrics some = { patterns, 2 };
	struct options o = { .interval_ms = 2000, .aggs = { "max" }, .agg_count = 1 };
	struct ask_range range = { .start = ASK_LAST, .start_ms = 5000 };
	struct buf out;

	buf_init(&out, ASK_MAX);
	ask_subscribe(&out, &o, &some, &range, 12);
	buf_add(&out, "", 1);
	ck_assert_str_eq(out.data,
		"{\"op\":\"subscribe\",\"id\":\"watch\",\"sub\":\"watch\",\"metrics\":[\"cpu_*"
		"\",\"core.0.*\"],"
		"\"last_ms\":5000,\"interval_ms\":2000,\"agg\":\"max\",\"count\":12}\n");
	buf_clear(&out);
	o = (struct options){ .step_ms = 1500, .aggs = { "min", "max" }, .agg_count = 2 };
	range = (struct ask_range){ .start = ASK_AFTER, .after = "e:1", .has_until = true };
	ask_history(&out, &o, &(const struct ask_metrics){ NULL, 0 }, &range, 10);
	buf_add(&out, "", 1);
	ck_assert_str_eq(out.data,
		"{\"op\":\"history\",\"after\":\"e:1\",\"until_ms\":0,\"step_ms\":1500,"
		"\"agg\":[\"min\",\"max\"],\"limit\":10}\n");
	buf_fini(&out);
}
END_TEST

START_TEST(relative_times_are_sent_as_such_and_absolute_ones_as_moments)
{
	const struct range_now now = { 1000000, 400000 };
	struct options o = { .since = "5m", .utc = true };
	struct ask_range range;

	ck_assert_int_eq(range_resolve(&range, &o, &now), 0);
	ck_assert_int_eq(range.start, ASK_LAST);
	ck_assert_int_eq(range.start_ms, 300000);
	ck_assert(!range.has_until);
	o = (struct options){ .since = "@500", .until = "1m ago", .utc = true };
	ck_assert_int_eq(range_resolve(&range, &o, &now), 0);
	ck_assert_int_eq(range.start, ASK_SINCE);
	ck_assert_int_eq(range.start_ms, 500000);
	ck_assert_int_eq(range.until_ms, 940000);
	o = (struct options){ .since = "boot" };
	ck_assert(range_needs_boot(&o));
	ck_assert_int_eq(range_resolve(&range, &o, &now), 0);
	ck_assert_int_eq(range.start, ASK_LAST);
	ck_assert_int_eq(range.start_ms, 400000);
	o = (struct options){ .since = "1m", .until = "5m" };
	ck_assert_int_eq(range_resolve(&range, &o, &now), EXIT_USAGE);
}
END_TEST

static int read_options(struct options *o, const char *line)
{
	static char text[256];
	char *argv[16] = { NULL };
	int argc = 0, rc;

	snprintf(text, sizeof(text), "%s", line);
	for (char *s = strtok(text, " "); s && argc < 15; s = strtok(NULL, " "))
		argv[argc++] = s;
	rc = options_read(o, argc, argv, &commands_grammar);
	return rc ? rc : options_take_output(o, UINT_MAX);
}

START_TEST(a_letter_means_what_the_command_takes_it_for)
{
	struct options o;

	ck_assert_int_eq(read_options(&o, "x ps -s mem"), 0);
	ck_assert_str_eq(o.sort, "mem");
	options_fini(&o);
	ck_assert_int_eq(read_options(&o, "x history -s 5s"), 0);
	ck_assert_int_eq(o.step_ms, 5000);
	ck_assert_ptr_null(o.sort);
	options_fini(&o);
	ck_assert_int_eq(read_options(&o, "x -s 5s history"), 0);
	ck_assert_int_eq(o.step_ms, 5000);
	options_fini(&o);
}
END_TEST

START_TEST(options_may_stand_anywhere_and_be_joined)
{
	struct options o;

	ck_assert_int_eq(
		read_options(&o, "x --socket /s watch -qn5 -f a,b -f c --since=-5m"), 0);
	ck_assert_str_eq(o.operands[0], "watch");
	ck_assert_str_eq(o.socket, "/s");
	ck_assert(o.quiet);
	ck_assert_int_eq(o.lines, 5);
	ck_assert_uint_eq(o.field_count, 3);
	ck_assert_str_eq(o.fields[2], "c");
	ck_assert_str_eq(o.since, "-5m");
	options_fini(&o);
	ck_assert_int_eq(read_options(&o, "x history --agg all --json --since -5m"), 0);
	ck_assert_uint_eq(o.agg_count, 3);
	ck_assert_str_eq(o.aggs[1], "mean");
	ck_assert_int_eq(o.output, OUTPUT_JSON);
	ck_assert_int_eq(o.timeout_ms, TIMEOUT_DEFAULT_MS);
}
END_TEST

START_TEST(wrong_options_are_usage_errors)
{
	static const char *const wrong[] = { "x --intervall 5s", "x -Z", "x -n 0", "x -n five",
		"x -n", "x -i 5", "x --since 5", "x --agg p99", "x --agg min,min", "x -o xml",
		"x -f a;b", "x -f ,", "x --quiet=yes", "x --timeout 0s", "x --color maybe",
		"x 1 2 3 4 5 6 7 8 9" };
	struct options o;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		ck_assert_msg(read_options(&o, wrong[i]) == EXIT_USAGE, "%s", wrong[i]);
		options_fini(&o);
	}
}
END_TEST

START_TEST(a_bookmark_is_kept_and_something_else_is_refused)
{
	char path[] = "/tmp/bookmarkXXXXXX", cursor[CURSOR_TEXT_MAX];
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(bookmark_read(path, cursor), -EINVAL);
	ck_assert_int_eq(bookmark_write(path, "00000000000000e1:42"), 0);
	ck_assert_int_eq(bookmark_read(path, cursor), 0);
	ck_assert_str_eq(cursor, "00000000000000e1:42");
	ck_assert_int_eq(bookmark_write(path, "hello"), 0);
	ck_assert_int_eq(bookmark_read(path, cursor), -EINVAL);
	unlink(path);
	close(fd);
	ck_assert_int_eq(bookmark_read(path, cursor), -ENOENT);
	ck_assert_int_eq(bookmark_write("/nonexistent/x", "00000000000000e1:42"), -ENOENT);
}
END_TEST

RUN_TESTS("client_conn", test_conn_setup, test_conn_teardown,
	lines_come_whole_however_the_bytes_come, a_torn_last_line_is_dropped,
	silence_ends_at_the_deadline, a_line_may_be_as_long_as_the_protocol_allows,
	a_longer_line_is_an_error, a_daemon_that_is_gone_is_told_and_does_not_kill,
	only_clean_json_objects_are_messages, a_member_is_cut_out_of_its_line_byte_for_byte,
	requests_are_written_as_the_protocol_has_them,
	relative_times_are_sent_as_such_and_absolute_ones_as_moments,
	a_letter_means_what_the_command_takes_it_for, options_may_stand_anywhere_and_be_joined,
	wrong_options_are_usage_errors, a_bookmark_is_kept_and_something_else_is_refused)
