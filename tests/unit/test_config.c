/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <errno.h>

#include "daemon/config.h"
#include "tests/unit/temp_dir.h"

static struct config config;
static struct message why;

static void setup(void)
{
	temp_make();
}

static void teardown(void)
{
	config_fini(&config);
	temp_remove();
}

static int parse(const char *text)
{
	config_fini(&config);
	why.text[0] = '\0';
	return config_parse(&config, "f.conf", text, strlen(text), &why);
}

static void expect_pair(unsigned section, unsigned i, const char *key, const char *value)
{
	ck_assert_uint_lt(section, config.count);
	ck_assert_uint_lt(i, config.sections[section].count);
	ck_assert_str_eq(config.sections[section].lines[i].key, key);
	ck_assert_str_eq(config.sections[section].lines[i].value, value);
}

static void expect_error(const char *text, const char *message)
{
	ck_assert_int_eq(parse(text), -EINVAL);
	ck_assert_str_eq(why.text, message);
}

START_TEST(pairs_comments_and_blank_lines_are_read)
{
	ck_assert_int_eq(parse("# first\n\n  a = 1\t# one\n\tb-c=x y  \n#d = 2\n"), 0);
	ck_assert_uint_eq(config.count, 1);
	ck_assert_uint_eq(config.sections[0].count, 2);
	expect_pair(0, 0, "a", "1");
	expect_pair(0, 1, "b-c", "x y");
	ck_assert_uint_eq(config.sections[0].lines[0].line, 3);
	ck_assert_uint_eq(config.sections[0].lines[1].line, 4);
}
END_TEST

START_TEST(an_empty_file_and_one_without_a_last_newline_are_fine)
{
	ck_assert_int_eq(parse(""), 0);
	ck_assert_uint_eq(config.sections[0].count, 0);
	ck_assert_int_eq(parse("a = 1"), 0);
	expect_pair(0, 0, "a", "1");
	ck_assert_int_eq(parse("a = 1\r\nb = 2\r\n"), 0);
	expect_pair(0, 1, "b", "2");
}
END_TEST

START_TEST(a_hash_inside_a_word_or_in_quotes_is_no_comment)
{
	ck_assert_int_eq(parse("a = x#y\nb = \" # kept \" # cut\nc = x == \"y\"\n"), 0);
	expect_pair(0, 0, "a", "x#y");
	expect_pair(0, 1, "b", " # kept ");
	expect_pair(0, 2, "c", "x == \"y\"");
}
END_TEST

START_TEST(a_value_may_contain_an_equals_sign)
{
	ck_assert_int_eq(parse("when = a >= 85 and b == 2\n"), 0);
	expect_pair(0, 0, "when", "a >= 85 and b == 2");
}
END_TEST

START_TEST(sections_keep_their_lines_raw)
{
	ck_assert_int_eq(parse("a = 1\n[alert mem_bound] # x\nwhen = q >= 8\nfor = 6s\n"
			       "[ alert  b.c-d ]\nwhen = z\n"),
		0);
	ck_assert_uint_eq(config.count, 3);
	ck_assert_str_eq(config.sections[1].kind, "alert");
	ck_assert_str_eq(config.sections[1].name, "mem_bound");
	ck_assert_uint_eq(config.sections[1].line, 2);
	expect_pair(1, 0, "when", "q >= 8");
	expect_pair(1, 1, "for", "6s");
	ck_assert_uint_eq(config.sections[1].lines[1].line, 4);
	ck_assert_str_eq(config.sections[2].name, "b.c-d");
	expect_pair(2, 0, "when", "z");
}
END_TEST

START_TEST(mistakes_are_told_with_file_and_line)
{
	expect_error("a = 1\nnonsense\n", "f.conf:2: expected key = value");
	expect_error("a b = 1\n", "f.conf:1: a key is letters, digits, '_', '.' or '-'");
	expect_error("= 1\n", "f.conf:1: a key is letters, digits, '_', '.' or '-'");
	expect_error("\na = # 1\n",
		"f.conf:2: 'a' has no value; leave the line out for the default");
	expect_error(
		"a = \"x\n", "f.conf:1: a value that begins with \" ends with the next one");
	expect_error("a = \"x\" y\n",
		"f.conf:1: a value that begins with \" ends with the next one");
	expect_error(
		"a = \"\n", "f.conf:1: a value that begins with \" ends with the next one");
}
END_TEST

START_TEST(a_value_that_begins_with_a_hash_is_a_comment)
{
	expect_error(
		"a =#1\n", "f.conf:1: 'a' has no value; leave the line out for the default");
}
END_TEST

START_TEST(malformed_sections_are_told)
{
	static const char *const texts[] = { "[", "[]", "[alert]", "[alert x", "[alert x y]",
		"[alert x] y", "[alert x/y]" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		ck_assert_int_eq(parse(texts[i]), -EINVAL);
		ck_assert_ptr_nonnull(
			strstr(why.text, "f.conf:1: a section is written [alert"));
	}
}
END_TEST

START_TEST(nothing_may_be_said_twice_in_a_section)
{
	expect_error("[alert x]\nfor = 1s\nfor = 2s\n", "f.conf:3: 'for' is already in line 2");
	expect_error("[alert x]\n[alert y]\n[alert x]\n",
		"f.conf:3: section [alert x] is already in line 1");
	ck_assert_int_eq(
		parse("socket = a\nsocket = b\n[alert x]\nfor = 1s\n[alert y]\nfor = 1s\n"), 0);
}
END_TEST

START_TEST(bytes_that_are_no_text_are_refused)
{
	expect_error("a = \xff\n", "f.conf:1: not UTF-8");
	expect_error("a = \x1b\n", "f.conf:1: control character");
	config_fini(&config);
	ck_assert_int_eq(config_parse(&config, "f.conf", "a\0= 1", 6, &why), -EINVAL);
	ck_assert_int_eq(parse("a = \xc3\xa9\n"), 0);
}
END_TEST

START_TEST(every_limit_is_told)
{
	char *text = malloc(40 * (CONFIG_LINES_MAX + 1) + CONFIG_LINE_MAX);
	size_t used = 0;

	memset(text, 'x', CONFIG_LINE_MAX + 1);
	text[CONFIG_LINE_MAX + 1] = '\0';
	expect_error(text, "f.conf:1: line too long (2048 bytes)");
	for (int i = 0; i < CONFIG_LINES_MAX; i++)
		used += (size_t)sprintf(text + used, "a = 1\n");
	ck_assert_int_eq(parse(text), 0);
	strcpy(text + used, "a = 1\n");
	expect_error(text, "f.conf:1025: too many lines (1024)");
	used = 0;
	for (int i = 1; i < CONFIG_SECTIONS_MAX; i++)
		used += (size_t)sprintf(text + used, "[alert a%d]\n", i);
	ck_assert_int_eq(parse(text), 0);
	strcpy(text + used, "[alert b]\n");
	expect_error(text, "f.conf:65: too many sections (64)");
	free(text);
}
END_TEST

START_TEST(a_file_is_read_and_its_path_told)
{
	char *text = malloc(CONFIG_FILE_MAX + 2);

	temp_write(temp_path("a.conf"), "a = 1\n");
	ck_assert_int_eq(config_read(&config, temp_path("a.conf"), &why), 0);
	expect_pair(0, 0, "a", "1");
	ck_assert_str_eq(config.path, temp_path("a.conf"));
	config_fini(&config);
	ck_assert_int_eq(config_read(&config, temp_path("none"), &why), -ENOENT);
	ck_assert_ptr_nonnull(strstr(why.text, "/none: No such file"));
	ck_assert_int_eq(config_read(&config, temp_dir, &why), -EISDIR);

	memset(text, '\n', CONFIG_FILE_MAX + 1);
	text[CONFIG_FILE_MAX] = '\0';
	temp_write(temp_path("b.conf"), text);
	ck_assert_int_eq(config_read(&config, temp_path("b.conf"), &why), 0);
	config_fini(&config);
	text[CONFIG_FILE_MAX] = '\n';
	text[CONFIG_FILE_MAX + 1] = '\0';
	temp_write(temp_path("b.conf"), text);
	ck_assert_int_eq(config_read(&config, temp_path("b.conf"), &why), -EFBIG);
	free(text);
}
END_TEST

RUN_TESTS("config", setup, teardown, pairs_comments_and_blank_lines_are_read,
	an_empty_file_and_one_without_a_last_newline_are_fine,
	a_hash_inside_a_word_or_in_quotes_is_no_comment, a_value_may_contain_an_equals_sign,
	sections_keep_their_lines_raw, mistakes_are_told_with_file_and_line,
	a_value_that_begins_with_a_hash_is_a_comment, malformed_sections_are_told,
	nothing_may_be_said_twice_in_a_section, bytes_that_are_no_text_are_refused,
	every_limit_is_told, a_file_is_read_and_its_path_told)
