/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <errno.h>

#include "daemon/source/linux/file.h"
#include "daemon/source/linux/gauge.h"
#include "tests/unit/linux_tree.h"

#define RAPL "sys/class/powercap/intel-rapl:"
#define SUPPLY "sys/class/power_supply/"

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

static void change(const char *path, const char *content)
{
	tree_write(&tree, path, content);
	tree_read(&tree);
}

static unsigned long count_errors(const char *part)
{
	unsigned long errors;
	const char *name;

	for (unsigned i = 0; (name = source_part(tree.source, i, &errors)); i++)
		if (strcmp(name, part) == 0)
			return errors;
	ck_abort_msg("no part %s", part);
}

START_TEST(cores_go_offline_and_come_back)
{
	open_machine("laptop");
	change("proc/stat", "cpu  0 0 0 0\ncpu1 950 0 200 51050 100 0 10 0 0 0\nintr 1\n");
	tree_expect(&tree, { "core.0.busy_ticks", ABSENT }, { "core.0.freq_mhz", ABSENT },
		{ "core.1.busy_ticks", 1160 }, { "core.1.total_ticks", 1160 + 51150 },
		{ "cluster.P0.freq_mhz", 1200 }, { "cluster.E0.freq_mhz", ABSENT });
	change("proc/stat",
		"cpu  0 0 0 0\ncpu0 7 0 0 3\ncpu1 960 0 200 51050 100 0 10 0 0 0\n");
	tree_expect(&tree, { "core.0.busy_ticks", 7 }, { "core.0.total_ticks", 10 },
		{ "core.1.busy_ticks", 1170 });
}
END_TEST

START_TEST(garbage_and_empty_files_leave_values_absent_and_count_as_errors)
{
	open_machine("laptop");
	tree_write(&tree, "proc/stat", "");
	tree_write(&tree, "proc/meminfo", "\xff\xfe\n\n::: kB\n");
	tree_write(&tree, "proc/loadavg", "nonsense\n");
	tree_write(&tree, "proc/pressure/cpu", "some avg10=0.00 total=\n");
	tree_write(&tree, "sys/class/hwmon/hwmon0/temp1_input", "hot\n");
	tree_write(&tree, "sys/devices/system/cpu/cpufreq/policy1/scaling_cur_freq",
		"<unknown>\n");
	change("sys/class/hwmon/hwmon2/fan1_input", "");
	tree_expect(&tree, { "core.0.busy_ticks", ABSENT }, { "ram_total_bytes", ABSENT },
		{ "load_1m", ABSENT }, { "psi_cpu_some_us", ABSENT },
		{ "psi_io_some_us", 345678 }, { "sensor.coretemp_Package_id_0.temp_c", ABSENT },
		{ "sensor.coretemp_Core_0.temp_c", 55 }, { "core.1.freq_mhz", ABSENT },
		{ "fan.0.rpm", ABSENT }, { "fan.0.max_rpm", 6400 },
		{ "disk_read_bytes", 512e6 });
	ck_assert_uint_eq(count_errors("cpu"), 1);
	ck_assert_uint_eq(count_errors("memory"), 1);
	ck_assert_uint_eq(count_errors("load"), 1);
	ck_assert_uint_eq(count_errors("sensors"), 1);
	ck_assert_uint_eq(count_errors("disk"), 0);
}
END_TEST

START_TEST(a_line_cut_in_the_middle_does_not_count)
{
	open_machine("laptop");
	change("proc/stat", "cpu  0 0 0 0\ncpu0 5 0 0 5\ncpu1 95");
	tree_expect(&tree, { "core.0.busy_ticks", 5 }, { "core.1.busy_ticks", ABSENT });
	change("proc/meminfo", "MemTotal: 1000 kB\nMemAvailable: 50");
	tree_expect(&tree, { "ram_total_bytes", 1024000 }, { "ram_available_bytes", ABSENT },
		{ "ram_used_bytes", ABSENT });
}
END_TEST

START_TEST(implausible_temperatures_are_absent)
{
	open_machine("laptop");
	tree_write(&tree, "sys/class/hwmon/hwmon0/temp1_input", "150001\n");
	change("sys/class/hwmon/hwmon0/temp2_input", "-40000\n");
	tree_expect(&tree, { "sensor.coretemp_Package_id_0.temp_c", ABSENT },
		{ "sensor.coretemp_Core_0.temp_c", -40 });
	ck_assert_uint_eq(count_errors("sensors"), 0);
}
END_TEST

START_TEST(energy_counters_add_up_across_their_wrap)
{
	open_machine("laptop");
	/* From 262143000000 to the wrap at 262143328850 and 1671150 on: 2 J. */
	tree_write(&tree, RAPL "0/energy_uj", "1671150\n");
	tree_write(&tree, "sys/class/powercap/intel-rapl-mmio:0/energy_uj", "1671150\n");
	change(RAPL "0:0/energy_uj", "4500000\n");
	tree_expect(&tree, { "rail.package.joules", 2.0 }, { "rail.cpu.joules", 3.5 });
	change(RAPL "0/energy_uj", "2671150\n");
	tree_expect(&tree, { "rail.package.joules", 3.0 }, { "rail.cpu.joules", 3.5 });
}
END_TEST

START_TEST(an_energy_counter_that_was_reset_adds_nothing)
{
	open_machine("laptop");
	/* core stood at 1 J of 262143 J: a wrap would have taken 262 kJ in no time. */
	change(RAPL "0:0/energy_uj", "500000\n");
	tree_expect(&tree, { "rail.cpu.joules", 0 });
	change(RAPL "0:0/energy_uj", "750000\n");
	tree_expect(&tree, { "rail.cpu.joules", 0.25 });
	change(RAPL "0:0/energy_uj", "x\n");
	tree_expect(&tree, { "rail.cpu.joules", ABSENT }, { "rail.package.joules", 0 });
	change(RAPL "0:0/energy_uj", "1000000\n");
	tree_expect(&tree, { "rail.cpu.joules", 0.5 });
}
END_TEST

START_TEST(energy_that_only_root_may_read_says_so)
{
	char reason[] = "/energy_uj: Permission denied";
	const struct layout_note *note;

	tree_copy(&tree, "laptop");
	tree_run("chmod 755 %s && chmod 400 %s/" RAPL "0:0/energy_uj", tree.root, tree.root);
	if (geteuid() == 0)
		ck_assert_int_eq(seteuid(65534), 0);
	else
		tree_run("chmod 0 %s/" RAPL "0:0/energy_uj", tree.root);
	tree_open(&tree);
	if (getuid() == 0)
		ck_assert_int_eq(seteuid(0), 0);
	note = tree_note(&tree, "cpu_watts");
	ck_assert_int_eq(note->avail, AVAIL_NEEDS_ROOT);
	ck_assert_ptr_nonnull(strstr(note->reason, reason));
	ck_assert_int_eq(tree_note(&tree, "package_watts")->avail, AVAIL_OK);
	ck_assert_int_eq(tree.s->layout->notes[METRIC_RAIL_WATTS].avail, AVAIL_NEEDS_ROOT);
	tree_expect(&tree, { "rail.cpu.joules", ABSENT }, { "rail.package.joules", 0 });
	ck_assert_uint_eq(count_errors("power"), 0);
}
END_TEST

START_TEST(the_sum_of_disks_never_goes_back)
{
	open_machine("server");
	/* sdb goes after 100 sectors more of sda; then it is back, as another disk. */
	change("proc/diskstats",
		" 8 0 sda 1 0 1100 0 1 0 2010 0 0 0 0\n"
		" 259 0 nvme0n1 1 0 50000 0 1 0 60000 0 0 0 0\n");
	tree_expect(&tree, { "disk_read_bytes", (1100.0 + 3000 + 50000) * 512 },
		{ "disk_write_bytes", (2010.0 + 4000 + 60000) * 512 });
	change("proc/diskstats",
		" 8 0 sda 1 0 1100 0 1 0 2010 0 0 0 0\n"
		" 8 16 sdb 1 0 9000 0 1 0 9000 0 0 0 0\n"
		" 259 0 nvme0n1 1 0 50000 0 1 0 60000 0 0 0 0\n");
	tree_expect(&tree, { "disk_read_bytes", (1100.0 + 3000 + 50000) * 512 });
	change("proc/diskstats",
		" 8 0 sda 1 0 5 0 1 0 5 0 0 0 0\n"
		" 8 16 sdb 1 0 9007 0 1 0 9000 0 0 0 0\n"
		" 259 0 nvme0n1 1 0 50000 0 1 0 60001 0 0 0 0\n");
	tree_expect(&tree, { "disk_read_bytes", (1100.0 + 3007 + 50000) * 512 },
		{ "disk_write_bytes", (2010.0 + 4000 + 60001) * 512 });
}
END_TEST

START_TEST(the_sum_of_interfaces_never_goes_back)
{
	open_machine("server");
	change("proc/net/dev", "  eno2: 2000500 1 0 0 0 0 0 0 1000100 1\n");
	tree_expect(&tree, { "net_rx_bytes", 12000500 }, { "net_tx_bytes", 6000100 });
	change("proc/net/dev", "eno2: 100 0 0 0 0 0 0 0 1000200 1\n");
	tree_expect(&tree, { "net_rx_bytes", 12000500 }, { "net_tx_bytes", 6000100 });
	change("proc/net/dev", "");
	tree_expect(&tree, { "net_rx_bytes", 12000500 }, { "net_tx_bytes", 6000100 });
	change("proc/net/dev", "eno1:1 0 0 0 0 0 0 0 1\n  eno2:9 0 0 0 0 0 0 0 9\n");
	change("proc/net/dev", "eno1:3 0 0 0 0 0 0 0 2\n  eno2:9 0 0 0 0 0 0 0 9\n");
	tree_expect(&tree, { "net_rx_bytes", 12000502 }, { "net_tx_bytes", 6000101 });
}
END_TEST

START_TEST(a_container_counts_what_is_up_and_no_twin)
{
	tree_copy(&tree, "");
	tree_run("mkdir -p %s/proc/net && cd %s && for i in lo eth0 br0 port tap; do"
		 " mkdir -p sys/class/net/$i; echo 0x1003 >sys/class/net/$i/flags; done;"
		 " echo 0x9 >sys/class/net/lo/flags; mkdir sys/class/net/br0/bridge;"
		 " mkdir sys/class/net/port/master; echo 1 >sys/class/net/tap/tun_flags",
		tree.root, tree.root);
	tree_write(&tree, "proc/net/dev",
		"lo: 1 0 0 0 0 0 0 0 1\neth0: 20 0 0 0 0 0 0 0 10\nbr0: 7 0 0 0 0 0 0 0 7\n"
		"port: 7 0 0 0 0 0 0 0 7\ntap: 7 0 0 0 0 0 0 0 7\n");
	tree_open(&tree);
	tree_expect(&tree, { "net_rx_bytes", 20 }, { "net_tx_bytes", 10 },
		{ "ram_total_bytes", ABSENT }, { "disk_read_bytes", ABSENT });
}
END_TEST

START_TEST(failover_slaves_are_twins)
{
	tree_copy(&tree, "server");
	tree_run("cd %s/sys/class/net && mkdir bond0/device", tree.root);
	tree_open(&tree);
	/* bond0 stands for a failover master, which has a device: its slaves are not counted.
	 */
	tree_expect(&tree, { "net_rx_bytes", 12000000 }, { "net_tx_bytes", 6000000 });
	change("proc/net/dev",
		"eno1: 90000000 0 0 0 0 0 0 0 1\nbond0: 12000001 1 0 0 0 0 0 0 "
		"6000000 1\n");
	tree_expect(&tree, { "net_rx_bytes", 12000001 });
}
END_TEST

START_TEST(a_port_of_a_switch_chip_is_a_twin_of_the_interface_behind_it)
{
	tree_copy(&tree, "laptop");
	tree_run("cd %s/sys/class/net && cp -R wlp0s20f3 lan1 && echo 9 >lan1/ifindex",
		tree.root);
	tree_write(&tree, "proc/net/dev",
		"wlp0s20f3: 500 0 0 0 0 0 0 0 50\nlan1: 400 0 0 0 0 0 0 0 40\n");
	tree_open(&tree);
	tree_expect(&tree, { "net_rx_bytes", 500 }, { "net_tx_bytes", 50 });
}
END_TEST

START_TEST(swap_counters_are_read_while_there_is_swap_and_held_otherwise)
{
	double page = (double)sysconf(_SC_PAGESIZE);

	open_machine("arm-board");
	change("proc/vmstat", "pswpin 100\npswpout 200\n");
	tree_expect(&tree, { "swap_in_bytes", 7 * page }, { "swap_out_bytes", 9 * page });
	change("proc/meminfo", "MemTotal: 4 kB\nSwapTotal: 8 kB\nSwapFree: 8 kB\n");
	tree_expect(&tree, { "swap_in_bytes", 100 * page }, { "swap_out_bytes", 200 * page });
}
END_TEST

START_TEST(zram_that_appears_with_swap_counts_as_compressed)
{
	open_machine("arm-board");
	tree_run("mkdir -p %s/sys/block/zram0", tree.root);
	tree_write(&tree, "sys/block/zram0/disksize", "1000000\n");
	tree_write(&tree, "sys/block/zram0/mm_stat", "8192 100 4096 0 4096 0 0 0\n");
	tree_read(&tree);
	tree_expect(&tree, { "ram_compressed_bytes", ABSENT });
	change("proc/meminfo", "MemTotal: 4 kB\nSwapTotal: 8 kB\nSwapFree: 8 kB\n");
	tree_expect(&tree, { "ram_compressed_bytes", 4096 });
}
END_TEST

START_TEST(batteries_charge_discharge_and_add_up)
{
	open_machine("laptop");
	change(SUPPLY "BAT0/status", "Charging\n");
	tree_expect(&tree, { "battery_watts", -7.654 });
	change(SUPPLY "BAT0/status", "Not charging\n");
	tree_expect(&tree, { "battery_watts", ABSENT });
	change(SUPPLY "BAT0/power_now", "0\n");
	tree_expect(&tree, { "battery_watts", 0 });
	change(SUPPLY "BAT0/capacity", "101\n");
	tree_expect(&tree, { "battery_pct", ABSENT });
}
END_TEST

START_TEST(two_batteries_weigh_by_what_they_hold)
{
	tree_copy(&tree, "laptop");
	tree_run("cp -R %s/" SUPPLY "BAT0 %s/" SUPPLY "BAT1", tree.root, tree.root);
	tree_write(&tree, SUPPLY "BAT1/capacity", "13\n");
	tree_write(&tree, SUPPLY "BAT1/energy_full", "26000000\n");
	tree_open(&tree);
	/* (73 x 52 + 13 x 26) / 78 */
	tree_expect(&tree, { "battery_pct", 53 }, { "battery_watts", 2 * 7.654 });
}
END_TEST

START_TEST(a_discrete_gpu_tells_load_memory_and_power_until_it_sleeps)
{
	tree_copy(&tree, "laptop");
	tree_run("cd %s/sys/class/drm && mkdir -p card0/device/power card0/device/hwmon/hwmon7 "
		 "&&"
		 " cd card0/device && echo auto >power/control && echo active"
		 " >power/runtime_status && echo 37 >gpu_busy_percent && echo 8000000000"
		 " >mem_info_vram_total && echo 1500000000 >mem_info_vram_used && printf"
		 " '0: 500Mhz\\n1: 1200Mhz *\\n2: 2400Mhz\\n' >pp_dpm_sclk && cd hwmon/hwmon7"
		 " && echo 1200000000 >freq1_input && echo 31000000 >power1_average",
		tree.root);
	tree_open(&tree);
	tree_expect(&tree, { "gpu_util_pct", 37 }, { "gpu_mem_used_bytes", 1.5e9 },
		{ "gpu_mem_limit_bytes", 8e9 }, { "gpu_freq_mhz", 1200 },
		{ "gpu_max_freq_mhz", 2400 }, { "rail.gpu_card0.watts", 31 });
	change("sys/class/drm/card0/device/power/runtime_status", "suspended\n");
	tree_expect(&tree, { "gpu_util_pct", 0 }, { "gpu_mem_used_bytes", ABSENT },
		{ "gpu_freq_mhz", 0 }, { "gpu_max_freq_mhz", 2400 },
		{ "rail.gpu_card0.watts", ABSENT });
}
END_TEST

START_TEST(a_file_that_was_missing_is_looked_for_again_after_sixty_reads)
{
	char path[128], buf[16];
	struct file file;

	tree_copy(&tree, "");
	snprintf(path, sizeof(path), "%s/late", tree.root);
	ck_assert_int_eq(file_open(&file, "%s", path), -ENOENT);
	tree_write(&tree, "late", "42\n");
	for (unsigned i = 0; i < FILE_RETRY_READS; i++)
		ck_assert_int_eq(file_read(&file, buf, sizeof(buf)), -ENOENT);
	ck_assert_int_eq(file_read(&file, buf, sizeof(buf)), 3);
	ck_assert_str_eq(buf, "42\n");
	file_close(&file);
}
END_TEST

START_TEST(files_longer_than_a_page_are_read_line_by_line)
{
	FILE *f;
	char path[128];

	tree_copy(&tree, "server");
	snprintf(path, sizeof(path), "%s/proc/diskstats", tree.root);
	f = fopen(path, "w");
	for (unsigned i = 0; i < 2000; i++)
		fprintf(f, " 7 %u loop%u 1 0 100 0 1 0 100 0 0 0 0\n", i, i);
	fprintf(f, " 8 0 sda 1 0 1000 0 1 0 2000 0 0 0 0\n");
	fclose(f);
	tree_open(&tree);
	tree_expect(&tree, { "disk_read_bytes", 512000 }, { "disk_write_bytes", 1024000 });
}
END_TEST

START_TEST(a_dear_gauge_rests_two_hundred_times_as_long_as_it_took)
{
	ck_assert_uint_eq(gauge_due_ns(1000, GAUGE_DEAR_NS - 1), 1000);
	ck_assert_uint_eq(gauge_due_ns(1000, 5000000), 1000 + 1000000000u);
}
END_TEST

START_TEST(a_gauge_that_rests_holds_its_value)
{
	struct gauge gauge = { .value = 41, .due_ns = 5000 };
	int64_t value = 0;

	tree_copy(&tree, "");
	tree_write(&tree, "gauge", "42\n");
	ck_assert_int_eq(file_open(&gauge.file, "%s/gauge", tree.root), 0);
	ck_assert_int_eq(gauge_read(&gauge, 4999, &value), 0);
	ck_assert_int_eq(value, 41);
	ck_assert_int_eq(gauge_read(&gauge, 5000, &value), 0);
	ck_assert_int_eq(value, 42);
	file_close(&gauge.file);
}
END_TEST

START_TEST(an_empty_root_opens_and_says_nothing)
{
	tree_copy(&tree, "");
	tree_open(&tree);
	tree_expect(&tree, { "ram_total_bytes", ABSENT }, { "load_1m", ABSENT },
		{ "net_rx_bytes", ABSENT }, { "process_count", ABSENT });
	ck_assert_uint_eq(tree.s->layout->count[SCOPE_CORE], 0);
}
END_TEST

RUN_TESTS("linux_change", setup, teardown, cores_go_offline_and_come_back,
	garbage_and_empty_files_leave_values_absent_and_count_as_errors,
	a_line_cut_in_the_middle_does_not_count, implausible_temperatures_are_absent,
	energy_counters_add_up_across_their_wrap, an_energy_counter_that_was_reset_adds_nothing,
	energy_that_only_root_may_read_says_so, the_sum_of_disks_never_goes_back,
	the_sum_of_interfaces_never_goes_back, a_container_counts_what_is_up_and_no_twin,
	failover_slaves_are_twins, a_port_of_a_switch_chip_is_a_twin_of_the_interface_behind_it,
	swap_counters_are_read_while_there_is_swap_and_held_otherwise,
	zram_that_appears_with_swap_counts_as_compressed, batteries_charge_discharge_and_add_up,
	two_batteries_weigh_by_what_they_hold,
	a_discrete_gpu_tells_load_memory_and_power_until_it_sleeps,
	a_file_that_was_missing_is_looked_for_again_after_sixty_reads,
	files_longer_than_a_page_are_read_line_by_line,
	a_dear_gauge_rests_two_hundred_times_as_long_as_it_took,
	a_gauge_that_rests_holds_its_value, an_empty_root_opens_and_says_nothing)
