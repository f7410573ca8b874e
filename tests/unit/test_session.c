/* SPDX-License-Identifier: MIT */
#include <cjson/cJSON.h>

#include "daemon/chronicle.h"
#include "daemon/event.h"
#include "tests/unit/fixture.h"
#include "tests/unit/run.h"

static struct fixture f;
static struct session *s;
static struct buf out;
static char faults[200]; /* what the log was told */

static void setup(void)
{
	fixture_init(&f, 100);
	s = session_new(&f.hub, 0, 0, true);
	buf_init(&out, FIXTURE_OUT_MAX);
}

static void teardown(void)
{
	if (s)
		session_free(s);
	fixture_fini(&f);
	buf_fini(&out);
}

static void grow(unsigned n)
{
	while (n-- > 0)
		fixture_tick(&f);
}

/* What was said since the last call, as a string. */
static const char *said(void)
{
	fixture_drain(s, &out);
	buf_add(&out, "", 1);
	out.len = 0;
	return out.data;
}

static const char *ask(const char *line)
{
	session_feed(s, line, strlen(line));
	session_feed(s, "\n", 1);
	while (session_run(s))
		;
	return said();
}

static void widen(unsigned series)
{
	char name[SERIES_NAME_MAX];

	history_free(f.history);
	f.history = history_new(10, FIXTURE_SERIES + series);
	f.hub.timeline.history = f.history;
	for (unsigned i = 0; i < series; i++) {
		snprintf(name, sizeof(name), "sensor.some_sensor_with_a_name_%u.temp_c", i);
		schema_add(f.schema, name, KIND_GAUGE, 1);
	}
}

static void expect_in(const char *text, const char *part)
{
	ck_assert_msg(strstr(text, part) != NULL, "%s is not in: %.300s", part, text);
}

/* Sent and executed as far as that goes, and nothing pulled. */
static void begin(const char *lines)
{
	session_feed(s, lines, strlen(lines));
	while (session_run(s))
		;
}

START_TEST(what_does_not_fit_into_a_line_is_refused_and_nothing_is_begun)
{
	widen(9000);
	expect_in(ask("{\"op\":\"subscribe\",\"id\":1}"),
		"{\"type\":\"error\",\"id\":1,\"op\":\"subscribe\",\"code\":\"limit\"");
	expect_in(ask("{\"op\":\"unsubscribe\",\"id\":2,\"sub\":\"s1\"}"), "unknown_sub");
	expect_in(ask("{\"op\":\"history\",\"id\":3}"),
		"\"limit\":\"max_line_out\",\"max\":262144");
	expect_in(ask("{\"op\":\"schema\",\"id\":4}"),
		"\"limit\":\"max_line_out\",\"max\":262144");
	expect_in(ask("{\"op\":\"subscribe\",\"id\":5,\"metrics\":[\"a.gauge\"]}"),
		"{\"type\":\"reply\",\"id\":5,\"op\":\"subscribe\",\"sub\":\"s");
}
END_TEST

START_TEST(a_wide_machine_fits_into_a_line)
{
	widen(3000);
	expect_in(ask("{\"op\":\"subscribe\",\"id\":1}"), "{\"type\":\"reply\",\"id\":1");
}
END_TEST

/* One gap cannot tell of two holes with rows between them. */
START_TEST(a_page_that_loses_rows_behind_its_first_ends_where_they_were)
{
	char big[64];

	grow(100);
	begin("{\"op\":\"history\",\"id\":1}\n");
	fixture_pull(s, &out);
	ck_assert(s->answer);
	grow(100);
	fixture_drain(s, &out);
	buf_add(&out, "", 1);
	snprintf(big, sizeof(big), "\"rows\":%d,\"first_seq\":1,\"last_seq\":%d",
		BATCH_LINES_MAX, BATCH_LINES_MAX);
	expect_in(out.data, big);
	snprintf(big, sizeof(big), "\"next\":\"00000000000000e1:%d\"", BATCH_LINES_MAX);
	expect_in(out.data, big);
	ck_assert(!strstr(out.data, "\"gap\""));
	out.len = 0;
	expect_in(ask("{\"op\":\"history\",\"id\":2,\"limit\":1,\"after\":\"00000000000000e1:"
		      "64\"}"),
		"\"gap\":{\"from_seq\":65,\"to_seq\":100,\"count\":36,\"reason\":\"evicted\"}");
}
END_TEST

static void mark(unsigned n)
{
	int64_t ts_ms;

	while (n-- > 0)
		chronicle_mark(&f.hub, "x", &ts_ms);
}

START_TEST(a_page_of_events_that_loses_some_ends_where_they_were)
{
	char big[96];

	mark(EVENTS_MAX);
	begin("{\"op\":\"events\",\"id\":1,\"limit\":10000}\n");
	fixture_pull(s, &out);
	ck_assert(s->answer);
	mark(EVENTS_MAX);
	fixture_drain(s, &out);
	buf_add(&out, "", 1);
	snprintf(big, sizeof(big), "\"last_eseq\":%d,\"next\":\"00000000000000e1:%d\"}",
		BATCH_LINES_MAX, BATCH_LINES_MAX);
	expect_in(out.data, big);
	out.len = 0;
	snprintf(big, sizeof(big), "\"gap\":{\"from_eseq\":65,\"to_eseq\":%d,\"count\":%d,",
		EVENTS_MAX, EVENTS_MAX - 64);
	expect_in(
		ask("{\"op\":\"events\",\"limit\":1,\"after\":\"00000000000000e1:64\"}"), big);
}
END_TEST

START_TEST(an_alert_that_is_resolved_meanwhile_does_not_hide_another_that_fires)
{
	char rule[16], last[32];

	for (unsigned i = 1; i <= FIRING_MAX; i++) {
		snprintf(rule, sizeof(rule), "r%u", i);
		mark(1);
		firing_add(&f.hub.firing, rule, events_get(f.hub.events, i));
	}
	begin("{\"op\":\"subscribe\",\"sub\":\"e\",\"stream\":\"events\"}\n");
	fixture_pull(s, &out);
	firing_remove(&f.hub.firing, "r1");
	fixture_drain(s, &out);
	buf_add(&out, "", 1);
	for (unsigned i = 1; i <= FIRING_MAX; i++) {
		snprintf(last, sizeof(last), "\"eseq\":%u,", i);
		expect_in(out.data, last);
	}
}
END_TEST

START_TEST(a_cursor_of_another_epoch_stays_one_while_rows_give_way)
{
	grow(100);
	begin("{\"op\":\"history\",\"id\":1,\"after\":\"00000000000000ff:9\",\"limit\":1}\n");
	grow(3);
	expect_in(said(),
		"\"gap\":{\"from_seq\":null,\"to_seq\":null,\"count\":null,"
		"\"reason\":\"epoch\"}");
}
END_TEST

START_TEST(a_heartbeat_comes_when_nothing_else_did_and_carries_the_cursor)
{
	grow(1);
	ask("{\"op\":\"subscribe\",\"sub\":\"h\",\"interval_ms\":60000,\"heartbeat_ms\":3000}");
	grow(2);
	ck_assert_str_eq(said(), "");
	grow(1);
	ck_assert_str_eq(said(),
		"{\"type\":\"heartbeat\",\"sub\":\"h\",\"epoch\":\"00000000000000e1\","
		"\"seq\":0,\"ts_ms\":1700000004000}\n");
	ck_assert_str_eq(said(), "");
	ck_assert(session_needs_clock(s));
}
END_TEST

START_TEST(a_half_closed_client_gets_a_heartbeat_of_the_connection)
{
	ask("{\"op\":\"subscribe\",\"interval_ms\":3600000}");
	session_eof(s);
	said();
	grow(1); /* time 0 would be "never" */
	said();
	grow(29);
	ck_assert_str_eq(said(), "");
	grow(1);
	ck_assert_str_eq(said(),
		"{\"type\":\"heartbeat\",\"sub\":null,\"epoch\":"
		"\"00000000000000e1\",\"seq\":0,\"ts_ms\":1700000031000}\n");
	ck_assert(!session_is_over(s));
}
END_TEST

START_TEST(stopping_ends_subscriptions_then_the_conversation)
{
	grow(1);
	ask("{\"op\":\"subscribe\",\"sub\":\"x\"}");
	hub_stop(&f.hub);
	ck_assert_str_eq(said(),
		"{\"type\":\"end\",\"sub\":\"x\",\"reason\":\"shutdown\"}\n"
		"{\"type\":\"bye\",\"reason\":\"shutdown\",\"message\":\"actopd is "
		"stopping\"}\n");
	ck_assert(session_is_over(s));
}
END_TEST

START_TEST(a_request_while_stopping_is_refused_and_fatal)
{
	hub_stop(&f.hub);
	expect_in(ask("{\"op\":\"get\",\"id\":4}"),
		"{\"type\":\"error\",\"id\":4,\"op\":\"get\",\"code\":\"shutting_down\","
		"\"message\":"
		"\"actopd is stopping\",\"fatal\":true}\n");
	ck_assert(session_is_over(s));
}
END_TEST

START_TEST(names_that_are_given_out_are_free_ones)
{
	ask("{\"op\":\"subscribe\",\"sub\":\"s1\"}");
	expect_in(ask("{\"op\":\"subscribe\"}"), "\"sub\":\"s2\"");
	ask("{\"op\":\"unsubscribe\",\"sub\":\"s2\"}");
	expect_in(ask("{\"op\":\"subscribe\",\"sub\":\"s2\"}"), "\"type\":\"reply\"");
}
END_TEST

START_TEST(close_waits_for_the_whole_history)
{
	const char *text;

	grow(100);
	begin("{\"op\":\"history\",\"close\":true,\"metrics\":[\"a.*\"]}\n{\"op\":\"ping\"}\n");
	text = said();
	expect_in(text, "\"rows\":100,");
	ck_assert(!strstr(text, "ping"));
	ck_assert(session_is_over(s));
}
END_TEST

START_TEST(many_requests_at_once_are_worked_off_in_turns)
{
	for (unsigned i = 0; i < SESSION_REQUESTS_A_RUN + 1; i++)
		session_feed(s, "{\"op\":\"ping\"}\n", 14);
	ck_assert(session_run(s));
	ck_assert(!session_run(s));
}
END_TEST

START_TEST(answers_that_nobody_reads_hold_back_the_next_requests)
{
	grow(1);
	for (unsigned i = 0; i < 2000; i++)
		session_feed(s, "{\"op\":\"get\"}\n", 13);
	for (unsigned i = 0; i < 100; i++)
		session_run(s);
	ck_assert(!session_wants_bytes(s));
	ck_assert_uint_le(s->replies->text.len, SESSION_REPLIES_HIGH + 1000);
	fixture_drain(s, &out);
	ck_assert(session_wants_bytes(s));
}
END_TEST

START_TEST(a_series_that_appears_is_announced_before_the_first_line_that_has_it)
{
	double values[FIXTURE_SERIES + 1] = { 0 };
	struct row row = { .tick = 2, .run = 1, .values = values };

	history_free(f.history);
	f.history = history_new(10, FIXTURE_SERIES + 1);
	f.hub.timeline.history = f.history;
	ask("{\"op\":\"subscribe\",\"sub\":\"m\",\"metrics\":[\"x.*.util\"]}");
	schema_add(f.schema, "x.2.util", KIND_GAUGE, 0);
	f.schema->rev++;
	history_append(f.history, &row);
	ck_assert_str_eq(said(),
		"{\"type\":\"meta\",\"sub\":\"m\",\"schema_rev\":2,\"metrics\":[\"x.0.util\","
		"\"x.1.util\",\"x.2.util\"]}\n"
		"{\"type\":\"sample\",\"sub\":\"m\",\"epoch\":\"00000000000000e1\",\"seq\":1,"
		"\"n\":1,"
		"\"ts_ms\":0,\"mono_ms\":0,\"dt_ms\":null,\"v\":{\"x.0.util\":0,\"x.1.util\":0,"
		"\"x.2.util\":0}}\n");
}
END_TEST

START_TEST(the_list_of_clients_is_for_the_trusted)
{
	expect_in(ask("{\"op\":\"status\",\"clients\":true}"), "\"list\":[{\"cid\":1,");
	s->trusted = false;
	expect_in(ask("{\"op\":\"status\",\"id\":9,\"clients\":true}"),
		"{\"type\":\"error\",\"id\":9,\"op\":\"status\",\"code\":\"denied\","
		"\"message\":\"the "
		"client list is for the owner and "
		"root\",\"field\":\"clients\",\"fatal\":false}");
	expect_in(ask("{\"op\":\"status\"}"), "\"type\":\"reply\"");
}
END_TEST

START_TEST(hello_names_the_client)
{
	ask("{\"op\":\"hello\",\"client\":\"menubar/0.3\"}");
	expect_in(ask("{\"op\":\"status\",\"clients\":true}"), "\"name\":\"menubar/0.3\"");
}
END_TEST

START_TEST(clients_with_long_names_do_not_hide_the_list)
{
	enum { CROWD = 1024 };
	struct session *crowd[CROWD];
	char left_out[32];
	unsigned listed = 0;

	for (unsigned i = 0; i < CROWD; i++) {
		crowd[i] = session_new(&f.hub, 0, 0, true);
		memset(crowd[i]->client, 1, REQUEST_CLIENT_MAX);
	}
	ask("{\"op\":\"status\",\"clients\":true}");
	for (unsigned i = 0; i < CROWD; i++)
		session_free(crowd[i]);
	ck_assert_uint_le(strlen(out.data), VIEW_LINE_MAX);
	for (const char *at = out.data; (at = strstr(at, "\"cid\":")) != NULL; at++)
		listed++;
	ck_assert_uint_gt(listed, 300);
	snprintf(left_out, sizeof(left_out), "],\"left_out\":%u}", CROWD + 1 - listed);
	expect_in(out.data, left_out);
}
END_TEST

START_TEST(a_sample_of_a_former_run_is_not_current)
{
	grow(3);
	f.hub.first_seq = 4;
	expect_in(ask("{\"op\":\"get\"}"), "not_ready");
	grow(1);
	expect_in(ask("{\"op\":\"get\"}"), "\"seq\":4");
}
END_TEST

START_TEST(what_was_not_sent_is_counted)
{
	f.hub.timeline.history = f.history;
	ask("{\"op\":\"subscribe\",\"lag\":\"latest\"}");
	grow(10);
	said();
	ck_assert_uint_eq(f.hub.counters.gap_samples, 9);
}
END_TEST

static void *no_memory(size_t size)
{
	(void)size;
	return NULL;
}

static void keep_fault(void *arg, const char *ref, const char *what)
{
	snprintf(
		faults + strlen(faults), sizeof(faults) - strlen(faults), "%s %s\n", ref, what);
	(void)arg;
}

START_TEST(an_error_of_ours_says_under_which_name_it_is_in_the_log)
{
	cJSON_Hooks starved = { no_memory, free };

	faults[0] = '\0';
	f.hub.shell.fault = keep_fault;
	cJSON_InitHooks(&starved);
	ck_assert_str_eq(ask("{\"op\":\"ping\",\"id\":1}"),
		"{\"type\":\"error\",\"id\":null,\"op\":null,\"code\":\"internal\","
		"\"message\":\"internal error, see the log\",\"ref\":\"0001\","
		"\"fatal\":false}\n");
	expect_in(ask("{\"op\":\"ping\",\"id\":1}"), "\"ref\":\"0002\"");
	cJSON_InitHooks(NULL);
	ck_assert_str_eq(faults,
		"0001 a valid request could not be read\n"
		"0002 a valid request could not be read\n");
	expect_in(ask("{\"op\":\"ping\",\"id\":1}"), "\"type\":\"reply\"");
}
END_TEST

RUN_TESTS("session", setup, teardown,
	what_does_not_fit_into_a_line_is_refused_and_nothing_is_begun,
	a_wide_machine_fits_into_a_line,
	a_page_that_loses_rows_behind_its_first_ends_where_they_were,
	a_page_of_events_that_loses_some_ends_where_they_were,
	an_alert_that_is_resolved_meanwhile_does_not_hide_another_that_fires,
	a_cursor_of_another_epoch_stays_one_while_rows_give_way,
	a_heartbeat_comes_when_nothing_else_did_and_carries_the_cursor,
	a_half_closed_client_gets_a_heartbeat_of_the_connection,
	stopping_ends_subscriptions_then_the_conversation,
	a_request_while_stopping_is_refused_and_fatal, names_that_are_given_out_are_free_ones,
	close_waits_for_the_whole_history, many_requests_at_once_are_worked_off_in_turns,
	answers_that_nobody_reads_hold_back_the_next_requests,
	a_series_that_appears_is_announced_before_the_first_line_that_has_it,
	the_list_of_clients_is_for_the_trusted, hello_names_the_client,
	clients_with_long_names_do_not_hide_the_list, a_sample_of_a_former_run_is_not_current,
	what_was_not_sent_is_counted, an_error_of_ours_says_under_which_name_it_is_in_the_log)
