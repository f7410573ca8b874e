/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <errno.h>
#include <string.h>

#include "daemon/argv.h"
#include "daemon/rule.h"

static struct config config;
static struct rules rules;
static struct message why;

static void setup(void)
{
	config = (struct config){ 0 };
	rules = (struct rules){ 0 };
}

static void teardown(void)
{
	rules_fini(&rules);
	config_fini(&config);
}

static int load(const char *text)
{
	teardown();
	ck_assert_int_eq(config_parse(&config, "actopd.conf", text, strlen(text), &why), 0);
	return rules_load(&rules, &config, &why);
}

static const struct rule *find(const char *name)
{
	for (unsigned i = 0; i < rules.count; i++)
		if (strcmp(rules.items[i].name, name) == 0)
			return &rules.items[i];
	return NULL;
}

static void assert_error(const char *text, const char *message)
{
	ck_assert_int_eq(load(text), -EINVAL);
	ck_assert_str_eq(why.text, message);
}

START_TEST(the_built_in_rules_are_those_of_the_manual)
{
	static const struct {
		const char *name, *when, *clear;
		uint64_t for_ms;
	} expected[] = {
		{ "mem_bound", "bandwidth_pct >= 85", "bandwidth_pct < 80", 6000 },
		{ "package_power", "package_power_pct >= 85", NULL, 6000 },
		{ "swap_rise",
			"rise(swap_used_bytes, 8s) >= 0.3GiB and swap_total_bytes >= 0.1GB",
			NULL, 0 },
		{ "thermal", "thermal_state >= Fair", NULL, 0 },
		{ "throttle", "throttle_cpu or throttle_gpu", NULL, 6000 },
		{ "memory", "mem_pressure >= warn", NULL, 10000 },
	};

	ck_assert_int_eq(rules_load(&rules, NULL, &why), 0);
	ck_assert_uint_eq(rules.count, 6);
	for (unsigned i = 0; i < rules.count; i++) {
		const struct rule *r = &rules.items[i];

		ck_assert_str_eq(r->name, expected[i].name);
		ck_assert_str_eq(r->when_text, expected[i].when);
		ck_assert_pstr_eq(r->clear_text, expected[i].clear);
		ck_assert_uint_eq(r->for_ms, expected[i].for_ms);
		ck_assert_uint_eq(r->hold_ms, 0);
		ck_assert_int_eq(r->severity, SEVERITY_WARN);
		ck_assert_ptr_null(r->exec);
	}
}
END_TEST

START_TEST(a_section_makes_a_rule_of_its_keys)
{
	ck_assert_int_eq(load("[alert hot]\n"
			      "when = cpu_temp_c >= 95C\n"
			      "for = 1m30s\n"
			      "clear = cpu_temp_c < 80\n"
			      "hold = 5s\n"
			      "severity = critical\n"
			      "exec = /bin/echo 'too hot' \"\" x\n"),
		0);
	ck_assert_uint_eq(rules.count, 7);
	ck_assert_uint_eq(find("hot")->for_ms, 90000);
	ck_assert_uint_eq(find("hot")->hold_ms, 5000);
	ck_assert_int_eq(find("hot")->severity, SEVERITY_CRITICAL);
	ck_assert_str_eq(find("hot")->exec[0], "/bin/echo");
	ck_assert_str_eq(find("hot")->exec[1], "too hot");
	ck_assert_str_eq(find("hot")->exec[2], "");
	ck_assert_str_eq(find("hot")->exec[3], "x");
	ck_assert_ptr_null(find("hot")->exec[4]);
}
END_TEST

START_TEST(a_section_of_a_built_in_name_changes_what_it_says)
{
	ck_assert_int_eq(load("[alert mem_bound]\nfor = 20s\n"), 0);
	ck_assert_uint_eq(rules.count, 6);
	ck_assert_uint_eq(find("mem_bound")->for_ms, 20000);
	ck_assert_str_eq(find("mem_bound")->when_text, "bandwidth_pct >= 85");
	ck_assert_str_eq(find("mem_bound")->clear_text, "bandwidth_pct < 80");
	ck_assert_int_eq(load("[alert mem_bound]\nwhen = bandwidth_pct >= 60\n"), 0);
	ck_assert_ptr_null(find("mem_bound")->clear);
	ck_assert_int_eq(load("[alert mem_bound]\nclear = bandwidth_pct < 50\n"
			      "when = bandwidth_pct >= 60\n"),
		0);
	ck_assert_str_eq(find("mem_bound")->clear_text, "bandwidth_pct < 50");
}
END_TEST

START_TEST(a_rule_can_be_switched_off_but_is_checked)
{
	ck_assert_int_eq(
		load("[alert thermal]\nenabled = no\n[alert memory]\nenabled = yes\n"), 0);
	ck_assert_uint_eq(rules.count, 5);
	ck_assert_ptr_null(find("thermal"));
	ck_assert_str_eq(rules.items[3].name, "throttle");
	ck_assert_str_eq(rules.items[4].name, "memory");
	assert_error("[alert thermal]\nenabled = no\nfor = 3\n",
		"actopd.conf:3: for: '3' has no unit; did you mean 3s or 3m?");
}
END_TEST

START_TEST(errors_name_file_line_and_key)
{
	assert_error("[alert x]\nfor = 3s\n",
		"actopd.conf:1: [alert x] has no 'when', the condition it waits for");
	assert_error("[alert x]\nwhen = cpu_watts > 1\nfro = 3s\n",
		"actopd.conf:3: an alert has no 'fro'; it has when, for, clear, hold, "
		"severity, "
		"exec, enabled");
	assert_error("\n[alert x]\nwhen = cpu_wats > 1\n",
		"actopd.conf:3: when: column 1: there is no series 'cpu_wats'; did you mean "
		"cpu_watts?");
	assert_error("[alert thermal]\nclear = thermal_state < Cold\n",
		"actopd.conf:2: clear: column 17: thermal_state is compared with one of "
		"Nominal, Fair, Serious, Critical");
	assert_error("[alert thermal]\nseverity = bad\n",
		"actopd.conf:2: severity: 'bad' is not info, warn or critical");
	assert_error("[alert thermal]\nenabled = 1\n",
		"actopd.conf:2: enabled: '1' is not yes or no");
	assert_error("[alert thermal]\nexec = notify-me\n",
		"actopd.conf:2: exec: begin with the absolute path of a program; there is no "
		"shell");
	assert_error("[alert thermal]\nexec = /bin/echo 'x\n",
		"actopd.conf:2: exec: a quote is not closed");
}
END_TEST

START_TEST(arguments_are_split_without_a_shell)
{
	char **argv;

	ck_assert_int_eq(argv_split(&argv, " /bin/x $HOME;ls a'b c'\"d\"\t| *", &why), 0);
	ck_assert_str_eq(argv[0], "/bin/x");
	ck_assert_str_eq(argv[1], "$HOME;ls");
	ck_assert_str_eq(argv[2], "ab cd");
	ck_assert_str_eq(argv[3], "|");
	ck_assert_str_eq(argv[4], "*");
	ck_assert_ptr_null(argv[5]);
	argv_free(argv);
	ck_assert_int_eq(argv_split(&argv,
				 "/x 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 "
				 "9 0 1 2",
				 &why),
		-EINVAL);
	ck_assert_ptr_null(argv);
	ck_assert_str_eq(why.text, "too many arguments (32)");
}
END_TEST

START_TEST(a_check_against_a_schema_names_what_the_machine_lacks)
{
	struct schema *schema = schema_new();
	struct layout *layout = layout_new();

	layout_seal(layout);
	schema_extend(schema, layout);
	ck_assert_int_eq(rules_check(NULL, schema, &why), 0);
	ck_assert_int_eq(load("[alert x]\nwhen = fan.3.rpm > 1\n"), 0);
	ck_assert_int_eq(rules_check(&config, NULL, &why), 0);
	ck_assert_int_eq(rules_check(&config, schema, &why), -ENOENT);
	ck_assert_str_eq(
		why.text, "[alert x] uses fan.3.rpm, which this machine does not have");
	schema_free(schema);
	layout_free(layout);
}
END_TEST

RUN_TESTS("rule", setup, teardown, the_built_in_rules_are_those_of_the_manual,
	a_section_makes_a_rule_of_its_keys, a_section_of_a_built_in_name_changes_what_it_says,
	a_rule_can_be_switched_off_but_is_checked, errors_name_file_line_and_key,
	arguments_are_split_without_a_shell,
	a_check_against_a_schema_names_what_the_machine_lacks)
