/* SPDX-License-Identifier: MIT */
#include "daemon/keeper.h"

#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/history/query.h"
#include "daemon/lock.h"
#include "daemon/log.h"
#include "proto/alloc.h"
#include "tests/unit/run.h"
#include "tests/unit/temp_dir.h"

#define RING 100
#define TOKENS 200000
#define PROMISE 11 /* samples at 1 s: those of 10 s, and the one whose write was under way */

/* A daemon without its shell: samples of three series, the first of which is a token that no
 * other sample has. */
static struct layout *layout;
static struct schema *schema;
static struct history *history;
static struct archive *archive;
static struct ledger *ledger;
static struct keeper *keeper;
static struct keeper_beginning begin;
static const char *boot_id;
static unsigned base_ms = 1000;
static uint64_t fresh_epoch;
static uint64_t tick, mono_ns, token, random_state;
static int64_t ts_ms;

/* The token of each sample ever given, shared with children that die. */
static uint32_t tokens[TOKENS];

static void model_open(void)
{
	static const struct archive_tier tiers[] = { { 10000, 1000000 }, { 60000, 10000000 } };
	struct keeper_parts parts;

	layout = layout_new();
	layout_seal(layout);
	schema = schema_new();
	schema_add(schema, "token", KIND_COUNTER, 0);
	schema_add(schema, "a.gauge", KIND_GAUGE, 2);
	schema_add(schema, "absent", KIND_GAUGE, 2);
	history = history_new(RING, 3);
	archive = archive_new(schema, base_ms, tiers, 2, 3);
	ledger = ledger_new(layout);
	parts = (struct keeper_parts){ schema, history, archive, ledger, base_ms, 3, boot_id };
	begin = (struct keeper_beginning){ .epoch = fresh_epoch };
	keeper = keeper_open(temp_path("state"), &parts, &begin);
	tick = 0;
}

static void model_free(void)
{
	archive_free(archive);
	ledger_free(ledger);
	history_free(history);
	schema_free(schema);
	layout_free(layout);
}

static void model_close(void)
{
	keeper_close(keeper);
	model_free();
}

static uint64_t model_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static double gauge_of(double of)
{
	return fmod(of * 37, 100) / 4;
}

static uint64_t model_add(void)
{
	const double of = (double)++token;
	const double values[] = { of, gauge_of(of), NAN };
	struct row row = { .tick = ++tick, .run = begin.run, .boot = begin.boot };

	ts_ms += 1000;
	mono_ns += 1000000000;
	row.flags = tick == 1 ? begin.flags : 0;
	row.dt_ns = tick == 1 ? 0 : 1000000000;
	row.ts_ms = ts_ms;
	row.mono_ns = mono_ns;
	row.values = values;
	row.seq = history_append(history, &row);
	keeper_commit(keeper);
	keeper_settle(keeper);
	return row.seq;
}

static void setup(void)
{
	temp_make();
	log_init(open("/dev/null", O_WRONLY | O_CLOEXEC), LOG_ERRORS);
	boot_id = "first";
	fresh_epoch = 77;
	ts_ms = 1700000000000;
	mono_ns = 1000000000000;
	token = 0;
	random_state = 88172645463325252u;
	memset(tokens, 0, sizeof(tokens));
}

static void teardown(void)
{
	temp_remove();
}

static void remember(uint64_t seq, uint64_t of)
{
	ck_assert_uint_lt(seq, TOKENS);
	ck_assert_msg(tokens[seq] == 0, "number %d was given twice", (int)seq);
	tokens[seq] = (uint32_t)of;
}

/* Adds samples that are known to have been given. */
static void model_add_many(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		uint64_t seq = model_add();

		remember(seq, token);
	}
}

/* Every sample in memory is the one that was given; returns the newest, 0 = none. */
static uint64_t check_samples(void)
{
	uint64_t newest = 0;

	for (uint64_t seq = history_oldest(history); seq <= history_head(history); seq++) {
		const struct row *row = history_row(history, seq);

		if (row->flags & ROW_LOST)
			continue;
		ck_assert_double_eq(history_value(history, row, 0), tokens[seq]);
		ck_assert_double_eq(history_value(history, row, 1), gauge_of(tokens[seq]));
		ck_assert(isnan(history_value(history, row, 2)));
		newest = seq;
	}
	return newest;
}

/* Samples that the rows of the last tier checked cover. */
static uint64_t covered;

/* The rows of a tier: in order, none twice, each what its samples make. */
static uint64_t check_tier(unsigned tier)
{
	static const struct query_column columns[] = { { 0, 0 },
		{ 1, 1u << COLUMN_BELOW | 1u << COLUMN_ABOVE | 1u << COLUMN_LAST } };
	struct query *q = query_new(archive, tier, 0, columns, 2);
	struct query_row row;
	uint64_t last = 0;

	covered = 0;
	while (query_next(q, &row)) {
		double min = NAN, max = NAN;

		ck_assert_uint_gt(row.span.first_seq, last);
		last = row.span.last_seq;
		covered += last + 1 - row.span.first_seq;
		ck_assert_double_eq(row.values[0].last, tokens[last]);
		ck_assert_double_eq(row.values[1].last, gauge_of(tokens[last]));
		for (uint64_t seq = row.span.first_seq; seq <= last; seq++) {
			ck_assert_uint_ne(tokens[seq], 0);
			min = fmin(min, gauge_of(tokens[seq]));
			max = fmax(max, gauge_of(tokens[seq]));
		}
		ck_assert_double_eq(row.values[1].min, min);
		ck_assert_double_eq(row.values[1].max, max);
	}
	query_free(q);
	ck_assert_uint_eq(archive->bad_blocks, 0);
	return last;
}

START_TEST(what_was_added_is_there_after_an_orderly_end)
{
	model_open();
	ck_assert_uint_eq(begin.flags, ROW_START);
	ck_assert_uint_eq(begin.epoch, 77);
	model_add_many(257);
	model_close();
	model_open();
	ck_assert_uint_eq(begin.flags, ROW_RESTART);
	ck_assert_uint_eq(begin.epoch, 77);
	ck_assert_uint_eq(history_head(history), 257);
	ck_assert_uint_eq(check_samples(), 257);
	ck_assert_uint_eq(history_oldest(history), 257 - RING + 1);
	ck_assert_uint_eq(check_tier(0), 257);
	ck_assert_uint_eq(covered, 257);
	ck_assert_uint_eq(check_tier(1), 257);
	ck_assert_uint_eq(covered, 257);
	ck_assert_uint_eq(tier_oldest_seq(&archive->tiers[1]), 1);
	model_add_many(1);
	ck_assert_uint_eq(check_samples(), 258);
	model_close();
}
END_TEST

START_TEST(an_orderly_end_leaves_one_file)
{
	model_open();
	model_add_many(700);
	ck_assert_uint_eq(check_tier(0), 700); /* reads what is stored */
	ck_assert_int_eq(access(temp_path("state/" STORE_FILE "-wal"), F_OK), 0);
	model_close();
	ck_assert_int_lt(access(temp_path("state/" STORE_FILE "-wal"), F_OK), 0);
	ck_assert_int_lt(access(temp_path("state/" STORE_FILE "-shm"), F_OK), 0);
}
END_TEST

START_TEST(a_boot_is_told_from_a_restart)
{
	uint64_t first, last;

	model_open();
	model_add_many(20);
	model_close();
	boot_id = "second";
	mono_ns = 5000000000;
	model_open();
	ck_assert_uint_eq(begin.flags, ROW_BOOT);
	model_add_many(15);
	ck_assert(archive_find_boot(archive, -1, &first, &last));
	ck_assert_uint_eq(first, 1);
	ck_assert_uint_eq(last, 20);
	model_close();
	model_open();
	ck_assert_uint_eq(begin.flags, ROW_RESTART);
	ck_assert(archive_find_boot(archive, 0, &first, &last));
	ck_assert_uint_eq(first, 21);
	ck_assert(!archive_find_boot(archive, -2, &first, &last));
	ck_assert_uint_eq(check_tier(0), 35);
	model_close();
}
END_TEST

START_TEST(rows_of_another_interval_stay_what_they_were)
{
	struct query_column token_column = { 0, 0 };
	struct query_row row;
	struct query *q;

	model_open();
	model_add_many(65);
	model_close();
	base_ms = 500;
	model_open();
	ck_assert_uint_eq(check_samples(), 65);
	ck_assert_uint_eq(check_tier(0), 65);
	ck_assert_uint_eq(covered, 65);
	q = query_new(archive, 0, 0, &token_column, 1);
	ck_assert(query_next(q, &row));
	/* The first 10 s end with tick 10 of a second, which is tick 20 of half a second. */
	ck_assert_uint_eq(row.span.tick, 20);
	query_free(q);
	model_close();
	base_ms = 1000;
}
END_TEST

/* Opens in a child that adds samples, tells each, and dies without a word. */
static void crash_after(unsigned count)
{
	uint64_t told[2];
	int ends[2];
	pid_t pid;

	ck_assert_int_eq(pipe(ends), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		model_open();
		for (unsigned i = 0; i < count; i++) {
			told[0] = model_add();
			told[1] = token;
			if (write(ends[1], told, sizeof(told)) != sizeof(told))
				_exit(1);
		}
		_exit(0);
	}
	close(ends[1]);
	while (read(ends[0], told, sizeof(told)) == sizeof(told)) {
		remember(told[0], told[1]);
		token = told[1];
	}
	close(ends[0]);
	waitpid(pid, NULL, 0);
	ts_ms += 1000 * (int64_t)count;
	mono_ns += 1000000000ull * count;
}

static uint64_t newest_given(void)
{
	uint64_t seq = TOKENS - 1;

	while (seq > 0 && !tokens[seq])
		seq--;
	return seq;
}

static unsigned given_after(uint64_t seq)
{
	unsigned n = 0;

	for (seq++; seq < TOKENS; seq++)
		n += tokens[seq] != 0;
	return n;
}

/* All of it with ACTOP_TESTS=full CK_TIMEOUT_MULTIPLIER=20, which takes minutes. */
static bool model_is_full(void)
{
	const char *tests = getenv("ACTOP_TESTS");

	return tests && strcmp(tests, "full") == 0;
}

static void model_boot(void)
{
	boot_id = boot_id[0] == 'a' ? "b" : "a";
	mono_ns = 7000000000;
}

/* Samples, restarts, boots and crashes in any order. */
START_TEST(a_crash_loses_at_most_ten_seconds_and_gives_no_number_twice)
{
	unsigned rounds = model_is_full() ? 1000 : 24;

	for (unsigned round = 0; round < rounds; round++) {
		unsigned count = (unsigned)(model_random() % 150);
		uint64_t newest, given;

		if (model_random() % 4 == 0)
			model_boot();
		crash_after(count);
		given = newest_given();
		if (model_random() % 4 == 0)
			model_boot();
		model_open();
		newest = check_samples();
		ck_assert_uint_le(given_after(newest), PROMISE);
		ck_assert_uint_gt(history_head(history) + 1, given);
		ck_assert_uint_eq(check_tier(0), newest);
		ck_assert_uint_eq(check_tier(1), newest);
		/* What was lost is not there any more, whatever it was. */
		for (uint64_t seq = newest + 1; seq < TOKENS; seq++)
			tokens[seq] = 0;
		model_add_many((unsigned)(model_random() % 30));
		model_close();
	}
}
END_TEST

START_TEST(a_month_of_restarts_keeps_what_the_tiers_promise)
{
	for (unsigned round = 0; round < 40; round++) {
		if (model_random() % 4 == 0)
			model_boot();
		model_open();
		model_add_many((unsigned)(model_random() % 120));
		ck_assert_uint_eq(check_tier(0), newest_given());
		ck_assert_uint_eq(check_tier(1), newest_given());
		ck_assert_uint_eq(covered, newest_given());
		model_close();
	}
}
END_TEST

/* ---- files that are not as they should be ---- */

static size_t file_read(const char *path, char *to, size_t size)
{
	FILE *f = fopen(path, "rb");
	size_t n = f ? fread(to, 1, size, f) : 0;

	if (f)
		fclose(f);
	return n;
}

static void file_write(const char *path, const char *from, size_t size)
{
	FILE *f = fopen(path, "wb");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(from, 1, size, f), size);
	fclose(f);
}

static unsigned count_aside(void)
{
	struct stat st;
	char name[600];
	unsigned n = 0;

	do
		snprintf(name, sizeof(name), "%s/state/%s.bad-%u", temp_dir, STORE_FILE, n + 1);
	while (stat(name, &st) == 0 && ++n);
	return n;
}

static void remove_aside(void)
{
	static const char *const companions[] = { "", "-wal", "-shm" };
	char name[600];

	for (unsigned n = count_aside(); n > 0; n--)
		for (unsigned i = 0; i < 3; i++) {
			snprintf(name, sizeof(name), "%s/state/%s.bad-%u%s", temp_dir,
				STORE_FILE, n, companions[i]);
			unlink(name);
		}
}

static char image[1 << 20], wal[1 << 20];
static size_t image_size, wal_size;

/* The files as a kill -9 would leave them now. */
static void take_image(void)
{
	keeper_settle(keeper);
	image_size = file_read(temp_path("state/" STORE_FILE), image, sizeof(image));
	wal_size = file_read(temp_path("state/" STORE_FILE "-wal"), wal, sizeof(wal));
	ck_assert_uint_gt(image_size, 0);
	ck_assert_uint_gt(wal_size, 0);
}

static void put_image(size_t image_bytes, size_t wal_bytes)
{
	file_write(temp_path("state/" STORE_FILE), image, image_bytes);
	file_write(temp_path("state/" STORE_FILE "-wal"), wal, wal_bytes);
	unlink(temp_path("state/" STORE_FILE "-shm"));
}

START_TEST(a_write_cut_short_at_any_byte_takes_nothing_else_along)
{
	uint64_t before = 0;
	size_t committed;

	model_open();
	model_add_many(95);
	take_image();
	committed = wal_size;
	model_add_many(10);
	take_image();
	model_close();
	for (size_t n = committed; n <= wal_size; n += (model_is_full() ? 1 : 61)) {
		uint64_t newest;

		put_image(image_size, n);
		model_open();
		newest = check_samples();
		ck_assert_uint_ge(newest, 90);
		ck_assert_uint_ge(newest, before);
		ck_assert_uint_eq(check_tier(0), newest);
		ck_assert_uint_gt(history_head(history), 104);
		before = newest;
		model_close();
	}
	ck_assert_uint_eq(count_aside(), 0);
}
END_TEST

START_TEST(a_file_cut_short_at_any_byte_is_used_or_put_aside)
{
	model_open();
	model_add_many(95);
	model_close();
	image_size = file_read(temp_path("state/" STORE_FILE), image, sizeof(image));
	for (size_t n = 0; n < image_size; n += (model_is_full() ? 1 : 397)) {
		put_image(n, 0);
		model_open();
		check_samples();
		/* Nothing at all is a new file; everything else is damaged, and is kept.  A
		 * last page cut short is read as zeros: it may hold but bytes of a block,
		 * which its sum tells. */
		if (n == 0 || n + 4096 <= image_size)
			ck_assert_uint_eq(count_aside(), n > 0);
		model_close();
		remove_aside();
	}
}
END_TEST

/* Even where SQLite would see an empty file. */
START_TEST(a_file_of_a_few_bytes_is_kept_aside)
{
	for (size_t n = 1; n < 600; n += 99) {
		model_open();
		model_close();
		file_write(temp_path("state/" STORE_FILE), image, n);
		model_open();
		ck_assert_uint_eq(count_aside(), 1);
		model_add_many(1);
		model_close();
		remove_aside();
		memset(tokens, 0, sizeof(tokens));
	}
}
END_TEST

START_TEST(a_file_with_bytes_turned_never_gives_wrong_samples)
{
	model_open();
	model_add_many(95);
	model_close();
	image_size = file_read(temp_path("state/" STORE_FILE), image, sizeof(image));
	for (unsigned round = 0; round < 200; round++) {
		size_t at = (size_t)(model_random() % image_size);

		image[at] = (char)(image[at] ^ 0x55);
		put_image(image_size, 0);
		image[at] = (char)(image[at] ^ 0x55);
		model_open();
		check_samples();
		model_close();
	}
}
END_TEST

static void store_execute(const char *text)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(temp_path("state/" STORE_FILE), &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

START_TEST(a_file_of_a_newer_format_is_put_aside_unharmed)
{
	model_open();
	model_add_many(30);
	model_close();
	store_execute("PRAGMA user_version=2");
	model_open();
	ck_assert_uint_eq(count_aside(), 1);
	ck_assert_uint_eq(history_head(history), 0);
	ck_assert_uint_eq(begin.flags, ROW_START);
	model_close();
	ck_assert_int_eq(
		rename(temp_path("state/" STORE_FILE ".bad-1"), temp_path("state/" STORE_FILE)),
		0);
	store_execute("PRAGMA user_version=1");
	model_open();
	ck_assert_uint_eq(check_samples(), 30);
	model_close();
}
END_TEST

START_TEST(the_database_of_somebody_else_is_put_aside)
{
	model_open();
	model_close();
	store_execute("PRAGMA application_id=7");
	model_open();
	ck_assert_uint_eq(count_aside(), 1);
	model_add_many(3);
	model_close();
}
END_TEST

static struct buf text;

static const char *status(void)
{
	struct json j;

	buf_clear(&text);
	json_init(&j, &text);
	json_object_open(&j);
	keeper_describe(keeper, mono_ns, &j);
	json_object_close(&j);
	buf_add(&text, "", 1);
	return text.data;
}

START_TEST(where_another_daemon_has_the_directory_it_keeps_in_memory)
{
	struct lock lock;
	struct message why;

	buf_init(&text, 4096);
	ck_assert_int_eq(lock_take_directory(&lock, temp_path("state"), &why), 0);
	model_open();
	ck_assert_ptr_nonnull(strstr(status(), "\"state\":\"memory\""));
	model_add_many(130);
	ck_assert_uint_eq(check_tier(0), 130);
	model_close();
	lock_drop(&lock);
	model_open();
	ck_assert_ptr_nonnull(strstr(status(), "\"state\":\"ok\""));
	ck_assert_uint_eq(history_head(history), 0);
	model_close();
	buf_fini(&text);
}
END_TEST

/* The directory is taken by a file of that name. */
START_TEST(where_nothing_can_be_written_it_keeps_in_memory)
{
	buf_init(&text, 4096);
	temp_write(temp_path("state"), "");
	model_open();
	ck_assert_ptr_null(strstr(status(), "\"state\":\"ok\""));
	model_add_many(130);
	ck_assert_uint_eq(check_samples(), 130);
	ck_assert_uint_eq(check_tier(1), 130);
	model_close();
	buf_fini(&text);
}
END_TEST

/* A limit on the size of files, as a full disk would have it. */
START_TEST(a_full_disk_is_said_and_forgotten_when_there_is_room_again)
{
	struct rlimit limit, none;
	uint64_t stored;

	buf_init(&text, 4096);
	signal(SIGXFSZ, SIG_IGN);
	model_open();
	model_add_many(50);
	stored = check_samples();
	getrlimit(RLIMIT_FSIZE, &none);
	limit = none;
	limit.rlim_cur = 8192;
	setrlimit(RLIMIT_FSIZE, &limit);
	model_add_many(700);
	ck_assert_ptr_nonnull(strstr(status(), "\"state\":\"full\""));
	ck_assert_ptr_nonnull(strstr(status(), "\"error\":\"the disk is full\""));
	ck_assert_uint_eq(check_tier(0), stored + 700);
	setrlimit(RLIMIT_FSIZE, &none);
	model_add_many(40);
	ck_assert_ptr_nonnull(strstr(status(), "\"state\":\"ok\""));
	model_close();
	model_open();
	ck_assert_uint_eq(check_samples(), stored + 740);
	ck_assert_uint_eq(check_tier(0), stored + 740);
	ck_assert_uint_eq(check_tier(1), stored + 740);
	model_close();
	buf_fini(&text);
}
END_TEST

/* In a child: writes go no further than limit bytes into a file from the sample full on; dies
 * after count of them.  The epoch in which they were given. */
static uint64_t crash_full(rlim_t limit, unsigned full, unsigned count)
{
	const struct rlimit most = { limit, RLIM_INFINITY };
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		signal(SIGXFSZ, SIG_IGN);
		if (full == 0)
			setrlimit(RLIMIT_FSIZE, &most);
		model_open();
		for (unsigned i = 1; i <= count; i++) {
			if (i == full)
				setrlimit(RLIMIT_FSIZE, &most);
			model_add();
		}
		_exit((int)begin.epoch);
	}
	waitpid(pid, &status, 0);
	ck_assert(WIFEXITED(status));
	return (uint64_t)WEXITSTATUS(status);
}

/* What was given while nothing could be written is in no file: the epoch tells it apart. */
START_TEST(numbers_that_a_full_disk_has_not_heard_of_are_of_another_epoch)
{
	ck_assert_uint_eq(crash_full(RLIM_INFINITY, 0, 150), 77);
	fresh_epoch = 78;
	ck_assert_uint_eq(crash_full(RLIM_INFINITY, 0, 150), 77);
	/* Full at the beginning: only the run itself is of another one. */
	ck_assert_uint_eq(crash_full(40960, 0, 150), 78);
	ck_assert_uint_eq(crash_full(RLIM_INFINITY, 0, 5), 77);
	/* Full meanwhile: the next run is. */
	ck_assert_uint_eq(crash_full(8192, 55, 150), 77);
	ck_assert_uint_eq(crash_full(RLIM_INFINITY, 0, 5), 78);
	fresh_epoch = 79;
	ck_assert_uint_eq(crash_full(RLIM_INFINITY, 0, 5), 78);
}
END_TEST

START_TEST(a_full_disk_that_has_room_again_keeps_the_epoch)
{
	struct rlimit limit, none;

	signal(SIGXFSZ, SIG_IGN);
	model_open();
	model_add_many(50);
	getrlimit(RLIMIT_FSIZE, &none);
	limit = none;
	limit.rlim_cur = 8192;
	setrlimit(RLIMIT_FSIZE, &limit);
	model_add_many(50);
	setrlimit(RLIMIT_FSIZE, &none);
	model_add_many(11);
	model_close();
	fresh_epoch = 78;
	model_open();
	ck_assert_uint_eq(begin.epoch, 77);
	model_close();
}
END_TEST

/* Whatever is added: the rows and the bytes stay within what was said before. */
START_TEST(the_bounds_hold)
{
	struct stat st;
	uint64_t bound;

	buf_init(&text, 4096);
	model_open();
	ck_assert_int_eq(sscanf(strstr(status(), "\"bound\":"), "\"bound\":%lu", &bound), 1);
	model_add_many(15000);
	ck_assert_uint_le(archive->tiers[0].shelf.rows, 100 + TIER_BLOCK_ROWS);
	ck_assert_uint_ge(archive->tiers[0].shelf.rows, 100);
	ck_assert_uint_le(archive->tiers[0].shelf.bytes, archive->tiers[0].shelf.bytes_max);
	ck_assert_uint_le(archive->tiers[1].shelf.rows, 10000 / 60 + TIER_BLOCK_ROWS);
	ck_assert_uint_ge(archive->tiers[1].shelf.rows, 10000 / 60);
	model_close();
	ck_assert_int_eq(stat(temp_path("state/" STORE_FILE), &st), 0);
	ck_assert_uint_le((uint64_t)st.st_size, bound);
	model_open();
	ck_assert_uint_eq(check_tier(1), 15000);
	model_close();
	buf_fini(&text);
}
END_TEST

static int take_event(void *arg, const struct store_event *e)
{
	buf_puts(arg, e->kind);
	buf_puts(arg, e->text);
	return 0;
}

START_TEST(events_are_kept_with_the_samples)
{
	const struct store_event first = { 1, 3, 1700000000000, 1, "mark", "{\"text\":\"a\"}" };
	const struct store_event second = { 2, 4, 1700000000001, 1, "wake", "{}" };

	buf_init(&text, 4096);
	model_open();
	keeper_add_event(keeper, &first);
	keeper_add_event(keeper, &second);
	model_add_many(12);
	model_close();
	model_open();
	ck_assert_uint_eq(begin.eseq, 2);
	ck_assert_int_eq(keeper_each_event(keeper, 0, 100, take_event, &text), 0);
	buf_add(&text, "", 1);
	ck_assert_str_eq(text.data, "mark{\"text\":\"a\"}wake{}");
	model_close();
	buf_fini(&text);
}
END_TEST

RUN_TESTS("keeper", setup, teardown, what_was_added_is_there_after_an_orderly_end,
	an_orderly_end_leaves_one_file, a_boot_is_told_from_a_restart,
	rows_of_another_interval_stay_what_they_were,
	a_crash_loses_at_most_ten_seconds_and_gives_no_number_twice,
	a_month_of_restarts_keeps_what_the_tiers_promise,
	a_write_cut_short_at_any_byte_takes_nothing_else_along,
	a_file_cut_short_at_any_byte_is_used_or_put_aside, a_file_of_a_few_bytes_is_kept_aside,
	a_file_with_bytes_turned_never_gives_wrong_samples,
	a_file_of_a_newer_format_is_put_aside_unharmed,
	the_database_of_somebody_else_is_put_aside,
	where_another_daemon_has_the_directory_it_keeps_in_memory,
	where_nothing_can_be_written_it_keeps_in_memory,
	a_full_disk_is_said_and_forgotten_when_there_is_room_again,
	numbers_that_a_full_disk_has_not_heard_of_are_of_another_epoch,
	a_full_disk_that_has_room_again_keeps_the_epoch, the_bounds_hold,
	events_are_kept_with_the_samples)
