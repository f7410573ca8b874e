/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <math.h>

#include "daemon/crowd.h"
#include "daemon/share.h"
#include "tests/unit/fake_processes.h"

/*
 * Differences between walks, and shares of power, against figures worked out by hand.  llama
 * (pid 20) uses 1500 ms of CPU and 250 ms of GPU a second, worker (pid 21) 500 ms of CPU.
 */

static struct fake_processes fake;
static struct crowd crowd;

static void setup(void)
{
	fake_init(&fake);
	crowd = (struct crowd){ .walked = false };
}

static void teardown(void)
{
	crowd_forget(&crowd);
}

static void walk_at(uint64_t ms, unsigned want)
{
	fake.now_ms = ms;
	crowd_begin(&crowd);
	fake_walk(&fake, want, &crowd.table);
	crowd_settle(&crowd, ms * 1000000);
}

static void detail(int32_t pid)
{
	uint32_t row = crowd_find(&crowd, pid);

	fake_detail(&fake, PROCESS_WANT_ALL, &crowd.table.rows[row]);
	crowd_note_detail(&crowd, row, fake.now_ms * 1000000);
}

static double cpu_rate(int32_t pid)
{
	return crowd_cpu_rate(&crowd, crowd_find(&crowd, pid));
}

START_TEST(there_is_no_difference_before_the_second_walk)
{
	walk_at(1000, 0);
	ck_assert(isnan(cpu_rate(20)));
	walk_at(3000, 0);
	ck_assert_double_eq(cpu_rate(20), 1.5);
	ck_assert_double_eq(cpu_rate(21), 0.5);
	ck_assert_double_eq(cpu_rate(1), 0);
}
END_TEST

START_TEST(each_process_divides_by_the_time_between_its_own_readings)
{
	walk_at(1000, 0);
	walk_at(2000, 0);
	/* read 250 ms later than the clock of the walk says: 1250 ms of time */
	crowd.table.rows[2].taken_ns += 250000000;
	ck_assert_double_eq_tol(cpu_rate(20), 1.5 / 1.25, 1e-12);
}
END_TEST

START_TEST(a_pid_that_is_used_again_is_another_process)
{
	walk_at(1000, 0);
	fake_find(&fake, 20)->start = 99;
	walk_at(2000, 0);
	ck_assert(isnan(cpu_rate(20)));
	walk_at(3000, 0);
	ck_assert_double_eq(cpu_rate(20), 1.5);
}
END_TEST

START_TEST(processes_come_and_go)
{
	walk_at(1000, 0);
	fake_find(&fake, 10)->gone = true;
	fake.rows[fake.count++] = (struct fake_process){
		.pid = 5, .name = "new", .command = "new", .cpu_ms = 100, .start = 7
	};
	walk_at(2000, 0);
	ck_assert_uint_eq(crowd_find(&crowd, 10), CROWD_NOBODY);
	ck_assert(isnan(cpu_rate(5)));
	ck_assert_double_eq(cpu_rate(20), 1.5);
	fake_find(&fake, 10)->gone = false;
	walk_at(3000, 0);
	ck_assert_double_eq(cpu_rate(5), 0.1);
	ck_assert(isnan(cpu_rate(10)));
}
END_TEST

START_TEST(a_pid_that_is_used_again_within_the_walk_is_there_once)
{
	walk_at(1000, 0);
	fake.rows[fake.count] = fake.rows[2];
	fake.rows[2].start = 50;
	fake.rows[2].name = "second";
	fake.count++;
	walk_at(2000, 0);
	ck_assert_uint_eq(crowd.table.count, 5);
	ck_assert_str_eq(crowd.table.rows[crowd_find(&crowd, 20)].name, "second");
	ck_assert(isnan(cpu_rate(20)));
	ck_assert_double_eq(cpu_rate(21), 0.5);
	walk_at(3000, 0);
	ck_assert_double_eq(cpu_rate(20), 1.5);
	ck_assert_double_eq(cpu_rate(21), 0.5);
}
END_TEST

static void check_memory(unsigned i, bool was, bool known)
{
	uint32_t row = crowd_find(&crowd, (int32_t)i + 1);
	double cpu = crowd_cpu_rate(&crowd, row), reads = crowd_read_rate(&crowd, row);

	ck_assert(isnan(cpu) ? !was : was && fabs(cpu - 0.01 * i) < 1e-9);
	ck_assert(isnan(reads) ? !known : known && fabs(reads - 1000 * i) < 1e-6);
}

/* Any number come and go between walks, among the others: each keeps what was its own. */
START_TEST(what_was_known_stays_with_whom_it_was_known_of)
{
	bool was[40] = { false }, known[40] = { false };
	uint64_t seed = 7;

	fake.count = 40;
	for (unsigned i = 0; i < fake.count; i++)
		fake.rows[i] = (struct fake_process){ .pid = (int32_t)i + 1,
			.name = "one",
			.cpu_ms = 10 * i,
			.read_bytes = 1000 * i,
			.start = 1 };
	for (unsigned round = 1; round < 200; round++) {
		bool detailed = round % 3 == 0;

		for (unsigned i = 0; i < fake.count; i++) {
			seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
			fake.rows[i].gone = seed >> 62 == 0;
		}
		walk_at(1000 * round, detailed ? PROCESS_WANT_ALL : 0);
		for (unsigned i = 0; i < fake.count; i++) {
			if (!fake.rows[i].gone)
				check_memory(i, was[i], detailed && known[i]);
			was[i] = !fake.rows[i].gone;
			known[i] = was[i] && (known[i] || detailed);
		}
	}
}
END_TEST

START_TEST(a_list_without_order_is_put_in_order)
{
	struct fake_process first = fake.rows[0];

	fake.rows[0] = fake.rows[3];
	fake.rows[3] = first;
	walk_at(1000, 0);
	walk_at(2000, 0);
	for (unsigned i = 1; i < crowd.table.count; i++)
		ck_assert_int_lt(crowd.table.rows[i - 1].pid, crowd.table.rows[i].pid);
	ck_assert_double_eq(cpu_rate(21), 0.5);
}
END_TEST

START_TEST(a_counter_that_went_down_begins_anew)
{
	walk_at(2000, PROCESS_WANT_GPU);
	fake_find(&fake, 20)->gpu_ms = 1; /* a client of the GPU has closed */
	walk_at(3000, PROCESS_WANT_GPU);
	ck_assert(isnan(crowd_gpu_rate(&crowd, crowd_find(&crowd, 20))));
	walk_at(4000, PROCESS_WANT_GPU);
	ck_assert_double_eq(crowd_gpu_rate(&crowd, crowd_find(&crowd, 20)), 0.001);
}
END_TEST

START_TEST(details_divide_by_the_time_since_they_were_last_read)
{
	uint32_t row;

	walk_at(1000, 0);
	detail(20);
	walk_at(2000, 0);
	walk_at(5000, 0);
	row = crowd_find(&crowd, 20);
	ck_assert(isnan(crowd_read_rate(&crowd, row)));
	detail(20);
	ck_assert_double_eq(crowd_read_rate(&crowd, row), 4096);
	ck_assert_double_eq(crowd_write_rate(&crowd, row), 8192);
	ck_assert_double_eq(crowd_gpu_rate(&crowd, row), 0.25);
	ck_assert_double_eq(crowd_cpu_rate(&crowd, row), 1.5);
}
END_TEST

START_TEST(a_crowd_that_forgot_begins_anew)
{
	walk_at(1000, 0);
	crowd_forget(&crowd);
	ck_assert_uint_eq(crowd_bytes(&crowd), 0);
	walk_at(2000, 0);
	ck_assert(isnan(cpu_rate(20)));
}
END_TEST

START_TEST(sixty_thousand_processes_are_cut_and_said_to_be)
{
	struct process_table table = { 0 };
	unsigned taken = 0;

	for (unsigned i = 0; i < 60000; i++)
		taken += process_table_add(&table) != NULL;
	ck_assert_uint_eq(taken, PROCESS_MAX);
	ck_assert_uint_eq(table.count, PROCESS_MAX);
	ck_assert(table.truncated);
	process_table_fini(&table);
}
END_TEST

/* ---- shares ---- */

static double watts_of(const struct share *share, int32_t pid, enum share_quality *quality)
{
	return share_watts(share, &crowd, crowd_find(&crowd, pid), quality);
}

static void two_walks(unsigned want)
{
	walk_at(1000, want);
	walk_at(2000, want);
}

START_TEST(a_rail_is_shared_by_cpu_time)
{
	const struct rails rails = { 8, NAN, NAN, NAN };
	enum share_quality quality;
	struct share share;

	two_walks(0);
	share_init(&share, &crowd, &rails, false);
	ck_assert_double_eq(watts_of(&share, 20, &quality), 6); /* 8 W x 1.5 / 2 */
	ck_assert_int_eq(quality, SHARE_ESTIMATED);
	ck_assert_double_eq(watts_of(&share, 21, &quality), 2);
	ck_assert_double_eq(watts_of(&share, 1, &quality), 0);
	ck_assert(isnan(watts_of(&share, 30, &quality)));
	ck_assert_int_eq(quality, SHARE_UNKNOWN);
}
END_TEST

START_TEST(the_machines_busy_time_is_the_whole)
{
	const struct rails rails = { 8, NAN, 4, NAN }; /* of 4 busy cores 2 are accounted for */
	enum share_quality quality;
	struct share share;

	two_walks(0);
	share_init(&share, &crowd, &rails, false);
	ck_assert_double_eq(watts_of(&share, 20, &quality), 3);
	ck_assert_double_eq(watts_of(&share, 21, &quality), 1);
}
END_TEST

START_TEST(what_was_measured_stands_and_the_rest_is_shared)
{
	const struct rails rails = { 8, NAN, 3.5, NAN };
	enum share_quality quality;
	struct share share;

	fake_find(&fake, 20)->energy_mj = 4000; /* 4 W */
	two_walks(0);
	share_init(&share, &crowd, &rails, false);
	ck_assert_double_eq(watts_of(&share, 20, &quality), 4);
	ck_assert_int_eq(quality, SHARE_MEASURED);
	/* 4 W are left; of 3.5 cores 1.5 were measured, and 0.5 of the other 2 are its own */
	ck_assert_double_eq(watts_of(&share, 21, &quality), 1);
	ck_assert_int_eq(quality, SHARE_ESTIMATED);
}
END_TEST

START_TEST(the_sum_never_exceeds_the_rail)
{
	const struct rails rails = { 3, NAN, NAN, NAN };
	enum share_quality quality;
	struct share share;

	fake_find(&fake, 20)->energy_mj = 4000;
	fake_find(&fake, 10)->energy_mj = 2000;
	two_walks(0);
	share_init(&share, &crowd, &rails, false);
	ck_assert_double_eq(watts_of(&share, 20, &quality), 2);
	ck_assert_int_eq(quality, SHARE_ESTIMATED);
	ck_assert_double_eq(watts_of(&share, 10, &quality), 1);
	ck_assert_double_eq(watts_of(&share, 21, &quality), 0);
}
END_TEST

START_TEST(the_gpu_adds_its_share)
{
	struct rails rails = { 8, 20, NAN,
		0.5 }; /* half the time busy, of which half is llama's */
	enum share_quality quality;
	struct share share;

	fake_find(&fake, 20)->energy_mj = 5000;
	two_walks(PROCESS_WANT_GPU);
	share_init(&share, &crowd, &rails, true);
	ck_assert_double_eq(watts_of(&share, 20, &quality), 5 + 10);
	ck_assert_int_eq(quality, SHARE_ESTIMATED);
	rails.gpu_busy = NAN; /* then it had all of it */
	share_init(&share, &crowd, &rails, true);
	ck_assert_double_eq(watts_of(&share, 20, &quality), 5 + 20);
	share_init(&share, &crowd, &rails, false); /* who else had some is not known */
	ck_assert_double_eq(watts_of(&share, 20, &quality), 5);
	ck_assert_int_eq(quality, SHARE_MEASURED);
}
END_TEST

START_TEST(without_a_rail_there_are_only_measurements)
{
	const struct rails rails = { NAN, NAN, NAN, NAN };
	enum share_quality quality;
	struct share share;

	fake_find(&fake, 20)->energy_mj = 4000;
	two_walks(0);
	share_init(&share, &crowd, &rails, false);
	ck_assert_double_eq(watts_of(&share, 20, &quality), 4);
	ck_assert_int_eq(quality, SHARE_MEASURED);
	ck_assert(isnan(watts_of(&share, 21, &quality)));
}
END_TEST

START_TEST(a_machine_at_rest_shares_nothing)
{
	const struct rails rails = { 0.5, 0.1, 0, 0 };
	enum share_quality quality;
	struct share share;

	fake.count = 2;
	two_walks(PROCESS_WANT_GPU);
	share_init(&share, &crowd, &rails, true);
	ck_assert_double_eq(watts_of(&share, 10, &quality), 0);
}
END_TEST

/* ---- names ---- */

START_TEST(names_are_cleaned_of_what_terminals_obey)
{
	static const char bytes[] = "a\nb\x1b[2J\xff\xc2\x9b"
				    "c\xe2\x82\xac\x7f\0d";
	char to[64], small[6];

	process_clean(to, sizeof(to), bytes, sizeof(bytes) - 1);
	ck_assert_str_eq(to, "a b [2J\xEF\xBF\xBD c\xe2\x82\xac  d");
	process_clean(small, sizeof(small), "abcd\xe2\x82\xac", 7);
	ck_assert_str_eq(small, "abcd");
}
END_TEST

RUN_TESTS("crowd", setup, teardown, there_is_no_difference_before_the_second_walk,
	each_process_divides_by_the_time_between_its_own_readings,
	a_pid_that_is_used_again_is_another_process, processes_come_and_go,
	a_pid_that_is_used_again_within_the_walk_is_there_once,
	what_was_known_stays_with_whom_it_was_known_of, a_list_without_order_is_put_in_order,
	a_counter_that_went_down_begins_anew,
	details_divide_by_the_time_since_they_were_last_read, a_crowd_that_forgot_begins_anew,
	sixty_thousand_processes_are_cut_and_said_to_be, a_rail_is_shared_by_cpu_time,
	the_machines_busy_time_is_the_whole, what_was_measured_stands_and_the_rest_is_shared,
	the_sum_never_exceeds_the_rail, the_gpu_adds_its_share,
	without_a_rail_there_are_only_measurements, a_machine_at_rest_shares_nothing,
	names_are_cleaned_of_what_terminals_obey)
