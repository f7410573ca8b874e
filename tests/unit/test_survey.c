/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <errno.h>

#include "tests/unit/fixture.h"

/* Walks that take their time: what comes between their beginning and their end. */

static struct fixture f;
static struct session *s;
static struct buf out;
static unsigned begun;

static void begin_later(void *arg)
{
	(void)arg;
	begun++;
}

static void setup(void)
{
	const struct survey_shell walks = { &f, begin_later, fixture_find_user,
		fixture_name_user };

	fixture_init(&f, 100);
	survey_free(f.hub.survey);
	survey_new(&f.hub, &fake_source, &f.processes, &walks);
	s = session_new(&f.hub, geteuid(), 0, true);
	buf_init(&out, FIXTURE_OUT_MAX);
	begun = 0;
	fixture_tick(&f);
}

static void teardown(void)
{
	if (s)
		session_free(s);
	fixture_fini(&f);
	buf_fini(&out);
}

/* The work that was begun, and its end. */
static void work(void)
{
	f.processes.now_ms = f.last_tick * FIXTURE_BASE_MS;
	survey_work(f.hub.survey);
	survey_finish(f.hub.survey, 0);
}

static void ask(const char *line)
{
	buf_clear(&out);
	fixture_ask(s, line, &out);
	buf_add(&out, "", 1);
}

static void drain(void)
{
	buf_clear(&out);
	fixture_drain(s, &out);
	buf_add(&out, "", 1);
}

static void expect(const char *text)
{
	ck_assert_msg(strstr(out.data, text), "no %s in %s", text, out.data);
}

START_TEST(an_answer_waits_for_its_walk_and_holds_up_what_is_behind_it)
{
	ask("{\"op\":\"processes\",\"id\":1}\n{\"op\":\"ping\",\"id\":2}");
	ck_assert_str_eq(out.data, "");
	ck_assert_uint_eq(begun, 1);
	ck_assert(!session_wants_bytes(s));
	drain();
	ck_assert_str_eq(out.data, "");
	work();
	drain();
	ck_assert_ptr_eq(strstr(out.data, "{\"type\":\"reply\",\"id\":1,"), out.data);
	expect("{\"type\":\"reply\",\"id\":2,");
}
END_TEST

START_TEST(streams_go_on_while_an_answer_waits)
{
	ask("{\"op\":\"subscribe\",\"sub\":\"a\"}\n{\"op\":\"processes\",\"id\":1}");
	fixture_tick(&f);
	drain();
	expect("{\"type\":\"sample\",\"sub\":\"a\",\"epoch\":\"00000000000000e1\",\"seq\":2,");
	work();
	drain();
	expect("\"op\":\"processes\"");
}
END_TEST

START_TEST(all_who_ask_while_one_walk_is_made_share_it)
{
	struct session *other = session_new(&f.hub, geteuid(), 0, true);
	struct buf more;

	buf_init(&more, FIXTURE_OUT_MAX);
	ask("{\"op\":\"processes\"}");
	fixture_ask(other, "{\"op\":\"processes\",\"sort\":\"pid\"}", &more);
	ck_assert_uint_eq(begun, 1);
	work(); /* the other question came too late for this, but the walk is fresh */
	ck_assert_uint_eq(begun, 2);
	drain();
	expect("\"op\":\"processes\"");
	work();
	fixture_drain(other, &more);
	ck_assert_uint_gt(more.len, 0);
	ck_assert_uint_eq(f.processes.walks, 1);
	session_free(other);
	buf_fini(&more);
}
END_TEST

START_TEST(one_walk_a_tick_for_fifty_subscribers)
{
	struct session *sessions[50];
	char line[128];

	for (unsigned i = 0; i < 50; i++) {
		sessions[i] = session_new(&f.hub, geteuid(), 0, true);
		snprintf(line, sizeof(line),
			"{\"op\":\"subscribe\",\"stream\":\"processes\",\"limit\":%u}",
			1 + i % 3);
		fixture_ask(sessions[i], line, &out);
	}
	work();
	work();
	for (unsigned tick = 2; tick <= 11; tick++) {
		fixture_tick(&f);
		work();
		ck_assert_uint_eq(f.processes.walks, tick);
	}
	buf_clear(&out);
	for (unsigned i = 0; i < 50; i++) {
		fixture_drain(sessions[i], &out);
		session_free(sessions[i]);
	}
	buf_add(&out, "", 1);
	expect("\"ts_ms\":1700000011000,\"dt_ms\":1000,");
	ck_assert_uint_eq(begun, 12);
}
END_TEST

START_TEST(one_uid_has_sixteen_different_questions_unless_it_is_trusted)
{
	struct session *sessions[3];
	char line[128];

	for (unsigned i = 0; i < 3; i++)
		sessions[i] = session_new(&f.hub, 4242, 0, false);
	for (unsigned i = 0; i <= SURVEY_VIEWS_MAX; i++) {
		snprintf(line, sizeof(line),
			"{\"op\":\"subscribe\",\"stream\":\"processes\",\"limit\":%u}", 1 + i);
		ask(line); /* of the owner */
		session_free(s);
		s = session_new(&f.hub, geteuid(), 0, true);
		ck_assert_ptr_null(strstr(out.data, "\"error\""));
		buf_clear(&out);
		fixture_ask(sessions[i / 8], line, &out);
		buf_add(&out, "", 1);
		expect(i < SURVEY_VIEWS_MAX ? "\"type\":\"reply\""
					    : "\"code\":\"limit\",\"message\":\"too many "
					      "different questions "
					      "about processes of one user\",\"limit\":"
					      "\"max_process_views\",\"max\":16,");
	}
	buf_clear(&out);
	fixture_ask(sessions[2], "{\"op\":\"processes\",\"match\":\"x\"}", &out);
	fixture_ask(sessions[2], "{\"op\":\"subscribe\",\"stream\":\"processes\",\"limit\":1}",
		&out);
	buf_add(&out, "", 1);
	expect("\"op\":\"processes\",\"code\":\"limit\"");
	expect("{\"type\":\"reply\",\"id\":null,\"op\":\"subscribe\""); /* shared */
	work();
	work(); /* for those who came while the first was made */
	for (unsigned i = 0; i < 3; i++)
		session_free(sessions[i]);
}
END_TEST

START_TEST(ticks_do_not_pile_up_behind_a_walk_that_hangs)
{
	ask("{\"op\":\"subscribe\",\"stream\":\"processes\",\"sub\":\"p\"}");
	for (unsigned i = 0; i < 5; i++)
		fixture_tick(&f);
	ck_assert_uint_eq(begun, 1);
	work(); /* the answer to all that came due meanwhile */
	ck_assert_uint_eq(begun, 1);
	fixture_tick(&f);
	ck_assert_uint_eq(begun, 2);
	work();
	drain();
	expect("{\"type\":\"processes\",\"sub\":\"p\",\"ts_ms\":1700000007000,\"dt_ms\":6000,");
}
END_TEST

START_TEST(whoever_leaves_during_the_walk_is_not_missed)
{
	ask("{\"op\":\"processes\"}");
	session_free(s);
	s = NULL;
	work();
	ck_assert_uint_eq(begun, 1);
	fixture_tick(&f);
	ck_assert_uint_eq(begun, 1);
}
END_TEST

START_TEST(unsubscribed_during_the_walk_and_subscribed_again)
{
	ask("{\"op\":\"subscribe\",\"stream\":\"processes\",\"sub\":\"p\"}\n"
	    "{\"op\":\"unsubscribe\",\"sub\":\"p\"}\n"
	    "{\"op\":\"subscribe\",\"stream\":\"processes\",\"sub\":\"p\",\"count\":1}");
	ck_assert_uint_eq(begun, 1);
	work();
	drain();
	expect("{\"type\":\"processes\",\"sub\":\"p\",\"ts_ms\":1700000001000,");
	expect("{\"type\":\"end\",\"sub\":\"p\",\"reason\":\"count\"}");
}
END_TEST

START_TEST(what_was_kept_goes_after_a_while)
{
	ask("{\"op\":\"processes\"}");
	work();
	drain();
	ask("{\"op\":\"status\"}");
	expect("\"processes\":5,");
	ck_assert_ptr_null(strstr(out.data, "\"bytes\":0,\"cost_us\""));
	for (unsigned i = 0; i <= SURVEY_KEEP_MS / FIXTURE_BASE_MS; i++)
		fixture_tick(&f);
	ask("{\"op\":\"status\"}");
	expect("\"bytes\":0,\"cost_us\"");
	ck_assert_uint_eq(begun, 1);
}
END_TEST

START_TEST(the_daemon_stops_in_the_middle_of_a_walk)
{
	ask("{\"op\":\"subscribe\",\"stream\":\"processes\",\"sub\":\"p\"}\n"
	    "{\"op\":\"processes\",\"id\":7}");
	hub_stop(&f.hub);
	fixture_tick(&f);
	drain();
	expect("{\"type\":\"end\",\"sub\":\"p\",\"reason\":\"shutdown\"}");
	work();
	if (begun == 2)
		work();
	drain();
	expect("\"id\":7,\"op\":\"processes\"");
	expect("\"type\":\"bye\"");
}
END_TEST

START_TEST(what_the_order_goes_by_is_read_for_all_and_nothing_else)
{
	ask("{\"op\":\"processes\",\"limit\":2}");
	work();
	ck_assert_uint_eq(f.processes.wanted, 0);
	ck_assert_uint_eq(f.processes.details, 2);
	ck_assert_uint_eq(f.processes.commands, 2);
	drain();
	fixture_tick(&f);
	ask("{\"op\":\"processes\",\"limit\":2,\"sort\":\"mem\"}");
	work();
	ck_assert_uint_eq(f.processes.wanted, PROCESS_WANT_MEMORY);
	drain();
	fixture_tick(&f);
	ask("{\"op\":\"processes\",\"limit\":2,\"sort\":\"gpu\"}");
	work();
	ck_assert_uint_eq(f.processes.wanted, PROCESS_WANT_GPU);
	drain();
	fixture_tick(&f);
	ask("{\"op\":\"processes\",\"match\":\"x\",\"tree\":true}");
	work();
	ck_assert_uint_eq(f.processes.wanted, PROCESS_WANT_NAME | PROCESS_WANT_RESPONSIBLE);
	drain();
}
END_TEST

/* init has the most memory here, and the walk that is used again has read that of others. */
START_TEST(what_the_order_goes_by_and_a_fresh_walk_lacks_is_read_for_all)
{
	fake_find(&f.processes, 1)->mem_bytes = UINT64_C(9) << 30;
	ask("{\"op\":\"processes\",\"limit\":2}");
	work();
	drain();
	ask("{\"op\":\"processes\",\"limit\":2,\"sort\":\"mem\"}");
	work();
	drain();
	ck_assert_uint_eq(f.processes.walks, 1);
	expect("\"rows\":[{\"pid\":1,");
	f.processes.details = 0;
	ask("{\"op\":\"processes\",\"limit\":1,\"sort\":\"mem\"}");
	work();
	drain();
	ck_assert_uint_eq(f.processes.details, 1);
	expect("\"rows\":[{\"pid\":1,");
}
END_TEST

START_TEST(a_process_that_ends_behind_the_walk_keeps_what_was_read)
{
	ask("{\"op\":\"processes\",\"pid\":20}");
	f.processes.now_ms = 1000;
	survey_work(f.hub.survey); /* once, to have walked */
	survey_finish(f.hub.survey, 0);
	drain();
	fake_find(&f.processes, 20)->start = 77; /* details are of another one by now */
	ask("{\"op\":\"processes\",\"pid\":20,\"limit\":9}");
	work();
	drain();
	expect("\"pid\":20,");
	expect("\"command\":null,");
	expect("\"cpu_ms\":1500,");
}
END_TEST

/* What rules would ask. */
static struct census *groups(const char *text)
{
	struct census *census = census_new();
	struct expr *expr;
	char why[WHY_MAX];

	ck_assert_int_eq(expr_parse(&expr, text, why), 0);
	ck_assert(census_add(census, expr));
	expr_free(expr);
	return census;
}

/* The sum of a group as it is told now. */
static double told(const char *text)
{
	struct expr *expr;
	struct instant now;
	char why[WHY_MAX];
	double sum;

	ck_assert_int_eq(expr_parse(&expr, text, why), 0);
	fixture_now(&f, &now);
	census_fill(survey_census(f.hub.survey), expr, now.awake_ns);
	sum = expr_group(expr, 0)->sum.value;
	expr_free(expr);
	return sum;
}

START_TEST(rules_have_a_walk_every_five_seconds_while_they_ask)
{
	survey_set_census(f.hub.survey, groups("count(llama) > 1"));
	ck_assert_uint_eq(begun, 0);
	fixture_tick(&f);
	ck_assert_uint_eq(begun, 1);
	ck_assert(isnan(told("count(llama) > 1")));
	work();
	ck_assert_double_eq(told("count(llama) > 1"), 2);
	for (unsigned i = 0; i < 4; i++)
		fixture_tick(&f);
	ck_assert_uint_eq(begun, 1);
	fixture_tick(&f);
	ck_assert_uint_eq(begun, 2);
	work();
	survey_set_census(f.hub.survey, NULL);
	for (unsigned i = 0; i < 60; i++)
		fixture_tick(&f);
	ck_assert_uint_eq(begun, 2);
	ask("{\"op\":\"status\"}");
	expect("\"bytes\":0,\"cost_us\"");
}
END_TEST

START_TEST(rules_share_the_walk_of_those_who_ask_at_the_time)
{
	survey_set_census(f.hub.survey, groups("footprint(llama) > 1"));
	ask("{\"op\":\"subscribe\",\"stream\":\"processes\",\"limit\":1}");
	work();
	ck_assert_uint_eq(f.processes.wanted, PROCESS_WANT_NAME | PROCESS_WANT_MEMORY);
	for (unsigned i = 0; i < 4; i++) {
		fixture_tick(&f);
		work();
		ck_assert_uint_eq(f.processes.wanted, 0);
	}
	fixture_tick(&f);
	work();
	ck_assert_uint_eq(f.processes.wanted, PROCESS_WANT_NAME | PROCESS_WANT_MEMORY);
	ck_assert_uint_eq(f.processes.walks, 6);
}
END_TEST

START_TEST(rules_that_change_during_the_walk_leave_it_what_it_counts)
{
	survey_set_census(f.hub.survey, groups("count(llama) > 1"));
	fixture_tick(&f);
	survey_set_census(f.hub.survey, groups("count(shell) > 1"));
	survey_set_census(f.hub.survey, groups("count(init) > 1"));
	work();
	ck_assert(isnan(told("count(init) > 1")));
	fixture_tick(&f);
	work();
	ck_assert_double_eq(told("count(init) > 1"), 1);
	ck_assert_uint_eq(begun, 2);
}
END_TEST

START_TEST(a_daemon_without_processes_says_so)
{
	survey_free(f.hub.survey);
	ask("{\"op\":\"processes\",\"id\":1}");
	expect("\"code\":\"unknown_op\",\"message\":\"this daemon cannot list processes\"");
	ask("{\"op\":\"subscribe\",\"stream\":\"processes\"}");
	expect("\"code\":\"bad_value\"");
	expect("\"field\":\"stream\"");
	ask("{\"op\":\"hello\"}");
	ck_assert_ptr_null(strstr(out.data, "\"processes\""));
}
END_TEST

RUN_TESTS("survey", setup, teardown,
	an_answer_waits_for_its_walk_and_holds_up_what_is_behind_it,
	streams_go_on_while_an_answer_waits, all_who_ask_while_one_walk_is_made_share_it,
	one_walk_a_tick_for_fifty_subscribers,
	one_uid_has_sixteen_different_questions_unless_it_is_trusted,
	ticks_do_not_pile_up_behind_a_walk_that_hangs,
	whoever_leaves_during_the_walk_is_not_missed,
	unsubscribed_during_the_walk_and_subscribed_again, what_was_kept_goes_after_a_while,
	the_daemon_stops_in_the_middle_of_a_walk,
	what_the_order_goes_by_is_read_for_all_and_nothing_else,
	what_the_order_goes_by_and_a_fresh_walk_lacks_is_read_for_all,
	a_process_that_ends_behind_the_walk_keeps_what_was_read,
	rules_have_a_walk_every_five_seconds_while_they_ask,
	rules_share_the_walk_of_those_who_ask_at_the_time,
	rules_that_change_during_the_walk_leave_it_what_it_counts,
	a_daemon_without_processes_says_so)
