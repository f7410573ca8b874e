/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "daemon/source/darwin/channel.h"
#include "daemon/source/darwin/counters.h"
#include "daemon/source/darwin/dvfs.h"
#include "daemon/source/darwin/meter.h"
#include "daemon/source/darwin/procargs.h"
#include "daemon/source/darwin/residency.h"
#include "daemon/source/darwin/smcvalue.h"
#include "daemon/source/darwin/topology.h"
#include "daemon/source/process.h"
#include "tests/unit/run.h"

#define S 1000000000ULL
#define MS 1000000ULL

/* ---- 2.7: names of energy channels ---- */

static enum rail_kind rail_of(const char *name)
{
	bool whole;

	return channel_parse_energy(name, &whole);
}

START_TEST(only_cpu_energy_is_the_cpu_among_all_that_contain_cpu)
{
	static const char *const others[] = { "PCPU", "MCPU0", "MCPU0_3", "EACC_CPU",
		"PACC0_CPU2", "DIE_0_EACC_CPU0", "CPU Energy2", "XCPU Energy", "PCPU0_SRAM",
		"DIE_x_CPU Energy" };

	ck_assert_int_eq(rail_of("CPU Energy"), RAIL_CPU);
	ck_assert_int_eq(rail_of("DIE_0_CPU Energy"), RAIL_CPU);
	ck_assert_int_eq(rail_of("DIE_1_CPU Energy"), RAIL_CPU);
	for (unsigned i = 0; i < sizeof(others) / sizeof(*others); i++)
		ck_assert_msg(rail_of(others[i]) == RAIL_OTHER, "%s", others[i]);
}
END_TEST

START_TEST(dtl_channels_count_again_and_are_never_taken)
{
	ck_assert_int_eq(rail_of("PACC0_DTL00"), RAIL_NEVER);
	ck_assert_int_eq(rail_of("MCPU DTL 17"), RAIL_NEVER);
}
END_TEST

START_TEST(rails_of_the_gpu_ane_and_dram_are_matched_whole)
{
	bool whole;

	ck_assert_int_eq(rail_of("GPU Energy"), RAIL_GPU_ENERGY);
	ck_assert_int_eq(rail_of("GPU0"), RAIL_GPU);
	ck_assert_int_eq(rail_of("GPU0_1"), RAIL_GPU);
	ck_assert_int_eq(rail_of("GPU SRAM0_0"), RAIL_GPU_SRAM);
	ck_assert_int_eq(rail_of("GPU CS0"), RAIL_OTHER);
	ck_assert_int_eq(rail_of("ANE1_1"), RAIL_ANE);
	ck_assert_int_eq(rail_of("DRAM"), RAIL_DRAM);
	ck_assert_int_eq(rail_of("DCS0"), RAIL_OTHER);
	ck_assert_int_eq(rail_of("AMCC0_1"), RAIL_OTHER);
	channel_parse_energy("DRAM", &whole);
	ck_assert(whole);
	channel_parse_energy("DRAM0", &whole);
	ck_assert(!whole);
}
END_TEST

START_TEST(an_unknown_unit_is_an_unknown_value)
{
	ck_assert_double_eq(channel_joules("mJ"), 1e-3);
	ck_assert_double_eq(channel_joules("uJ"), 1e-6);
	ck_assert_double_eq(channel_joules("nJ"), 1e-9);
	ck_assert(isnan(channel_joules("kJ")));
	ck_assert(isnan(channel_joules("")));
}
END_TEST

/* ---- 2.8: names of cores and states ---- */

static void check_core(
	const char *name, int die, char letter, unsigned cluster, unsigned number)
{
	struct core_name core;

	ck_assert_msg(channel_parse_core(name, &core), "%s", name);
	ck_assert_int_eq(core.die, die);
	ck_assert_int_eq(core.letter, letter);
	ck_assert_uint_eq(core.cluster, cluster);
	ck_assert_uint_eq(core.number, number);
}

START_TEST(core_names_of_every_generation_are_read)
{
	check_core("ECPU010", 0, 'E', 0, 1);
	check_core("PCPU130", 0, 'P', 1, 3);
	check_core("ECPU03", 0, 'E', 0, 3);
	check_core("PCPU5", 0, 'P', 0, 5);
	check_core("MCPU14", 0, 'M', 1, 4);
	check_core("DIE_1_PCPU1_CPU2", 1, 'P', 1, 2);
	check_core("DIE_0_ECPU_CPU3", 0, 'E', 0, 3);
}
END_TEST

START_TEST(what_is_no_core_name_is_refused)
{
	static const char *const bad[] = { "", "PCPU", "PCPM", "GPUPH", "PCPU1234", "PCPU131",
		"XCPU0", "DIE_0_", "DIE_0_PCPU_CPU", "PCPU_CPU0x", "\377\376CPU0" };
	struct core_name core;

	for (unsigned i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ck_assert_msg(!channel_parse_core(bad[i], &core), "%s", bad[i]);
}
END_TEST

START_TEST(complex_channels_of_the_hardware_are_told_from_the_requested_ones)
{
	struct core_name c;

	ck_assert(channel_parse_complex("PCPM", &c) && c.cluster == 0 && c.letter == 'P');
	ck_assert(channel_parse_complex("DIE_1_ECPM", &c) && c.die == 1 && c.letter == 'E');
	ck_assert(channel_parse_complex("MCPM1", &c) && c.cluster == 1);
	ck_assert(!channel_parse_complex("PCPU", &c));
	ck_assert(!channel_parse_complex("PCPM_IDLE", &c));
}
END_TEST

START_TEST(states_are_known_by_their_leading_v_number_and_down_is_not_active)
{
	unsigned entry;

	ck_assert_int_eq(channel_parse_state("V3P15", &entry), STATE_ACTIVE);
	ck_assert_uint_eq(entry, 3);
	ck_assert_int_eq(channel_parse_state("P15", &entry), STATE_ACTIVE);
	ck_assert_uint_eq(entry, 15);
	ck_assert_int_eq(channel_parse_state("IDLE", &entry), STATE_IDLE);
	ck_assert_int_eq(channel_parse_state("DOWN", &entry), STATE_DOWN);
	ck_assert_int_eq(channel_parse_state("OFF", &entry), STATE_DOWN);
	ck_assert_int_eq(channel_parse_state("NON_IDLE", &entry), STATE_OTHER);
	ck_assert_int_eq(channel_parse_state("V3", &entry), STATE_OTHER);
	ck_assert_int_eq(channel_parse_state("VxP1", &entry), STATE_OTHER);
	ck_assert_int_eq(channel_parse_state("", &entry), STATE_OTHER);
}
END_TEST

START_TEST(bandwidth_buckets_are_read_with_their_spaces)
{
	double gbps;

	ck_assert(channel_parse_bucket("   1GB/s", &gbps) && gbps == 1);
	ck_assert(channel_parse_bucket(" 256GB/s ", &gbps) && gbps == 256);
	ck_assert(!channel_parse_bucket("F1", &gbps));
	ck_assert(!channel_parse_bucket("GB/s", &gbps));
	ck_assert(!channel_parse_bucket("32MB/s", &gbps));
}
END_TEST

START_TEST(totals_of_the_memory_are_told_from_requestors_and_from_both_directions)
{
	bool is_read;

	ck_assert(channel_parse_dcs("DCS RD", &is_read) && is_read);
	ck_assert(channel_parse_dcs("DIE_1_DCS WR", &is_read) && !is_read);
	ck_assert(!channel_parse_dcs("ECPU DCS RD", &is_read));
	ck_assert(!channel_parse_dcs("DCS F1 RD", &is_read));
	ck_assert(!channel_parse_dram("AMCC RD+WR", &is_read));
	ck_assert(channel_is_aggregate("AMCC RD+WR"));
	ck_assert(channel_is_aggregate("DIE_1_AMCC RD+WR"));
	ck_assert(!channel_is_aggregate("AMCC RD"));
	ck_assert(!channel_is_aggregate("AGX RD+WR"));
}
END_TEST

/* ---- 3: frequency tables ---- */

static int parse_words(const uint32_t *words, unsigned n, struct dvfs_table *table)
{
	return dvfs_parse((const uint8_t *)words, n * sizeof(*words), table);
}

START_TEST(tables_in_hz_and_khz_are_told_apart_by_size_alone)
{
	const uint32_t hz[] = { 600000000, 781, 3204000000u, 1100 };
	const uint32_t khz[] = { 1020000, 790, 4608000, 1100 };
	struct dvfs_table t;

	ck_assert_int_eq(parse_words(hz, 4, &t), 0);
	ck_assert_double_eq(t.mhz[0], 600);
	/* Beyond what a signed 32-bit number holds. */
	ck_assert_double_eq(t.mhz[1], 3204);
	ck_assert_int_eq(parse_words(khz, 4, &t), 0);
	ck_assert_double_eq(t.mhz[0], 1020);
	ck_assert_double_eq(dvfs_max_mhz(&t), 4608);
}
END_TEST

START_TEST(a_table_of_periods_is_no_table_of_frequencies)
{
	const uint32_t periods[] = { 64250, 600, 25283, 885 };
	const uint32_t ones[] = { 1, 665, 0, 0 };
	struct dvfs_table t;

	ck_assert_int_eq(parse_words(periods, 4, &t), -EINVAL);
	ck_assert_int_eq(parse_words(ones, 4, &t), -EINVAL);
	ck_assert_uint_eq(t.count, 0);
}
END_TEST

START_TEST(tables_of_odd_length_empty_or_too_long_are_refused)
{
	uint8_t bytes[8 * (DVFS_ENTRIES_MAX + 1)] = { 0 };
	struct dvfs_table t;

	ck_assert_int_eq(dvfs_parse(bytes, 0, &t), -EINVAL);
	ck_assert_int_eq(dvfs_parse(bytes, 13, &t), -EINVAL);
	ck_assert_int_eq(dvfs_parse(bytes, 16, &t), -EINVAL);
	ck_assert_int_eq(dvfs_parse(bytes, sizeof(bytes), &t), -E2BIG);
	ck_assert(isnan(dvfs_max_mhz(&t)));
}
END_TEST

START_TEST(the_top_of_a_gpu_table_is_its_maximum_and_not_its_last_entry)
{
	const uint32_t gpu[] = { 0, 0, 338000000, 1, 1578000000, 1, 1470000000, 1 };
	struct dvfs_table t;

	ck_assert_int_eq(parse_words(gpu, 8, &t), 0);
	ck_assert_double_eq(t.mhz[0], 0);
	ck_assert_double_eq(dvfs_max_mhz(&t), 1578);
}
END_TEST

START_TEST(acc_clusters_names_a_table_and_a_tier)
{
	const uint8_t bytes[] = { 0x16, 0, 0, 0, 0, 0, 0, 0, 0x17, 1, 0, 0, 0, 0, 0, 0, 5, 2, 0,
		0, 0, 0, 0, 0 };
	struct dvfs_clusters c;

	ck_assert_int_eq(dvfs_parse_clusters(bytes, sizeof(bytes), &c), 0);
	ck_assert_uint_eq(c.count, 3);
	ck_assert_uint_eq(c.table[0], 22);
	ck_assert_uint_eq(c.tier[2], 2);
	ck_assert_int_eq(dvfs_parse_clusters(bytes, 9, &c), -EINVAL);
}
END_TEST

/* ---- 2.6: publication of energy ---- */

START_TEST(power_is_timed_by_the_publication_and_holds_between_two)
{
	struct meter m;

	meter_init(&m, 1e-3);
	meter_feed(&m, 1000, 10 * S, 10 * S + 5 * MS);
	ck_assert(isnan(meter_rate(&m, 10 * S)));
	meter_feed(&m, 1000, 10 * S, 11 * S);
	ck_assert(isnan(meter_rate(&m, 11 * S)));
	meter_feed(&m, 1000 + 8420 * 2, 12 * S, 12 * S + 300 * MS);
	ck_assert_double_eq_tol(meter_rate(&m, 12 * S), 8.42, 1e-9);
	meter_feed(&m, 1000 + 8420 * 2, 12 * S, 13 * S);
	ck_assert_double_eq_tol(meter_rate(&m, 13 * S), 8.42, 1e-9);
	ck_assert_double_eq_tol(m.total, 16.84, 1e-9);
}
END_TEST

/* 8 J a second, published every 2 s: at 0, 2 and 4 s.  By hand: 2 s after a publication of 32 J
 * it is 32 + 2 x 8, and no more however late the next one comes. */
START_TEST(a_total_goes_on_between_publications_for_at_most_one_span)
{
	const uint64_t s = 1000000000;
	struct meter m;

	meter_init(&m, 1);
	meter_feed(&m, 100, 1 * s, 1 * s);
	meter_feed(&m, 116, 3 * s, 3 * s);
	meter_feed(&m, 132, 5 * s, 5 * s);
	ck_assert_double_eq_tol(meter_total(&m, 5 * s), 32, 1e-9);
	ck_assert_double_eq_tol(meter_total(&m, 6 * s), 40, 1e-9);
	ck_assert_double_eq_tol(meter_total(&m, 7 * s), 48, 1e-9);
	ck_assert_double_eq_tol(meter_total(&m, 9 * s), 48, 1e-9);
	/* The next publication sets it right, here to less. */
	meter_feed(&m, 136, 7 * s, 7 * s);
	ck_assert_double_eq_tol(meter_total(&m, 7 * s), 36, 1e-9);
}
END_TEST

START_TEST(a_split_tail_goes_into_the_next_span)
{
	struct meter m;

	meter_init(&m, 1e-3);
	meter_feed(&m, 0, 10 * S, 10 * S);
	meter_feed(&m, 4969, 12043 * MS, 12050 * MS);
	ck_assert_double_eq_tol(meter_rate(&m, 12050 * MS), 4969 / 2043.0, 1e-9);
	/* 65 mJ over 14.8 ms would be 4.4 W, which nobody drew. */
	meter_feed(&m, 4969 + 65, 12043 * MS + 14800000, 12100 * MS);
	ck_assert_double_eq_tol(meter_rate(&m, 12100 * MS), 4969 / 2043.0, 1e-9);
	ck_assert_double_eq_tol(m.total, 5.034, 1e-9);
	meter_feed(&m, 4969 + 65 + 4000, 14043 * MS, 14050 * MS);
	ck_assert_double_eq_tol(meter_rate(&m, 14050 * MS), 4065 / 2000.0, 1e-9);
}
END_TEST

START_TEST(power_is_unknown_after_ten_seconds_without_publication_or_two_spans)
{
	struct meter m;

	meter_init(&m, 1);
	meter_feed(&m, 0, 1 * S, 1 * S);
	meter_feed(&m, 10, 2 * S, 2 * S);
	ck_assert(!isnan(meter_rate(&m, 12 * S)));
	ck_assert(isnan(meter_rate(&m, 12 * S + 1)));
	/* Half an hour between publications, as on a headless M5 Ultra. */
	meter_feed(&m, 1810, 1802 * S, 1802 * S);
	ck_assert(!isnan(meter_rate(&m, 5000 * S)));
}
END_TEST

START_TEST(a_frozen_counter_is_unknown_and_never_zero)
{
	struct meter m;

	meter_init(&m, 1e-3);
	for (unsigned i = 1; i < 60; i++) {
		meter_feed(&m, 7, 1 * S, i * S);
		ck_assert(isnan(meter_rate(&m, i * S)));
	}
}
END_TEST

START_TEST(an_idle_gpu_that_publishes_draws_exactly_nothing)
{
	struct meter m;

	meter_init(&m, 1e-9);
	meter_feed(&m, 500, 1 * S, 1 * S);
	meter_feed(&m, 500, 2 * S, 2 * S);
	ck_assert_double_eq(meter_rate(&m, 2 * S), 0);
	ck_assert(m.moved);
}
END_TEST

START_TEST(without_time_stamps_the_time_of_observation_counts_for_good)
{
	struct meter missing, standing, future;

	meter_init(&missing, 1);
	meter_init(&standing, 1);
	meter_init(&future, 1);
	for (unsigned i = 1; i <= 3; i++) {
		meter_feed(&missing, 5 * i, 0, i * S);
		meter_feed(&standing, 5 * i, 1 * S, i * S);
		meter_feed(&future, 5 * i, i * S + 2 * S, i * S);
	}
	ck_assert_double_eq(meter_rate(&missing, 3 * S), 5);
	ck_assert(standing.observed);
	ck_assert_double_eq(meter_rate(&standing, 3 * S), 5);
	ck_assert_double_eq(meter_rate(&future, 3 * S), 5);
	ck_assert_double_eq(future.total, 10);
	meter_feed(&missing, 20, 4 * S, 5 * S);
	ck_assert_double_eq(meter_rate(&missing, 5 * S), 2.5);
}
END_TEST

START_TEST(a_counter_that_goes_back_is_a_new_beginning)
{
	struct meter m;

	meter_init(&m, 1);
	meter_feed(&m, 100, 1 * S, 1 * S);
	meter_feed(&m, 200, 2 * S, 2 * S);
	meter_feed(&m, 10, 3 * S, 3 * S);
	ck_assert(isnan(meter_rate(&m, 3 * S)));
	meter_feed(&m, 40, 4 * S, 4 * S);
	ck_assert_double_eq(meter_rate(&m, 4 * S), 30);
	ck_assert_double_eq(m.total, 130);
}
END_TEST

START_TEST(int64_min_is_unknown)
{
	struct meter m;

	meter_init(&m, 1);
	meter_feed(&m, 100, 1 * S, 1 * S);
	meter_feed(&m, 200, 2 * S, 2 * S);
	meter_feed(&m, INT64_MIN, 3 * S, 3 * S);
	ck_assert(isnan(meter_rate(&m, 3 * S)));
	meter_feed(&m, 400, 4 * S, 4 * S);
	ck_assert_double_eq(meter_rate(&m, 4 * S), 100);
}
END_TEST

START_TEST(no_span_reaches_over_a_sleep_and_the_energy_counts_once)
{
	struct meter m;

	meter_init(&m, 1);
	meter_feed(&m, 0, 10 * S, 10 * S);
	meter_feed(&m, 20, 12 * S, 12 * S);
	/* It slept, and the batch of 12 s is still the newest one. */
	meter_sleep(&m, 14 * S);
	meter_feed(&m, 20, 12 * S, 14 * S);
	ck_assert(isnan(meter_rate(&m, 14 * S)));
	meter_feed(&m, 50, 15 * S, 15 * S);
	ck_assert(isnan(meter_rate(&m, 15 * S)));
	meter_feed(&m, 70, 17 * S, 17 * S);
	ck_assert_double_eq(meter_rate(&m, 17 * S), 10);
	ck_assert_double_eq(m.total, 70);
}
END_TEST

START_TEST(a_counter_stamped_by_the_read_itself_begins_at_the_wake)
{
	struct meter m;

	meter_init(&m, 1);
	meter_feed(&m, 0, 10 * S - 1, 10 * S);
	meter_sleep(&m, 11 * S);
	meter_feed(&m, 5, 11 * S - 400000, 11 * S);
	ck_assert(isnan(meter_rate(&m, 11 * S)));
	meter_feed(&m, 12, 12 * S - 400000, 12 * S);
	ck_assert_double_eq(meter_rate(&m, 12 * S), 7);
}
END_TEST

/* ---- residency ---- */

static void make_states(struct residency *r, const char *const *names, unsigned n)
{
	memset(r, 0, sizeof(*r));
	for (unsigned i = 0; i < n; i++)
		ck_assert(residency_add_state(r, names[i]));
}

START_TEST(time_without_power_is_not_active_time)
{
	static const char *const names[] = { "DOWN", "IDLE", "V0P1", "V1P0" };
	const int64_t first[] = { 100, 100, 100, 100 }, second[] = { 140, 130, 120, 110 };
	const struct dvfs_table table = { 2, { 1000, 2000 } };
	struct residency_sum sum = { 0 };
	struct residency r;

	make_states(&r, names, 4);
	residency_feed(&r, first);
	ck_assert(!residency_sum(&r, &table, &sum));
	residency_feed(&r, second);
	ck_assert(residency_sum(&r, &table, &sum));
	ck_assert_double_eq(sum.total, 100);
	ck_assert_double_eq(sum.active, 30);
	ck_assert_double_eq(sum.weighted, 20 * 1000 + 10 * 2000);
	ck_assert(!sum.outside);
}
END_TEST

START_TEST(a_state_beyond_the_table_leaves_activity_known_and_frequency_unknown)
{
	static const char *const names[] = { "IDLE", "V0P2", "V1P1", "V2P0" };
	const int64_t first[4] = { 0 }, second[] = { 50, 20, 20, 10 };
	const struct dvfs_table table = { 2, { 1000, 2000 } };
	struct residency_sum sum = { 0 };
	struct residency r;

	make_states(&r, names, 4);
	residency_feed(&r, first);
	residency_feed(&r, second);
	ck_assert(residency_sum(&r, &table, &sum));
	ck_assert_double_eq(sum.active, 50);
	ck_assert(sum.outside);
}
END_TEST

START_TEST(a_table_longer_than_the_states_is_indexed_by_the_v_number)
{
	/* M2, ECPU00: five states, a table of six. */
	static const char *const names[] = { "DOWN", "IDLE", "V0P5", "V1P4", "V2P3", "V3P2",
		"V4P1" };
	const int64_t first[7] = { 0 }, second[] = { 0, 90, 0, 0, 0, 0, 10 };
	const struct dvfs_table table = { 6, { 912, 1284, 1752, 2004, 2256, 2424 } };
	struct residency_sum sum = { 0 };
	struct residency r;

	make_states(&r, names, 7);
	residency_feed(&r, first);
	residency_feed(&r, second);
	ck_assert(residency_sum(&r, &table, &sum));
	ck_assert_double_eq(sum.weighted / sum.active, 2256);
}
END_TEST

START_TEST(residency_that_goes_back_or_is_negative_is_unknown_once)
{
	static const char *const names[] = { "IDLE", "V0P0" };
	const int64_t a[] = { 100, 100 }, b[] = { 50, 200 }, c[] = { 60, 210 },
		      bad[] = { INT64_MIN, 300 };
	struct residency_sum sum = { 0 };
	struct residency r;

	make_states(&r, names, 2);
	residency_feed(&r, a);
	residency_feed(&r, b);
	ck_assert(!residency_sum(&r, NULL, &sum));
	residency_feed(&r, c);
	ck_assert(residency_sum(&r, NULL, &sum));
	residency_feed(&r, bad);
	ck_assert(!residency_sum(&r, NULL, &sum));
	residency_feed(&r, c);
	ck_assert(!residency_sum(&r, NULL, &sum));
}
END_TEST

START_TEST(no_time_at_all_is_unknown)
{
	static const char *const names[] = { "IDLE", "V0P0" };
	const int64_t a[] = { 100, 100 };
	struct residency_sum sum = { 0 };
	struct residency r;

	make_states(&r, names, 2);
	residency_feed(&r, a);
	residency_feed(&r, a);
	ck_assert(!residency_sum(&r, NULL, &sum));
}
END_TEST

/* ---- 6: SMC ---- */

START_TEST(smc_floats_are_little_endian_and_key_counts_big_endian)
{
	const uint8_t flt[] = { 0x9c, 0x64, 0x13, 0x42 }, ui32[] = { 0, 0, 9, 0x69 },
		      ioft[] = { 0x66, 0xe6, 0x19, 0, 0, 0, 0, 0 },
		      nan[] = { 0, 0, 0xc0, 0x7f }, sp78[] = { 0x19, 0x80 },
		      si16[] = { 0xff, 0xf5 };

	ck_assert_double_eq_tol(smc_value(SMC_FOURCC("flt "), flt, 4), 36.84825, 1e-5);
	ck_assert_double_eq(smc_value(SMC_FOURCC("ui32"), ui32, 4), 2409);
	ck_assert_double_eq_tol(smc_value(SMC_FOURCC("ioft"), ioft, 8), 25.899994, 1e-5);
	ck_assert_double_eq(smc_value(SMC_FOURCC("sp78"), sp78, 2), 25.5);
	ck_assert_double_eq(smc_value(SMC_FOURCC("si16"), si16, 2), -11);
	ck_assert(isnan(smc_value(SMC_FOURCC("flt "), nan, 4)));
	ck_assert(isnan(smc_value(SMC_FOURCC("flt "), flt, 2)));
	ck_assert(isnan(smc_value(SMC_FOURCC("hex_"), flt, 4)));
}
END_TEST

START_TEST(sentinels_of_parked_cores_are_no_temperatures)
{
	static const double sentinels[] = { 6.7, 4.633, 8.425, 5.32, 6.03, 7.43, 0, -4, 1.5, -9,
		-8.75, -21.5, 1000 };

	for (unsigned i = 0; i < sizeof(sentinels) / sizeof(*sentinels); i++)
		ck_assert(isnan(temperature_plausible(sentinels[i])));
	ck_assert_double_eq(temperature_plausible(21), 21);
	ck_assert_double_eq(temperature_plausible(112.1), 112.1);
}
END_TEST

START_TEST(ts_keys_are_not_the_cpu_and_tf_keys_only_where_listed)
{
	ck_assert_int_eq(smc_domain("Ts0P", "Apple M4 Max"), DOMAIN_OTHER);
	ck_assert_int_eq(smc_domain("Tf04", "Apple M2 Max"), DOMAIN_OTHER);
	ck_assert_int_eq(smc_domain("Tf04", "Apple M3"), DOMAIN_CPU);
	ck_assert_int_eq(smc_domain("Tf14", "Apple M3 Max"), DOMAIN_GPU);
	ck_assert_int_eq(smc_domain("Tf00", "Apple M3"), DOMAIN_OTHER);
	ck_assert_int_eq(smc_domain("Tp09", "Apple M1 Pro"), DOMAIN_CPU);
	ck_assert_int_eq(smc_domain("Tg0G", "Apple M9"), DOMAIN_GPU);
	ck_assert_int_eq(smc_domain("TG0B", "Apple M4"), DOMAIN_OTHER);
	ck_assert_int_eq(smc_domain("TH0a", "Apple M4"), DOMAIN_SSD);
}
END_TEST

START_TEST(chip_names_are_matched_whole)
{
	/* "Apple M30" contains "Apple M3". */
	ck_assert_int_eq(smc_domain("Tf04", "Apple M30"), DOMAIN_OTHER);
	ck_assert_int_eq(smc_domain("Tf04", "Apple M3 Ultra X"), DOMAIN_OTHER);
}
END_TEST

/* ---- 4: topology ---- */

static void names_of(struct core_name *names, const char *const *texts, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		ck_assert(channel_parse_core(texts[i], &names[i]));
}

START_TEST(p_is_super_and_m_performance_on_a_chip_of_those_levels)
{
	static const char *const texts[] = { "PCPU0", "MCPU00", "MCPU10" };
	struct topology_facts facts = { .cpus = 3,
		.level_count = 2,
		.levels = { { 'S', 1 }, { 'P', 2 } },
		.tree_count = 3,
		.tree = { { 'M', 0 }, { 'M', 1 }, { 'P', 2 } } };
	struct core_name names[3];
	struct topology t;

	names_of(names, texts, 3);
	topology_build(&t, &facts, names, 3);
	ck_assert(t.ordered);
	ck_assert_int_eq(t.cores[0].kind, 'P');
	ck_assert_int_eq(t.cores[0].channel, 1);
	ck_assert_int_eq(t.cores[2].kind, 'S');
	ck_assert_int_eq(t.cores[2].channel, 0);
	ck_assert_uint_eq(t.cluster_count, 3);
	ck_assert_int_eq(t.top_letter, 'P');
}
END_TEST

START_TEST(level_one_is_not_efficiency_unless_it_says_so)
{
	static const char *const texts[] = { "ECPU0", "PCPU0" };
	struct topology_facts facts = {
		.cpus = 2, .level_count = 2, .levels = { { 'P', 1 }, { 0, 1 } }
	};
	struct core_name names[2];
	struct topology t;

	names_of(names, texts, 2);
	topology_build(&t, &facts, names, 2);
	ck_assert_int_eq(t.cores[0].kind, 0);
	ck_assert_int_eq(t.cores[1].kind, 'P');
	ck_assert(!t.ordered);
}
END_TEST

START_TEST(dies_follow_each_other_within_a_tier)
{
	static const char *const texts[] = { "DIE_1_PCPU_CPU0", "DIE_0_PCPU1_CPU0",
		"DIE_1_ECPU_CPU0", "DIE_0_ECPU_CPU0", "DIE_0_PCPU_CPU0", "DIE_1_PCPU1_CPU0" };
	static const int order[] = { 3, 2, 4, 1, 0, 5 };
	struct topology_facts facts = {
		.cpus = 6, .level_count = 2, .levels = { { 'P', 4 }, { 'E', 2 } }
	};
	struct core_name names[6];
	struct topology t;

	names_of(names, texts, 6);
	topology_build(&t, &facts, names, 6);
	for (unsigned i = 0; i < 6; i++) {
		ck_assert_int_eq(t.cores[i].channel, order[i]);
		/* E0, E1, P0 to P3. */
		ck_assert_int_eq(t.cores[i].cluster, (int)i);
	}
}
END_TEST

/* ---- 12.3, 13: counters of things that come and go ---- */

START_TEST(an_interface_that_vanishes_and_comes_back_never_takes_the_sum_back)
{
	static struct counters c;
	uint64_t now[2] = { 1000, 500 };

	memset(&c, 0, sizeof(c));
	counters_begin(&c);
	counters_add(&c, counters_make(&c, 4, 64), now);
	ck_assert_uint_eq(c.total[0], 1000);
	counters_begin(&c);
	counters_begin(&c);
	ck_assert_ptr_null(counters_find(&c, 4));
	now[0] = 300;
	counters_add(&c, counters_make(&c, 4, 64), now);
	ck_assert_uint_eq(c.total[0], 1000);
	counters_begin(&c);
	now[0] = 350;
	counters_add(&c, counters_find(&c, 4), now);
	ck_assert_uint_eq(c.total[0], 1050);
	counters_begin(&c);
	now[0] = 20;
	counters_add(&c, counters_find(&c, 4), now);
	ck_assert_uint_eq(c.total[0], 1050);
}
END_TEST

START_TEST(a_32_bit_counter_wraps_without_a_jump)
{
	static struct counters c;
	uint64_t now[2] = { 0xfffffc00, 0 };

	memset(&c, 0, sizeof(c));
	counters_begin(&c);
	counters_add(&c, counters_make(&c, 1, 32), now);
	counters_begin(&c);
	now[0] = 0x400;
	counters_add(&c, counters_find(&c, 1), now);
	ck_assert_uint_eq(c.total[0], 0xfffffc00ULL + 0x800);
}
END_TEST

/* ---- 10.4: command lines ---- */

static char command[PROCESS_COMMAND_MAX];

static bool parse(const char *bytes, size_t size)
{
	const char *text;
	size_t length;

	if (!procargs_parse(bytes, size, &text, &length))
		return false;
	process_clean(command, sizeof(command), text, length);
	return true;
}

START_TEST(arguments_end_where_the_environment_begins)
{
	static const char good[] = "\2\0\0\0/bin/x\0\0\0\0x\0-v\0SECRET=1";

	ck_assert(parse(good, sizeof(good)));
	ck_assert_str_eq(command, "x -v");
	/* cut anywhere before that it is nothing */
	for (size_t n = 0; n < 19; n++)
		ck_assert(!parse(good, n));
	ck_assert(!parse("\377\377\377\377/bin/x\0x", 13));
	ck_assert(!parse("\377\377\377\177/bin/x\0x", 13));
	ck_assert(parse("\0\0\0\0/bin/x\0SECRET=1", 20));
	ck_assert_str_eq(command, "");
}
END_TEST

static void nothing(void)
{
}

RUN_TESTS("darwin pure", nothing, nothing,
	only_cpu_energy_is_the_cpu_among_all_that_contain_cpu,
	dtl_channels_count_again_and_are_never_taken,
	rails_of_the_gpu_ane_and_dram_are_matched_whole, an_unknown_unit_is_an_unknown_value,
	core_names_of_every_generation_are_read, what_is_no_core_name_is_refused,
	complex_channels_of_the_hardware_are_told_from_the_requested_ones,
	states_are_known_by_their_leading_v_number_and_down_is_not_active,
	bandwidth_buckets_are_read_with_their_spaces,
	totals_of_the_memory_are_told_from_requestors_and_from_both_directions,
	tables_in_hz_and_khz_are_told_apart_by_size_alone,
	a_table_of_periods_is_no_table_of_frequencies,
	tables_of_odd_length_empty_or_too_long_are_refused,
	the_top_of_a_gpu_table_is_its_maximum_and_not_its_last_entry,
	acc_clusters_names_a_table_and_a_tier,
	power_is_timed_by_the_publication_and_holds_between_two,
	a_total_goes_on_between_publications_for_at_most_one_span,
	a_split_tail_goes_into_the_next_span,
	power_is_unknown_after_ten_seconds_without_publication_or_two_spans,
	a_frozen_counter_is_unknown_and_never_zero,
	an_idle_gpu_that_publishes_draws_exactly_nothing,
	without_time_stamps_the_time_of_observation_counts_for_good,
	a_counter_that_goes_back_is_a_new_beginning, int64_min_is_unknown,
	no_span_reaches_over_a_sleep_and_the_energy_counts_once,
	a_counter_stamped_by_the_read_itself_begins_at_the_wake,
	time_without_power_is_not_active_time,
	a_state_beyond_the_table_leaves_activity_known_and_frequency_unknown,
	a_table_longer_than_the_states_is_indexed_by_the_v_number,
	residency_that_goes_back_or_is_negative_is_unknown_once, no_time_at_all_is_unknown,
	smc_floats_are_little_endian_and_key_counts_big_endian,
	sentinels_of_parked_cores_are_no_temperatures,
	ts_keys_are_not_the_cpu_and_tf_keys_only_where_listed, chip_names_are_matched_whole,
	p_is_super_and_m_performance_on_a_chip_of_those_levels,
	level_one_is_not_efficiency_unless_it_says_so, dies_follow_each_other_within_a_tier,
	an_interface_that_vanishes_and_comes_back_never_takes_the_sum_back,
	a_32_bit_counter_wraps_without_a_jump, arguments_end_where_the_environment_begins)
