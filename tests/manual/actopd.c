/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "daemon/census.h"
#include "daemon/hook.h"
#include "daemon/options.h"
#include "daemon/rule.h"
#include "tests/manual/mdoc.h"
#include "tests/manual/places.h"

/* Prints actopd.8 or actopd.conf.5:  manual_actopd DATE 8|5 */

static void print_row(const struct options_row *row)
{
	char text[512];

	snprintf(text, sizeof(text), "%c%s.", toupper((unsigned char)row->help[0]),
		row->help + 1);
	mdoc_text(text);
	if (row->initial) {
		snprintf(text, sizeof(text), "The default is `%s`.", row->initial);
		mdoc_text(text);
	}
}

static void print_options(void)
{
	mdoc_list();
	for (unsigned i = 0; options_row(i); i++) {
		const struct options_row *row = options_row(i);

		if (row->hidden)
			continue;
		mdoc_option(row->letter, row->name, row->argument);
		print_row(row);
	}
	mdoc_list_end();
}

static void print_keys(void)
{
	mdoc_list();
	for (unsigned i = 0; options_row(i); i++) {
		const struct options_row *row = options_row(i);
		char term[64];

		if (!row->in_file)
			continue;
		snprintf(term, sizeof(term), "%s = %s", row->name,
			row->argument ? row->argument : "yes or no");
		mdoc_term(term);
		print_row(row);
		mdoc_text(row->restart ? "A change takes effect after a restart."
				       : "A reload takes a change over.");
	}
	mdoc_list_end();
}

static void print_signals(void)
{
	mdoc_section("SIGNALS");
	mdoc_list();
	mdoc_term("HUP");
	mdoc_text("Reads the configuration again, opens the log anew and looks after the "
		  "socket. A "
		  "wrong file changes nothing.");
	mdoc_term("USR1");
	mdoc_text("Writes the status into the log.");
	mdoc_term("TERM, INT");
	mdoc_text("Says goodbye to all clients, writes the history and ends.");
	mdoc_list_end();
}

static void print_surroundings(void)
{
	mdoc_section("ENVIRONMENT");
	mdoc_list();
	mdoc_term("ACTOPD_SOCKET");
	mdoc_text("Listen there, where `--socket` is not given.");
	mdoc_term("RUNTIME_DIRECTORY, STATE_DIRECTORY");
	mdoc_text("Of a service manager: where the socket and the history belong.");
	mdoc_term("LISTEN_FDS, NOTIFY_SOCKET, WATCHDOG_USEC");
	mdoc_text("Of systemd: a socket that is open already, readiness, and signs of life.");
	mdoc_list_end();
	mdoc_section("FILES");
	mdoc_text("History is kept in `~/.local/state/actop` (`$XDG_STATE_HOME/actop`) on "
		  "Linux and "
		  "in `~/.actop/state` on macOS; of a daemon of the whole machine, in "
		  "`/var/lib/actop` or `/var/db/actop`.");
	print_places();
}

static void print_daemon(const char *date)
{
	static const char *const pages[] = { "actopctl 1", "actopd.conf 5", "actop-protocol 7",
		NULL };

	mdoc_begin(date, "actopd", "8", "sample the machine, remember, and serve it");
	mdoc_section("SYNOPSIS");
	puts(".Nm\n.Op Ar options");
	mdoc_section("DESCRIPTION");
	mdoc_text(
		"actopd samples what the machine does, power, load, frequencies, memory, "
		"bandwidth, temperatures, disk and network, keeps a history and serves both on "
		"a Unix socket to as many clients as there are; what it costs does not grow "
		"with "
		"their number. It needs no root. It stays in the foreground, as launchd and "
		"systemd want it, and takes a socket that they have opened.");
	mdoc_paragraph(
		"Without `--system` it is a user's own: nobody else but root may connect. With "
		"it it serves everybody on the machine, who then see what is measured, but "
		"not the command lines of other users.");
	mdoc_paragraph("What wins: the command line, the environment, the file, the default.");
	mdoc_section("OPTIONS");
	print_options();
	print_signals();
	print_surroundings();
	mdoc_section("EXIT STATUS");
	mdoc_text("0 after a signal, 64 usage, 69 no socket possible, 70 internal error, 75 "
		  "another "
		  "one is running, 78 configuration or source.");
	mdoc_see_also(pages);
}

static void print_groups(void)
{
	mdoc_section("GROUPS OF PROCESSES");
	mdoc_text("A function of a regular expression, in quotes where that has spaces at its "
		  "ends, is the sum over all processes whose name, or else command line as far "
		  "as this daemon may read it, the expression matches, in any case:");
	for (unsigned f = 0; f < GROUP_FUNCTION_COUNT; f++)
		printf("%s%s(\\&)", f ? ", " : "", group_function_name((enum group_function)f));
	puts(".");
	mdoc_text("cpu() is in percent of one core, count() is how many there are. Rates are "
		  "not known before a process was looked at twice; where something is not "
		  "known of some of a group, its sum is at least so much, which is enough to "
		  "be above a limit and not to be below one.");
	mdoc_textf("While a rule has a group the processes are looked at every %d s, otherwise "
		   "never. All rules together may have %d different expressions.",
		CENSUS_MS / 1000, CENSUS_GROUPS_MAX);
}

/* The grammar of proto/expr.h. */
static void print_conditions(void)
{
	mdoc_section("CONDITIONS");
	mdoc_text(
		"Comparisons with >, >=, <, <=, == and !=, joined by `and`, `or` and `not`, in "
		"parentheses where needed. Each compares two of these, at least one of them a "
		"series or a group:");
	puts(".Bl -bullet -compact");
	puts(".It");
	mdoc_text("a series, which `actopctl info` lists;");
	puts(".It");
	mdoc_text("a group of processes, `footprint(ollama|mlx)`;");
	puts(".It");
	mdoc_text("`rise(SERIES, 8s)`, the growth of one of them over that time;");
	puts(".It");
	mdoc_text("a number, with a unit (`0.3GiB`, `60 C`, `5 W`) or in that of the series;");
	puts(".It");
	mdoc_text("a word of a series that has words: `thermal_state >= Fair`.");
	puts(".El");
	mdoc_paragraph(
		"A series that is true or false also stands alone. What is not known makes a "
		"comparison neither true nor false, and no alert begins or ends by it.");
	print_groups();
}

static void print_alerts(void)
{
	mdoc_section("ALERT RULES");
	mdoc_text(
		"A section `[alert NAME]` is a rule. These are built in; a section of the same "
		"name changes the keys that it has:");
	mdoc_literal(rules_default_text);
	mdoc_list();
	mdoc_term("when = CONDITION");
	mdoc_text("Lets the alert fire.");
	mdoc_term("for = TIME");
	mdoc_text("The condition must have held so long without a break.");
	mdoc_term("clear = CONDITION");
	mdoc_text("Ends the alert; without it, that `when` does not hold any more.");
	mdoc_term("hold = TIME");
	mdoc_text("The alert fires at least so long.");
	mdoc_term("severity = WORD");
	for (unsigned i = 0; i < SEVERITY_COUNT; i++)
		printf("%s%s", i ? ", " : "", severity_words[i]);
	puts("; warn is the default.");
	mdoc_term("exec = PROGRAM ARGUMENT...");
	mdoc_text("Is run, without a shell, when the alert begins and when it ends. Its "
		  "environment has `ACTOP_RULE`, `ACTOP_STATE` (firing or resolved), "
		  "`ACTOP_SEVERITY`, `ACTOP_METRIC`, `ACTOP_VALUE`, `ACTOP_THRESHOLD`, "
		  "`ACTOP_HELD_MS`, `ACTOP_SEQ` and `ACTOP_TS_MS` (of the sample), and `PATH` "
		  "and `HOME` of the daemon; nothing else.");
	mdoc_textf(
		"It has no input and writes into the log. At most %d programs run at a time, "
		"one "
		"more is left out and logged; after %d s a program is killed with what it has "
		"started.",
		HOOKS_MAX, HOOK_SECONDS_MAX);
	mdoc_term("enabled = yes or no");
	mdoc_text("A rule may be off.");
	mdoc_list_end();
}

static void print_file(const char *date)
{
	static const char *const pages[] = { "actopctl 1", "actop-protocol 7", "actopd 8",
		NULL };

	mdoc_begin(date, "actopd.conf", "5", "settings and alerts of actopd");
	mdoc_section("DESCRIPTION");
	mdoc_text(
		"Read from `~/.config/actop/actopd.conf` "
		"(`$XDG_CONFIG_HOME/actop/actopd.conf`), "
		"with `--system` from `/etc/actop/actopd.conf`, or from where `actopd -c FILE` "
		"says. It need not exist. `actopd --test` checks it, `actopd --print-config` "
		"prints what is in effect, HUP lets a running daemon read it again.");
	mdoc_paragraph(
		"A line is `key = value`. # begins a comment. A value may stand in double "
		"quotes. Durations need a unit, ms, s, m, h, d or w: `250ms`, `1h30m`. An "
		"unknown key is an error, with its line.");
	mdoc_section("KEYS");
	print_keys();
	print_alerts();
	print_conditions();
	mdoc_section("EXAMPLES");
	mdoc_literal("interval = 2s\n"
		     "history  = 2s:1h, 10s:24h, 60s:30d\n"
		     "\n"
		     "[alert hot]\n"
		     "when  = cpu_temp_c >= 95 and gpu_util_pct > 50\n"
		     "for   = 30s\n"
		     "clear = cpu_temp_c < 85\n"
		     "exec  = /usr/local/bin/notify-me hot\n"
		     "\n"
		     "[alert models]\n"
		     "when = footprint(ollama|mlx) > 20GiB\n"
		     "for  = 1m\n");
	mdoc_see_also(pages);
}

int main(int argc, char **argv)
{
	if (argc > 2 && strcmp(argv[2], "5") == 0)
		print_file(argv[1]);
	else
		print_daemon(argc > 1 ? argv[1] : "");
	return 0;
}
