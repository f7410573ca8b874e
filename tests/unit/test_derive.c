/* SPDX-License-Identifier: MIT */
#include "daemon/derive.h"
#include "tests/unit/run.h"

#define SECOND UINT64_C(1000000000)

static struct layout *layout;
static struct deriver *deriver;
static struct sample *prev, *cur;

/* Two E cores in cluster 0, two P cores in cluster 1, one core of no known kind; rails and
 * sensors. */
static void setup(void)
{
	static const char *const rails[] = { "cpu", "gpu", "ane", "dram", "gpu_sram" };
	static const char kinds[] = { 'E', 'E', 'P', 'P', 0 };
	static const enum domain domains[] = { DOMAIN_CPU, DOMAIN_CPU, DOMAIN_GPU,
		DOMAIN_OTHER };

	layout = layout_new();
	layout_add(layout, SCOPE_CLUSTER, "E0");
	layout_add(layout, SCOPE_CLUSTER, "P0");
	for (unsigned i = 0; i < 5; i++) {
		struct entity *core =
			layout_add(layout, SCOPE_CORE, (char[]){ (char)('0' + i), 0 });

		core->kind = kinds[i];
		core->cluster = i < 4 ? (int)i / 2 : -1;
	}
	for (unsigned i = 0; i < 5; i++)
		layout_add(layout, SCOPE_RAIL, rails[i]);
	for (unsigned i = 0; i < 4; i++)
		layout_add(layout, SCOPE_SENSOR, "t")->domain = domains[i];
	layout_seal(layout);
	prev = sample_new(layout);
	cur = sample_new(layout);
	deriver = deriver_new(layout);
}

static void teardown(void)
{
	sample_free(prev);
	sample_free(cur);
	deriver_free(deriver);
	layout_free(layout);
}

static void both(enum metric_id id, unsigned entity, double before, double now)
{
	sample_set(prev, id, entity, before);
	sample_set(cur, id, entity, now);
}

static void watts(unsigned rail, double x)
{
	sample_set(cur, METRIC_RAIL_WATTS, rail, x);
}

#define expect(id, entity, x) ck_assert_double_eq_tol(sample_get(cur, id, entity), x, 1e-9)
#define expect_unknown(id, entity) ck_assert(!sample_has(cur, id, entity))

START_TEST(a_rate_is_the_difference_over_awake_time)
{
	both(METRIC_NET_RX_BYTES, 0, 1000, 4000);
	derive(deriver, cur, prev, 2 * SECOND);
	expect(METRIC_NET_RX_RATE, 0, 1500);
	expect_unknown(METRIC_NET_TX_RATE, 0);
}
END_TEST

START_TEST(a_counter_that_went_back_has_no_rate)
{
	both(METRIC_NET_RX_BYTES, 0, 4000, 1000);
	derive(deriver, cur, prev, SECOND);
	expect_unknown(METRIC_NET_RX_RATE, 0);
}
END_TEST

START_TEST(without_a_sample_before_there_is_no_difference)
{
	both(METRIC_NET_RX_BYTES, 0, 1000, 4000);
	both(METRIC_PSI_CPU_SOME_US, 0, 0, 250000);
	both(METRIC_CORE_BUSY_TICKS, 0, 0, 10);
	both(METRIC_CORE_TOTAL_TICKS, 0, 0, 20);
	derive(deriver, cur, NULL, 0);
	expect_unknown(METRIC_NET_RX_RATE, 0);
	expect_unknown(METRIC_PSI_CPU_SOME_PCT, 0);
	expect_unknown(METRIC_CORE_ACTIVE_PCT, 0);
	expect_unknown(METRIC_CPU_UTIL_PCT, 0);
}
END_TEST

START_TEST(a_hole_of_no_known_length_has_no_difference)
{
	both(METRIC_NET_RX_BYTES, 0, 1000, 4000);
	both(METRIC_PSI_CPU_SOME_US, 0, 0, 250000);
	derive(deriver, cur, prev, 0);
	expect_unknown(METRIC_NET_RX_RATE, 0);
	expect_unknown(METRIC_PSI_CPU_SOME_PCT, 0);
}
END_TEST

START_TEST(a_share_of_time_is_of_microseconds_and_at_most_100)
{
	both(METRIC_PSI_CPU_SOME_US, 0, 1000000, 1250000);
	both(METRIC_PSI_IO_SOME_US, 0, 0, 1000300);
	derive(deriver, cur, prev, SECOND);
	expect(METRIC_PSI_CPU_SOME_PCT, 0, 25);
	expect(METRIC_PSI_IO_SOME_PCT, 0, 100);
	expect_unknown(METRIC_PSI_MEMORY_SOME_PCT, 0);
}
END_TEST

START_TEST(a_share_of_ticks_is_of_all_ticks)
{
	both(METRIC_CORE_BUSY_TICKS, 0, 100, 130);
	both(METRIC_CORE_TOTAL_TICKS, 0, 1000, 1120);
	both(METRIC_CORE_BUSY_TICKS, 1, 100, 100);
	both(METRIC_CORE_TOTAL_TICKS, 1, 1000, 1000);
	both(METRIC_CORE_TOTAL_TICKS, 2, 1000, 1100);
	derive(deriver, cur, prev, SECOND);
	expect(METRIC_CORE_ACTIVE_PCT, 0, 25);
	expect_unknown(METRIC_CORE_ACTIVE_PCT, 1); /* no tick passed */
	expect_unknown(METRIC_CORE_ACTIVE_PCT, 2); /* busy ticks are not known */
}
END_TEST

START_TEST(scaled_is_active_times_frequency_over_the_highest)
{
	sample_set(cur, METRIC_CORE_ACTIVE_PCT, 0, 80);
	sample_set(cur, METRIC_CORE_FREQ_MHZ, 0, 1500);
	sample_set(cur, METRIC_CORE_MAX_FREQ_MHZ, 0, 3000);
	sample_set(cur, METRIC_CORE_ACTIVE_PCT, 1, 80);
	sample_set(cur, METRIC_CORE_FREQ_MHZ, 1, 3300); /* boosted */
	sample_set(cur, METRIC_CORE_MAX_FREQ_MHZ, 1, 3000);
	sample_set(cur, METRIC_CORE_ACTIVE_PCT, 2, 80);
	sample_set(cur, METRIC_CORE_MAX_FREQ_MHZ, 2, 3000);
	derive(deriver, cur, prev, SECOND);
	expect(METRIC_CORE_SCALED_PCT, 0, 40);
	expect(METRIC_CORE_SCALED_PCT, 1, 80);
	expect_unknown(METRIC_CORE_SCALED_PCT, 2); /* no frequency */
	expect(METRIC_CPU_SCALED_PCT, 0, 60);
}
END_TEST

START_TEST(cores_are_averaged_by_kind_and_cluster_and_unknown_ones_left_out)
{
	static const double active[] = { 10, 30, 50, NAN, 90 };

	for (unsigned i = 0; i < 5; i++)
		sample_set(cur, METRIC_CORE_ACTIVE_PCT, i, active[i]);
	derive(deriver, cur, prev, SECOND);
	expect(METRIC_CPU_UTIL_PCT, 0, 45);
	expect(METRIC_ECPU_UTIL_PCT, 0, 20);
	expect(METRIC_PCPU_UTIL_PCT, 0, 50);
	expect_unknown(METRIC_SCPU_UTIL_PCT, 0);
	expect(METRIC_CLUSTER_UTIL_PCT, 0, 20);
	expect(METRIC_CLUSTER_UTIL_PCT, 1, 50);
}
END_TEST

START_TEST(the_frequency_of_a_kind_is_the_highest_of_its_cores)
{
	sample_set(cur, METRIC_CORE_FREQ_MHZ, 0, 600);
	sample_set(cur, METRIC_CORE_FREQ_MHZ, 1, 1200);
	sample_set(cur, METRIC_CORE_FREQ_MHZ, 2, 0);
	derive(deriver, cur, prev, SECOND);
	expect(METRIC_ECPU_FREQ_MHZ, 0, 1200);
	expect(METRIC_PCPU_FREQ_MHZ, 0, 0);
	expect_unknown(METRIC_SCPU_FREQ_MHZ, 0);
}
END_TEST

START_TEST(a_rail_becomes_the_host_metric_of_its_name)
{
	both(METRIC_RAIL_JOULES, 0, 10, 13.5);
	derive(deriver, cur, prev, SECOND);
	expect(METRIC_RAIL_WATTS, 0, 3.5);
	expect(METRIC_CPU_WATTS, 0, 3.5);
	expect(METRIC_CPU_JOULES, 0, 13.5);
	expect_unknown(METRIC_SYSTEM_WATTS, 0);
}
END_TEST

START_TEST(package_and_soc_are_sums_of_rails)
{
	static const double rails[] = { 3, 2, 0.5, 1, 0.25 };

	for (unsigned i = 0; i < 5; i++)
		watts(i, rails[i]);
	derive(deriver, cur, prev, SECOND);
	expect(METRIC_PACKAGE_WATTS, 0, 5.5);
	expect(METRIC_SOC_WATTS, 0, 6.5); /* the SRAM is in the GPU's rail */
}
END_TEST

START_TEST(gpu_sram_counts_only_where_the_gpu_rail_does_not_hold_it)
{
	static const double rails[] = { 3, 2, 0.5, 1, 0.25 };

	for (unsigned i = 0; i < 5; i++)
		watts(i, rails[i]);
	sample_set(cur, METRIC_GPU_SRAM_SEPARATE, 0, 1);
	derive(deriver, cur, prev, SECOND);
	expect(METRIC_SOC_WATTS, 0, 6.75);
	expect(METRIC_PACKAGE_WATTS, 0, 5.5);
}
END_TEST

START_TEST(sums_leave_out_absent_rails_but_not_cpu_and_gpu)
{
	watts(0, 3);
	watts(1, 2);
	derive(deriver, cur, prev, SECOND);
	expect(METRIC_PACKAGE_WATTS, 0, 5);
	expect(METRIC_SOC_WATTS, 0, 5);
	sample_clear(cur);
	watts(0, 3);
	watts(2, 2);
	derive(deriver, cur, prev, SECOND);
	expect_unknown(METRIC_PACKAGE_WATTS, 0);
	expect_unknown(METRIC_SOC_WATTS, 0);
	sample_clear(cur);
	watts(1, 3);
	derive(deriver, cur, prev, SECOND);
	expect_unknown(METRIC_PACKAGE_WATTS, 0);
}
END_TEST

START_TEST(a_rail_called_package_goes_before_the_sum)
{
	struct layout *linux_layout = layout_new();
	struct deriver *linux_deriver;
	struct sample *s;

	layout_add(linux_layout, SCOPE_RAIL, "package");
	layout_add(linux_layout, SCOPE_RAIL, "cpu");
	layout_seal(linux_layout);
	s = sample_new(linux_layout);
	sample_set(s, METRIC_RAIL_WATTS, 0, 12);
	sample_set(s, METRIC_RAIL_WATTS, 1, 7);
	linux_deriver = deriver_new(linux_layout);
	derive(linux_deriver, s, NULL, 0);
	deriver_free(linux_deriver);
	ck_assert_double_eq(sample_get(s, METRIC_PACKAGE_WATTS, 0), 12);
	ck_assert(!sample_has(s, METRIC_SOC_WATTS, 0));
	sample_free(s);
	layout_free(linux_layout);
}
END_TEST

START_TEST(temperatures_are_of_their_domain)
{
	static const double temps[] = { 50, 60.5, 40, 99 };

	for (unsigned i = 0; i < 4; i++)
		sample_set(cur, METRIC_SENSOR_TEMP_C, i, temps[i]);
	derive(deriver, cur, prev, SECOND);
	expect(METRIC_CPU_TEMP_C, 0, 60.5);
	expect(METRIC_CPU_TEMP_AVG_C, 0, 55.25);
	expect(METRIC_GPU_TEMP_C, 0, 40);
	expect(METRIC_GPU_TEMP_AVG_C, 0, 40);
}
END_TEST

START_TEST(bytes_become_gib_and_presence_a_bool)
{
	sample_set(cur, METRIC_RAM_USED_BYTES, 0, 3221225472.0);
	derive(deriver, cur, prev, SECOND);
	ck_assert_double_eq(sample_get(cur, metric_find(SCOPE_HOST, "ram_used_gb"), 0), 3);
	expect(METRIC_BANDWIDTH_AVAILABLE, 0, 0);
	sample_clear(cur);
	sample_set(cur, METRIC_BANDWIDTH_GBPS, 0, 0);
	derive(deriver, cur, prev, SECOND);
	expect(METRIC_BANDWIDTH_AVAILABLE, 0, 1);
}
END_TEST

START_TEST(what_the_source_measured_is_not_computed)
{
	sample_set(cur, METRIC_CORE_ACTIVE_PCT, 0, 10);
	sample_set(cur, METRIC_CPU_UTIL_PCT, 0, 77);
	derive(deriver, cur, prev, SECOND);
	expect(METRIC_CPU_UTIL_PCT, 0, 77);
}
END_TEST

RUN_TESTS("derive", setup, teardown, a_rate_is_the_difference_over_awake_time,
	a_counter_that_went_back_has_no_rate, without_a_sample_before_there_is_no_difference,
	a_hole_of_no_known_length_has_no_difference,
	a_share_of_time_is_of_microseconds_and_at_most_100, a_share_of_ticks_is_of_all_ticks,
	scaled_is_active_times_frequency_over_the_highest,
	cores_are_averaged_by_kind_and_cluster_and_unknown_ones_left_out,
	the_frequency_of_a_kind_is_the_highest_of_its_cores,
	a_rail_becomes_the_host_metric_of_its_name, package_and_soc_are_sums_of_rails,
	gpu_sram_counts_only_where_the_gpu_rail_does_not_hold_it,
	sums_leave_out_absent_rails_but_not_cpu_and_gpu,
	a_rail_called_package_goes_before_the_sum, temperatures_are_of_their_domain,
	bytes_become_gib_and_presence_a_bool, what_the_source_measured_is_not_computed)
