/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "tests/apple/scene.h"
#include "tests/apple/world.h"
#include "tests/unit/run.h"

/* The readers over the smallest world, changed for each test. */

static struct scene scene;

static void load(const char *file)
{
	char error[256] = "";

	ck_assert_msg(world_load(file, error, sizeof(error)) == 0, "%s", error);
}

static void setup(void)
{
	load("tests/fixtures/apple-small.json");
}

static void change(const char *path, const char *json)
{
	ck_assert_msg(world_set(path, json) == 0, "%s", path);
}

static void start(void)
{
	scene_open(&scene);
	scene_read(&scene);
}

static void stop(void)
{
	scene_close(&scene);
	ck_assert_int_eq(world_held(), 0);
}

static void check(const char *series, double value)
{
	double is = scene_get(&scene, series);

	ck_assert_msg(fabs(is - value) <= 1e-6 * fmax(1, fabs(value)), "%s is %.9g, not %.9g",
		series, is, value);
}

static void check_unknown(const char *series)
{
	double is = scene_get(&scene, series);

	ck_assert_msg(isnan(is), "%s is %.9g, and should be unknown", series, is);
}

static void check_reason(const char *metric)
{
	ck_assert_msg(scene_reason(&scene, metric)[0], "%s has no reason", metric);
}

/* ---- energy ---- */

#define ENERGY(name) "ioreport/Energy Model//" name

START_TEST(energy_published_every_two_seconds_never_alternates_between_zero_and_double)
{
	change(ENERGY("CPU Energy/publish_every_s"), "2.1");
	start();
	scene_run(&scene, 3);
	for (unsigned i = 0; i < 20; i++) {
		scene_step(&scene, 1);
		check("cpu_watts", 4);
	}
	stop();
}
END_TEST

START_TEST(a_change_of_power_shows_with_the_next_publication_and_counts_every_joule)
{
	change(ENERGY("CPU Energy/publish_every_s"), "2");
	start();
	scene_run(&scene, 4);
	check("rail.cpu.joules", 16);
	change(ENERGY("CPU Energy/per_s"), "10000");
	scene_run(&scene, 1);
	check("cpu_watts", 4);
	scene_run(&scene, 1);
	check("cpu_watts", 10);
	check("rail.cpu.joules", 36);
	stop();
}
END_TEST

START_TEST(frozen_energy_channels_are_unknown_while_the_gpu_goes_on)
{
	change(ENERGY("CPU Energy/frozen"), "true");
	change(ENERGY("ANE0/frozen"), "true");
	start();
	scene_run(&scene, 15);
	check_unknown("cpu_watts");
	check_unknown("cpu_joules");
	check_unknown("ane_watts");
	check_unknown("package_watts");
	check("gpu_watts", 2);
	stop();
}
END_TEST

START_TEST(energy_that_freezes_later_is_unknown_after_ten_seconds)
{
	start();
	scene_run(&scene, 3);
	change(ENERGY("CPU Energy/frozen"), "true");
	scene_run(&scene, 9);
	check("cpu_watts", 4);
	scene_run(&scene, 3);
	check_unknown("cpu_watts");
	stop();
}
END_TEST

START_TEST(an_int64_min_energy_value_is_unknown)
{
	change(ENERGY("CPU Energy/invalid"), "true");
	start();
	scene_run(&scene, 3);
	check_unknown("cpu_watts");
	stop();
}
END_TEST

START_TEST(the_unit_is_asked_of_each_channel)
{
	change(ENERGY("ANE0/unit"), "\"uJ   \"");
	change(ENERGY("FAB0/unit"), "\"parsecs\"");
	start();
	scene_run(&scene, 2);
	check("ane_watts", 0.0005);
	check("cpu_watts", 4);
	check_unknown("rail.FAB0.watts");
	stop();
}
END_TEST

START_TEST(gpu_energy_counts_from_when_it_has_moved_once_and_gpu_n_never_with_it)
{
	change(ENERGY("GPU0/per_s"), "1900");
	change(ENERGY("GPU Energy/frozen"), "true");
	start();
	scene_run(&scene, 3);
	check("gpu_watts", 1.9);
	check("gpu_sram_separate", 1);
	change(ENERGY("GPU Energy/frozen"), "false");
	scene_run(&scene, 3);
	check("gpu_watts", 2);
	check("gpu_sram_separate", 0);
	stop();
}
END_TEST

START_TEST(the_time_base_is_asked_and_not_assumed)
{
	change("timebase/0", "1");
	change("timebase/1", "1");
	start();
	scene_run(&scene, 3);
	check("cpu_watts", 4);
	check("bandwidth_gbps", 8);
	stop();
}
END_TEST

START_TEST(a_driver_that_starts_counting_again_gives_no_negative_power)
{
	start();
	scene_run(&scene, 3);
	change(ENERGY("CPU Energy/value"), "5");
	scene_run(&scene, 1);
	check_unknown("cpu_watts");
	scene_run(&scene, 1);
	check("cpu_watts", 4);
	stop();
}
END_TEST

/* ---- cores ---- */

START_TEST(requested_and_realised_frequency_are_kept_apart)
{
	start();
	scene_run(&scene, 1);
	check("core.2.freq_mhz", 1260);
	check("cluster.P0.freq_mhz", 4500);
	check_unknown("cluster.E0.freq_mhz");
	stop();
}
END_TEST

START_TEST(a_complex_channel_that_never_idles_is_fabric_and_tells_no_frequency)
{
	change("ioreport/CPU Stats/CPU Complex Performance States/PCPM/states",
		"[[\"IDLE\", 0], [\"V0P1\", 0.5], [\"V1P0\", 0.5]]");
	start();
	scene_run(&scene, 2);
	check_unknown("cluster.P0.freq_mhz");
	stop();
}
END_TEST

START_TEST(an_idle_core_runs_at_0_mhz_and_one_without_time_is_unknown)
{
	change("ioreport/CPU Stats/CPU Core Performance States/ECPU000/states",
		"[[\"IDLE\", 1], [\"V0P1\", 0], [\"V1P0\", 0]]");
	change("ioreport/CPU Stats/CPU Core Performance States/ECPU010/frozen", "true");
	start();
	scene_run(&scene, 2);
	check("core.0.active_pct", 0);
	check("core.0.freq_mhz", 0);
	check_unknown("core.1.active_pct");
	check_unknown("core.1.freq_mhz");
	check("core.2.active_pct", 25);
	stop();
}
END_TEST

START_TEST(a_core_whose_state_is_outside_the_table_has_activity_but_no_frequency)
{
	change("ioreport/CPU Stats/CPU Core Performance States/PCPU000/states",
		"[[\"IDLE\", 0.5], [\"V0P2\", 0.25], [\"V1P1\", 0], [\"V2P0\", 0.25]]");
	start();
	scene_run(&scene, 2);
	check("core.2.active_pct", 50);
	check_unknown("core.2.freq_mhz");
	check("core.3.freq_mhz", 1260);
	stop();
}
END_TEST

START_TEST(without_a_table_frequencies_are_unknown_with_a_reason)
{
	change("registry/pmgr", NULL);
	start();
	scene_run(&scene, 2);
	check("core.2.active_pct", 25);
	check_unknown("core.2.freq_mhz");
	check_unknown("pcpu_freq_mhz");
	check_unknown("core.2.scaled_pct");
	check_reason("pcpu_freq_mhz");
	check_reason("gpu_freq_mhz");
	stop();
}
END_TEST

START_TEST(a_cluster_that_acc_clusters_names_without_a_table_is_not_the_old_table)
{
	/* Of 22 and 23 for the slower tier one is not there; 1-sram is, and is not for this
	 * chip. */
	change("registry/pmgr/acc-clusters",
		"\"160000000000000017000000000000000501000000000000\"");
	change("registry/pmgr/voltage-states22-sram", "\"60900f0020030000c0201f0020030000\"");
	start();
	scene_run(&scene, 2);
	check_unknown("core.0.freq_mhz");
	check("core.2.freq_mhz", 1260);
	stop();
}
END_TEST

START_TEST(cores_without_ioreport_are_read_from_ticks_that_wrap_at_32_bits)
{
	change("ioreport", NULL);
	change("cpu_ticks/0/idle/value", "4294967200");
	start();
	scene_run(&scene, 1);
	check("core.0.active_pct", 25);
	scene_run(&scene, 1);
	check("core.0.active_pct", 25);
	scene_run(&scene, 1);
	check("core.0.active_pct", 25);
	check_unknown("core.0.freq_mhz");
	check_reason("ecpu_freq_mhz");
	check_reason("cpu_watts");
	check_reason("bandwidth_gbps");
	check_reason("gpu_util_pct");
	stop();
}
END_TEST

START_TEST(ticks_that_stand_still_are_unknown)
{
	change("ioreport", NULL);
	change("cpu_ticks/1", "{\"user\": 1, \"system\": 2, \"idle\": 3, \"nice\": 4}");
	start();
	scene_run(&scene, 2);
	check_unknown("core.1.active_pct");
	check("core.0.active_pct", 25);
	stop();
}
END_TEST

START_TEST(without_the_device_tree_the_schema_says_that_the_order_is_assumed)
{
	change("registry/cpus", NULL);
	start();
	scene_run(&scene, 1);
	check_reason("active_pct");
	ck_assert_int_eq(scene_entity(&scene, SCOPE_CORE, "0")->kind, 'E');
	ck_assert_int_eq(scene_entity(&scene, SCOPE_CORE, "3")->kind, 'P');
	stop();
}
END_TEST

/* ---- GPU ---- */

START_TEST(p1_is_entry_1_of_the_gpu_table_because_entry_0_is_off)
{
	start();
	scene_run(&scene, 1);
	check("gpu_util_pct", 25);
	check("gpu_freq_mhz", 400);
	check("gpu_max_freq_mhz", 1400);
	check("gpu_mem_limit_bytes", 12000.0 * 1048576);
	stop();
}
END_TEST

START_TEST(a_wired_limit_of_0_is_the_default_that_nobody_tells)
{
	change("sysctl/iogpu.wired_limit_mb", "0");
	start();
	check_unknown("gpu_mem_limit_bytes");
	check_reason("gpu_mem_limit_bytes");
	stop();
}
END_TEST

/* ---- bandwidth ---- */

START_TEST(a_group_that_refuses_a_subscription_leaves_the_others_alone)
{
	change("ioreport/refuse_subscription", "[\"AMC Stats\"]");
	start();
	scene_run(&scene, 2);
	check("bandwidth_gbps", 8);
	check("bandwidth_quality", 1);
	check_unknown("bandwidth_read_gbps");
	check("cpu_watts", 4);
	stop();
}
END_TEST

START_TEST(amc_counters_of_int64_min_give_way_to_the_histogram)
{
	change("ioreport/AMC Stats/Perf Counters/DCS RD/invalid", "true");
	change("ioreport/AMC Stats/Perf Counters/DCS WR/invalid", "true");
	start();
	scene_run(&scene, 2);
	check("bandwidth_gbps", 8);
	check("bandwidth_quality", 1);
	stop();
}
END_TEST

START_TEST(reads_and_writes_are_told_where_bytes_are_counted)
{
	start();
	scene_run(&scene, 2);
	check("bandwidth_read_gbps", 6);
	check("bandwidth_write_gbps", 2);
	check("bandwidth_quality", 0);
	stop();
}
END_TEST

START_TEST(histogram_time_in_what_is_no_bucket_is_unknown)
{
	change("ioreport/refuse_subscription", "[\"AMC Stats\"]");
	change("ioreport/PMP/DCS BW/AMCC RD+WR/states",
		"[[\"  16GB/s\", 0.5], [\"VMIN\", 0.5]]");
	start();
	scene_run(&scene, 2);
	check_unknown("bandwidth_gbps");
	stop();
}
END_TEST

/* ---- temperatures, fans, power ---- */

START_TEST(success_with_result_0x84_means_that_the_key_does_not_exist)
{
	change("smc/PSTR", NULL);
	start();
	scene_run(&scene, 1);
	check_unknown("system_watts");
	check_reason("system_watts");
	stop();
	/* One that goes away later answers success, 0x89 and zeros. */
	change("smc/PSTR", "{\"type\": \"flt \", \"bytes\": \"0000c041\"}");
	start();
	check("system_watts", 24);
	change("smc/PSTR", NULL);
	scene_run(&scene, 1);
	check_unknown("system_watts");
	stop();
}
END_TEST

START_TEST(power_gated_sensors_are_rejected_before_any_mean)
{
	change("smc/TCMb", NULL);
	change("smc/TCMz", NULL);
	change("smc/Tp05", "{\"type\": \"flt \", \"celsius\": 6.7}");
	change("smc/Tg0H", "{\"type\": \"flt \", \"celsius\": -4.0}");
	start();
	check("cpu_temp_c", 50);
	check("cpu_temp_avg_c", 50);
	check("gpu_temp_avg_c", 40);
	check_unknown("sensor.Tp05.temp_c");
	change("smc/Tg0G/celsius", "2.4");
	scene_run(&scene, 1);
	check_unknown("gpu_temp_c");
	stop();
}
END_TEST

START_TEST(ssd_sensors_are_not_the_cpu)
{
	change("smc/TCMb", NULL);
	change("smc/TCMz", NULL);
	change("smc/Ts0P", "{\"type\": \"flt \", \"celsius\": 99}");
	start();
	check("cpu_temp_c", 50);
	stop();
}
END_TEST

START_TEST(base_m1_takes_hid_and_leaves_out_constants_and_implausible_sensors)
{
	change("smc/TCMb", NULL);
	change("smc/TCMz", NULL);
	change("sysctl/machdep.cpu.brand_string", "\"Apple M1\"");
	change("hid",
		"[{\"product\": \"pACC MTR Temp Sensor5\", \"celsius\": 44},"
		"{\"product\": \"eACC MTR Temp Sensor0\", \"celsius\": 40},"
		"{\"product\": \"PMU tdie1\", \"celsius\": 70},"
		"{\"product\": \"PMU tcal\", \"celsius\": 51.9},"
		"{\"product\": \"noname\", \"celsius\": 0},"
		"{\"product\": \"PMU tdev4\", \"celsius\": -21.5},"
		"{\"product\": \"GPU MTR Temp Sensor1\", \"celsius\": 27},"
		"{\"product\": \"GPU MTR Temp Sensor1\", \"celsius\": 29}]");
	start();
	check("cpu_temp_c", 44);
	check("cpu_temp_avg_c", 42);
	check("gpu_temp_c", 29);
	check_unknown("sensor.PMU_tdev4.temp_c");
	ck_assert_ptr_null(scene_entity(&scene, SCOPE_SENSOR, "PMU_tcal"));
	check_reason("cpu_temp_c");
	stop();
}
END_TEST

START_TEST(smc_keys_wider_than_32_bytes_or_of_other_types_are_skipped)
{
	change("smc/Tp0X",
		"{\"type\": \"{jst\", \"bytes\": \"0000000000000000000000000000000000"
		"000000000000000000000000000000000000000000000000\"}");
	change("smc/Tp0Y", "{\"type\": \"hex_\", \"bytes\": \"00000000\"}");
	start();
	ck_assert_ptr_null(scene_entity(&scene, SCOPE_SENSOR, "Tp0X"));
	ck_assert_ptr_null(scene_entity(&scene, SCOPE_SENSOR, "Tp0Y"));
	check("cpu_temp_c", 50);
	stop();
}
END_TEST

START_TEST(no_fnum_is_no_fans_and_0_rpm_is_a_fan_at_rest)
{
	change("smc/F0Ac/bytes", "\"00000000\"");
	start();
	check("fan.0.rpm", 0);
	check("fan.0.max_rpm", 5777);
	stop();
	change("smc/FNum", NULL);
	start();
	ck_assert_uint_eq(scene.s->layout->count[SCOPE_FAN], 0);
	stop();
}
END_TEST

START_TEST(battery_amperage_printed_as_unsigned_is_negative)
{
	char error[128];

	change("smc/PPBR", NULL);
	change("registry/AppleSmartBattery/Amperage", "-483");
	start();
	check("battery_watts", 12000 * 483 / 1e6);
	stop();
	ck_assert_int_eq(
		world_load_text(
			"{\"registry\": {\"AppleSmartBattery\": {\"CurrentCapacity\": 80,"
			"\"MaxCapacity\": 100, \"Voltage\": 12000,"
			"\"Amperage\": 18446744073709551133}}}",
			error, sizeof(error)),
		0);
	start();
	check("battery_watts", 12000 * 483 / 1e6);
	check("battery_pct", 80);
	stop();
}
END_TEST

/* ---- thermal pressure ---- */

START_TEST(pressure_levels_of_macos_are_four_states)
{
	static const char *const levels[] = { "0", "1", "2", "3", "4" };
	static const double states[] = { 0, 1, 2, 3, 3 };

	start();
	for (unsigned i = 0; i < 5; i++) {
		change("thermal_pressure", levels[i]);
		scene_run(&scene, 1);
		check("thermal_state", states[i]);
	}
	stop();
}
END_TEST

START_TEST(pressure_levels_of_ios_are_taken_and_others_unknown)
{
	start();
	change("thermal_pressure", "30");
	scene_run(&scene, 1);
	check("thermal_state", 2);
	change("thermal_pressure", "7");
	scene_run(&scene, 1);
	check_unknown("thermal_state");
	stop();
}
END_TEST

START_TEST(nsprocessinfo_stands_in_where_notify_does_not_answer)
{
	world_fail_next("notify_register_check");
	start();
	check("thermal_state", 1);
	stop();
}
END_TEST

/* ---- memory ---- */

START_TEST(macos_27_refuses_38_integers_and_gets_more)
{
	start();
	scene_run(&scene, 3);
	check("ram_used_bytes", (150000.0 - 10000 + 80000 + 30000) * 16384);
	check("ram_cached_bytes", 100000.0 * 16384);
	check("ram_wired_bytes", 80000.0 * 16384);
	check("swap_in_bytes_per_s", 10 * 16384.0);
	stop();
}
END_TEST

START_TEST(fields_beyond_the_returned_count_are_unknown)
{
	change("vm/count_quirk", "\"24\"");
	start();
	check("ram_wired_bytes", 80000.0 * 16384);
	check_unknown("ram_used_bytes");
	check_unknown("ram_available_bytes");
	check("ram_total_bytes", 17179869184.0);
	stop();
}
END_TEST

START_TEST(subtractions_of_unlocked_counters_do_not_go_below_zero)
{
	change("vm/purgeable", "400000");
	start();
	check("ram_used_bytes", (80000.0 + 30000) * 16384);
	stop();
}
END_TEST

START_TEST(pressure_levels_1_2_and_4_are_states_and_others_unknown)
{
	start();
	check("mem_pressure", 0);
	change("sysctl/kern.memorystatus_vm_pressure_level", "2");
	scene_run(&scene, 1);
	check("mem_pressure", 1);
	change("sysctl/kern.memorystatus_vm_pressure_level", "4");
	scene_run(&scene, 1);
	check("mem_pressure", 2);
	change("sysctl/kern.memorystatus_vm_pressure_level", "3");
	scene_run(&scene, 1);
	check_unknown("mem_pressure");
	stop();
}
END_TEST

START_TEST(no_swap_file_is_0_bytes_of_swap)
{
	change("sysctl/vm.swapusage", "{\"total\": 0, \"used\": 0, \"avail\": 0}");
	start();
	check("swap_total_bytes", 0);
	check("swap_used_bytes", 0);
	stop();
}
END_TEST

/* ---- network and disks ---- */

START_TEST(bytes_beyond_4_gib_are_not_truncated_as_in_the_interface_list)
{
	change("net/1/obytes", "{\"value\": 30277303935, \"per_s\": 50000}");
	start();
	scene_run(&scene, 1);
	check("net_tx_bytes", 30277353935.0);
	check("net_tx_bytes_per_s", 50000);
	stop();
}
END_TEST

START_TEST(loopback_and_carried_interfaces_are_not_counted_again)
{
	change("net/0/loopback", "false");
	change("net/0/name", "\"utun3\"");
	start();
	scene_run(&scene, 1);
	check("net_rx_bytes_per_s", 102400);
	stop();
}
END_TEST

START_TEST(received_bytes_that_are_hidden_are_unknown_and_not_zero)
{
	change("net/1/ibytes", "0");
	start();
	scene_run(&scene, 2);
	check_unknown("net_rx_bytes");
	check_unknown("net_rx_bytes_per_s");
	check("net_tx_bytes_per_s", 51200);
	stop();
}
END_TEST

START_TEST(where_the_mib_never_answers_the_list_is_read_modulo_2_to_the_32)
{
	/* 4194245 KiB now, and the first KiB of the next 4 GiB a second later. */
	change("net/1/ibytes", "{\"value\": 4294906880, \"per_s\": 102400}");
	scene_open(&scene);
	/* The first read: the list, then the interface. */
	world_fail_nth("sysctl", 2);
	scene_read(&scene);
	check("net_rx_bytes", 4294906880.0);
	scene_run(&scene, 1);
	check("net_rx_bytes_per_s", 102400);
	stop();
}
END_TEST

START_TEST(disk_images_do_not_count_their_bytes_again)
{
	change("registry/IOBlockStorageDriver/0/Protocol Characteristics",
		"{\"Physical Interconnect\": \"Virtual Interface\"}");
	start();
	scene_run(&scene, 1);
	check("disk_read_bytes", 0);
	stop();
}
END_TEST

START_TEST(apfs_volumes_stand_in_where_there_are_no_drivers_and_never_beside_them)
{
	change("registry/AppleAPFSVolume",
		"[{\"Bytes read from block device\": {\"value\": 10, \"per_s\": 7},"
		"\"Bytes written to block device\": 3}]");
	start();
	scene_run(&scene, 1);
	check("disk_read_bytes_per_s", 2e6);
	stop();
	change("registry/IOBlockStorageDriver", NULL);
	start();
	scene_run(&scene, 1);
	check("disk_read_bytes_per_s", 7);
	stop();
}
END_TEST

/* ---- sleep ---- */

START_TEST(the_read_after_a_sleep_has_no_rates_and_counters_go_on)
{
	static const char *const rates[] = { "core.0.active_pct", "core.4.freq_mhz",
		"gpu_util_pct", "rail.cpu.watts", "rail.gpu.watts", "bandwidth_gbps",
		"cluster.P0.freq_mhz", "disk_read_bytes_per_s", "net_tx_bytes_per_s" };

	load("tests/fixtures/apple/m4-pro.json");
	start();
	scene_run(&scene, 29);
	for (unsigned i = 0; i < sizeof(rates) / sizeof(*rates); i++)
		ck_assert_msg(!isnan(scene_get(&scene, rates[i])), "%s", rates[i]);
	scene_step(&scene, 1.5);
	ck_assert_uint_gt(scene.s->time.mono_ns - scene.before->time.mono_ns, 600000000000);
	check("gpu_joules", 3.5 * 30.5);
	for (unsigned i = 0; i < sizeof(rates) / sizeof(*rates); i++)
		check_unknown(rates[i]);
	scene_step(&scene, 1);
	check("core.0.active_pct", 30);
	check("gpu_watts", 3.5);
	check("gpu_joules", 3.5 * 31.5);
	/* What was drawn around the sleep nobody measured. */
	check("system_joules", 24.5 * 30);
	check("bandwidth_gbps", 32);
	stop();
}
END_TEST

/* ---- the machine ---- */

START_TEST(a_pretended_machine_says_so)
{
	start();
	ck_assert(scene.s->layout->machine.simulated);
	ck_assert_str_eq(scene.s->layout->machine.chip, "Apple M4");
	ck_assert_str_eq(scene.s->layout->machine.os, "macos");
	ck_assert_str_eq(scene.s->layout->machine.boot_id, "booted-1763900000");
	ck_assert_uint_eq(scene.s->layout->machine.gpu_cores, 10);
	stop();
}
END_TEST

START_TEST(an_empty_world_is_all_unknown_and_no_crash)
{
	char error[128];

	ck_assert_int_eq(world_load_text("{}", error, sizeof(error)), 0);
	start();
	scene_run(&scene, 2);
	check_unknown("cpu_watts");
	check_unknown("cpu_util_pct");
	check_unknown("ram_used_bytes");
	check_unknown("net_rx_bytes");
	check_unknown("thermal_state");
	check_reason("cpu_watts");
	check_reason("thermal_state");
	check_reason("disk_read_bytes");
	stop();
}
END_TEST

RUN_TESTS("darwin", setup, world_unload,
	energy_published_every_two_seconds_never_alternates_between_zero_and_double,
	a_change_of_power_shows_with_the_next_publication_and_counts_every_joule,
	frozen_energy_channels_are_unknown_while_the_gpu_goes_on,
	energy_that_freezes_later_is_unknown_after_ten_seconds,
	an_int64_min_energy_value_is_unknown, the_unit_is_asked_of_each_channel,
	gpu_energy_counts_from_when_it_has_moved_once_and_gpu_n_never_with_it,
	the_time_base_is_asked_and_not_assumed,
	a_driver_that_starts_counting_again_gives_no_negative_power,
	requested_and_realised_frequency_are_kept_apart,
	a_complex_channel_that_never_idles_is_fabric_and_tells_no_frequency,
	an_idle_core_runs_at_0_mhz_and_one_without_time_is_unknown,
	a_core_whose_state_is_outside_the_table_has_activity_but_no_frequency,
	without_a_table_frequencies_are_unknown_with_a_reason,
	a_cluster_that_acc_clusters_names_without_a_table_is_not_the_old_table,
	cores_without_ioreport_are_read_from_ticks_that_wrap_at_32_bits,
	ticks_that_stand_still_are_unknown,
	without_the_device_tree_the_schema_says_that_the_order_is_assumed,
	p1_is_entry_1_of_the_gpu_table_because_entry_0_is_off,
	a_wired_limit_of_0_is_the_default_that_nobody_tells,
	a_group_that_refuses_a_subscription_leaves_the_others_alone,
	amc_counters_of_int64_min_give_way_to_the_histogram,
	reads_and_writes_are_told_where_bytes_are_counted,
	histogram_time_in_what_is_no_bucket_is_unknown,
	success_with_result_0x84_means_that_the_key_does_not_exist,
	power_gated_sensors_are_rejected_before_any_mean, ssd_sensors_are_not_the_cpu,
	base_m1_takes_hid_and_leaves_out_constants_and_implausible_sensors,
	smc_keys_wider_than_32_bytes_or_of_other_types_are_skipped,
	no_fnum_is_no_fans_and_0_rpm_is_a_fan_at_rest,
	battery_amperage_printed_as_unsigned_is_negative,
	pressure_levels_of_macos_are_four_states,
	pressure_levels_of_ios_are_taken_and_others_unknown,
	nsprocessinfo_stands_in_where_notify_does_not_answer,
	macos_27_refuses_38_integers_and_gets_more,
	fields_beyond_the_returned_count_are_unknown,
	subtractions_of_unlocked_counters_do_not_go_below_zero,
	pressure_levels_1_2_and_4_are_states_and_others_unknown,
	no_swap_file_is_0_bytes_of_swap,
	bytes_beyond_4_gib_are_not_truncated_as_in_the_interface_list,
	loopback_and_carried_interfaces_are_not_counted_again,
	received_bytes_that_are_hidden_are_unknown_and_not_zero,
	where_the_mib_never_answers_the_list_is_read_modulo_2_to_the_32,
	disk_images_do_not_count_their_bytes_again,
	apfs_volumes_stand_in_where_there_are_no_drivers_and_never_beside_them,
	the_read_after_a_sleep_has_no_rates_and_counters_go_on, a_pretended_machine_says_so,
	an_empty_world_is_all_unknown_and_no_crash)
