/* SPDX-License-Identifier: MIT */
#include "daemon/keeper.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "daemon/log.h"
#include "tests/unit/run.h"
#include "tests/unit/temp_dir.h"

#define RING 300
#define SAMPLES 5000
#define SERIES 500

/* A daemon without its shell, whose samples are numbers that nothing makes smaller. */
static struct layout *layout;
static struct schema *schema;
static struct history *history;
static struct archive *archive;
static struct ledger *ledger;
static struct keeper *keeper;
static struct keeper_beginning begin;
static struct buf text;
static struct row row;
static uint64_t random_state;

static uint64_t next_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static void add_series(void)
{
	char name[32];

	schema = schema_new();
	for (unsigned i = 0; i < SERIES; i++) {
		snprintf(name, sizeof(name), "series.%u.value", i);
		schema_add(schema, name, i % 4 ? KIND_GAUGE : KIND_COUNTER, 0);
	}
}

static void model_open(const char *directory)
{
	static const struct archive_tier tiers[] = { { 10000, 2000000 }, { 60000, 12000000 } };
	struct keeper_parts parts;

	layout = layout_new();
	layout_seal(layout);
	add_series();
	history = history_new(RING, SERIES);
	archive = archive_new(schema, 1000, tiers, 2, SERIES);
	ledger = ledger_new(layout);
	parts = (struct keeper_parts){ schema, history, archive, ledger, 1000, SERIES, "boot" };
	begin = (struct keeper_beginning){ .epoch = 1 };
	keeper = keeper_open(directory, &parts, &begin);
	row.run = begin.run;
	row.boot = begin.boot;
	row.tick = 0;
}

static void model_close(void)
{
	keeper_close(keeper);
	archive_free(archive);
	ledger_free(ledger);
	history_free(history);
	schema_free(schema);
	layout_free(layout);
}

/* 52 bits of noise each: more than a double keeps exactly beside the sign is not to be had. */
static void model_add(void)
{
	double values[SERIES];

	for (unsigned i = 0; i < SERIES; i++)
		values[i] = (double)(next_random() >> 11) - 4503599627370496.0;
	row.flags = row.tick == 0 ? begin.flags : 0;
	row.tick++;
	row.ts_ms += 1000;
	row.dt_ns = 1000000000 + next_random() % 1000000;
	row.mono_ns += row.dt_ns;
	row.values = values;
	history_append(history, &row);
	keeper_commit(keeper);
	keeper_settle(keeper);
}

/* A number of the status. */
static uint64_t told(const char *name)
{
	char key[32];
	unsigned long long number = 0;
	const char *found;
	struct json j;

	buf_clear(&text);
	json_init(&j, &text);
	json_object_open(&j);
	keeper_describe(keeper, row.mono_ns, &j);
	json_object_close(&j);
	buf_add(&text, "", 1);
	snprintf(key, sizeof(key), "\"%s\":", name);
	found = strstr(text.data, key);
	ck_assert_ptr_nonnull(found);
	ck_assert_int_eq(sscanf(found + strlen(key), "%llu", &number), 1);
	return number;
}

static uint64_t size_of(const char *name)
{
	struct stat st;

	return stat(temp_path(name), &st) == 0 ? (uint64_t)st.st_size : 0;
}

static void setup(void)
{
	temp_make();
	log_init(open("/dev/null", O_WRONLY | O_CLOEXEC), LOG_ERRORS);
	buf_init(&text, 4096);
	row = (struct row){ .ts_ms = 1700000000000, .mono_ns = 1000000000000 };
	random_state = 88172645463325252u;
}

static void teardown(void)
{
	buf_fini(&text);
	temp_remove();
}

START_TEST(the_file_stays_within_its_bound_and_is_written_on)
{
	uint64_t bound, most = 0, stored = 0;

	model_open(temp_path("state"));
	bound = told("bound");
	for (unsigned i = 0; i < SAMPLES; i++) {
		uint64_t bytes;

		model_add();
		bytes = size_of("state/" STORE_FILE) + size_of("state/" STORE_FILE "-wal");
		most = bytes > most ? bytes : most;
		ck_assert_uint_le(bytes, bound);
		ck_assert_ptr_nonnull(strstr(text.data, "\"store\""));
		stored = told("stored_seq");
		ck_assert_msg(stored + 11 > history_head(history), "%llu stored of %llu: %s",
			(unsigned long long)stored, (unsigned long long)history_head(history),
			text.data);
	}
	ck_assert_uint_gt(most, bound / 2);
	model_close();
}
END_TEST

START_TEST(memory_stays_within_its_bound)
{
	uint64_t bound;

	model_open("");
	bound = told("memory_bound");
	for (unsigned i = 0; i < SAMPLES; i++) {
		model_add();
		ck_assert_uint_le(told("memory_bytes"), bound);
	}
	ck_assert_uint_gt(told("memory_bytes"), bound / 2);
	model_close();
}
END_TEST

static void shelf_put(struct shelf *shelf, uint64_t seq)
{
	const struct shelf_block block = { .first_seq = seq, .last_seq = seq, .rows = 1 };

	shelf_add(shelf, &block);
	shelf_at(shelf, shelf->count - 1)->lent = true;
}

/* Blocks that are lent stay however many there are; afterwards the bound holds again. */
START_TEST(a_shelf_with_lent_blocks_grows_and_shrinks_again)
{
	struct shelf shelf;

	shelf_init(&shelf, 1000000, 1000000, 40);
	for (uint64_t seq = 1; seq <= 60; seq++) {
		shelf_put(&shelf, seq);
		shelf_at(&shelf, 0)->lent = seq >= 50;
	}
	for (uint64_t seq = 61; seq <= 500; seq++)
		shelf_put(&shelf, seq);
	ck_assert_uint_ge(shelf.count, 440);
	for (unsigned i = 0; i < shelf.count; i++) {
		ck_assert_uint_eq(shelf_at(&shelf, i)->first_seq, 501 - shelf.count + i);
		shelf_at(&shelf, i)->lent = false;
	}
	shelf_put(&shelf, 501);
	ck_assert_uint_eq(shelf.count, 40);
	ck_assert_uint_eq(shelf_at(&shelf, 39)->first_seq, 501);
	shelf_fini(&shelf);
}
END_TEST

RUN_TESTS("bounds", setup, teardown, the_file_stays_within_its_bound_and_is_written_on,
	memory_stays_within_its_bound, a_shelf_with_lent_blocks_grows_and_shrinks_again)
