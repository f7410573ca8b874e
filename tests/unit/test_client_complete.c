/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "client/complete.h"
#include "tests/unit/run.h"

static struct buf out;

static void test_complete_setup(void)
{
	buf_init(&out, COMPLETE_MAX);
}

static void test_complete_teardown(void)
{
	buf_fini(&out);
}

#define WORDS_MAX 12

/* Takes a line whose words are apart by one blank; a blank at the end begins an empty word. */
static struct complete typed(const char *line)
{
	static char text[256];
	static const char *words[WORDS_MAX];
	struct complete c;
	unsigned count = 0;
	char *at = text;

	strcpy(text, line);
	words[count++] = text;
	while ((at = strchr(at, ' '))) {
		*at++ = '\0';
		words[count++] = at;
	}
	complete_find(&c, words, count);
	buf_clear(&out);
	complete_write(&out, &c);
	buf_add(&out, "", 1);
	return c;
}

static bool offers(const char *text)
{
	size_t n = strlen(text);

	for (const char *line = out.data; *line; line = strchr(line, '\n') + 1)
		if (strncmp(line, text, n) == 0 && (line[n] == '\t' || line[n] == '\n'))
			return true;
	return false;
}

START_TEST(a_command_is_completed_with_its_summary)
{
	ck_assert_int_eq(typed("hist").kind, COMPLETE_COMMANDS);
	ck_assert_str_eq(out.data, "history\tPrint what was sampled before and end\n");
	typed("");
	ck_assert(offers("now"));
	ck_assert(offers("completion"));
	ck_assert_ptr_null(strstr(out.data, "snapshot"));
}
END_TEST

START_TEST(options_are_those_of_the_command)
{
	typed("now --");
	ck_assert(offers("--fields"));
	ck_assert(!offers("--since"));
	typed("history --si");
	ck_assert_str_eq(
		out.data, "--since\tbegin there: 5m, \"5m ago\", 10:30, today, boot\n");
	typed("now ");
	ck_assert(offers("--fields"));
	typed("-");
	ck_assert(offers("--socket"));
	typed("snapshot --fre --fie");
	ck_assert(offers("--fields"));
}
END_TEST

START_TEST(values_are_the_words_that_the_option_takes)
{
	typed("now -o ");
	ck_assert(offers("plain"));
	ck_assert(!offers("prom"));
	typed("metrics -o ");
	ck_assert(offers("prom"));
	ck_assert(!offers("table"));
	typed("ps --sort=");
	ck_assert(offers("--sort=watts"));
	typed("ps -sw");
	ck_assert_str_eq(out.data, "-swatts\t\n");
	typed("ps -s w");
	ck_assert_str_eq(out.data, "watts\t\n");
	typed("history -s ");
	ck_assert(offers("10s"));
	typed("events --since ");
	ck_assert(offers("today"));
	typed("export -o ");
	ck_assert_str_eq(out.data, ":files\n");
	typed("ps --user ro");
	ck_assert_str_eq(out.data, ":users\n");
}
END_TEST

START_TEST(a_list_goes_on_behind_its_comma)
{
	struct complete c = typed("events -k mark,st");

	ck_assert(c.list);
	ck_assert_str_eq(out.data, ":more\nmark,start\t\nmark,stop\t\n");
	c = typed("now -f cpu_watts,gpu");
	ck_assert_int_eq(c.kind, COMPLETE_FIELDS);
	ck_assert_str_eq(c.part, "gpu");
	c = typed("now --fields=cpu_watts,gpu");
	ck_assert_str_eq(c.word, "--fields=cpu_watts,gpu");
	ck_assert_str_eq(c.part, "gpu");
	buf_clear(&out);
	complete_offer(&out, &c, "gpu_watts", "W");
	complete_offer(&out, &c, "cpu_watts", "W");
	buf_add(&out, "", 1);
	ck_assert_str_eq(out.data, "--fields=cpu_watts,gpu_watts\tW\n");
}
END_TEST

START_TEST(options_before_say_whom_to_ask)
{
	struct complete c = typed("-S /tmp/s now -f ");

	ck_assert_int_eq(c.kind, COMPLETE_FIELDS);
	ck_assert_str_eq(c.socket, "/tmp/s");
	ck_assert_ptr_null(c.host);
	c = typed("now -qS/tmp/s --host=ssh://a -f ");
	ck_assert_str_eq(c.socket, "/tmp/s");
	ck_assert_str_eq(c.host, "ssh://a");
}
END_TEST

START_TEST(operands_are_completed_by_what_they_are)
{
	ck_assert_int_eq(typed("check cpu_t").kind, COMPLETE_SERIES);
	ck_assert_str_eq(typed("wait (load_1m<3").part, "3");
	ck_assert_int_eq(typed("energy --between a").kind, COMPLETE_MARKS);
	ck_assert_int_eq(typed("energy --between a b").kind, COMPLETE_MARKS);
	typed("help ti");
	ck_assert_str_eq(out.data, "times\thow to write times and durations\n");
	ck_assert_int_eq(typed("help times x").kind, COMPLETE_NOTHING);
	typed("completion ");
	ck_assert_str_eq(out.data, "bash\t\nzsh\t\nfish\t\n");
	typed("service unin");
	ck_assert_str_eq(out.data,
		"uninstall\tend it and do not start it again; programs and history stay\n");
	ck_assert_int_eq(typed("nonsense ").kind, COMPLETE_NOTHING);
}
END_TEST

START_TEST(what_run_runs_is_a_command_line_of_its_own)
{
	struct complete c = typed("run --units 5 make -");

	ck_assert_int_eq(c.kind, COMPLETE_REST);
	ck_assert_str_eq(out.data, ":command 3\n");
	typed("run -- make -");
	ck_assert_str_eq(out.data, ":command 2\n");
	typed("run ma");
	ck_assert_str_eq(out.data, ":command 1\n");
	ck_assert_int_eq(typed("run --un").kind, COMPLETE_OPTIONS);
}
END_TEST

START_TEST(every_value_of_an_option_is_of_a_known_kind)
{
	for (unsigned id = 0; id < OPTION_COUNT; id++) {
		bool known = true;
		const char *argument = option_infos[id].argument;

		if (argument)
			complete_of_argument(argument, &known);
		ck_assert_msg(known, "client/complete.c does not know what %s of --%s is",
			argument, option_infos[id].name);
	}
}
END_TEST

RUN_TESTS("complete", test_complete_setup, test_complete_teardown,
	a_command_is_completed_with_its_summary, options_are_those_of_the_command,
	values_are_the_words_that_the_option_takes, a_list_goes_on_behind_its_comma,
	options_before_say_whom_to_ask, operands_are_completed_by_what_they_are,
	what_run_runs_is_a_command_line_of_its_own, every_value_of_an_option_is_of_a_known_kind)
