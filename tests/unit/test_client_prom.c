/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "client/exposition.h"
#include "proto/metric.h"
#include "tests/unit/run.h"

#define ROW(name, more) "{\"name\":\"" name "\",\"decimals\":3,\"desc\":\"d\"" more "}"

static const char schema_line[] = "{\"type\":\"reply\",\"op\":\"schema\",\"metrics\":[" ROW(
	"core.0.active_pct", ",\"core_kind\":\"E\"") "," ROW("core.1.active_pct",
	"") "," ROW("rail.cpu.joules", "") "," ROW("cpu_watts", "") "," ROW("cpu_joules",
	"") "," ROW("gpu_watts", "") "," ROW("thermal_state",
	",\"values\":[\"Nominal\",\"Fair\"]") "," ROW("throttle_cpu",
	"") "," ROW("sensor.a_b.temp_c", ",\"domain\":\"cpu\"") "," ROW("from_the_future",
	"") "," ROW("core.x", "") "]}";

static const char sample_line[] =
	"{\"ts_ms\":1500,\"v\":{\"core.0.active_pct\":12.5,\"core.1.active_pct\":0,"
	"\"rail.cpu.joules\":70.004,\"cpu_watts\":9.41,\"cpu_joules\":70.004,\"gpu_watts\":"
	"null,"
	"\"thermal_state\":\"Fair\",\"throttle_cpu\":false,\"sensor.a_b.temp_c\":41.5,"
	"\"from_the_future\":3}}";

static const char hello_line[] =
	"{\"type\":\"reply\",\"ts_ms\":2000,\"version\":\"0.1.0\",\"os\":\"macos\","
	"\"soc\":\"a \\\"b\\\" \\\\c\"}";
static const char status_line[] = "{\"type\":\"reply\",\"cpu_ms\":1500,\"rss_bytes\":4096}";
static const char alerts_line[] = "{\"type\":\"reply\",\"alerts\":[{\"rule\":\"memory\"}]}";

static char text[65536];

/* What is told of processes: so many, 0 = nobody asked. */
static unsigned shown;
static struct process rows[] = {
	{ .name = "mlx \"a\"\n",
		.cpu_pct = 180.5,
		.gpu_pct = 97,
		.watts = 38.72,
		.mem_bytes = 4096,
		.read_bytes_per_s = NAN,
		.write_bytes_per_s = NAN,
		.members = 2 },
	{ .name = "", .cpu_pct = 9, .members = 1 },
	{ .name = "cc",
		.cpu_pct = NAN,
		.gpu_pct = NAN,
		.watts = NAN,
		.mem_bytes = 8192,
		.read_bytes_per_s = NAN,
		.write_bytes_per_s = NAN,
		.members = 1 },
	{ .name = "beyond", .cpu_pct = 1, .members = 1 },
};
static const struct processes applications = { .items = rows, .count = 4 };

static void parse(struct message *m, const char *line)
{
	ck_assert_int_eq(message_parse(m, line, strlen(line)), 0);
}

static const char *exposed_text(enum prom_format format)
{
	struct message hello, schema, sample, status, alerts;
	struct prom p;
	struct buf out;

	parse(&hello, hello_line);
	parse(&schema, schema_line);
	parse(&sample, sample_line);
	parse(&status, status_line);
	parse(&alerts, alerts_line);
	buf_init(&out, sizeof(text) - 1);
	prom_begin(&p, &out, format);
	exposition_write(&p,
		&(struct exposition){ &hello, &schema, &status, &alerts, &sample,
			shown ? &applications : NULL, shown });
	ck_assert(buf_ok(&out));
	memcpy(text, out.data, out.len);
	text[out.len] = '\0';
	buf_fini(&out);
	message_free(&hello);
	message_free(&schema);
	message_free(&sample);
	message_free(&status);
	message_free(&alerts);
	return text;
}

static void check_has(const char *line)
{
	ck_assert_msg(strstr(text, line) != NULL, "missing: %s in\n%s", line, text);
}

START_TEST(a_core_keeps_the_labels_that_actop_gave_it)
{
	exposed_text(PROM_TEXT);
	check_has("# HELP actop_core_utilization_percent Share of time the core was active\n"
		  "# TYPE actop_core_utilization_percent gauge\n"
		  "actop_core_utilization_percent{cluster=\"E\",core=\"0\"} 12.5\n"
		  "actop_core_utilization_percent{core=\"1\"} 0\n");
}
END_TEST

START_TEST(an_unknown_value_is_left_out_with_its_family)
{
	exposed_text(PROM_TEXT);
	check_has("actop_cpu_power_watts 9.41\n");
	ck_assert_ptr_null(strstr(text, "actop_gpu_power_watts"));
	ck_assert_ptr_null(strstr(text, "future"));
}
END_TEST

START_TEST(a_joule_is_exported_by_one_name_only)
{
	exposed_text(PROM_TEXT);
	check_has("# TYPE actop_energy_joules_total counter\n"
		  "actop_energy_joules_total{rail=\"cpu\"} 70.004\n");
	ck_assert_ptr_null(strstr(text, "cpu_joules"));
	ck_assert_ptr_null(strstr(text, "cpu_energy"));
}
END_TEST

START_TEST(a_state_is_one_sample_per_word)
{
	exposed_text(PROM_TEXT);
	check_has("actop_thermal_state{state=\"Nominal\"} 0\n"
		  "actop_thermal_state{state=\"Fair\"} 1\n");
	check_has("actop_throttle_cpu 0\n");
	check_has("actop_sensor_temperature_celsius{sensor=\"a_b\",domain=\"cpu\"} 41.5\n");
}
END_TEST

START_TEST(quotes_and_backslashes_of_the_machine_are_escaped)
{
	exposed_text(PROM_TEXT);
	check_has("soc=\"a \\\"b\\\" \\\\c\"} 1\n");
}
END_TEST

START_TEST(the_daemon_tells_of_itself)
{
	exposed_text(PROM_TEXT);
	check_has("actop_up 1\n");
	check_has("actop_sample_age_seconds 0.5\n");
	check_has("actop_alert_firing{rule=\"memory\"} 1\n");
	check_has("actop_self_cpu_seconds_total 1.5\n");
	check_has("actop_self_resident_bytes 4096\n");
}
END_TEST

START_TEST(openmetrics_names_a_counter_without_total_and_ends_with_eof)
{
	exposed_text(PROM_OPENMETRICS);
	check_has("# TYPE actop_energy_joules counter\n"
		  "actop_energy_joules_total{rail=\"cpu\"} 70.004\n");
	ck_assert_str_eq(text + strlen(text) - 6, "# EOF\n");
}
END_TEST

START_TEST(processes_are_told_where_they_are_asked_for_so_many_and_by_name)
{
	shown = 3;
	exposed_text(PROM_TEXT);
	shown = 0;
	check_has("# TYPE actop_process_cpu_percent gauge\n"
		  "actop_process_cpu_percent{name=\"mlx \\\"a\\\"\\n\"} 180.5\n"
		  "# HELP actop_process_gpu_percent");
	check_has("actop_process_power_watts{name=\"mlx \\\"a\\\"\\n\"} 38.72\n"
		  "# HELP actop_process_memory_bytes");
	check_has("actop_process_memory_bytes{name=\"cc\"} 8192\n");
	check_has("actop_process_members{name=\"mlx \\\"a\\\"\\n\"} 2\n");
	ck_assert_ptr_null(strstr(text, "beyond"));
	ck_assert_ptr_null(strstr(text, "pid"));
	ck_assert_ptr_null(strstr(text, "actop_process_disk"));
	exposed_text(PROM_TEXT);
	ck_assert_ptr_null(strstr(text, "actop_process_cpu"));
}
END_TEST

START_TEST(a_label_is_bounded_and_cut_between_characters)
{
	char long_name[1024], broken[] = "a\xff";
	struct prom p;
	struct buf out;

	for (size_t i = 0; i < sizeof(long_name) - 1; i++)
		long_name[i] = i % 2 ? '\xa4' : '\xc3';
	long_name[sizeof(long_name) - 1] = '\0';
	buf_init(&out, 4096);
	prom_begin(&p, &out, PROM_TEXT);
	prom_family(&p, "x", PROM_GAUGE, "x");
	prom_sample(&p);
	prom_label(&p, "name", long_name);
	ck_assert_uint_lt(out.len, 300);
	ck_assert_int_eq(out.data[out.len - 2], '\xa4');
	prom_label(&p, "name", broken);
	buf_add(&out, "", 1);
	ck_assert_ptr_nonnull(strstr(out.data, "\"a\xef\xbf\xbd\""));
	buf_fini(&out);
}
END_TEST

/* Dashboards of actop 1.0.0 go on. */
START_TEST(the_17_names_of_actop_are_kept)
{
	static const char *const kept[] = {
		"actop_cpu_power_watts",
		"actop_gpu_power_watts",
		"actop_ane_power_watts",
		"actop_package_power_watts",
		"actop_ecpu_utilization_percent",
		"actop_pcpu_utilization_percent",
		"actop_gpu_utilization_percent",
		"actop_cpu_temperature_celsius",
		"actop_gpu_temperature_celsius",
		"actop_ecpu_frequency_mhz",
		"actop_pcpu_frequency_mhz",
		"actop_gpu_frequency_mhz",
		"actop_ram_used_gigabytes",
		"actop_swap_used_gigabytes",
		"actop_memory_bandwidth_gbps",
		"actop_core_utilization_percent",
		"actop_core_frequency_mhz",
	};
	char name[PROM_NAME_MAX];

	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++) {
		unsigned found = 0;

		for (unsigned id = 0; id < METRIC_COUNT; id++)
			if (metric_prom_name((enum metric_id)id, name, sizeof(name)) > 0 &&
				strcmp(name, kept[i]) == 0)
				found += metrics[id].kind == KIND_GAUGE;
		ck_assert_msg(found == 1, "%s: %u", kept[i], found);
	}
}
END_TEST

START_TEST(without_a_daemon_up_is_0)
{
	struct prom p;
	struct buf out;

	buf_init(&out, 4096);
	prom_begin(&p, &out, PROM_TEXT);
	exposition_write_down(&p);
	buf_add(&out, "", 1);
	ck_assert_ptr_nonnull(strstr(out.data, "\nactop_up 0\n"));
	buf_fini(&out);
}
END_TEST

RUN_TESTS("client/prom", NULL, NULL, a_core_keeps_the_labels_that_actop_gave_it,
	an_unknown_value_is_left_out_with_its_family, a_joule_is_exported_by_one_name_only,
	a_state_is_one_sample_per_word, quotes_and_backslashes_of_the_machine_are_escaped,
	the_daemon_tells_of_itself, openmetrics_names_a_counter_without_total_and_ends_with_eof,
	processes_are_told_where_they_are_asked_for_so_many_and_by_name,
	a_label_is_bounded_and_cut_between_characters, the_17_names_of_actop_are_kept,
	without_a_daemon_up_is_0)
