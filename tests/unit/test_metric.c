/* SPDX-License-Identifier: MIT */
#include "proto/metric.h"
#include "tests/unit/run.h"

#include <stdbool.h>
#include <string.h>

/* The keys that users rely on: the 20 of actop 1.0.0 and those that were promised since. */
static const char *const host_keys[] = { "cpu_util_pct", "cpu_scaled_pct", "ecpu_util_pct",
	"pcpu_util_pct", "scpu_util_pct", "ecpu_freq_mhz", "pcpu_freq_mhz", "scpu_freq_mhz",
	"ecpu_max_freq_mhz", "pcpu_max_freq_mhz", "scpu_max_freq_mhz", "gpu_max_freq_mhz",
	"gpu_util_pct", "gpu_freq_mhz", "gpu_device_pct", "gpu_renderer_pct", "gpu_tiler_pct",
	"gpu_mem_used_bytes", "gpu_mem_limit_bytes", "ane_util_pct", "cpu_watts", "gpu_watts",
	"ane_watts", "dram_watts", "gpu_sram_watts", "package_watts", "soc_watts",
	"system_watts", "cpu_joules", "gpu_joules", "ane_joules", "dram_joules",
	"package_joules", "soc_joules", "system_joules", "cpu_power_pct", "gpu_power_pct",
	"package_power_pct", "bandwidth_pct", "cpu_temp_c", "gpu_temp_c", "cpu_temp_avg_c",
	"gpu_temp_avg_c", "thermal_state", "ram_total_bytes", "ram_used_bytes",
	"ram_available_bytes", "ram_wired_bytes", "ram_compressed_bytes", "ram_cached_bytes",
	"swap_total_bytes", "swap_used_bytes", "swap_in_bytes_per_s", "swap_out_bytes_per_s",
	"ram_used_gb", "swap_used_gb", "mem_pressure", "bandwidth_gbps", "bandwidth_read_gbps",
	"bandwidth_write_gbps", "bandwidth_available", "bandwidth_quality",
	"net_rx_bytes_per_s", "net_tx_bytes_per_s", "disk_read_bytes_per_s",
	"disk_write_bytes_per_s", "net_rx_bytes", "net_tx_bytes", "disk_read_bytes",
	"disk_write_bytes", "load_1m", "load_5m", "load_15m", "psi_cpu_some_pct",
	"psi_memory_some_pct", "psi_memory_full_pct", "psi_io_some_pct", "psi_io_full_pct",
	"battery_pct", "battery_watts", "adapter_watts", "throttle_cpu", "throttle_gpu",
	"limit", "process_count" };

static const struct {
	enum scope scope;
	const char *key;
} entity_keys[] = { { SCOPE_CORE, "active_pct" }, { SCOPE_CORE, "scaled_pct" },
	{ SCOPE_CORE, "freq_mhz" }, { SCOPE_CLUSTER, "util_pct" },
	{ SCOPE_CLUSTER, "freq_mhz" }, { SCOPE_CLUSTER, "max_freq_mhz" },
	{ SCOPE_CLUSTER, "idle_pct" }, { SCOPE_CLUSTER, "low_pct" },
	{ SCOPE_CLUSTER, "mid_pct" }, { SCOPE_CLUSTER, "high_pct" }, { SCOPE_RAIL, "watts" },
	{ SCOPE_RAIL, "joules" }, { SCOPE_FAN, "rpm" }, { SCOPE_FAN, "max_rpm" },
	{ SCOPE_SENSOR, "temp_c" } };

static void expect_served(enum scope scope, const char *key)
{
	enum metric_id id = metric_find(scope, key);

	ck_assert_msg(id < METRIC_COUNT, "%s is missing", key);
	ck_assert_msg(metrics[id].kind != KIND_INPUT, "%s is not served", key);
}

START_TEST(every_key_that_was_promised_is_there)
{
	for (size_t i = 0; i < sizeof(host_keys) / sizeof(*host_keys); i++)
		expect_served(SCOPE_HOST, host_keys[i]);
	for (size_t i = 0; i < sizeof(entity_keys) / sizeof(*entity_keys); i++)
		expect_served(entity_keys[i].scope, entity_keys[i].key);
}
END_TEST

START_TEST(names_are_of_small_letters_digits_and_underscores)
{
	for (enum metric_id id = 0; id < METRIC_COUNT; id++) {
		const char *name = metrics[id].name;

		ck_assert_msg(*name &&
				name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")] ==
					0,
			"%s", name);
	}
}
END_TEST

START_TEST(names_are_unique_in_their_scope)
{
	for (enum metric_id id = 0; id < METRIC_COUNT; id++)
		ck_assert_msg(metric_find(metrics[id].scope, metrics[id].name) == id,
			"%s twice", metrics[id].name);
	ck_assert_int_eq(metric_find(SCOPE_HOST, "no_such"), METRIC_COUNT);
	ck_assert_int_eq(metric_find(SCOPE_FAN, "cpu_watts"), METRIC_COUNT);
	ck_assert_int_eq(metric_find_series("cpu_watts"), metric_find(SCOPE_HOST, "cpu_watts"));
	ck_assert_int_eq(
		metric_find_series("rail.a.b.watts"), metric_find(SCOPE_RAIL, "watts"));
	ck_assert_int_eq(metric_find_series("rail.watts"), METRIC_COUNT);
	ck_assert_int_eq(metric_find_series("nothing.a.watts"), METRIC_COUNT);
}
END_TEST

START_TEST(prometheus_names_are_unique)
{
	for (enum metric_id a = 0; a < METRIC_COUNT; a++)
		for (enum metric_id b = a + 1; b < METRIC_COUNT; b++)
			ck_assert_msg(metrics[a].prom[0] == '\0' ||
					strcmp(metrics[a].prom, metrics[b].prom) != 0,
				"%s twice", metrics[a].prom);
}
END_TEST

START_TEST(prometheus_counters_end_in_total_and_nothing_else_does)
{
	for (enum metric_id id = 0; id < METRIC_COUNT; id++) {
		const char *prom = metrics[id].prom;
		size_t n = strlen(prom);
		bool total = n > 6 && strcmp(prom + n - 6, "_total") == 0;

		ck_assert_msg(
			n == 0 || total == (metrics[id].kind == KIND_COUNTER), "%s", prom);
	}
}
END_TEST

START_TEST(a_prometheus_name_has_the_prefix)
{
	char name[80];

	ck_assert_uint_eq(metric_prom_name(METRIC_CPU_WATTS, name, sizeof(name)), 21);
	ck_assert_str_eq(name, "actop_cpu_power_watts");
	ck_assert_uint_eq(metric_prom_name(METRIC_CPU_JOULES, name, sizeof(name)), 0);
}
END_TEST

START_TEST(inputs_are_not_exported_nor_shown)
{
	for (enum metric_id id = 0; id < METRIC_COUNT; id++)
		if (metrics[id].kind == KIND_INPUT)
			ck_assert_msg(!metrics[id].prom[0] && !metrics[id].show, "%s",
				metrics[id].name);
}
END_TEST

static bool accumulates(enum metric_id id)
{
	return metrics[id].kind == KIND_COUNTER || metrics[id].kind == KIND_INPUT;
}

START_TEST(rates_are_of_counters_in_the_same_scope)
{
	for (enum metric_id id = 0; id < METRIC_COUNT; id++) {
		const struct metric *m = &metrics[id];
		bool share = m->op == OP_SHARE;

		if (!share && m->op != OP_RATE && m->op != OP_TIME_SHARE)
			continue;
		ck_assert_msg(m->of < METRIC_COUNT && accumulates(m->of), "%s", m->name);
		ck_assert_msg(metrics[m->of].scope == m->scope, "%s", m->name);
		ck_assert_msg(!share || (m->of2 < METRIC_COUNT && accumulates(m->of2)), "%s",
			m->name);
	}
}
END_TEST

START_TEST(what_a_rule_uses_stands_above_it)
{
	for (enum metric_id id = 0; id < METRIC_COUNT; id++) {
		const struct metric *m = &metrics[id];

		ck_assert_msg(m->of == METRIC_NONE || m->of < id, "%s", m->name);
		ck_assert_msg(m->of2 == METRIC_NONE || m->of2 < id, "%s", m->name);
		ck_assert_msg(m->op != OP_RAW || m->of == METRIC_NONE, "%s", m->name);
	}
}
END_TEST

START_TEST(help_is_a_phrase_without_a_full_stop)
{
	for (enum metric_id id = 0; id < METRIC_COUNT; id++) {
		const char *help = metrics[id].help;

		ck_assert_msg(*help && help[strlen(help) - 1] != '.', "%s", metrics[id].name);
		ck_assert_msg(!strpbrk(help, "\n\"\\"), "%s", metrics[id].name);
	}
}
END_TEST

START_TEST(states_have_words_and_nothing_else_has)
{
	for (enum metric_id id = 0; id < METRIC_COUNT; id++)
		ck_assert_msg(
			(metrics[id].kind == KIND_STATE) == (metrics[id].states != STATES_NONE),
			"%s", metrics[id].name);
	for (enum state_set set = 0; set < STATES_COUNT; set++)
		ck_assert_ptr_nonnull(state_words[set][0]);
}
END_TEST

START_TEST(aggregations_fit_their_kind)
{
	for (enum metric_id id = 0; id < METRIC_COUNT; id++) {
		const struct metric *m = &metrics[id];

		ck_assert_msg(m->agg != AGG_MEAN || m->kind == KIND_GAUGE, "%s", m->name);
		ck_assert_msg(m->kind != KIND_COUNTER || m->agg == AGG_LAST, "%s", m->name);
		ck_assert_msg(m->decimals >= 0 && m->decimals <= 6, "%s", m->name);
	}
}
END_TEST

START_TEST(places_in_the_table_are_taken_once)
{
	for (enum metric_id a = 0; a < METRIC_COUNT; a++)
		for (enum metric_id b = a + 1; b < METRIC_COUNT; b++)
			ck_assert_msg(!metrics[a].show || metrics[a].show != metrics[b].show,
				"%s and %s", metrics[a].name, metrics[b].name);
}
END_TEST

START_TEST(aggregations_are_found_by_name)
{
	ck_assert_int_eq(agg_find("mean"), AGG_MEAN);
	ck_assert_int_eq(agg_find("min"), AGG_MIN);
	ck_assert_int_eq(agg_find("p99"), AGG_OWN);
	ck_assert_str_eq(agg_name(AGG_LAST), "last");
}
END_TEST

RUN_TESTS("metric", NULL, NULL, every_key_that_was_promised_is_there,
	names_are_of_small_letters_digits_and_underscores, names_are_unique_in_their_scope,
	prometheus_names_are_unique, prometheus_counters_end_in_total_and_nothing_else_does,
	a_prometheus_name_has_the_prefix, inputs_are_not_exported_nor_shown,
	rates_are_of_counters_in_the_same_scope, what_a_rule_uses_stands_above_it,
	help_is_a_phrase_without_a_full_stop, states_have_words_and_nothing_else_has,
	aggregations_fit_their_kind, places_in_the_table_are_taken_once,
	aggregations_are_found_by_name)
