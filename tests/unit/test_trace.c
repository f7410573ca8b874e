/* SPDX-License-Identifier: MIT */
#include "proto/trace.h"
#include "tests/unit/run.h"

#include <errno.h>
#include <string.h>

static struct layout *layout;
static struct buf out;
static char error[TRACE_ERROR_MAX];

static void setup(void)
{
	struct entity *e;

	layout = layout_new();
	strcpy(layout->machine.os, "macos");
	strcpy(layout->machine.model, "Mac16,8");
	strcpy(layout->machine.chip, "Apple \"M4\" Pro");
	layout->machine.gpu_cores = 20;
	layout_add(layout, SCOPE_CLUSTER, "E0");
	layout_add(layout, SCOPE_CLUSTER, "P0");
	e = layout_add(layout, SCOPE_CORE, "0");
	e->kind = 'P';
	e->cluster = 1;
	layout_add(layout, SCOPE_CORE, "1");
	layout_add(layout, SCOPE_RAIL, "cpu")->quality = QUALITY_MEASURED;
	layout_add(layout, SCOPE_RAIL, "dram")->quality = QUALITY_ESTIMATED;
	layout_add(layout, SCOPE_SENSOR, "CPU die")->domain = DOMAIN_CPU;
	layout_add(layout, SCOPE_SENSOR, "CPU_die")->domain = DOMAIN_SSD;
	layout_note(layout, METRIC_FAN_RPM, AVAIL_UNSUPPORTED, "no fans");
	layout_seal(layout);
	buf_init(&out, TRACE_LINE_MAX);
	error[0] = '\0';
}

static void teardown(void)
{
	layout_free(layout);
	buf_fini(&out);
}

static struct layout *read_back(unsigned *base_ms)
{
	struct layout *back;

	buf_clear(&out);
	trace_write_header(&out, layout, 250);
	ck_assert_int_eq(out.data[out.len - 1], '\n');
	back = trace_read_header(out.data, out.len, base_ms, error);
	ck_assert_msg(back != NULL, "%s", error);
	return back;
}

static void expect_same_entities(const struct layout *back)
{
	for (enum scope s = 0; s < SCOPE_COUNT; s++) {
		ck_assert_uint_eq(back->count[s], layout->count[s]);
		for (unsigned i = 0; i < back->count[s]; i++) {
			const struct entity *a = &layout->entities[s][i],
					    *b = &back->entities[s][i];

			ck_assert_str_eq(a->name, b->name);
			ck_assert_str_eq(a->label, b->label);
			ck_assert_int_eq(a->kind, b->kind);
			ck_assert_int_eq(a->cluster, b->cluster);
			ck_assert_int_eq(a->quality, b->quality);
			ck_assert_int_eq(a->domain, b->domain);
		}
	}
}

START_TEST(a_header_comes_back_as_it_was)
{
	unsigned base_ms;
	struct layout *back = read_back(&base_ms);

	ck_assert_uint_eq(base_ms, 250);
	ck_assert_str_eq(back->machine.os, "macos");
	ck_assert_str_eq(back->machine.chip, "Apple \"M4\" Pro");
	ck_assert_uint_eq(back->machine.gpu_cores, 20);
	ck_assert(back->machine.simulated);
	ck_assert_uint_eq(back->width, layout->width);
	ck_assert_int_eq(back->notes[METRIC_FAN_RPM].avail, AVAIL_UNSUPPORTED);
	ck_assert_str_eq(back->notes[METRIC_FAN_RPM].reason, "no fans");
	expect_same_entities(back);
	layout_free(back);
}
END_TEST

START_TEST(a_sample_comes_back_to_the_last_bit)
{
	struct sample *s = sample_new(layout), *back = sample_new(layout);

	s->time = (struct instant){ 1700000000123, 123456789012345, 123456789000000 };
	sample_set(s, METRIC_LOAD_1M, 0, 0.1 + 0.2);
	sample_set(s, METRIC_CORE_BUSY_TICKS, 1, 1.0 / 3);
	sample_set(s, METRIC_NET_RX_BYTES, 0, 9007199254740991.0);
	sample_set(s, METRIC_SENSOR_TEMP_C, 0, -0.0);
	trace_write_sample(&out, s);
	ck_assert_msg(trace_read_sample(out.data, out.len, back, error) == 0, "%s", error);
	ck_assert_int_eq(back->time.wall_ms, s->time.wall_ms);
	ck_assert(back->time.mono_ns == s->time.mono_ns);
	ck_assert(back->time.awake_ns == s->time.awake_ns);
	for (unsigned i = 0; i < layout->width; i++)
		ck_assert(s->values[i] == back->values[i] ||
			(isnan(s->values[i]) && isnan(back->values[i])));
	sample_free(s);
	sample_free(back);
}
END_TEST

static int read_sample(const char *line, struct sample *s)
{
	sample_clear(s);
	return trace_read_sample(line, strlen(line), s, error);
}

START_TEST(unknown_names_are_passed_over_and_missing_ones_absent)
{
	struct sample *s = sample_new(layout);

	ck_assert_int_eq(
		read_sample("{\"wall_ms\":1,\"mono_ns\":2,\"awake_ns\":2,\"more\":[],\"v\":{"
			    "\"no_such\":[1],\"core.no_such\":[1],\"moon.rpm\":[1],"
			    "\"load_1m\":[0.5,7,8],\"core.busy_ticks\":[null,10]}}",
			s),
		0);
	ck_assert_double_eq(sample_get(s, METRIC_LOAD_1M, 0), 0.5);
	ck_assert(!sample_has(s, METRIC_CORE_BUSY_TICKS, 0));
	ck_assert_double_eq(sample_get(s, METRIC_CORE_BUSY_TICKS, 1), 10);
	ck_assert(!sample_has(s, METRIC_LOAD_5M, 0));
	sample_free(s);
}
END_TEST

START_TEST(lines_that_are_no_samples_are_refused_with_a_reason)
{
	static const char *const lines[] = { "", "\n", "x", "[]", "{}", "{\"wall_ms\":1",
		"{\"wall_ms\":1,\"mono_ns\":2,\"awake_ns\":2}",
		"{\"wall_ms\":1,\"mono_ns\":2,\"awake_ns\":2,\"v\":[]}",
		"{\"wall_ms\":-1,\"mono_ns\":2,\"awake_ns\":2,\"v\":{}}",
		"{\"wall_ms\":1,\"mono_ns\":1e300,\"awake_ns\":2,\"v\":{}}",
		"{\"wall_ms\":1,\"mono_ns\":\"2\",\"awake_ns\":2,\"v\":{}}" };
	struct sample *s = sample_new(layout);

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		error[0] = '\0';
		ck_assert_msg(read_sample(lines[i], s) == -EBADMSG, "%s", lines[i]);
		ck_assert_msg(error[0], "%s", lines[i]);
	}
	sample_free(s);
}
END_TEST

START_TEST(values_that_are_no_numbers_are_absent)
{
	struct sample *s = sample_new(layout);

	ck_assert_int_eq(read_sample("{\"wall_ms\":1,\"mono_ns\":2,\"awake_ns\":2,\"v\":{"
				     "\"load_1m\":[\"5\"],\"load_5m\":5,\"load_15m\":[1e999]}}",
				 s),
		0);
	ck_assert(!sample_has(s, METRIC_LOAD_1M, 0));
	ck_assert(!sample_has(s, METRIC_LOAD_5M, 0));
	ck_assert(!sample_has(s, METRIC_LOAD_15M, 0));
	sample_free(s);
}
END_TEST

START_TEST(headers_that_are_none_are_refused_with_a_reason)
{
	static const char *const lines[] = { "", "\n", "x", "[]", "{}",
		"{\"actop_trace\":2,\"base_ms\":1000}", "{\"actop_trace\":1}",
		"{\"actop_trace\":1,\"base_ms\":0}", "{\"actop_trace\":1,\"base_ms\":\"9\"}",
		"{\"actop_trace\":1,\"base_ms\":3600001}" };
	unsigned base_ms;

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		error[0] = '\0';
		ck_assert_msg(!trace_read_header(lines[i], strlen(lines[i]), &base_ms, error),
			"%s", lines[i]);
		ck_assert_msg(error[0], "%s", lines[i]);
	}
}
END_TEST

START_TEST(odd_entities_become_harmless_ones)
{
	static const char line[] =
		"{\"actop_trace\":1,\"base_ms\":1000,\"machine\":5,\"entities\":{\"core\":[{},"
		"{\"name\":7,\"kind\":\"Z\",\"cluster\":\"gone\"}],\"rail\":[{\"name\":\"r\","
		"\"quality\":99}],\"sensor\":[{\"domain\":\"moon\"}],\"moon\":[{}]},\"notes\":{"
		"\"no_such\":{\"avail\":\"error\"},\"load_1m\":{\"avail\":\"odd\"}}}";
	unsigned base_ms;
	struct layout *l = trace_read_header(line, strlen(line), &base_ms, error);

	ck_assert_msg(l != NULL, "%s", error);
	ck_assert_uint_eq(l->count[SCOPE_CORE], 2);
	ck_assert_int_eq(l->entities[SCOPE_CORE][1].kind, 0);
	ck_assert_int_eq(l->entities[SCOPE_CORE][1].cluster, -1);
	ck_assert_int_eq(l->entities[SCOPE_RAIL][0].quality, QUALITY_NONE);
	ck_assert_int_eq(l->entities[SCOPE_SENSOR][0].domain, DOMAIN_OTHER);
	ck_assert_int_eq(l->notes[METRIC_LOAD_1M].avail, AVAIL_OK);
	layout_free(l);
}
END_TEST

RUN_TESTS("trace", setup, teardown, a_header_comes_back_as_it_was,
	a_sample_comes_back_to_the_last_bit,
	unknown_names_are_passed_over_and_missing_ones_absent,
	lines_that_are_no_samples_are_refused_with_a_reason,
	values_that_are_no_numbers_are_absent, headers_that_are_none_are_refused_with_a_reason,
	odd_entities_become_harmless_ones)
