/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include "tests/unit/linux_tree.h"

static struct tree tree;

static void setup(void)
{
	tree = (struct tree){ .source = NULL };
}

static void teardown(void)
{
	tree_close(&tree);
}

static void open_machine(const char *name)
{
	tree_copy(&tree, name);
	tree_open(&tree);
}

START_TEST(the_laptop_says_who_it_is)
{
	const struct machine *machine;

	open_machine("laptop");
	machine = &tree.s->layout->machine;
	ck_assert_str_eq(machine->os, "linux");
	ck_assert_str_eq(machine->os_version, "Fedora Linux 41 (Workstation Edition)");
	ck_assert_str_eq(machine->model, "IdeaPad 3 15IAU7");
	ck_assert_str_eq(machine->chip, "12th Gen Intel(R) Core(TM) i3-1215U");
	ck_assert_str_eq(machine->boot_id, "0b9a6f0e-3c6f-4f1e-9c39-5c1d2f6f7a11");
	ck_assert(machine->simulated);
	ck_assert_uint_eq(machine->gpu_cores, 0);
}
END_TEST

START_TEST(busy_ticks_hold_no_iowait_no_steal_and_guests_once)
{
	open_machine("laptop");
	/* cpu0 1000 20 300 50000 400 30 50 0 100 0: the guest's 100 are inside the 1000. */
	tree_expect(&tree, { "core.0.busy_ticks", 1000 + 20 + 300 + 30 + 50 },
		{ "core.0.total_ticks", 1400 + 50000 + 400 }, { "core.7.busy_ticks", 175 },
		{ "core.7.total_ticks", 175 + 52300 + 20 });
}
END_TEST

START_TEST(intel_hybrid_cores_have_kinds_and_one_cluster_per_kind)
{
	open_machine("laptop");
	ck_assert_int_eq(tree_entity(&tree, SCOPE_CORE, "3")->kind, 'P');
	ck_assert_int_eq(tree_entity(&tree, SCOPE_CORE, "4")->kind, 'E');
	ck_assert_int_eq(tree_entity(&tree, SCOPE_CORE, "4")->cluster, 1);
	ck_assert_uint_eq(tree.s->layout->count[SCOPE_CLUSTER], 2);
	tree_expect(&tree, { "core.2.freq_mhz", 1300 }, { "core.2.max_freq_mhz", 4400 },
		{ "cluster.P0.freq_mhz", 1400 }, { "cluster.P0.max_freq_mhz", 4400 },
		{ "cluster.E0.freq_mhz", 1800 }, { "cluster.E0.max_freq_mhz", 3300 });
}
END_TEST

START_TEST(the_laptop_has_memory_and_swap)
{
	open_machine("laptop");
	tree_expect(&tree, { "ram_total_bytes", 16000000.0 * 1024 },
		{ "ram_used_bytes", 7000000.0 * 1024 },
		{ "ram_available_bytes", 9000000.0 * 1024 },
		{ "ram_cached_bytes", 6500000.0 * 1024 },
		{ "ram_compressed_bytes", 40000.0 * 1024 + 3145728 },
		{ "ram_wired_bytes", ABSENT }, { "swap_total_bytes", 8000000.0 * 1024 },
		{ "swap_used_bytes", 500000.0 * 1024 },
		{ "swap_in_bytes", 1000.0 * (double)sysconf(_SC_PAGESIZE) },
		{ "swap_out_bytes", 2500.0 * (double)sysconf(_SC_PAGESIZE) },
		{ "mem_pressure", ABSENT });
	ck_assert_int_eq(tree_note(&tree, "mem_pressure")->avail, AVAIL_UNSUPPORTED);
}
END_TEST

START_TEST(only_hardware_counts_for_disk_and_network)
{
	open_machine("laptop");
	tree_expect(&tree, { "disk_read_bytes", 1000000.0 * 512 },
		{ "disk_write_bytes", 2000000.0 * 512 }, { "net_rx_bytes", 123456789 },
		{ "net_tx_bytes", 9876543 });
}
END_TEST

START_TEST(load_stalls_and_processes_are_read)
{
	open_machine("laptop");
	tree_expect(&tree, { "load_1m", 0.52 }, { "load_5m", 1.07 }, { "load_15m", 12.99 },
		{ "psi_cpu_some_us", 1234567 }, { "psi_memory_some_us", 2000 },
		{ "psi_memory_full_us", 1000 }, { "psi_io_some_us", 345678 },
		{ "psi_io_full_us", 300000 }, { "process_count", 5 });
}
END_TEST

START_TEST(zones_that_a_chip_shows_too_are_left_out)
{
	open_machine("laptop");
	tree_expect(&tree, { "sensor.coretemp_Package_id_0.temp_c", 57.0 },
		{ "sensor.nvme_Composite.temp_c", 41.85 }, { "sensor.TSKN.temp_c", 38.5 },
		{ "sensor.thinkpad_GPU.temp_c", ABSENT }, { "fan.0.rpm", 2345 },
		{ "fan.0.max_rpm", 6400 });
	ck_assert_uint_eq(tree.s->layout->count[SCOPE_SENSOR], 8);
	ck_assert_int_eq(
		tree_entity(&tree, SCOPE_SENSOR, "coretemp_Core_4")->domain, DOMAIN_CPU);
	ck_assert_int_eq(
		tree_entity(&tree, SCOPE_SENSOR, "nvme_Composite")->domain, DOMAIN_SSD);
	ck_assert_int_eq(tree_entity(&tree, SCOPE_SENSOR, "TSKN")->domain, DOMAIN_OTHER);
	ck_assert_str_eq(tree_entity(&tree, SCOPE_FAN, "0")->label, "thinkpad fan1");
}
END_TEST

START_TEST(the_laptop_runs_on_its_battery)
{
	open_machine("laptop");
	tree_expect(&tree, { "battery_pct", 73 }, { "battery_watts", 7.654 },
		{ "adapter_watts", ABSENT });
}
END_TEST

START_TEST(i915_tells_frequencies_and_why_no_load)
{
	open_machine("laptop");
	tree_expect(&tree, { "gpu_freq_mhz", 350 }, { "gpu_max_freq_mhz", 1100 },
		{ "gpu_util_pct", ABSENT });
	ck_assert_int_eq(tree_note(&tree, "gpu_util_pct")->avail, AVAIL_UNSUPPORTED);
}
END_TEST

START_TEST(rapl_domains_become_rails_without_their_mmio_twin)
{
	open_machine("laptop");
	ck_assert_uint_eq(tree.s->layout->count[SCOPE_RAIL], 4);
	ck_assert_int_eq(tree_entity(&tree, SCOPE_RAIL, "package")->quality, QUALITY_MEASURED);
	tree_expect(&tree, { "rail.package.joules", 0 }, { "rail.cpu.joules", 0 },
		{ "rail.gpu.joules", 0 }, { "rail.system.joules", 0 });
	ck_assert_int_eq(tree_note(&tree, "dram_watts")->avail, AVAIL_UNSUPPORTED);
	ck_assert_int_eq(tree_note(&tree, "cpu_watts")->avail, AVAIL_OK);
}
END_TEST

START_TEST(the_board_has_two_kinds_and_three_clusters)
{
	open_machine("arm-board");
	ck_assert_str_eq(tree.s->layout->machine.chip, "rockchip,rk3588");
	ck_assert_str_eq(tree.s->layout->machine.model, "Radxa ROCK 5B");
	ck_assert_int_eq(tree_entity(&tree, SCOPE_CORE, "0")->kind, 'E');
	/* 1010 is within 5 % of 1024. */
	ck_assert_int_eq(tree_entity(&tree, SCOPE_CORE, "7")->kind, 'P');
	ck_assert_int_eq(tree_entity(&tree, SCOPE_CORE, "7")->cluster, 2);
	tree_expect(&tree, { "cluster.E0.freq_mhz", 1008 }, { "cluster.P0.freq_mhz", 2208 },
		{ "cluster.P1.freq_mhz", 408 }, { "cluster.P1.max_freq_mhz", 2352 });
}
END_TEST

START_TEST(an_offline_core_keeps_its_place_without_values)
{
	open_machine("arm-board");
	tree_expect(&tree, { "core.3.busy_ticks", ABSENT }, { "core.3.total_ticks", ABSENT },
		{ "core.3.freq_mhz", ABSENT }, { "core.4.busy_ticks", 1150 },
		{ "core.4.freq_mhz", 2208 });
}
END_TEST

START_TEST(a_kernel_without_stalls_and_energy_says_so)
{
	open_machine("arm-board");
	tree_expect(&tree, { "psi_cpu_some_us", ABSENT },
		{ "swap_in_bytes", 7.0 * (double)sysconf(_SC_PAGESIZE) },
		{ "ram_compressed_bytes", ABSENT }, { "battery_pct", ABSENT });
	ck_assert_int_eq(tree_note(&tree, "psi_io_full_pct")->avail, AVAIL_UNSUPPORTED);
	ck_assert_int_eq(tree_note(&tree, "package_watts")->avail, AVAIL_UNSUPPORTED);
	ck_assert_int_eq(tree_note(&tree, "battery_pct")->avail, AVAIL_UNSUPPORTED);
	ck_assert_uint_eq(tree.s->layout->count[SCOPE_RAIL], 0);
}
END_TEST

START_TEST(the_board_has_a_devfreq_gpu_and_zones)
{
	open_machine("arm-board");
	tree_expect(&tree, { "gpu_freq_mhz", 300 }, { "gpu_max_freq_mhz", 1000 },
		{ "sensor.gpu_thermal_temp1.temp_c", 44.384 },
		{ "sensor.bigcore0-thermal.temp_c", 46.23 },
		{ "disk_read_bytes", (160000.0 + 16) * 512 }, { "net_rx_bytes", 4000000 });
	ck_assert_uint_eq(tree.s->layout->count[SCOPE_SENSOR], 7);
	ck_assert_int_eq(
		tree_entity(&tree, SCOPE_SENSOR, "littlecore-thermal")->domain, DOMAIN_CPU);
	ck_assert_int_eq(
		tree_entity(&tree, SCOPE_SENSOR, "package-thermal")->domain, DOMAIN_SOC);
	ck_assert_int_eq(
		tree_entity(&tree, SCOPE_SENSOR, "gpu_thermal_temp1")->domain, DOMAIN_GPU);
}
END_TEST

START_TEST(asahi_measures_the_whole_machine)
{
	open_machine("asahi");
	ck_assert_str_eq(tree.s->layout->machine.chip, "Apple M1");
	tree_expect(&tree, { "rail.system.watts", 6.543 }, { "rail.system.joules", ABSENT },
		{ "rail.3_8_V_Rail_Power.watts", 4.1 }, { "adapter_watts", 24.5 },
		{ "battery_pct", 64 }, { "battery_watts", -18.0 }, { "fan.0.rpm", 1700 },
		{ "fan.0.max_rpm", 7199 }, { "sensor.NAND_Flash_Temperature.temp_c", 33.25 });
	ck_assert_int_eq(tree_note(&tree, "system_watts")->avail, AVAIL_OK);
	ck_assert_int_eq(tree_note(&tree, "system_joules")->avail, AVAIL_UNSUPPORTED);
	ck_assert_int_eq(
		tree_entity(&tree, SCOPE_SENSOR, "NAND_Flash_Temperature")->domain, DOMAIN_SSD);
	ck_assert_int_eq(tree_entity(&tree, SCOPE_CORE, "4")->kind, 'P');
	ck_assert_int_eq(tree_entity(&tree, SCOPE_CLUSTER, "E0")->kind, 'E');
}
END_TEST

START_TEST(the_server_counts_each_byte_once)
{
	open_machine("server");
	/* sda and sdb, not their md and dm; the NVMe namespace, not its two paths. */
	tree_expect(&tree, { "disk_read_bytes", (1000.0 + 3000 + 50000) * 512 },
		{ "disk_write_bytes", (2000.0 + 4000 + 60000) * 512 },
		{ "net_rx_bytes", 12000000 }, { "net_tx_bytes", 6000000 });
}
END_TEST

START_TEST(nvme_paths_count_where_the_kernel_counts_only_there)
{
	tree_copy(&tree, "server");
	tree_write(&tree,
		"sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1/queue/iostats", "0\n");
	tree_write(&tree, "proc/diskstats",
		" 259 0 nvme0n1 0 0 0 0 0 0 0 0 0 0 0\n"
		" 259 1 nvme0c0n1 1 0 20000 0 1 0 30000 0 0 0 0\n"
		" 259 2 nvme0c1n1 1 0 30000 0 1 0 30000 0 0 0 0\n");
	tree_open(&tree);
	tree_expect(&tree, { "disk_read_bytes", 50000.0 * 512 },
		{ "disk_write_bytes", 60000.0 * 512 });
}
END_TEST

START_TEST(a_hundred_and_twenty_eight_policies_are_read_in_two_rounds)
{
	open_machine("server");
	ck_assert_uint_eq(tree.s->layout->count[SCOPE_CORE], 128);
	ck_assert_uint_eq(tree.s->layout->count[SCOPE_CLUSTER], 0);
	for (unsigned round = 0; isnan(tree_get(&tree, "core.127.freq_mhz")); round++) {
		ck_assert_uint_lt(round, 128); /* the time budget may shorten rounds */
		tree_read(&tree);
	}
	tree_expect(&tree, { "core.0.freq_mhz", 1500 }, { "core.127.freq_mhz", 1627 },
		{ "core.127.busy_ticks", 2127 }, { "core.127.total_ticks", 102127 },
		{ "core.64.max_freq_mhz", 3737 });
	ck_assert_int_eq(tree_entity(&tree, SCOPE_CORE, "127")->kind, 0);
}
END_TEST

START_TEST(rails_sum_packages_and_a_meter_tells_the_system)
{
	open_machine("server");
	tree_write(&tree, "sys/class/powercap/intel-rapl:0/energy_uj", "3500000\n");
	tree_write(&tree, "sys/class/powercap/intel-rapl:1/energy_uj", "2250000\n");
	tree_read(&tree);
	tree_expect(&tree, { "rail.package.joules", 2.75 }, { "rail.cpu.joules", 0 },
		{ "rail.system.watts", 412 }, { "sensor.k10temp_Tctl_2.temp_c", 61 });
	ck_assert_int_eq(
		tree_entity(&tree, SCOPE_SENSOR, "spd5118_temp1")->domain, DOMAIN_MEMORY);
}
END_TEST

START_TEST(the_machine_that_runs_the_tests_has_cores_and_memory)
{
	struct fault why = { 0 };

	tree.source = source_open("auto", &why);
	ck_assert_ptr_nonnull(tree.source);
	tree.s = sample_new(source_layout(tree.source));
	tree_read(&tree);
	ck_assert_double_gt(tree_get(&tree, "ram_total_bytes"), 0);
	ck_assert_double_gt(tree_get(&tree, "process_count"), 0);
	ck_assert_uint_gt(tree.s->layout->count[SCOPE_CORE], 0);
	ck_assert(!tree.s->layout->machine.simulated);
}
END_TEST

RUN_TESTS("linux_machines", setup, teardown, the_laptop_says_who_it_is,
	busy_ticks_hold_no_iowait_no_steal_and_guests_once,
	intel_hybrid_cores_have_kinds_and_one_cluster_per_kind, the_laptop_has_memory_and_swap,
	only_hardware_counts_for_disk_and_network, load_stalls_and_processes_are_read,
	zones_that_a_chip_shows_too_are_left_out, the_laptop_runs_on_its_battery,
	i915_tells_frequencies_and_why_no_load,
	rapl_domains_become_rails_without_their_mmio_twin,
	the_board_has_two_kinds_and_three_clusters,
	an_offline_core_keeps_its_place_without_values,
	a_kernel_without_stalls_and_energy_says_so, the_board_has_a_devfreq_gpu_and_zones,
	asahi_measures_the_whole_machine, the_server_counts_each_byte_once,
	nvme_paths_count_where_the_kernel_counts_only_there,
	a_hundred_and_twenty_eight_policies_are_read_in_two_rounds,
	rails_sum_packages_and_a_meter_tells_the_system,
	the_machine_that_runs_the_tests_has_cores_and_memory)
