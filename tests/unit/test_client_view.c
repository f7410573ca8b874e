/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "client/actop1.h"
#include "client/cell.h"
#include "client/columns.h"
#include "client/message.h"
#include "client/table.h"
#include "tests/unit/run.h"

#define ROW(name, kind, unit, decimals, more) \
	"{\"name\":\"" name "\",\"kind\":\"" kind "\",\"unit\":\"" unit \
	"\",\"decimals\":" #decimals ",\"desc\":\"d\"" more "}"
#define SHOWN(n) ",\"avail\":\"ok\",\"show\":" #n

static const char schema_line[] =
	"{\"type\":\"reply\",\"id\":1,\"op\":\"schema\",\"metrics\":[" ROW(
		"cpu_watts", "gauge", "W", 3, SHOWN(2)) "," ROW("cpu_util_pct", "gauge", "%", 2,
		SHOWN(1)) "," ROW("gpu_temp_c", "gauge", "Cel", 1,
		",\"avail\":\"unsupported\",\"show\":3") "," ROW("thermal_state", "state", "1",
		0, SHOWN(4) ",\"values\":[\"Nominal\",\"Serious\"]") "," ROW("ram_used_bytes",
		"gauge", "By", 0, SHOWN(5)) "," ROW("net_rx_bytes_per_s", "gauge", "By/s", 0,
		SHOWN(6)) "," ROW("throttle_cpu", "bool", "1", 0,
		",\"avail\":\"ok\"") "," ROW("strange", "gauge", "furlong", 0,
		",\"avail\":\"ok\"") "," ROW("core.0.active_pct", "gauge", "%", 2,
		",\"avail\":\"ok\",\"core_kind\":\"E\"") "," ROW("core.1.active_pct", "gauge",
		"%", 2, ",\"avail\":\"ok\",\"core_kind\":\"P\"") "," ROW("core.10.active_pct",
		"gauge", "%", 2,
		",\"avail\":\"ok\",\"core_kind\":\"P\"") "," ROW("core.11.active_pct", "gauge",
		"%", 2, ",\"avail\":\"ok\",\"core_kind\":null") "]}";

static const char sample_line[] =
	"{\"type\":\"sample\",\"sub\":\"watch\",\"epoch\":\"e\",\"seq\":7,\"n\":1,"
	"\"ts_ms\":1763906470004,\"v\":{\"cpu_watts\":9.41,\"cpu_util_pct\":41.5,"
	"\"gpu_temp_c\":null,\"thermal_state\":\"Nominal\",\"ram_used_bytes\":76450000896,"
	"\"net_rx_bytes_per_s\":1572864,\"throttle_cpu\":false,\"ecpu_util_pct\":12,"
	"\"pcpu_util_pct\":40.85,\"pcpu_freq_mhz\":3204.7,\"ram_used_gb\":71.2,"
	"\"swap_used_gb\":0,\"bandwidth_gbps\":498.4,\"bandwidth_available\":true,"
	"\"core.0.active_pct\":12.99,\"core.0.freq_mhz\":1020,\"core.1.active_pct\":40,"
	"\"core.1.freq_mhz\":3204,\"core.10.active_pct\":null,\"core.11.active_pct\":5}}";

static struct message schema, sample;
static struct columns all;
static struct buf out;

static void test_view_setup(void)
{
	ck_assert_int_eq(message_parse(&schema, schema_line, sizeof(schema_line) - 1), 0);
	ck_assert_int_eq(message_parse(&sample, sample_line, sizeof(sample_line) - 1), 0);
	columns_read(&all, &schema);
	buf_init(&out, 65536);
}

static void test_view_teardown(void)
{
	columns_fini(&all);
	message_free(&schema);
	message_free(&sample);
	buf_fini(&out);
}

static void check_out(const char *expected)
{
	buf_add(&out, "", 1);
	ck_assert_str_eq(out.data, expected);
	buf_clear(&out);
}

START_TEST(the_actop1_view_is_the_record_of_actop_1_0_0)
{
	actop1_write(&out, &all, &sample);
	check_out("{\"timestamp\":1763906470.004,\"cpu_watts\":9.41,\"gpu_watts\":0.0,"
		  "\"ane_watts\":0.0,\"package_watts\":0.0,\"ecpu_util_pct\":12.0,"
		  "\"pcpu_util_pct\":40.85,\"gpu_util_pct\":0.0,\"cpu_temp_c\":0.0,"
		  "\"gpu_temp_c\":0.0,\"ecpu_freq_mhz\":0,\"pcpu_freq_mhz\":3204,"
		  "\"gpu_freq_mhz\":0,\"ram_used_gb\":71.2,\"swap_used_gb\":0.0,"
		  "\"thermal_state\":\"Nominal\",\"bandwidth_gbps\":498.4,"
		  "\"bandwidth_available\":true,"
		  "\"e_cores\":[{\"index\":0,\"active_pct\":12,\"freq_mhz\":1020}],"
		  "\"p_cores\":[{\"index\":0,\"active_pct\":40,\"freq_mhz\":3204},"
		  "{\"index\":1,\"active_pct\":0,\"freq_mhz\":0}]}");
}
END_TEST

START_TEST(the_actop1_view_of_nothing_has_zeros_and_unknown)
{
	const char line[] = "{\"ts_ms\":1763906470000,\"v\":{}}";
	struct message empty;

	ck_assert_int_eq(message_parse(&empty, line, sizeof(line) - 1), 0);
	actop1_write(&out, &(const struct columns){ 0 }, &empty);
	message_free(&empty);
	buf_add(&out, "", 1);
	ck_assert_ptr_nonnull(
		strstr(out.data, "{\"timestamp\":1763906470.0,\"cpu_watts\":0.0,"));
	ck_assert_ptr_nonnull(strstr(out.data, "\"thermal_state\":\"Unknown\","));
	ck_assert_ptr_nonnull(strstr(out.data, "\"bandwidth_available\":false,"));
	ck_assert_ptr_nonnull(strstr(out.data, "\"e_cores\":[],\"p_cores\":[]}"));
}
END_TEST

START_TEST(the_default_table_is_what_the_schema_shows_and_this_machine_has)
{
	struct columns c;

	columns_default(&c, &all);
	ck_assert_uint_eq(c.count, 5);
	ck_assert_str_eq(c.items[0].name, "cpu_util_pct");
	ck_assert_str_eq(c.items[1].name, "cpu_watts");
	ck_assert_str_eq(c.items[2].name, "thermal_state");
	columns_fini(&c);
}
END_TEST

START_TEST(chosen_columns_come_in_the_order_of_the_patterns_and_once)
{
	const char *const patterns[] = { "core.*.active_pct", "cpu_watts", "cpu_*" };
	struct columns c;

	columns_choose(&c, &all, patterns, 3);
	ck_assert_uint_eq(c.count, 6);
	ck_assert_str_eq(c.items[0].name, "core.0.active_pct");
	ck_assert_str_eq(c.items[4].name, "cpu_watts");
	ck_assert_str_eq(c.items[5].name, "cpu_util_pct");
	columns_fini(&c);
}
END_TEST

START_TEST(several_aggregations_make_a_column_each_of_gauges_only)
{
	const char line[] = "{\"v\":{\"cpu_watts\":[1,2.5,4],\"thermal_state\":\"Fair\"}}";
	const char *const patterns[] = { "cpu_watts", "thermal_state" };
	const char *const aggs[] = { "min", "mean", "max" };
	struct columns c;
	struct cell cells[4];
	struct message m;

	columns_choose(&c, &all, patterns, 2);
	columns_split(&c, aggs, 3);
	ck_assert_uint_eq(c.count, 4);
	ck_assert_str_eq(c.items[2].part_name, "max");
	ck_assert_int_eq(message_parse(&m, line, sizeof(line) - 1), 0);
	columns_cells(&c, &m, cells);
	ck_assert_double_eq(cells[0].number, 1);
	ck_assert_double_eq(cells[1].number, 2.5);
	ck_assert_double_eq(cells[2].number, 4);
	ck_assert_str_eq(cells[3].text, "Fair");
	message_free(&m);
	columns_fini(&c);
}
END_TEST

START_TEST(a_table_is_aligned_and_names_units_above_the_numbers)
{
	struct columns c;
	struct cell cells[8];
	struct table t;

	columns_default(&c, &all);
	table_init(&t, &c, 8, 0);
	ck_assert_uint_eq(t.shown, 5);
	columns_cells(&c, &sample, cells);
	table_header(&t, &out);
	ck_assert_uint_eq(table_header_lines(&t), 3);
	table_row(&t, "14:02:10", cells, &out);
	check_out("             cpu          thermal\n"
		  "            util     cpu    state  ram_used      net_rx\n"
		  "time           %       W\n"
		  "14:02:10   41.50    9.41  Nominal  71.2 GiB   1.5 MiB/s\n");
	table_fini(&t);
	columns_fini(&c);
}
END_TEST

START_TEST(a_narrow_terminal_loses_columns_from_the_end)
{
	struct columns c;
	struct table t;

	columns_default(&c, &all);
	table_init(&t, &c, 8, 33);
	ck_assert_uint_eq(t.shown, 3);
	table_fini(&t);
	table_init(&t, &c, 8, 32);
	ck_assert_uint_eq(t.shown, 2);
	table_fini(&t);
	table_init(&t, &c, 8, 1);
	ck_assert_uint_eq(t.shown, 1);
	table_fini(&t);
	columns_fini(&c);
}
END_TEST

START_TEST(values_are_written_for_programs_as_they_came_and_for_people_short)
{
	const struct column *watts = columns_find(&all, "cpu_watts");
	const struct column *rate = columns_find(&all, "net_rx_bytes_per_s");
	const struct cell number = { CELL_NUMBER, 12.3456, NULL, false };
	const struct cell nothing = { CELL_NONE, 0, NULL, false };
	const struct cell yes = { CELL_BOOL, 0, NULL, true };
	const struct cell text = { CELL_TEXT, 0, "a\033b", false };
	const struct cell minus = { CELL_NUMBER, -0.0004, NULL, false };

	cell_write(&out, watts, &number, "");
	check_out("12.346");
	cell_show(&out, watts, &number);
	check_out("12.35");
	cell_write(&out, watts, &nothing, "");
	check_out("");
	cell_show(&out, watts, &nothing);
	check_out("-");
	cell_write(&out, watts, &yes, "");
	check_out("true");
	cell_show(&out, watts, &yes);
	check_out("yes");
	cell_show(&out, watts, &text);
	check_out("a\\x1bb");
	cell_show(&out, watts, &minus);
	check_out("0.00");
	cell_show(&out, rate, &number);
	check_out("12 B/s");
}
END_TEST

START_TEST(bytes_have_at_most_four_digits)
{
	static const struct {
		double bytes;
		const char *text;
	} cases[] = { { 0, "0 B" }, { 1023, "1023 B" }, { 1024, "1.0 KiB" },
		{ 1536, "1.5 KiB" }, { 102400, "100 KiB" }, { 1048063, "1023 KiB" },
		{ 1048575, "1.0 MiB" }, { 76450000896.0, "71.2 GiB" }, { 1e18, "888 PiB" },
		{ -2048, "-2.0 KiB" } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		cell_show_bytes(&out, cases[i].bytes);
		check_out(cases[i].text);
	}
}
END_TEST

START_TEST(a_unit_that_is_not_known_is_shown_as_the_daemon_names_it)
{
	const struct column *strange = columns_find(&all, "strange");

	ck_assert_str_eq(cell_unit(strange), "furlong");
	ck_assert_uint_eq(cell_label_length(strange), strlen("strange"));
	ck_assert_uint_eq(cell_label_length(columns_find(&all, "cpu_watts")), 3);
	ck_assert_uint_eq(cell_label_length(columns_find(&all, "net_rx_bytes_per_s")), 6);
}
END_TEST

RUN_TESTS("client_view", test_view_setup, test_view_teardown,
	the_actop1_view_is_the_record_of_actop_1_0_0,
	the_actop1_view_of_nothing_has_zeros_and_unknown,
	the_default_table_is_what_the_schema_shows_and_this_machine_has,
	chosen_columns_come_in_the_order_of_the_patterns_and_once,
	several_aggregations_make_a_column_each_of_gauges_only,
	a_table_is_aligned_and_names_units_above_the_numbers,
	a_narrow_terminal_loses_columns_from_the_end,
	values_are_written_for_programs_as_they_came_and_for_people_short,
	bytes_have_at_most_four_digits,
	a_unit_that_is_not_known_is_shown_as_the_daemon_names_it)
