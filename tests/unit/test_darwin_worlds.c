/* SPDX-License-Identifier: MIT */
#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "tests/apple/scene.h"
#include "tests/apple/world.h"
#include "tests/unit/run.h"

/*
 * Every world of tests/fixtures/apple against the values beside it, which were worked out by
 * hand from the world.  A line is: seconds awake, series, value or null.
 */

static glob_t worlds;

static void setup(void)
{
	ck_assert_int_eq(glob("tests/fixtures/apple/*.json", 0, NULL, &worlds), 0);
}

static void teardown(void)
{
	globfree(&worlds);
	world_unload();
}

static double resolution(const char *series)
{
	const char *dot = strrchr(series, '.'), *name = dot ? dot + 1 : series;

	for (enum metric_id id = 0; id < METRIC_COUNT; id++)
		if (strcmp(metrics[id].name, name) == 0)
			return pow(10, -metrics[id].decimals);
	ck_abort_msg("%s is no metric", series);
	return NAN;
}

static void check_line(const struct scene *scene, const char *world, double at,
	const char *series, const char *text)
{
	double value = scene_get(scene, series), want = strtod(text, NULL);

	if (strcmp(text, "null") == 0)
		ck_assert_msg(isnan(value), "%s at %g: %s is %.9g, not unknown", world, at,
			series, value);
	else
		ck_assert_msg(fabs(value - want) <= resolution(series) / 2 + 1e-9,
			"%s at %g: %s is %.9g, not %s", world, at, series, value, text);
}

static unsigned check_world(const char *file)
{
	char expected[256], line[256], error[256], series[128], text[64];
	struct scene scene;
	double at, now = 0;
	unsigned lines = 0;
	FILE *f;

	ck_assert_msg(world_load(file, error, sizeof(error)) == 0, "%s", error);
	snprintf(expected, sizeof(expected), "%.*s.expected", (int)strlen(file) - 5, file);
	f = fopen(expected, "r");
	ck_assert_msg(f, "%s is missing", expected);
	scene_open(&scene);
	scene_read(&scene);
	while (fgets(line, sizeof(line), f)) {
		if (line[0] == '#')
			continue;
		ck_assert_msg(
			sscanf(line, "%lf %127s %63s", &at, series, text) == 3, "%s", line);
		for (; now < at; now++)
			scene_step(&scene, 1);
		check_line(&scene, file, at, series, text);
		lines++;
	}
	fclose(f);
	scene_close(&scene);
	ck_assert_int_eq(world_held(), 0);
	return lines;
}

START_TEST(every_world_reads_as_worked_out_by_hand)
{
	unsigned lines = 0;

	ck_assert_uint_ge(worlds.gl_pathc, 10);
	for (size_t i = 0; i < worlds.gl_pathc; i++)
		lines += check_world(worlds.gl_pathv[i]);
	printf("%zu worlds, %u values\n", worlds.gl_pathc, lines);
}
END_TEST

START_TEST(every_world_runs_for_three_minutes_without_an_impossible_value)
{
	for (size_t i = 0; i < worlds.gl_pathc; i++) {
		char error[256];
		struct scene scene;

		ck_assert_int_eq(world_load(worlds.gl_pathv[i], error, sizeof(error)), 0);
		scene_open(&scene);
		for (unsigned t = 0; t < 180; t++) {
			scene_step(&scene, 1);
			for (enum metric_id id = 0; id < METRIC_COUNT; id++) {
				if (metrics[id].unit != UNIT_PERCENT)
					continue;
				for (unsigned e = 0;
					e < scene.s->layout->count[metrics[id].scope]; e++) {
					double v = sample_get(scene.s, id, e);

					ck_assert_msg(isnan(v) || (v >= -1e-9 && v <= 100.001),
						"%s: %s is %g", worlds.gl_pathv[i],
						metrics[id].name, v);
				}
			}
		}
		scene_close(&scene);
	}
}
END_TEST

RUN_TESTS("darwin worlds", setup, teardown, every_world_reads_as_worked_out_by_hand,
	every_world_runs_for_three_minutes_without_an_impossible_value)
