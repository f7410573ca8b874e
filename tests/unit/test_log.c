/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "daemon/log.h"
#include "tests/unit/temp_dir.h"

static int ends[2];
static char text[8192];

static void setup(void)
{
	temp_make();
	ck_assert_int_eq(pipe(ends), 0);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	log_init(ends[1], LOG_INFOS);
}

static void teardown(void)
{
	log_init(STDERR_FILENO, LOG_INFOS);
	close(ends[0]);
	close(ends[1]);
	temp_remove();
}

/* What the log has written since the last call. */
static const char *written(void)
{
	ssize_t n = read(ends[0], text, sizeof(text) - 1);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

static const char *file_text(const char *path)
{
	FILE *f = fopen(path, "r");
	size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;

	if (f)
		fclose(f);
	text[n] = '\0';
	return text;
}

START_TEST(an_event_is_one_line_with_level_and_module)
{
	log_warn("server", "no room for %d", 7);
	ck_assert_str_eq(written(), "warn server: no room for 7\n");
}
END_TEST

START_TEST(what_is_above_the_level_is_not_written)
{
	log_debug("a", "x");
	ck_assert_str_eq(written(), "");
	log_set_level(LOG_DEBUGS);
	log_debug("a", "x");
	ck_assert_str_eq(written(), "debug a: x\n");
	log_set_level(LOG_ERRORS);
	log_warn("a", "x");
	log_error("a", "y");
	ck_assert_str_eq(written(), "error a: y\n");
}
END_TEST

START_TEST(repeated_lines_are_folded_and_counted)
{
	for (int i = 0; i < 4; i++)
		log_info("a", "same");
	ck_assert_str_eq(written(), "info a: same\n");
	log_info("a", "other");
	ck_assert_str_eq(written(), "last message repeated 3 times\ninfo a: other\n");
	log_info("a", "other");
	log_flush();
	log_flush();
	ck_assert_str_eq(written(), "last message repeated 1 time\n");
	log_info("a", "other");
	ck_assert_str_eq(written(), "");
}
END_TEST

START_TEST(the_same_text_at_another_level_is_another_line)
{
	log_info("a", "same");
	log_warn("a", "same");
	ck_assert_str_eq(written(), "info a: same\nwarn a: same\n");
}
END_TEST

START_TEST(control_characters_and_broken_utf8_are_escaped)
{
	log_info("a", "%s", "x\ny\x1b[2J\x7f \xc3\xa9 \xff \xc2\x9b");
	ck_assert_str_eq(written(), "info a: x\\x0ay\\x1b[2J\\x7f \xc3\xa9 \\xff \\xc2\\x9b\n");
}
END_TEST

START_TEST(a_long_text_is_cut_and_still_one_line)
{
	char longer[3 * LOG_LINE_MAX];
	const char *line;

	memset(longer, '\x01', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	log_info("a", "%s", longer);
	line = written();
	ck_assert_uint_eq(strlen(line), strlen("info a: \n") + 4 * LOG_LINE_MAX);
	ck_assert_ptr_eq(strchr(line, '\n'), line + strlen(line) - 1);
}
END_TEST

START_TEST(a_regular_file_gets_the_time)
{
	int year, month, day, hour, minute, second, used = 0;

	log_follow(temp_path("log"));
	log_info("a", "x");
	ck_assert_int_eq(sscanf(file_text(temp_path("log")), "%d-%d-%dT%d:%d:%dZ info a: x%n",
				 &year, &month, &day, &hour, &minute, &second, &used),
		6);
	ck_assert_str_eq(text + used, "\n");
	ck_assert_uint_eq(temp_mode(temp_path("log")), 0600);
}
END_TEST

START_TEST(following_the_same_file_again_is_a_rotation)
{
	log_follow(temp_path("log"));
	log_info("a", "before");
	ck_assert_int_eq(rename(temp_path("log"), temp_path("log.1")), 0);
	log_follow(temp_path("log"));
	log_info("a", "after");
	ck_assert_ptr_nonnull(strstr(file_text(temp_path("log.1")), "before"));
	ck_assert_ptr_null(strstr(text, "after"));
	ck_assert_ptr_nonnull(strstr(file_text(temp_path("log")), "after"));
	log_follow("");
	log_info("a", "on the old way");
	ck_assert_str_eq(written(), "info a: on the old way\n");
}
END_TEST

START_TEST(a_file_that_does_not_open_leaves_the_log_where_it_was_and_is_told_once)
{
	char wanted[1200];

	log_follow(temp_path("no/log"));
	snprintf(wanted, sizeof(wanted),
		"error log: %s: No such file or directory; the log goes on here until a "
		"SIGHUP\ninfo a: still here\ninfo a: and here\n",
		temp_path("no/log"));
	log_info("a", "still here");
	log_info("a", "and here");
	ck_assert_str_eq(written(), wanted);
}
END_TEST

/* A limit on the size of files stands for a full disk. */
START_TEST(a_file_that_takes_no_more_loses_no_line)
{
	struct rlimit before, tight;

	log_follow(temp_path("log"));
	log_info("a", "fits");
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
	tight = before;
	tight.rlim_cur = strlen(file_text(temp_path("log")));
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &tight), 0);
	log_info("a", "does not");
	log_info("a", "nor this");
	setrlimit(RLIMIT_FSIZE, &before);
	ck_assert_ptr_nonnull(strstr(written(), "/log: File too large; the log goes on here"));
	ck_assert_ptr_nonnull(strstr(text, "SIGHUP\ninfo a: does not\ninfo a: nor this\n"));
	log_follow(temp_path("log"));
	log_info("a", "fits again");
	ck_assert_ptr_nonnull(strstr(file_text(temp_path("log")), "fits again\n"));
	ck_assert_str_eq(written(), "");
}
END_TEST

static off_t size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? st.st_size : -1;
}

/* Makes the file as long as that, and says so in its first line. */
static void lengthen(const char *first, off_t size)
{
	temp_write(temp_path("log"), first);
	ck_assert_int_eq(truncate(temp_path("log"), size), 0);
}

START_TEST(a_file_never_grows_beyond_its_bound_and_one_before_it_is_kept)
{
	lengthen("one", LOG_FILE_MAX - 100);
	log_follow(temp_path("log"));
	log_info("a", "%060d", 1);
	log_info("a", "%060d", 2);
	ck_assert_int_le(size_of(temp_path("log.1")), LOG_FILE_MAX);
	ck_assert_int_gt(size_of(temp_path("log.1")), LOG_FILE_MAX - 100);
	ck_assert_int_lt(size_of(temp_path("log")), 200);
	ck_assert_ptr_nonnull(strstr(file_text(temp_path("log")), "0002\n"));
	lengthen("two", LOG_FILE_MAX);
	log_info("a", "three");
	ck_assert_str_eq(file_text(temp_path("log.1")), "two");
	ck_assert_ptr_nonnull(strstr(file_text(temp_path("log")), "three\n"));
	ck_assert_int_eq(size_of(temp_path("log.2")), -1);
	ck_assert_str_eq(written(), "");
}
END_TEST

START_TEST(a_full_file_that_somebody_else_renamed_is_only_opened_anew)
{
	lengthen("one", LOG_FILE_MAX);
	log_follow(temp_path("log"));
	ck_assert_int_eq(rename(temp_path("log"), temp_path("kept")), 0);
	temp_write(temp_path("log"), "theirs\n");
	log_info("a", "x");
	ck_assert_int_eq(size_of(temp_path("log.1")), -1);
	ck_assert_ptr_nonnull(strstr(file_text(temp_path("log")), "theirs\n"));
	ck_assert_ptr_nonnull(strstr(text, "info a: x\n"));
}
END_TEST

static void *write_many(void *name)
{
	const char *module = name ? "b" : "a";

	for (int i = 0; i < 20; i++)
		log_info(module, "%d", i);
	return NULL;
}

START_TEST(lines_of_threads_do_not_mix)
{
	pthread_t other;
	unsigned lines = 0;

	ck_assert_int_eq(pthread_create(&other, NULL, write_many, &ends), 0);
	write_many(NULL);
	ck_assert_int_eq(pthread_join(other, NULL), 0);
	written();
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		ck_assert_int_eq(strncmp(line, "info ", 5), 0);
		ck_assert(line[5] == 'a' || line[5] == 'b');
		lines++;
	}
	ck_assert_uint_eq(lines, 40);
}
END_TEST

RUN_TESTS("log", setup, teardown, an_event_is_one_line_with_level_and_module,
	what_is_above_the_level_is_not_written, repeated_lines_are_folded_and_counted,
	the_same_text_at_another_level_is_another_line,
	control_characters_and_broken_utf8_are_escaped, a_long_text_is_cut_and_still_one_line,
	a_regular_file_gets_the_time, following_the_same_file_again_is_a_rotation,
	a_file_that_does_not_open_leaves_the_log_where_it_was_and_is_told_once,
	a_file_that_takes_no_more_loses_no_line,
	a_file_never_grows_beyond_its_bound_and_one_before_it_is_kept,
	a_full_file_that_somebody_else_renamed_is_only_opened_anew, lines_of_threads_do_not_mix)
