/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/apple/scene.h"
#include "tests/apple/world.h"
#include "tests/unit/run.h"

/* What --dump-world writes is a world that reads like the machine it was written on. */

#define TEXT_MAX (1 << 20)
#define SECONDS 10

static char *file_text(const char *file)
{
	char *text = calloc(1, TEXT_MAX);
	FILE *f = fopen(file, "r");

	ck_assert_msg(f, "%s", file);
	ck_assert_uint_lt(fread(text, 1, TEXT_MAX - 1, f), TEXT_MAX - 1);
	fclose(f);
	return text;
}

static void load_text(const char *text)
{
	char error[256] = "";

	ck_assert_msg(world_load_text(text, error, sizeof(error)) == 0, "%s", error);
}

/* The world without its script, so that nothing happens while it is watched. */
static void load_still(const char *file)
{
	char *text = file_text(file), *still;
	cJSON *json = cJSON_Parse(text);

	cJSON_DeleteItemFromObject(json, "script");
	still = cJSON_Print(json);
	load_text(still);
	cJSON_Delete(json);
	free(still);
	free(text);
}

static char *dump(void)
{
	char *text = calloc(1, TEXT_MAX);
	struct fault why;
	FILE *f = tmpfile();
	int held = world_held();

	ck_assert_int_eq(platform_dump(f, &why), 0);
	ck_assert_int_eq(world_held(), held);
	rewind(f);
	ck_assert_uint_lt(fread(text, 1, TEXT_MAX - 1, f), TEXT_MAX - 1);
	fclose(f);
	return text;
}

static bool is_compared(const struct metric *m)
{
	return m->kind != KIND_COUNTER && m->kind != KIND_INPUT;
}

/* Whole units of a counter over a batch are as near as a reading can come. */
static double tolerance(const struct metric *m, double value)
{
	return pow(10, -m->decimals) + fabs(value) * 1e-6;
}

static void compare(const struct scene *was, const struct scene *is, const char *file)
{
	for (enum metric_id id = 0; id < METRIC_COUNT; id++) {
		const struct metric *m = &metrics[id];
		unsigned count = was->s->layout->count[m->scope];

		ck_assert_uint_eq(count, is->s->layout->count[m->scope]);
		for (unsigned i = 0; is_compared(m) && i < count; i++) {
			double a = sample_get(was->s, id, i), b = sample_get(is->s, id, i);

			ck_assert_msg(isnan(a) == isnan(b), "%s: %s of %u was %g, is %g", file,
				m->name, i, a, b);
			ck_assert_msg(isnan(a) || fabs(a - b) <= tolerance(m, a),
				"%s: %s of %u was %.9g, is %.9g", file, m->name, i, a, b);
		}
	}
}

static void round_trip(const char *file)
{
	struct scene was, is;
	char *text;

	load_still(file);
	scene_open(&was);
	scene_read(&was);
	scene_run(&was, SECONDS);
	load_still(file);
	text = dump();
	load_text(text);
	free(text);
	scene_open(&is);
	scene_read(&is);
	scene_run(&is, SECONDS);
	compare(&was, &is, file);
	scene_close(&was);
	scene_close(&is);
}

START_TEST(the_dump_of_a_world_reads_like_the_world)
{
	static const char *const files[] = { "m1", "m1-ultra", "m2-max", "m2-ultra", "m3-pro",
		"m3-max-macos27", "m4", "m4-pro", "m4-max", "m5", "m5-max", "a18-pro" };
	char file[128];

	for (unsigned i = 0; i < sizeof(files) / sizeof(*files); i++) {
		snprintf(file, sizeof(file), "tests/fixtures/apple/%s.json", files[i]);
		round_trip(file);
	}
}
END_TEST

START_TEST(a_virtual_machine_dumps_what_little_it_has)
{
	round_trip("tests/fixtures/apple/vm.json");
}
END_TEST

START_TEST(a_dump_names_neither_serial_numbers_nor_hosts_nor_users)
{
	char *text;

	load_still("tests/fixtures/apple-small.json");
	world_set("registry/AppleSmartBattery/Serial", "\"SECRET1\"");
	world_set("registry/AppleSmartBattery/BatterySerialNumber", "\"SECRET2\"");
	world_set("smc/RMSN", "{\"type\": \"ch8*\", \"bytes\": \"5345435245543300\"}");
	world_set("sysctl/kern.hostname", "\"SECRET4\"");
	world_set("processes", "[{\"pid\": 1, \"name\": \"SECRET5\"}]");
	text = dump();
	ck_assert_ptr_null(strstr(text, "SECRET"));
	ck_assert_ptr_null(strstr(text, "RMSN"));
	ck_assert_ptr_nonnull(strstr(text, "TCMb"));
	free(text);
}
END_TEST

/* Of all processes only the one that writes the dump, which is called what it is called. */
START_TEST(a_dump_tells_what_the_kernel_knows_of_its_own_process)
{
	char world[512], *text;
	const cJSON *process;
	cJSON *json;

	load_still("tests/fixtures/apple/m4.json");
	snprintf(world, sizeof(world),
		"[{\"pid\": 1, \"name\": \"SECRET6\", \"path\": \"/Users/SECRET7\"},"
		"{\"pid\": %d, \"ppid\": 1, \"uid\": 0, \"start\": 1764000000.5,"
		"\"name\": \"actopd\", \"path\": \"/Users/SECRET8/actopd\", \"footprint\": "
		"5000000,"
		"\"user_ns\": {\"value\": 1e9, \"per_s\": 2e7}, \"threads\": 4,"
		"\"energy_nj\": {\"value\": 1e9, \"per_s\": 3e7}}]",
		(int)getpid());
	ck_assert_int_eq(world_set("processes", world), 0);
	text = dump();
	ck_assert_ptr_null(strstr(text, "SECRET"));
	json = cJSON_Parse(text);
	ck_assert_int_eq(
		cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(json, "processes")), 1);
	process = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(json, "processes"), 0);
	ck_assert_str_eq(world_text(process, "name", ""), "actopd");
	ck_assert_double_eq_tol(
		cJSON_GetObjectItem(cJSON_GetObjectItem(process, "energy_nj"), "per_s")
			->valuedouble,
		3e7, 1);
	ck_assert_double_eq_tol(
		cJSON_GetObjectItem(cJSON_GetObjectItem(process, "user_ns"), "per_s")
			->valuedouble,
		2e7, 10);
	ck_assert_double_eq(cJSON_GetObjectItem(process, "start")->valuedouble, 1764000000.5);
	cJSON_Delete(json);
	load_text(text);
	free(text);
}
END_TEST

START_TEST(a_machine_broken_everywhere_is_dumped_as_a_world_that_loads)
{
	char error[256], *text;

	ck_assert_int_eq(
		world_load("tests/fixtures/apple/holes.json", error, sizeof(error)), 0);
	text = dump();
	load_text(text);
	free(text);
}
END_TEST

/* All of its calls would take a minute: one of each few, of all kinds and from all places. */
START_TEST(a_call_that_fails_while_dumping_leaves_a_world_that_loads)
{
	char error[256], *text;
	unsigned long n = 1, failures = 0;
	bool failed;

	do {
		ck_assert_int_eq(
			world_load("tests/fixtures/apple-small.json", error, sizeof(error)), 0);
		world_fail_at(n);
		text = dump();
		failed = world_failed() != NULL;
		failures += failed;
		n += n < 900 ? 7 : 211;
		load_text(text);
		free(text);
	} while (failed);
	ck_assert_uint_gt(failures, 100);
}
END_TEST

static void nothing(void)
{
}

RUN_TESTS("darwin dump", nothing, world_unload, the_dump_of_a_world_reads_like_the_world,
	a_virtual_machine_dumps_what_little_it_has,
	a_dump_names_neither_serial_numbers_nor_hosts_nor_users,
	a_dump_tells_what_the_kernel_knows_of_its_own_process,
	a_machine_broken_everywhere_is_dumped_as_a_world_that_loads,
	a_call_that_fails_while_dumping_leaves_a_world_that_loads)
