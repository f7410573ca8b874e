/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>

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

	ck_assert_int_eq(log_set_file(temp_path("log")), 0);
	log_info("a", "x");
	ck_assert_int_eq(sscanf(file_text(temp_path("log")), "%d-%d-%dT%d:%d:%dZ info a: x%n",
				 &year, &month, &day, &hour, &minute, &second, &used),
		6);
	ck_assert_str_eq(text + used, "\n");
	ck_assert_uint_eq(temp_mode(temp_path("log")), 0600);
}
END_TEST

START_TEST(reopen_follows_a_rotation_and_is_harmless_without_a_file)
{
	ck_assert_int_eq(log_reopen(), 0);
	ck_assert_int_eq(log_set_file(temp_path("log")), 0);
	log_info("a", "before");
	ck_assert_int_eq(rename(temp_path("log"), temp_path("log.1")), 0);
	ck_assert_int_eq(log_reopen(), 0);
	log_info("a", "after");
	ck_assert_ptr_nonnull(strstr(file_text(temp_path("log.1")), "before"));
	ck_assert_ptr_null(strstr(text, "after"));
	ck_assert_ptr_nonnull(strstr(file_text(temp_path("log")), "after"));
}
END_TEST

START_TEST(a_file_that_does_not_open_leaves_the_log_as_it_was)
{
	ck_assert_int_eq(log_set_file(temp_path("no/log")), -ENOENT);
	log_info("a", "still here");
	ck_assert_str_eq(written(), "info a: still here\n");
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
	a_regular_file_gets_the_time, reopen_follows_a_rotation_and_is_harmless_without_a_file,
	a_file_that_does_not_open_leaves_the_log_as_it_was, lines_of_threads_do_not_mix)
