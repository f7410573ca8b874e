/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include "daemon/census.h"
#include "tests/unit/fake_processes.h"

/* What rules are told of the five processes of the fake: two llamas, of 3 GiB and 64 MiB, that
 * use 1.5 and 0.5 cores and of the first a quarter of the GPU. */

#define GIB 1073741824.0
#define MS UINT64_C(1000000)

static struct fake_processes fake;
static struct crowd crowd;
static struct rails rails;
static struct census *census;
static struct expr *expr;
static char command[PROCESS_COMMAND_MAX];
static bool complete;

static void setup(void)
{
	fake_init(&fake);
	crowd = (struct crowd){ .walked = false };
	rails = (struct rails){ 8, 2, NAN, NAN };
	census = census_new();
	complete = true;
}

static void teardown(void)
{
	expr_free(expr);
	expr = NULL;
	census_free(census);
	crowd_forget(&crowd);
}

static const char *get_command(void *arg, const struct process *p)
{
	return fake_command(arg, p, command) == 0 ? command : NULL;
}

static void ask(const char *text)
{
	char why[WHY_MAX];

	expr_free(expr);
	ck_assert_msg(expr_parse(&expr, text, why) == 0, "%s", why);
	ck_assert(census_add(census, expr));
}

/* One second later: a walk, which is told. */
static void walk(void)
{
	const struct roster_commands commands = { &fake, get_command };
	struct share share;
	const struct census_walk seen = { &crowd, &share, &commands, complete };

	fake.now_ms += 1000;
	crowd_begin(&crowd);
	fake_walk(&fake, census_wants(census), &crowd.table);
	crowd_settle(&crowd, fake.now_ms * MS);
	share_init(&share, &crowd, &rails, census_wants(census) & PROCESS_WANT_GPU);
	census_count(census, &seen);
	census_tell(census, fake.now_ms * MS);
	census_fill(census, expr, fake.now_ms * MS);
}

static void assert_sum(unsigned i, double value, bool partial)
{
	const struct group *group = expr_group(expr, i);

	if (isnan(value))
		ck_assert_msg(
			isnan(group->sum.value), "%s is %g", group->text, group->sum.value);
	else
		ck_assert_double_eq_tol(group->sum.value, value, 1e-6);
	ck_assert_msg(group->sum.partial == partial, "%s", group->text);
}

START_TEST(a_group_is_whose_name_or_command_line_matches)
{
	ask("footprint(llama) > 1 and count(llama) > 1 and rss(LLAMA$) > 1 and count(^init) > "
	    "1");
	walk();
	assert_sum(0, 3 * GIB + (64 << 20), false);
	assert_sum(1, 2, false);
	assert_sum(2, 1.5 * GIB, false);
	assert_sum(3, 1, false);
}
END_TEST

START_TEST(rates_are_not_known_before_the_second_walk)
{
	ask("cpu(llama) > 1 and gpu(llama) > 1 and watts(llama) > 1");
	walk();
	for (unsigned i = 0; i < 3; i++)
		assert_sum(i, NAN, false);
	walk();
	assert_sum(0, 200, false);
	assert_sum(1, 25, false);
	assert_sum(2, 8 + 2, false); /* nobody else uses any of either */
}
END_TEST

START_TEST(one_who_has_come_since_makes_a_rate_one_of_at_least)
{
	fake_find(&fake, 21)->gone = true;
	ask("cpu(llama) > 1 and count(llama) > 1");
	walk();
	walk();
	assert_sum(0, 150, false);
	fake_find(&fake, 21)->gone = false;
	walk();
	assert_sum(0, 150, true);
	assert_sum(1, 2, false);
	walk();
	assert_sum(0, 200, false);
}
END_TEST

START_TEST(what_may_not_be_read_makes_a_sum_one_of_at_least)
{
	ask("footprint(worker|kthread) > 1 and footprint(kthread) > 1 and count(kthread) > 1");
	walk();
	assert_sum(0, 64 << 20, true);
	assert_sum(1, NAN, false);
	assert_sum(2, 1, false);
}
END_TEST

START_TEST(nobody_is_nothing_unless_some_were_not_looked_at)
{
	ask("footprint(nobody) > 1 and cpu(nobody) > 1 and count(nobody) == 0");
	walk();
	for (unsigned i = 0; i < 3; i++)
		assert_sum(i, 0, false);
	complete = false;
	walk();
	for (unsigned i = 0; i < 3; i++)
		assert_sum(i, 0, true);
}
END_TEST

START_TEST(what_is_dear_is_read_only_for_those_who_ask_for_it)
{
	ask("count(a) > 1 or cpu(a) > 1 or rss(a) > 1");
	ck_assert_uint_eq(census_wants(census), PROCESS_WANT_NAME);
	ask("footprint(a) > 1");
	ck_assert_uint_eq(census_wants(census), PROCESS_WANT_NAME | PROCESS_WANT_MEMORY);
	ask("watts(a) > 1");
	ck_assert_uint_eq(census_wants(census),
		PROCESS_WANT_NAME | PROCESS_WANT_MEMORY | PROCESS_WANT_GPU);
}
END_TEST

START_TEST(a_command_line_is_read_once_for_a_group_whose_name_does_not_fit)
{
	ask("count(init|shell|llama|worker|kthread) > 1");
	walk();
	ck_assert_uint_eq(fake.commands, 0);
	ask("count(llama) > 1");
	walk();
	ck_assert_uint_eq(fake.commands, 4);
}
END_TEST

START_TEST(what_is_too_old_or_before_a_hole_is_not_known)
{
	ask("count(llama) > 1");
	census_fill(census, expr, 0);
	assert_sum(0, NAN, false);
	walk();
	census_fill(census, expr, (fake.now_ms + CENSUS_STALE_MS) * MS);
	assert_sum(0, 2, false);
	census_fill(census, expr, (fake.now_ms + CENSUS_STALE_MS) * MS + 1);
	assert_sum(0, NAN, false);
	census_forget(census);
	census_fill(census, expr, fake.now_ms * MS);
	assert_sum(0, NAN, false);
}
END_TEST

START_TEST(a_reload_keeps_what_is_told_of_groups_that_stay)
{
	struct census *fresh = census_new();

	ask("count(llama) > 1");
	walk();
	ask("count(llama) > 1 and count(shell) > 1");
	ck_assert(census_add(fresh, expr));
	census_adopt(fresh, census);
	census_fill(fresh, expr, fake.now_ms * MS);
	assert_sum(0, 2, false);
	assert_sum(1, NAN, false);
	census_free(fresh);
}
END_TEST

START_TEST(there_are_at_most_sixteen_groups_each_counted_once)
{
	char text[32], why[WHY_MAX];

	ck_assert(census_is_empty(census));
	for (unsigned i = 0; i < CENSUS_GROUPS_MAX; i++) {
		snprintf(text, sizeof(text), "count(a%u) > 1", i);
		ask(text);
		ask(text);
	}
	ck_assert(!census_is_empty(census));
	expr_free(expr);
	ck_assert_int_eq(expr_parse(&expr, "count(b) > 1", why), 0);
	ck_assert(!census_add(census, expr));
}
END_TEST

RUN_TESTS("census", setup, teardown, a_group_is_whose_name_or_command_line_matches,
	rates_are_not_known_before_the_second_walk,
	one_who_has_come_since_makes_a_rate_one_of_at_least,
	what_may_not_be_read_makes_a_sum_one_of_at_least,
	nobody_is_nothing_unless_some_were_not_looked_at,
	what_is_dear_is_read_only_for_those_who_ask_for_it,
	a_command_line_is_read_once_for_a_group_whose_name_does_not_fit,
	what_is_too_old_or_before_a_hole_is_not_known,
	a_reload_keeps_what_is_told_of_groups_that_stay,
	there_are_at_most_sixteen_groups_each_counted_once)
