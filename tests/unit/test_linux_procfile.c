/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "daemon/source/linux/procfile.h"

static void setup(void)
{
}

static void teardown(void)
{
}

static struct text text(const char *string)
{
	return text_of(string, strlen(string));
}

START_TEST(a_cpu_line_needs_a_number_and_four_columns)
{
	struct procfile_cpu cpu;

	ck_assert(procfile_parse_cpu(text("cpu12 1 2 3 4 5 6 7 8 9 10"), &cpu));
	ck_assert_uint_eq(cpu.number, 12);
	ck_assert_uint_eq(cpu.busy, 1 + 2 + 3 + 6 + 7);
	ck_assert_uint_eq(cpu.total, 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8);
	ck_assert(procfile_parse_cpu(text("cpu0 1 2 3 4"), &cpu));
	ck_assert_uint_eq(cpu.total, 10);
	ck_assert(!procfile_parse_cpu(text("cpu0 1 2 3"), &cpu));
	ck_assert(!procfile_parse_cpu(text("cpu  1 2 3 4 5"), &cpu));
	ck_assert(!procfile_parse_cpu(text("cpu0 1 2 x 4"), &cpu));
	ck_assert(!procfile_parse_cpu(text("cpu99999999999 1 2 3 4"), &cpu));
	ck_assert(!procfile_parse_cpu(text("intr 1 2 3 4"), &cpu));
	ck_assert(!procfile_parse_cpu(text(""), &cpu));
}
END_TEST

START_TEST(numbers_beyond_64_bits_do_not_parse)
{
	struct text rest = text("18446744073709551615 18446744073709551616");
	uint64_t value = 0;

	ck_assert(text_take_number(&rest, &value));
	ck_assert(value == UINT64_MAX);
	ck_assert(!text_take_number(&rest, &value));
	ck_assert(value == UINT64_MAX);
}
END_TEST

START_TEST(a_disk_line_gives_sectors_as_bytes)
{
	struct procfile_device disk;

	ck_assert(procfile_parse_disk(text(" 8 0 sda 1 2 3 4 5 6 7 8 9 10 11"), &disk));
	ck_assert_str_eq(disk.name, "sda");
	ck_assert_uint_eq(disk.in, 3 * 512);
	ck_assert_uint_eq(disk.out, 7 * 512);
	ck_assert(!procfile_parse_disk(text(" 8 0 sda 1 2 3 4 5 6"), &disk));
	ck_assert(!procfile_parse_disk(
		text(" 8 0 a-name-that-no-disk-of-this-world-has 1 2 3 4 5 6 7"), &disk));
}
END_TEST

START_TEST(an_interface_line_may_have_no_blank_after_the_colon)
{
	struct procfile_device nic;

	ck_assert(procfile_parse_interface(text("  eth0:12 2 3 4 5 6 7 8 9 10"), &nic));
	ck_assert_str_eq(nic.name, "eth0");
	ck_assert_uint_eq(nic.in, 12);
	ck_assert_uint_eq(nic.out, 9);
	ck_assert(procfile_parse_interface(text("bond0.100: 1 2 3 4 5 6 7 8 9"), &nic));
	ck_assert_str_eq(nic.name, "bond0.100");
	ck_assert(!procfile_parse_interface(text("eth0: 1 2 3 4 5 6 7 8"), &nic));
	ck_assert(!procfile_parse_interface(text(" face |bytes packets"), &nic));
	ck_assert(!procfile_parse_interface(text(": 1 2 3 4 5 6 7 8 9"), &nic));
}
END_TEST

START_TEST(meminfo_takes_its_fields_by_name_in_any_order)
{
	struct procfile_meminfo m;

	procfile_parse_meminfo(text("Cached: 7 kB\nSwapCached: 99 kB\nMemTotal:   3 kB\n"
				    "Zswapped: 5 kB\nZswap: 1 kB\nBuffers: x kB\n"),
		&m);
	ck_assert(m.has[MEMINFO_CACHED] && m.bytes[MEMINFO_CACHED] == 7168);
	ck_assert(m.has[MEMINFO_TOTAL] && m.bytes[MEMINFO_TOTAL] == 3072);
	ck_assert(m.has[MEMINFO_ZSWAP] && m.bytes[MEMINFO_ZSWAP] == 1024);
	ck_assert(!m.has[MEMINFO_BUFFERS] && !m.has[MEMINFO_AVAILABLE]);
}
END_TEST

START_TEST(load_needs_three_averages)
{
	double load[3] = { 9, 9, 9 };

	ck_assert(procfile_parse_load(text("0.05 12.30 100.99 1/2 3\n"), load));
	ck_assert_double_eq_tol(load[0], 0.05, 1e-12);
	ck_assert_double_eq_tol(load[1], 12.3, 1e-12);
	ck_assert_double_eq_tol(load[2], 100.99, 1e-12);
	ck_assert(!procfile_parse_load(text("0.05 12.30"), load));
	ck_assert(!procfile_parse_load(text("0.05 -1.30 0.00"), load));
	ck_assert(!procfile_parse_load(text("0.05 1.3 0.00"), load));
}
END_TEST

START_TEST(pressure_takes_the_total_of_the_line_asked_for)
{
	struct text file = text("some avg10=0.00 avg60=0.00 avg300=0.00 total=123\n"
				"full avg10=0.00 avg60=0.00 avg300=0.00 total=45\n");
	uint64_t total;

	ck_assert(procfile_parse_pressure(file, "some", &total));
	ck_assert_uint_eq(total, 123);
	ck_assert(procfile_parse_pressure(file, "full", &total));
	ck_assert_uint_eq(total, 45);
	ck_assert(!procfile_parse_pressure(text("some avg10=0.00\n"), "some", &total));
	ck_assert(!procfile_parse_pressure(text("some total=12"), "some", &total));
}
END_TEST

START_TEST(a_number_file_holds_one_signed_number)
{
	int64_t value = 0;

	ck_assert(procfile_parse_number(text("-128000\n"), &value));
	ck_assert_int_eq(value, -128000);
	ck_assert(procfile_parse_number(text("9223372036854775807\n"), &value));
	ck_assert(value == INT64_MAX);
	ck_assert(!procfile_parse_number(text("9223372036854775808\n"), &value));
	ck_assert(!procfile_parse_number(text("12x\n"), &value));
	ck_assert(!procfile_parse_number(text("-\n"), &value));
	ck_assert(!procfile_parse_number(text(""), &value));
}
END_TEST

static void add(void *arg, unsigned number)
{
	char *seen = arg;

	snprintf(seen + strlen(seen), 64 - strlen(seen), "%u,", number);
}

START_TEST(cpu_lists_are_ranges_or_words_below_a_limit)
{
	char seen[64] = "";

	ck_assert(procfile_parse_list(text("0-2,8\n"), 16, add, seen));
	ck_assert_str_eq(seen, "0,1,2,8,");
	seen[0] = '\0';
	ck_assert(procfile_parse_list(text("4 5\n"), 16, add, seen));
	ck_assert_str_eq(seen, "4,5,");
	seen[0] = '\0';
	ck_assert(procfile_parse_list(text("2-4294967295\n"), 4, add, seen));
	ck_assert_str_eq(seen, "2,3,");
	ck_assert(procfile_parse_list(text("\n"), 16, add, seen));
	ck_assert(!procfile_parse_list(text("1-\n"), 16, add, seen));
	ck_assert(!procfile_parse_list(text("a\n"), 16, add, seen));
}
END_TEST

START_TEST(clock_tables_give_the_marked_and_the_highest_clock)
{
	double now, max;

	procfile_parse_clocks(text("0: 500Mhz\n1: 1300Mhz *\n2: 2400Mhz\n"), &now, &max);
	ck_assert_double_eq(now, 1300);
	ck_assert_double_eq(max, 2400);
	procfile_parse_clocks(text("nothing of the kind"), &now, &max);
	ck_assert(isnan(now) && isnan(max));
}
END_TEST

START_TEST(values_lose_their_quotes_and_blanks)
{
	char value[16];

	ck_assert(procfile_parse_value(text("ID=x\nPRETTY_NAME=\"Debian 12\"\n"),
		"PRETTY_NAME=", value, sizeof(value)));
	ck_assert_str_eq(value, "Debian 12");
	ck_assert(procfile_parse_value(text("model name\t: A very long name of a chip"),
		"model name\t:", value, sizeof(value)));
	ck_assert_str_eq(value, "A very long nam");
	ck_assert(
		!procfile_parse_value(text("NAME=x\n"), "PRETTY_NAME=", value, sizeof(value)));
}
END_TEST

START_TEST(swap_and_zram_lines_are_told_apart)
{
	uint64_t in = 0, out = 0, bytes = 0;

	ck_assert(procfile_parse_swap(text("pswpin 5"), &in, &out));
	ck_assert(procfile_parse_swap(text("pswpout 6"), &in, &out));
	ck_assert(!procfile_parse_swap(text("pswpinx 7"), &in, &out));
	ck_assert_uint_eq(in, 5);
	ck_assert_uint_eq(out, 6);
	ck_assert(procfile_parse_zram(text("  1 2 3 4\n"), &bytes));
	ck_assert_uint_eq(bytes, 3);
	ck_assert(!procfile_parse_zram(text("1 2"), &bytes));
}
END_TEST

RUN_TESTS("linux_procfile", setup, teardown, a_cpu_line_needs_a_number_and_four_columns,
	numbers_beyond_64_bits_do_not_parse, a_disk_line_gives_sectors_as_bytes,
	an_interface_line_may_have_no_blank_after_the_colon,
	meminfo_takes_its_fields_by_name_in_any_order, load_needs_three_averages,
	pressure_takes_the_total_of_the_line_asked_for, a_number_file_holds_one_signed_number,
	cpu_lists_are_ranges_or_words_below_a_limit,
	clock_tables_give_the_marked_and_the_highest_clock, values_lose_their_quotes_and_blanks,
	swap_and_zram_lines_are_told_apart)
