/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <string.h>

#include "daemon/admit.h"

#define OWN 501
#define OTHER 502

static struct admit_policy policy;
static struct admit_census census;

static void setup(void)
{
	policy = (struct admit_policy){ .own = OWN, .max_clients = 8 };
	census = (struct admit_census){ .uid = OWN };
}

static void teardown(void)
{
}

static void count(unsigned n, uid_t uid)
{
	while (n-- > 0)
		admit_count(&census, uid, 0);
}

static enum admit_verdict decide(void)
{
	return admit_decide(&policy, &census);
}

START_TEST(a_users_daemon_is_for_its_own_uid_and_root)
{
	ck_assert_int_eq(decide(), ADMIT_WELCOME);
	census.uid = 0;
	ck_assert_int_eq(decide(), ADMIT_WELCOME);
	census.uid = OTHER;
	ck_assert_int_eq(decide(), ADMIT_FOREIGN);
}
END_TEST

START_TEST(a_foreign_uid_is_told_so_even_when_all_places_are_taken)
{
	count(8, OWN);
	census.uid = OTHER;
	ck_assert_int_eq(decide(), ADMIT_FOREIGN);
}
END_TEST

START_TEST(a_system_daemon_is_for_everybody)
{
	policy.system = true;
	census.uid = OTHER;
	ck_assert_int_eq(decide(), ADMIT_WELCOME);
	ck_assert(!admit_is_trusted(&policy, OTHER));
	ck_assert(admit_is_trusted(&policy, OWN));
	ck_assert(admit_is_trusted(&policy, 0));
}
END_TEST

START_TEST(the_last_place_is_given_and_not_one_more)
{
	count(7, OWN);
	ck_assert_int_eq(decide(), ADMIT_WELCOME);
	count(1, OWN);
	ck_assert_int_eq(decide(), ADMIT_FULL);
}
END_TEST

START_TEST(one_foreign_uid_has_a_quarter_of_the_places)
{
	policy.system = true;
	census.uid = OTHER;
	count(1, OTHER);
	count(3, OTHER + 1);
	ck_assert_int_eq(decide(), ADMIT_WELCOME);
	count(1, OTHER);
	ck_assert_int_eq(decide(), ADMIT_FULL_OF_UID);
	ck_assert_uint_eq(census.of_uid, 2);
	ck_assert_uint_eq(census.clients, 5);
}
END_TEST

START_TEST(the_owner_and_root_may_have_all_places)
{
	policy.system = true;
	count(7, OWN);
	ck_assert_int_eq(decide(), ADMIT_WELCOME);
	census = (struct admit_census){ .uid = 0 };
	count(7, 0);
	ck_assert_int_eq(decide(), ADMIT_WELCOME);
}
END_TEST

START_TEST(with_few_places_each_uid_still_has_one)
{
	policy.system = true;
	policy.max_clients = 3;
	census.uid = OTHER;
	ck_assert_int_eq(decide(), ADMIT_WELCOME);
	count(1, OTHER);
	ck_assert_int_eq(decide(), ADMIT_FULL_OF_UID);
}
END_TEST

START_TEST(who_stalls_for_more_than_30_s_gives_way_and_nobody_else)
{
	count(7, OWN);
	ck_assert(!admit_count(&census, OWN, 30000));
	ck_assert_int_eq(decide(), ADMIT_FULL);
	census = (struct admit_census){ .uid = OWN };
	count(7, OWN);
	ck_assert(admit_count(&census, OWN, 30001));
	ck_assert_int_eq(decide(), ADMIT_EVICT);
}
END_TEST

START_TEST(of_several_the_one_that_stalls_longest_gives_way)
{
	ck_assert(admit_count(&census, OWN, 40000));
	ck_assert(admit_count(&census, OWN, 50000));
	ck_assert(!admit_count(&census, OWN, 45000));
	ck_assert(!admit_count(&census, OWN, 50000));
	ck_assert_int_eq(census.worst_ms, 50000);
}
END_TEST

START_TEST(nobody_gives_way_while_there_are_places)
{
	admit_count(&census, OWN, 600000);
	ck_assert_int_eq(decide(), ADMIT_WELCOME);
}
END_TEST

START_TEST(nobody_gives_way_for_one_who_is_over_its_share)
{
	policy.system = true;
	census.uid = OTHER;
	count(2, OTHER);
	count(5, OWN);
	admit_count(&census, OWN, 60000);
	ck_assert_int_eq(decide(), ADMIT_FULL_OF_UID);
}
END_TEST

START_TEST(the_lines_say_what_the_protocol_says)
{
	char text[ADMIT_TEXT_MAX];
	struct request_error error = admit_error(&policy, ADMIT_FOREIGN, OTHER, text);

	ck_assert_int_eq(error.code, ERROR_DENIED);
	ck_assert_str_eq(error.message, "uid 502 may not use this socket");
	ck_assert(error.fatal);
	error = admit_error(&policy, ADMIT_FULL, OWN, text);
	ck_assert_int_eq(error.code, ERROR_BUSY);
	ck_assert_str_eq(error.message, "8 clients are connected");
	ck_assert_str_eq(error.limit, "max_clients");
	ck_assert_int_eq(error.max, 8);
	ck_assert(error.fatal);
	error = admit_error(&policy, ADMIT_FULL_OF_UID, OTHER, text);
	ck_assert_int_eq(error.code, ERROR_BUSY);
	ck_assert_str_eq(error.limit, "max_clients_per_uid");
	ck_assert_int_eq(error.max, 2);
}
END_TEST

START_TEST(clients_leave_32_descriptors_where_there_are_many)
{
	admit_share_files(&policy, 1024, 24, 5000);
	ck_assert_uint_eq(policy.max_clients, 1024 - 24 - 32);
	ck_assert_uint_eq(policy.max_lingering, 8);
	admit_share_files(&policy, 1024, 24, 64);
	ck_assert_uint_eq(policy.max_clients, 64);
}
END_TEST

START_TEST(where_there_are_few_descriptors_half_of_them_are_for_clients)
{
	admit_share_files(&policy, 32, 16, 1024);
	ck_assert_uint_eq(policy.max_clients, 8);
	ck_assert_uint_eq(policy.max_lingering, 2);
}
END_TEST

START_TEST(there_is_always_a_place_for_one)
{
	admit_share_files(&policy, 16, 16, 1024);
	ck_assert_uint_eq(policy.max_clients, 1);
	admit_share_files(&policy, 16, 40, 1024);
	ck_assert_uint_eq(policy.max_clients, 1);
	ck_assert_uint_eq(policy.max_lingering, 0);
}
END_TEST

RUN_TESTS("admit", setup, teardown, a_users_daemon_is_for_its_own_uid_and_root,
	a_foreign_uid_is_told_so_even_when_all_places_are_taken,
	a_system_daemon_is_for_everybody, the_last_place_is_given_and_not_one_more,
	one_foreign_uid_has_a_quarter_of_the_places, the_owner_and_root_may_have_all_places,
	with_few_places_each_uid_still_has_one,
	who_stalls_for_more_than_30_s_gives_way_and_nobody_else,
	of_several_the_one_that_stalls_longest_gives_way,
	nobody_gives_way_while_there_are_places, nobody_gives_way_for_one_who_is_over_its_share,
	the_lines_say_what_the_protocol_says, clients_leave_32_descriptors_where_there_are_many,
	where_there_are_few_descriptors_half_of_them_are_for_clients,
	there_is_always_a_place_for_one)
