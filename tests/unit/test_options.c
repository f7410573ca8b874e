/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <errno.h>

#include "daemon/options.h"
#include "tests/unit/fake_env.h"
#include "tests/unit/temp_dir.h"

#define WORDS_MAX 16

static struct options options;
static struct message why;
static struct fake_env env;
static char printed[8192];
static char *argv[WORDS_MAX + 2];

static void setup(void)
{
	temp_make();
	fake_env_init(&env);
	fake_env_set(&env, "HOME", temp_dir);
	fake_env_set(&env, "XDG_RUNTIME_DIR", temp_dir);
}

static void teardown(void)
{
	options_fini(&options);
	temp_remove();
}

/* Parses a command line whose words are separated by one space each. */
static enum options_result parse(const char *line)
{
	static char program[] = "actopd", words[2048];
	FILE *out = fmemopen(printed, sizeof(printed), "w");
	enum options_result result;
	int argc = 1;

	argv[0] = program;
	snprintf(words, sizeof(words), "%s", line);
	for (char *word = *words ? words : NULL; word && argc <= WORDS_MAX; argc++) {
		argv[argc] = word;
		word = strchr(word, ' ');
		if (word)
			*word++ = '\0';
	}
	argv[argc] = NULL;
	options_fini(&options);
	why.text[0] = '\0';
	result = options_parse(&options, argc, argv, &env.env, out, &why);
	fclose(out);
	return result;
}

static void expect_usage(const char *line, const char *message)
{
	ck_assert_int_eq(parse(line), OPTIONS_USAGE);
	ck_assert_str_eq(why.text, message);
}

/* Parses under a file, named with -c. */
static enum options_result parse_file(const char *text, const char *more)
{
	char line[600];

	temp_write(temp_path("a.conf"), text);
	snprintf(line, sizeof(line), "-c %s/a.conf%s", temp_dir, more);
	return parse(line);
}

static void expect_config(const char *text, const char *message)
{
	char expected[600];

	ck_assert_int_eq(parse_file(text, ""), OPTIONS_CONFIG);
	snprintf(expected, sizeof(expected), "%s/a.conf:%s", temp_dir, message);
	ck_assert_str_eq(why.text, expected);
}

START_TEST(defaults_need_neither_file_nor_words)
{
	ck_assert_int_eq(parse(""), OPTIONS_READY);
	ck_assert_uint_eq(options.socket_count, 1);
	ck_assert_str_eq(options.sockets[0].path, temp_path("actop/actopd.sock"));
	ck_assert_int_eq(options.sockets[0].kind, PLACE_PRIVATE);
	ck_assert_uint_eq(options.interval_ms, 1000);
	ck_assert_uint_eq(options.tiers[0].step_ms, 1000);
	ck_assert_str_eq(options.state, temp_path(".local/state/actop"));
	ck_assert_str_eq(options.source, "auto");
	ck_assert_str_eq(options.record, "");
	ck_assert_uint_eq(options.max_clients, 1024);
	ck_assert_uint_eq(options.mode, 0600);
	ck_assert_uint_eq(options.log_level, LOG_INFOS);
	ck_assert_uint_eq(options.stall_ms, 600000);
	ck_assert(!options.wait && !options.test && !options.system);
	ck_assert_uint_eq(options.config.count, 0);
}
END_TEST

START_TEST(every_option_is_taken_from_the_command_line)
{
	ck_assert_int_eq(
		parse("--socket /a --socket=b --interval 500ms --history=500ms:1m,1s:1h "
		      "--state none --source replay:f,speed=max --record r.ndjson "
		      "--max-clients 7 --group staff"),
		OPTIONS_READY);
	ck_assert_uint_eq(options.socket_count, 2);
	ck_assert_str_eq(options.sockets[0].path, "/a");
	ck_assert_str_eq(options.sockets[1].path, "b");
	ck_assert_int_eq(options.sockets[1].kind, PLACE_EXPLICIT);
	ck_assert_uint_eq(options.interval_ms, 500);
	ck_assert_uint_eq(options.tier_count, 2);
	ck_assert_uint_eq(options.tiers[1].step_ms, 1000);
	ck_assert_uint_eq(options.tiers[1].span_ms, 3600000);
	ck_assert_str_eq(options.state, "");
	ck_assert_str_eq(options.source, "replay:f,speed=max");
	ck_assert_str_eq(options.record, "r.ndjson");
	ck_assert_uint_eq(options.max_clients, 7);
	ck_assert_str_eq(options.group, "staff");
	ck_assert_int_eq(parse("--mode 640 --wait --log-level debug --stall 0 --test "
			       "--dump-world w.json --foreground"),
		OPTIONS_READY);
	ck_assert_uint_eq(options.mode, 0640);
	ck_assert(options.wait && options.test && options.foreground);
	ck_assert_uint_eq(options.log_level, LOG_DEBUGS);
	ck_assert_uint_eq(options.stall_ms, 0);
	ck_assert_str_eq(options.dump_world, "w.json");
}
END_TEST

START_TEST(mistakes_on_the_command_line_say_what_to_do)
{
	expect_usage(
		"--intervall 5s", "unknown option '--intervall' (did you mean --interval?)");
	expect_usage(
		"--log_levle=x", "unknown option '--log_levle' (did you mean --log-level?)");
	expect_usage(
		"--frobnicate", "unknown option '--frobnicate'; --help lists what there is");
	expect_usage("-x", "unknown option '-x'; --help lists what there is");
	expect_usage("start", "unexpected argument 'start'; --help lists what there is");
	expect_usage("--", "unexpected argument '--'; --help lists what there is");
	expect_usage("--wait=yes", "--wait takes no value");
	expect_usage("--socket", "--socket needs a value: PATH");
	expect_usage("--socket --wait", "--socket needs a value: PATH");
	expect_usage("--socket=", "--socket: the value is empty");
	expect_usage("--interval 5", "--interval: '5' has no unit; did you mean 5s or 5m?");
	expect_usage("--interval 99ms", "--interval: '99ms' is not between 100ms and 1h");
	expect_usage("--interval 61m", "--interval: '61m' is not between 100ms and 1h");
	expect_usage(
		"--max-clients 0", "--max-clients: '0' is not a whole number from 1 to 65536");
	expect_usage("--max-clients 99999999999999999999999",
		"--max-clients: '99999999999999999999999' is not a whole number from 1 to "
		"65536");
	expect_usage("--mode 800",
		"--mode: '800' is not an octal number from 0000 to 0777, as chmod takes it");
	expect_usage(
		"--log-level loud", "--log-level: 'loud' is none of error, warn, info, debug");
	expect_usage("--socket a --socket a", "--socket: 'a' is named twice");
	expect_usage("--socket a --socket b --socket c --socket d --socket e",
		"--socket: more than 4 sockets");
}
END_TEST

START_TEST(a_history_is_checked)
{
	expect_usage("--history 1s",
		"--history: '1s' is not STEP:SPAN; write for example "
		"1s:1h, 10s:24h, 60s:30d");
	expect_usage("--history 1s:1h,",
		"--history: '' is not STEP:SPAN; write for example "
		"1s:1h, 10s:24h, 60s:30d");
	expect_usage("--history 1s:1h,10:24h",
		"--history: '10' has no unit; did you mean 10s or 10m?");
	expect_usage("--history 2s:1h",
		"history: the first step, 2s, must be the interval, 1s; set both alike");
	expect_usage("--interval 2s --history 2s:1h,3s:2h",
		"--history: step 3s must be a multiple of the one before, 2s");
	expect_usage("--history 1s:1h,1s:2h",
		"--history: step 1s must be a multiple of the one before, 1s");
	expect_usage("--history 1s:1h,10s:1h",
		"--history: span 1h must be longer than the one before, 1h");
	expect_usage("--history 0:1h",
		"--history: 0:1h keeps nothing; the span must be at least one step");
	expect_usage("--history 1s:2w",
		"--history: 1s:14d is more than 1000000 rows; take a longer step");
	expect_usage(
		"--history 1s:1h,2s:2h,4s:3h,8s:4h,16s:5h", "--history: more than 4 tiers");
	ck_assert_int_eq(parse("--history 1s:10s,4s:25s"), OPTIONS_READY);
	ck_assert_uint_eq(options.tiers[1].span_ms, 28000);
}
END_TEST

START_TEST(a_history_nobody_chose_follows_the_interval)
{
	ck_assert_int_eq(parse("--interval 7s"), OPTIONS_READY);
	for (unsigned i = 0; i < options.tier_count; i++) {
		uint64_t former = i ? options.tiers[i - 1].step_ms : 7000;

		ck_assert_uint_eq(options.tiers[i].step_ms % former, 0);
		ck_assert_uint_eq(options.tiers[i].span_ms % options.tiers[i].step_ms, 0);
	}
	ck_assert_uint_eq(options.tiers[0].step_ms, 7000);
	ck_assert_int_eq(parse("--interval 1h"), OPTIONS_READY);
	ck_assert_uint_ge(options.tiers[0].span_ms, 3600000);
}
END_TEST

START_TEST(a_file_sets_what_the_command_line_leaves)
{
	ck_assert_int_eq(parse_file("interval = 2s\nhistory = 2s:1h, 10s:24h\nmax_clients = 9\n"
				    "state = ~/s\nwait = yes\nsocket = a\nsocket = b\n"
				    "[alert x]\nwhen = cpu > 1\n",
				 " --max-clients 8"),
		OPTIONS_READY);
	ck_assert_uint_eq(options.interval_ms, 2000);
	ck_assert_uint_eq(options.tier_count, 2);
	ck_assert_uint_eq(options.max_clients, 8);
	ck_assert_str_eq(options.state, temp_path("s"));
	ck_assert(options.wait);
	ck_assert_uint_eq(options.socket_count, 2);
	ck_assert_uint_eq(options.config.count, 2);
	ck_assert_str_eq(options.config.sections[1].name, "x");
	ck_assert_str_eq(options.config.sections[1].lines[0].value, "cpu > 1");
}
END_TEST

START_TEST(sockets_of_a_higher_layer_replace_those_below)
{
	ck_assert_int_eq(parse_file("socket = f1\nsocket = f2\n", ""), OPTIONS_READY);
	ck_assert_uint_eq(options.socket_count, 2);
	fake_env_set(&env, "ACTOPD_SOCKET", "/e");
	ck_assert_int_eq(parse_file("socket = f1\nsocket = f2\n", ""), OPTIONS_READY);
	ck_assert_uint_eq(options.socket_count, 1);
	ck_assert_str_eq(options.sockets[0].path, "/e");
	ck_assert_int_eq(options.sockets[0].kind, PLACE_EXPLICIT);
	ck_assert_int_eq(
		parse_file("socket = f1\n", " --socket c1 --socket c2"), OPTIONS_READY);
	ck_assert_uint_eq(options.socket_count, 2);
	ck_assert_str_eq(options.sockets[0].path, "c1");
}
END_TEST

START_TEST(the_directories_of_a_service_manager_win_over_the_file)
{
	fake_env_set(&env, "RUNTIME_DIRECTORY", "/run/actop");
	fake_env_set(&env, "STATE_DIRECTORY", "/var/lib/actop");
	ck_assert_int_eq(parse_file("state = /x\nsocket = f\n", ""), OPTIONS_READY);
	ck_assert_uint_eq(options.socket_count, 1);
	ck_assert_str_eq(options.sockets[0].path, "/run/actop/actopd.sock");
	ck_assert_int_eq(options.sockets[0].kind, PLACE_SYSTEM);
	ck_assert_str_eq(options.state, "/var/lib/actop");
	ck_assert_int_eq(parse("--state none --socket /y"), OPTIONS_READY);
	ck_assert_str_eq(options.state, "");
	ck_assert_str_eq(options.sockets[0].path, "/y");
}
END_TEST

START_TEST(mistakes_in_the_file_say_where)
{
	expect_config(
		"\nintervall = 5s\n", "2: unknown key 'intervall' (did you mean 'interval'?)");
	expect_config("colour = red\n", "1: unknown key 'colour'; --help lists the options");
	expect_config("interval = 5\n", "1: interval: '5' has no unit; did you mean 5s or 5m?");
	expect_config("interval = 5s\ninterval = 6s\n", "2: 'interval' is already in line 1");
	expect_config("config = x\n", "1: 'config' can only be given on the command line");
	expect_config("wait = maybe\n", "1: wait: 'maybe' is neither yes nor no");
	expect_config(
		"[alret x]\n", "1: unknown section [alret x]; there is only [alert NAME]");
	expect_config("socket = a\nsocket = a\n", "2: socket: 'a' is named twice");
	ck_assert_int_eq(parse_file("interval = 2s\nhistory = 1s:1h\n", ""), OPTIONS_CONFIG);
	ck_assert_int_eq(parse_file("history = 1s:1h\n", " --interval 2s"), OPTIONS_USAGE);
}
END_TEST

START_TEST(a_missing_file_matters_only_if_it_was_named)
{
	ck_assert_int_eq(parse("-c /nonexistent/actopd.conf"), OPTIONS_CONFIG);
	ck_assert_str_eq(why.text, "/nonexistent/actopd.conf: No such file or directory");
	ck_assert_int_eq(mkdir(temp_path(".config"), 0700), 0);
	ck_assert_int_eq(mkdir(temp_path(".config/actop"), 0700), 0);
	ck_assert_int_eq(parse(""), OPTIONS_READY);
	temp_write(temp_path(".config/actop/actopd.conf"), "interval = 3s\n");
	ck_assert_int_eq(parse(""), OPTIONS_READY);
	ck_assert_uint_eq(options.interval_ms, 3000);
	ck_assert_str_eq(options.config.path, temp_path(".config/actop/actopd.conf"));
	temp_write(temp_path(".config/actop/actopd.conf"), "nonsense\n");
	ck_assert_int_eq(parse(""), OPTIONS_CONFIG);
}
END_TEST

START_TEST(a_system_daemon_is_for_everybody_or_a_group)
{
	ck_assert_int_eq(parse("--system"), OPTIONS_READY);
	ck_assert_int_eq(options.sockets[0].kind, PLACE_SYSTEM);
	ck_assert_uint_eq(options.mode, 0666);
	ck_assert_int_eq(parse("--system --group adm"), OPTIONS_READY);
	ck_assert_uint_eq(options.mode, 0660);
	ck_assert_int_eq(parse("--system --mode 0600"), OPTIONS_READY);
	ck_assert_uint_eq(options.mode, 0600);
}
END_TEST

START_TEST(a_state_is_meant_for_the_source_that_is_chosen_with_it)
{
	ck_assert_int_eq(parse("--source replay:f"), OPTIONS_READY);
	ck_assert(!options.state_named);
	ck_assert_int_eq(parse("--source replay:f --state d"), OPTIONS_READY);
	ck_assert(options.state_named);
	ck_assert_int_eq(parse_file("state = /x\n", " --source replay:f"), OPTIONS_READY);
	ck_assert(!options.state_named);
	ck_assert_int_eq(parse_file("state = /x\nsource = replay:f\n", ""), OPTIONS_READY);
	ck_assert(options.state_named);
	fake_env_set(&env, "STATE_DIRECTORY", "/var/lib/actop");
	ck_assert_int_eq(parse_file("state = /x\nsource = replay:f\n", ""), OPTIONS_READY);
	ck_assert(!options.state_named);
}
END_TEST

START_TEST(help_fits_a_screen_and_names_every_visible_option)
{
	unsigned lines = 0;

	ck_assert_int_eq(parse("--help"), OPTIONS_DONE);
	for (const char *at = printed; *at; at = strchr(at, '\n') + 1, lines++)
		ck_assert_uint_le(strcspn(at, "\n"), 79);
	ck_assert_uint_le(lines, 24);
	for (unsigned i = 0; options_row(i); i++) {
		char name[64];

		snprintf(name, sizeof(name), "--%s ", options_row(i)->name);
		ck_assert_int_eq(strstr(printed, name) == NULL, options_row(i)->hidden);
	}
	ck_assert_int_eq(parse("-h"), OPTIONS_DONE);
	ck_assert_int_eq(parse("--version"), OPTIONS_DONE);
	ck_assert_str_eq(printed, "actopd " ACTOP_VERSION "\n");
}
END_TEST

START_TEST(rows_are_unique_and_their_help_is_short)
{
	for (unsigned i = 0; options_row(i); i++) {
		const struct options_row *row = options_row(i);

		ck_assert_uint_gt(strlen(row->help), 0);
		ck_assert_uint_le(strlen(row->help), 55);
		ck_assert_int_ne(row->help[strlen(row->help) - 1], '.');
		for (unsigned j = 0; j < i; j++) {
			ck_assert_str_ne(options_row(j)->name, row->name);
			ck_assert(!row->letter || options_row(j)->letter != row->letter);
		}
	}
}
END_TEST

START_TEST(printed_settings_read_back_the_same)
{
	char again[sizeof(printed)];

	ck_assert_int_eq(
		parse_file("state = \"/a # b\"\nrecord = \"# x\"\n[alert y]\nwhen = z\n",
			" --print-config --interval 2s --socket s --group g --wait"),
		OPTIONS_DONE);
	ck_assert_ptr_nonnull(strstr(printed, "interval = 2s\n"));
	ck_assert_ptr_nonnull(strstr(printed, "state = \"/a # b\"\n"));
	ck_assert_ptr_nonnull(strstr(printed, "\n[alert y]\nwhen = z\n"));
	strcpy(again, printed);
	ck_assert_int_eq(parse_file(again, " --print-config"), OPTIONS_DONE);
	ck_assert_str_eq(printed, again);
}
END_TEST

START_TEST(a_reload_takes_the_file_and_tells_what_needs_a_restart)
{
	struct options fresh;
	unsigned row = 0;

	ck_assert_int_eq(parse_file("stall = 1m\n", " --max-clients 5"), OPTIONS_READY);
	temp_write(temp_path("a.conf"), "stall = 2m\ninterval = 2s\nmode = 0660\n");
	ck_assert_int_eq(options_reload(&options, &fresh, &why), OPTIONS_READY);
	ck_assert_uint_eq(fresh.stall_ms, 120000);
	ck_assert_uint_eq(fresh.max_clients, 5);
	ck_assert_str_eq(options_next_fixed(&options, &fresh, &row), "interval");
	ck_assert_str_eq(options_next_fixed(&options, &fresh, &row), "mode");
	ck_assert_ptr_null(options_next_fixed(&options, &fresh, &row));
	options_fini(&fresh);
}
END_TEST

/* Reads the file again, which has that text now: the options that would need a restart. */
static void check_fixed(const char *text, const char *expected)
{
	struct options fresh;
	char names[256] = "";
	const char *name;
	unsigned row = 0;

	temp_write(temp_path("a.conf"), text);
	ck_assert_int_eq(options_reload(&options, &fresh, &why), OPTIONS_READY);
	while ((name = options_next_fixed(&options, &fresh, &row)) != NULL)
		strcat(strcat(names, name), " ");
	ck_assert_str_eq(names, expected);
	options_adopt(&options, &fresh);
}

START_TEST(a_reload_compares_with_what_runs_not_with_what_was_read_last)
{
	ck_assert_int_eq(parse_file("stall = 1m\n", ""), OPTIONS_READY);
	check_fixed("interval = 2s\n[alert x]\nwhen = y\n", "interval ");
	ck_assert_uint_eq(options.interval_ms, 1000);
	ck_assert_uint_eq(options.stall_ms, 600000);
	ck_assert_str_eq(options.config.sections[1].name, "x");
	check_fixed("interval = 2s\n", "interval ");
	check_fixed("stall = 1m\n", "");
	ck_assert_uint_eq(options.config.count, 1);
	check_fixed("history = 1s:2h\n", "history ");
	check_fixed("interval = 2s\nhistory = 2s:2h\n", "interval history ");
}
END_TEST

START_TEST(a_reload_of_a_wrong_file_keeps_the_old)
{
	struct options fresh;

	ck_assert_int_eq(parse_file("stall = 1m\n[alert x]\nwhen = y\n", ""), OPTIONS_READY);
	temp_write(temp_path("a.conf"), "[alert x]\nwhen = y\n[alert x]\n");
	ck_assert_int_eq(options_reload(&options, &fresh, &why), OPTIONS_CONFIG);
	ck_assert_ptr_nonnull(strstr(why.text, "a.conf:3: "));
	ck_assert_uint_eq(options.stall_ms, 60000);
	ck_assert_str_eq(options.config.sections[1].name, "x");
	ck_assert_int_eq(unlink(temp_path("a.conf")), 0);
	ck_assert_int_eq(options_reload(&options, &fresh, &why), OPTIONS_CONFIG);
}
END_TEST

START_TEST(without_a_home_a_place_must_be_named)
{
	fake_env_init(&env);
	expect_usage("",
		"no place for the history; use --state DIR or none: HOME is not set to an "
		"absolute path");
	ck_assert_int_eq(parse("--state none"), OPTIONS_READY);
}
END_TEST

START_TEST(the_sample_file_parses)
{
	ck_assert_int_eq(parse("-c launchd/actopd.conf"), OPTIONS_READY);
	ck_assert_uint_eq(options.tier_count, 3);
	ck_assert_uint_eq(options.tiers[2].step_ms, 60000);
	ck_assert_str_eq(options.state, temp_path(".actop/state"));
	ck_assert_uint_eq(options.config.count, 7);
	ck_assert_str_eq(options.config.sections[1].name, "mem_bound");
	ck_assert_str_eq(options.config.sections[1].lines[2].key, "clear");
	ck_assert_str_eq(options.config.sections[6].lines[2].value, "/usr/local/bin/notify-me");
}
END_TEST

RUN_TESTS("options", setup, teardown, defaults_need_neither_file_nor_words,
	every_option_is_taken_from_the_command_line,
	mistakes_on_the_command_line_say_what_to_do, a_history_is_checked,
	a_history_nobody_chose_follows_the_interval, a_file_sets_what_the_command_line_leaves,
	sockets_of_a_higher_layer_replace_those_below,
	the_directories_of_a_service_manager_win_over_the_file, mistakes_in_the_file_say_where,
	a_missing_file_matters_only_if_it_was_named,
	a_system_daemon_is_for_everybody_or_a_group,
	a_state_is_meant_for_the_source_that_is_chosen_with_it,
	help_fits_a_screen_and_names_every_visible_option,
	rows_are_unique_and_their_help_is_short, printed_settings_read_back_the_same,
	a_reload_takes_the_file_and_tells_what_needs_a_restart,
	a_reload_compares_with_what_runs_not_with_what_was_read_last,
	a_reload_of_a_wrong_file_keeps_the_old, without_a_home_a_place_must_be_named,
	the_sample_file_parses)
