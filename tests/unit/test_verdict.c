/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <math.h>

#include "daemon/verdict.h"
#include "proto/metric.h"

static struct verdict_domain hot;
static struct verdict_input in;

/* A throttled domain and an input of which nothing is known. */
static void setup(void)
{
	hot = (struct verdict_domain){ 80, 3599, 4000, 90, 0 };
	in = (struct verdict_input){ NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN };
}

static void teardown(void)
{
}

static void assert_limit(enum limit limit, const char *reason)
{
	char text[VERDICT_REASON_MAX];

	ck_assert_double_eq(verdict_limit(&in), limit);
	ck_assert_str_eq(verdict_reason(text, verdict_limit(&in), &in), reason);
}

START_TEST(throttled_is_busy_slow_and_hot)
{
	ck_assert_double_eq(verdict_throttle(&hot), 1);
	hot.busy_pct = 79.99;
	ck_assert_double_eq(verdict_throttle(&hot), 0);
	hot.busy_pct = 100;
	hot.freq_mhz = 3600;
	ck_assert_double_eq(verdict_throttle(&hot), 0);
	hot.freq_mhz = 3000;
	hot.temp_c = 89.9;
	ck_assert_double_eq(verdict_throttle(&hot), 0);
	hot.thermal = 1;
	ck_assert_double_eq(verdict_throttle(&hot), 1);
}
END_TEST

START_TEST(of_pressure_and_temperature_the_one_that_is_known_decides)
{
	hot.thermal = NAN;
	ck_assert_double_eq(verdict_throttle(&hot), 1);
	hot.temp_c = 60;
	ck_assert_double_eq(verdict_throttle(&hot), 0);
	hot.temp_c = NAN;
	hot.thermal = 2;
	ck_assert_double_eq(verdict_throttle(&hot), 1);
	hot.thermal = NAN;
	ck_assert(isnan(verdict_throttle(&hot)));
}
END_TEST

START_TEST(an_unknown_frequency_leaves_only_a_busy_and_hot_domain_undecided)
{
	hot.max_freq_mhz = NAN;
	ck_assert(isnan(verdict_throttle(&hot)));
	hot.busy_pct = 5;
	ck_assert_double_eq(verdict_throttle(&hot), 0);
	hot.busy_pct = NAN;
	hot.temp_c = 40;
	ck_assert_double_eq(verdict_throttle(&hot), 0);
}
END_TEST

START_TEST(of_a_gpu_that_says_nothing_nothing_is_said)
{
	hot.busy_pct = hot.freq_mhz = NAN;
	hot.temp_c = 40;
	ck_assert(isnan(verdict_throttle(&hot)));
}
END_TEST

START_TEST(either_of_two_verdicts_is_enough_and_unknown_is_not_no)
{
	ck_assert_double_eq(verdict_either(0, 0), 0);
	ck_assert_double_eq(verdict_either(NAN, 1), 1);
	ck_assert(isnan(verdict_either(0, NAN)));
}
END_TEST

START_TEST(the_ranks_are_those_of_the_words)
{
	ck_assert_str_eq(state_words[STATES_LIMIT][LIMIT_NONE], "none");
	ck_assert_str_eq(state_words[STATES_LIMIT][LIMIT_COMPUTE], "compute");
	ck_assert_str_eq(state_words[STATES_LIMIT][LIMIT_BANDWIDTH], "bandwidth");
	ck_assert_str_eq(state_words[STATES_LIMIT][LIMIT_MEMORY], "memory");
	ck_assert_str_eq(state_words[STATES_LIMIT][LIMIT_THERMAL], "thermal");
	ck_assert_str_eq(state_words[STATES_LIMIT][LIMIT_POWER], "power");
	ck_assert_str_eq(state_words[STATES_THERMAL][(int)VERDICT_RAISED], "Fair");
	ck_assert_str_eq(state_words[STATES_THERMAL][(int)VERDICT_SERIOUS], "Serious");
	ck_assert_str_eq(state_words[STATES_PRESSURE][(int)VERDICT_CRITICAL], "critical");
}
END_TEST

/* From the last rule to the first: each overrides those before. */
START_TEST(the_limit_is_the_first_rule_that_holds)
{
	char text[VERDICT_REASON_MAX];

	ck_assert(isnan(verdict_limit(&in)));
	ck_assert_str_eq(verdict_reason(text, verdict_limit(&in), &in), "");
	in.cpu_busy_pct = 89.9;
	assert_limit(LIMIT_NONE, "nothing that is known is at its limit");
	in.cpu_busy_pct = 90;
	assert_limit(LIMIT_COMPUTE, "the busiest kind of core is 90 % busy");
	in.gpu_busy_pct = 97;
	assert_limit(LIMIT_COMPUTE, "the GPU is 97 % busy");
	in.bandwidth_pct = 85;
	assert_limit(LIMIT_BANDWIDTH, "memory traffic is at 85 % of the bandwidth");
	in.swap_out = 10000000;
	assert_limit(LIMIT_BANDWIDTH, "memory traffic is at 85 % of the bandwidth");
	in.swap_in = 2500000;
	assert_limit(LIMIT_MEMORY, "swapping 12.5 MB/s");
	in.pressure = 2;
	assert_limit(LIMIT_MEMORY, "memory pressure is critical");
	in.package_pct = 95;
	assert_limit(LIMIT_POWER, "package power is at 95 % of its reference");
	in.thermal = 2;
	assert_limit(LIMIT_THERMAL, "thermal state is Serious");
	in.throttle_gpu = 1;
	assert_limit(LIMIT_THERMAL, "the GPU is busy, hot and below its frequency");
}
END_TEST

START_TEST(the_first_rank_below_each_threshold_is_no_limit)
{
	in = (struct verdict_input){ 0, 0, 1, 1, 94.9, 84.9, 5e6, 5e6, 89.9, 89.9 };
	assert_limit(LIMIT_NONE, "nothing that is known is at its limit");
}
END_TEST

RUN_TESTS("verdict", setup, teardown, throttled_is_busy_slow_and_hot,
	of_pressure_and_temperature_the_one_that_is_known_decides,
	an_unknown_frequency_leaves_only_a_busy_and_hot_domain_undecided,
	of_a_gpu_that_says_nothing_nothing_is_said,
	either_of_two_verdicts_is_enough_and_unknown_is_not_no,
	the_ranks_are_those_of_the_words, the_limit_is_the_first_rule_that_holds,
	the_first_rank_below_each_threshold_is_no_limit)
