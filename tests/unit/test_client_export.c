/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>

#include "client/target.h"
#include "tests/unit/run.h"
#include "tests/unit/temp_dir.h"

static unsigned count_files(void)
{
	DIR *dir = opendir(temp_dir);
	unsigned n = 0;

	while (readdir(dir))
		n++;
	closedir(dir);
	return n - 2; /* . and .. */
}

START_TEST(it_is_written_beside_its_place_under_a_hidden_name)
{
	char name[TARGET_PATH_MAX], *deep;

	ck_assert_int_eq(target_partial_name("/a/b/day.csv", name), 0);
	ck_assert_str_eq(name, "/a/b/.day.csv.XXXXXX");
	ck_assert_int_eq(target_partial_name("day.csv", name), 0);
	ck_assert_str_eq(name, ".day.csv.XXXXXX");
	deep = calloc(TARGET_PATH_MAX + 1, 1);
	memset(deep, 'x', TARGET_PATH_MAX - 3);
	ck_assert_int_eq(target_partial_name(deep, name), -ENAMETOOLONG);
	free(deep);
}
END_TEST

START_TEST(the_format_goes_by_the_name_unless_it_is_given)
{
	ck_assert_int_eq(target_format("a.csv", FILE_AUTO), FILE_CSV);
	ck_assert_int_eq(target_format("a.ndjson", FILE_AUTO), FILE_NDJSON);
	ck_assert_int_eq(target_format("a.csv.json", FILE_AUTO), FILE_NDJSON);
	ck_assert_int_eq(target_format("a.csv", FILE_NDJSON), FILE_NDJSON);
	ck_assert_int_eq(target_format("csv", FILE_AUTO), FILE_AUTO);
	ck_assert_int_eq(target_format(".csv", FILE_AUTO), FILE_AUTO);
}
END_TEST

START_TEST(a_file_gets_its_name_when_it_is_complete)
{
	const char *path = temp_path("x.csv");
	struct target t;
	char text[8] = "";
	FILE *f;

	ck_assert_int_eq(target_open(&t, path), 0);
	fputs("abc", t.file);
	ck_assert_int_ne(access(path, F_OK), 0);
	ck_assert_int_eq(target_commit(&t), 0);
	f = fopen(path, "r");
	ck_assert_ptr_nonnull(f);
	ck_assert_ptr_nonnull(fgets(text, sizeof(text), f));
	fclose(f);
	ck_assert_str_eq(text, "abc");
	ck_assert_uint_eq(count_files(), 1);
}
END_TEST

START_TEST(nothing_is_left_of_one_that_was_abandoned)
{
	struct target t;

	ck_assert_int_eq(target_open(&t, temp_path("x.csv")), 0);
	fputs("abc", t.file);
	target_abandon(&t);
	ck_assert_uint_eq(count_files(), 0);
	ck_assert_int_eq(target_open(&t, temp_path("none/x.csv")), -ENOENT);
	target_abandon(&t);
}
END_TEST

START_TEST(a_signal_waits_until_the_file_is_gone)
{
	struct target t;

	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_DFL);
	ck_assert_int_eq(target_open(&t, temp_path("x.csv")), 0);
	ck_assert(!target_interrupted());
	raise(SIGTERM);
	ck_assert(target_interrupted());
	/* Let it go by. */
	signal(SIGTERM, SIG_IGN);
	target_abandon(&t);
	ck_assert(!target_interrupted());
	ck_assert_uint_eq(count_files(), 0);
}
END_TEST

START_TEST(what_is_no_regular_file_is_written_and_stays_what_it_is)
{
	const char *path = temp_path("pipe");
	struct target t;
	struct stat st;
	char text[8];
	int fd;

	ck_assert_int_eq(mkfifo(path, 0600), 0);
	fd = open(path, O_RDONLY | O_NONBLOCK);
	ck_assert_int_eq(target_open(&t, path), 0);
	fputs("rows", t.file);
	ck_assert_int_eq(target_commit(&t), 0);
	ck_assert_int_eq(read(fd, text, sizeof(text)), 4);
	ck_assert_int_eq(target_open(&t, path), 0);
	target_abandon(&t);
	close(fd);
	ck_assert_int_eq(lstat(path, &st), 0);
	ck_assert(S_ISFIFO(st.st_mode));
	ck_assert_int_eq(target_open(&t, temp_dir), -EISDIR);
}
END_TEST

RUN_TESTS("client_export", temp_make, temp_remove,
	it_is_written_beside_its_place_under_a_hidden_name,
	the_format_goes_by_the_name_unless_it_is_given,
	a_file_gets_its_name_when_it_is_complete, nothing_is_left_of_one_that_was_abandoned,
	a_signal_waits_until_the_file_is_gone,
	what_is_no_regular_file_is_written_and_stays_what_it_is)
