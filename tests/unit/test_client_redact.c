/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "client/doctor/redact.h"
#include "tests/unit/run.h"

static struct redact redact;
static struct buf out;

static void setup(void)
{
	buf_init(&out, 65536);
	redact = (struct redact){ .count = 0 };
	redact_add(&redact, "studio.example.org", "<host>");
	redact_add(&redact, "studio", "<host>");
	redact_add(&redact, "ann", "<user>");
	redact_add(&redact, "Ann Example", "<user>");
}

static void teardown(void)
{
	buf_fini(&out);
}

static void check_text(const char *text, const char *expected)
{
	buf_clear(&out);
	redact_text(&redact, &out, text, strlen(text));
	buf_add(&out, "", 1);
	ck_assert_str_eq(out.data, expected);
}

START_TEST(names_of_the_machine_and_of_its_user_go)
{
	check_text("studio.example.org: /home/ann/x", "<host>: /home/<user>/x");
	check_text("STUDIO, Ann", "<host>, <user>");
	check_text("", "");
}
END_TEST

START_TEST(words_that_only_contain_a_name_stay)
{
	check_text("channel annex studios ann_b", "channel annex studios ann_b");
}
END_TEST

START_TEST(names_that_everybody_has_are_not_taken_for_one)
{
	redact.count = 0;
	redact_add(&redact, "root", "<user>");
	redact_add(&redact, "localhost", "<host>");
	redact_add(&redact, "", "<host>");
	redact_add(&redact, "x", "<host>");
	ck_assert_uint_eq(redact.count, 0);
}
END_TEST

START_TEST(hardware_addresses_go)
{
	check_text("00:1a:2B:3c:4d:5e 00-1a-2b-3c-4d-5e.", "<address> <address>.");
	check_text("\"enx001a2b3c4d5e\" wlx001a2b3c4d5e", "\"enx<address>\" wlx<address>");
	check_text("001a2b3c4d5e", "<address>");
}
END_TEST

START_TEST(internet_addresses_go)
{
	check_text("10.0.0.7:80 [fe80::1] 2001:db8:0:0:0:0:0:1",
		"<address>:80 [<address>] <address>");
}
END_TEST

START_TEST(times_numbers_and_versions_stay)
{
	check_text("10:30:05 123456789012 1767225600.250 6.1.0 0xfeed",
		"10:30:05 123456789012 1767225600.250 6.1.0 0xfeed");
	check_text("{\"ts_ms\":1700000000000,\"epoch\":\"5f0c1a2b3c4d5e6f\"}",
		"{\"ts_ms\":1700000000000,\"epoch\":\"5f0c1a2b3c4d5e6f\"}");
}
END_TEST

START_TEST(uuids_go)
{
	check_text("01234567-89ab-cdef-0123-456789ABCDEF", "<uuid>");
	check_text(
		"01234567-89ab-cdef-0123-456789ABCDE", "01234567-89ab-cdef-0123-456789ABCDE");
}
END_TEST

START_TEST(values_of_members_that_speak_of_a_serial_number_go)
{
	check_text("{\"BatterySerialNumber\":\"F5D\\\"x\",\"a\":1}",
		"{\"BatterySerialNumber\":\"<serial>\",\"a\":1}");
	check_text("{\"serial\" : 4711, \"b\":\"serial\"}",
		"{\"serial\" : \"<serial>\", \"b\":\"serial\"}");
	check_text("\"serial", "\"serial");
	check_text("\"serial\":", "\"serial\":");
}
END_TEST

RUN_TESTS("client_redact", setup, teardown, names_of_the_machine_and_of_its_user_go,
	words_that_only_contain_a_name_stay, names_that_everybody_has_are_not_taken_for_one,
	hardware_addresses_go, internet_addresses_go, times_numbers_and_versions_stay, uuids_go,
	values_of_members_that_speak_of_a_serial_number_go)
