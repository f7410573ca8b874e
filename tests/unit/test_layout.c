/* SPDX-License-Identifier: MIT */
#include "proto/layout.h"
#include "proto/sample.h"
#include "tests/unit/run.h"

#include <string.h>

static struct layout *l;

static void setup(void)
{
	l = layout_new();
}

static void teardown(void)
{
	layout_free(l);
}

static void expect_name(const char *label, const char *name, const char *kept)
{
	struct entity *e = layout_add(l, SCOPE_SENSOR, label);

	ck_assert_ptr_nonnull(e);
	ck_assert_str_eq(e->name, name);
	ck_assert_str_eq(e->label, kept);
	ck_assert_int_eq(e->cluster, -1);
}

START_TEST(a_new_layout_has_the_host_and_nothing_else)
{
	ck_assert_uint_eq(l->count[SCOPE_HOST], 1);
	for (enum scope s = SCOPE_HOST + 1; s < SCOPE_COUNT; s++)
		ck_assert_uint_eq(l->count[s], 0);
}
END_TEST

START_TEST(wire_names_are_made_of_labels)
{
	expect_name("TCMb", "TCMb", "");
	expect_name("CPU die (avg)", "CPU_die__avg_", "CPU die (avg)");
	expect_name("a.b", "a_b", "a.b");
	expect_name("", "_", "");
	expect_name("-_9", "-_9", "");
}
END_TEST

START_TEST(names_that_are_taken_get_a_number)
{
	expect_name("temp", "temp", "");
	expect_name("temp", "temp_2", "temp");
	expect_name("temp", "temp_3", "temp");
	expect_name("te.mp", "te_mp", "te.mp");
	expect_name("te,mp", "te_mp_2", "te,mp");
	ck_assert_ptr_nonnull(layout_add(l, SCOPE_FAN, "temp"));
	ck_assert_int_eq(layout_find(l, SCOPE_FAN, "temp"), 0);
	ck_assert_int_eq(layout_find(l, SCOPE_SENSOR, "temp_3"), 2);
	ck_assert_int_eq(layout_find(l, SCOPE_SENSOR, "temp_4"), -1);
}
END_TEST

START_TEST(labels_that_are_no_utf8_are_cleaned)
{
	expect_name("a\xff"
		    "b",
		"a___b",
		"a\xef\xbf\xbd"
		"b");
}
END_TEST

START_TEST(long_labels_are_cut_and_stay_unique)
{
	char label[200];

	memset(label, 'x', sizeof(label) - 1);
	label[sizeof(label) - 1] = '\0';
	ck_assert_ptr_nonnull(layout_add(l, SCOPE_SENSOR, label));
	ck_assert_ptr_nonnull(layout_add(l, SCOPE_SENSOR, label));
	ck_assert_str_ne(l->entities[SCOPE_SENSOR][0].name, l->entities[SCOPE_SENSOR][1].name);
	ck_assert_uint_lt(strlen(l->entities[SCOPE_SENSOR][1].label), LAYOUT_LABEL_MAX);
}
END_TEST

START_TEST(a_scope_has_a_limit)
{
	for (unsigned i = 0; i < LAYOUT_ENTITIES_MAX; i++)
		ck_assert_ptr_nonnull(layout_add(l, SCOPE_FAN, "fan"));
	ck_assert_ptr_null(layout_add(l, SCOPE_FAN, "fan"));
	ck_assert_int_eq(layout_find(l, SCOPE_FAN, "fan_1024"), LAYOUT_ENTITIES_MAX - 1);
}
END_TEST

START_TEST(every_value_has_a_place_of_its_own)
{
	unsigned next = 0;

	layout_add(l, SCOPE_CORE, "0");
	layout_add(l, SCOPE_CORE, "1");
	layout_seal(l);
	for (enum metric_id id = 0; id < METRIC_COUNT; id++) {
		ck_assert_uint_eq(layout_index(l, id, 0), next);
		next += l->cap[metrics[id].scope];
	}
	ck_assert_uint_eq(l->width, next);
}
END_TEST

START_TEST(after_the_seal_only_spare_places_are_taken_and_nothing_moves)
{
	unsigned before, width;

	layout_add(l, SCOPE_FAN, "0");
	layout_seal(l);
	before = layout_index(l, METRIC_SENSOR_TEMP_C, 0);
	width = l->width;
	for (unsigned i = 0; i < scope_spare(SCOPE_FAN); i++)
		ck_assert_ptr_nonnull(layout_add(l, SCOPE_FAN, "new"));
	ck_assert_ptr_null(layout_add(l, SCOPE_FAN, "new"));
	ck_assert_ptr_null(layout_add(l, SCOPE_CORE, "new"));
	ck_assert_uint_eq(layout_index(l, METRIC_SENSOR_TEMP_C, 0), before);
	ck_assert_uint_eq(l->width, width);
}
END_TEST

START_TEST(notes_may_be_said_again_and_are_cut)
{
	char reason[300];

	memset(reason, 'y', sizeof(reason) - 1);
	reason[sizeof(reason) - 1] = '\0';
	layout_note(l, METRIC_CPU_WATTS, AVAIL_NEEDS_ROOT, "read by root alone");
	ck_assert_str_eq(l->notes[METRIC_CPU_WATTS].reason, "read by root alone");
	layout_note(l, METRIC_CPU_WATTS, AVAIL_ERROR, reason);
	ck_assert_int_eq(l->notes[METRIC_CPU_WATTS].avail, AVAIL_ERROR);
	ck_assert_uint_eq(strlen(l->notes[METRIC_CPU_WATTS].reason), LAYOUT_REASON_MAX - 1);
}
END_TEST

START_TEST(samples_hold_what_was_set_and_nothing_unknown)
{
	struct sample *a, *b;

	layout_add(l, SCOPE_FAN, "0");
	layout_seal(l);
	a = sample_new(l);
	b = sample_new(l);
	ck_assert(!sample_has(a, METRIC_FAN_RPM, 0));
	sample_set(a, METRIC_FAN_RPM, 0, 1200);
	sample_set(a, METRIC_FAN_RPM, 1, 99); /* there is no such fan */
	sample_set(a, METRIC_LOAD_1M, 0, INFINITY);
	sample_copy(b, a);
	ck_assert_double_eq(sample_get(b, METRIC_FAN_RPM, 0), 1200);
	ck_assert(!sample_has(b, METRIC_FAN_RPM, 1));
	ck_assert(!sample_has(b, METRIC_LOAD_1M, 0));
	sample_clear(b);
	ck_assert(!sample_has(b, METRIC_FAN_RPM, 0));
	sample_free(a);
	sample_free(b);
}
END_TEST

RUN_TESTS("layout", setup, teardown, a_new_layout_has_the_host_and_nothing_else,
	wire_names_are_made_of_labels, names_that_are_taken_get_a_number,
	labels_that_are_no_utf8_are_cleaned, long_labels_are_cut_and_stay_unique,
	a_scope_has_a_limit, every_value_has_a_place_of_its_own,
	after_the_seal_only_spare_places_are_taken_and_nothing_moves,
	notes_may_be_said_again_and_are_cut, samples_hold_what_was_set_and_nothing_unknown)
