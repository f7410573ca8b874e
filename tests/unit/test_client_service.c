/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "client/service/template.h"
#include "tests/unit/run.h"

static struct service mac, linux_user, linux_system;
static struct plan plan;
static struct buf out;

static void setup(void)
{
	mac = (struct service){
		.manager = SERVICE_LAUNCHD, .uid = 501, .home = "/Users/a & b"
	};
	strcpy(mac.prefix, "/usr/local");
	linux_user =
		(struct service){ .manager = SERVICE_SYSTEMD, .uid = 1000, .home = "/home/a" };
	strcpy(linux_user.prefix, "/usr/local");
	linux_system = linux_user;
	linux_system.system = true;
	buf_init(&out, 65536);
}

static void teardown(void)
{
	buf_fini(&out);
}

/* The commands of a plan, a line each; steps that are none by their kind and path. */
static const char *steps(const struct service *s, enum verb verb, bool follow)
{
	static const char *const kinds[] = { "folder ", "plist ", "remove ", "", "try ",
		"exec " };

	buf_clear(&out);
	ck_assert_int_eq(plan_make(&plan, s, verb, follow), 0);
	for (unsigned i = 0; i < plan.count; i++) {
		buf_puts(&out, kinds[plan.steps[i].kind]);
		for (unsigned w = 0; plan.steps[i].words[w]; w++) {
			buf_puts(&out, w ? " " : "");
			buf_puts(&out, plan.steps[i].words[w]);
		}
		buf_puts(&out, "\n");
	}
	buf_add(&out, "", 1);
	return out.data;
}

START_TEST(launchd_gets_a_plist_and_its_folders)
{
	ck_assert_str_eq(steps(&mac, VERB_INSTALL, false),
		"folder /Users/a & b/Library/LaunchAgents\n"
		"folder /Users/a & b/Library/Logs\n"
		"folder /Users/a & b/.actop\n"
		"folder /Users/a & b/.actop/run\n"
		"plist /Users/a & b/Library/LaunchAgents/actopd.plist\n"
		"try launchctl bootout gui/501/actopd\n"
		"launchctl enable gui/501/actopd\n"
		"launchctl bootstrap gui/501 /Users/a & b/Library/LaunchAgents/actopd.plist\n");
	ck_assert_str_eq(steps(&mac, VERB_UNINSTALL, false),
		"try launchctl bootout gui/501/actopd\n"
		"remove /Users/a & b/Library/LaunchAgents/actopd.plist\n");
}
END_TEST

START_TEST(over_ssh_the_domain_is_that_of_the_user)
{
	mac.remote = true;
	ck_assert_str_eq(
		steps(&mac, VERB_RESTART, false), "launchctl kickstart -k user/501/actopd\n");
	ck_assert_str_eq(steps(&mac, VERB_STOP, false), "launchctl bootout user/501/actopd\n");
}
END_TEST

START_TEST(the_whole_mac_has_a_daemon_that_is_not_root)
{
	mac.system = true;
	ck_assert_str_eq(steps(&mac, VERB_INSTALL, false),
		"folder /var/db/actop nobody\n"
		"plist /Library/LaunchDaemons/actopd.plist\n"
		"try launchctl bootout system/actopd\n"
		"launchctl enable system/actopd\n"
		"launchctl bootstrap system /Library/LaunchDaemons/actopd.plist\n");
	ck_assert_str_eq(
		steps(&mac, VERB_LOGS, true), "exec tail -n 100 /var/db/actop/actopd.log -F\n");
}
END_TEST

START_TEST(systemd_gets_the_units_by_their_paths)
{
	ck_assert_str_eq(steps(&linux_user, VERB_INSTALL, false),
		"systemctl --user daemon-reload\n"
		"systemctl --user enable --now /usr/local/lib/systemd/user/actopd.socket "
		"/usr/local/lib/systemd/user/actopd.service\n");
	ck_assert_str_eq(steps(&linux_system, VERB_INSTALL, false),
		"systemctl daemon-reload\n"
		"systemctl enable --now /usr/local/lib/systemd/system/actopd.socket "
		"/usr/local/lib/systemd/system/actopd.service\n");
	ck_assert_str_eq(steps(&linux_system, VERB_UNINSTALL, false),
		"systemctl disable --now actopd.socket actopd.service\n"
		"systemctl daemon-reload\n");
}
END_TEST

START_TEST(what_systemd_says_is_passed_on)
{
	ck_assert_str_eq(steps(&linux_user, VERB_STATUS, false),
		"exec systemctl --user --no-pager status actopd.service\n");
	ck_assert_str_eq(steps(&linux_user, VERB_LOGS, true),
		"exec journalctl --user-unit actopd.service --no-pager --lines 100 --follow\n");
	ck_assert_str_eq(steps(&linux_system, VERB_LOGS, false),
		"exec journalctl --unit actopd.service --no-pager --lines 100\n");
}
END_TEST

START_TEST(without_a_service_manager_there_is_no_plan)
{
	linux_user.manager = SERVICE_UNMANAGED;
	for (enum verb v = 0; v < VERB_COUNT; v++)
		ck_assert_int_eq(plan_make(&plan, &linux_user, v, false), -ENOTSUP);
}
END_TEST

START_TEST(what_homebrew_owns_is_left_to_homebrew)
{
	mac.owner = SERVICE_HOMEBREW;
	ck_assert_str_eq(plan_refusal(&mac, VERB_INSTALL), "brew services start actopd");
	ck_assert_str_eq(plan_refusal(&mac, VERB_RESTART), "brew services restart actopd");
	for (enum verb v = 0; v < VERB_COUNT; v++)
		ck_assert_ptr_nonnull(plan_refusal(&mac, v));
}
END_TEST

START_TEST(what_a_package_owns_is_enabled_and_removed_by_other_commands)
{
	linux_system.owner = SERVICE_PACKAGE;
	linux_system.remove = "sudo apt-get remove actopd";
	ck_assert_str_eq(
		plan_refusal(&linux_system, VERB_UNINSTALL), "sudo apt-get remove actopd");
	ck_assert_str_eq(plan_refusal(&linux_system, VERB_INSTALL),
		"sudo systemctl enable --now actopd.socket actopd.service");
	ck_assert_ptr_null(plan_refusal(&linux_system, VERB_RESTART));
	ck_assert_ptr_null(plan_refusal(&linux_user, VERB_INSTALL));
}
END_TEST

START_TEST(every_verb_is_found_by_its_name)
{
	for (enum verb v = 0; v < VERB_COUNT; v++)
		ck_assert_uint_eq(verb_find(verb_name(v)), v);
	ck_assert_uint_eq(verb_find("reinstall"), VERB_COUNT);
	ck_assert_ptr_null(verb_name(VERB_COUNT));
}
END_TEST

static const char *fill(const char *template, const struct service *s)
{
	buf_clear(&out);
	template_fill(&out, template, strlen(template), s);
	buf_add(&out, "", 1);
	return out.data;
}

START_TEST(a_line_is_for_the_agent_for_the_daemon_or_for_both)
{
	const char *const template = "both\n@AGENT@one\n@DAEMON@all\n";

	ck_assert_str_eq(fill(template, &mac), "both\none\n");
	mac.system = true;
	ck_assert_str_eq(fill(template, &mac), "both\nall\n");
}
END_TEST

START_TEST(names_are_filled_in_and_escaped)
{
	ck_assert_str_eq(fill("<a>@SOCKET@</a>", &mac),
		"<a>/Users/a &amp; b/.actop/run/actopd.sock</a>");
	ck_assert_str_eq(fill("@BINDIR@/@LABEL@ @OTHER@ a@b @", &mac),
		"/usr/local/bin/actopd @OTHER@ a@b @");
}
END_TEST

START_TEST(nothing_of_the_real_template_remains_open)
{
	char text[16384];
	FILE *f = fopen("launchd/actopd.plist.in", "r");
	size_t n;

	ck_assert_ptr_nonnull(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[n] = '\0';
	for (int system = 0; system < 2; system++) {
		mac.system = system;
		fill(text, &mac);
		for (const char *value = out.data; (value = strstr(value, "<string>")); value++)
			ck_assert_ptr_null(memchr(value, '@', strcspn(value, "\n")));
	}
}
END_TEST

RUN_TESTS("client_service", setup, teardown, launchd_gets_a_plist_and_its_folders,
	over_ssh_the_domain_is_that_of_the_user, the_whole_mac_has_a_daemon_that_is_not_root,
	systemd_gets_the_units_by_their_paths, what_systemd_says_is_passed_on,
	without_a_service_manager_there_is_no_plan, what_homebrew_owns_is_left_to_homebrew,
	what_a_package_owns_is_enabled_and_removed_by_other_commands,
	every_verb_is_found_by_its_name, a_line_is_for_the_agent_for_the_daemon_or_for_both,
	names_are_filled_in_and_escaped, nothing_of_the_real_template_remains_open)
