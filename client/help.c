/* SPDX-License-Identifier: MIT */
#include "client/help.h"

#include <stdio.h>
#include <string.h>

#include "client/fill.h"
#include "client/watch/keys.h"

#define HELP_OPTION_COLUMN 27
#define HELP_COMMAND_COLUMN 14
#define HELP_TEXT_MAX 256 /* bytes of one meaning */

void help_item(struct buf *out, const char *left, unsigned column, const char *meaning)
{
	size_t n = strlen(left) + 2;

	buf_puts(out, "  ");
	buf_puts(out, left);
	if (n >= column) {
		buf_puts(out, "\n");
		n = 0;
	}
	for (; n < column; n++)
		buf_puts(out, " ");
	fill_text(out, meaning, column, column);
}

void help_program(struct buf *out)
{
	char meaning[HELP_TEXT_MAX];

	buf_puts(out,
		"Usage: actopctl COMMAND [OPTIONS]\n"
		"Shows what actopd measures: live, from its history, as text or JSON.\n\n");
	for (unsigned i = 0; commands[i]; i++) {
		const struct command *c = commands[i];

		snprintf(meaning, sizeof(meaning), "%s%s%s%s", c->summary,
			c->alias ? " (also: " : "", c->alias ? c->alias : "",
			c->alias ? ")" : "");
		help_item(out, c->name, HELP_COMMAND_COLUMN, meaning);
	}
	buf_puts(out, "\nactopctl help COMMAND tells the options; and there is help on\n");
	for (unsigned i = 0; help_topics[i].name; i++)
		help_item(
			out, help_topics[i].name, HELP_COMMAND_COLUMN, help_topics[i].summary);
}

void help_meaning(struct buf *out, const struct command *command, unsigned id)
{
	if (id == OPTION_OUTPUT && !command->file)
		options_list(out, output_words, OUTPUT_COUNT, command->outputs);
	else if (id == OPTION_OUTPUT)
		buf_puts(out, command->file);
	else if (id == OPTION_LINES)
		buf_puts(out, command->lines);
	else if (id == OPTION_INTERVAL && command->interval)
		buf_puts(out, command->interval);
	else if (id == OPTION_AGG && command->agg)
		buf_puts(out, command->agg);
	else
		buf_puts(out, option_infos[id].help);
}

const char *help_argument(const struct command *command, unsigned id)
{
	return id == OPTION_OUTPUT && command && command->file ? "FILE"
							       : option_infos[id].argument;
}

static void help_option(struct buf *out, const struct command *command, unsigned id)
{
	const struct option_info *info = &option_infos[id];
	const char *argument = help_argument(command, id);
	char letter[8] = "   ", left[64];
	struct buf meaning;

	if (info->letter)
		snprintf(letter, sizeof(letter), "-%c,", info->letter);
	snprintf(left, sizeof(left), "%s --%s%s%s", letter, info->name, argument ? " " : "",
		argument ? argument : "");
	buf_init(&meaning, HELP_TEXT_MAX);
	if (command)
		help_meaning(&meaning, command, id);
	else
		buf_puts(&meaning, info->help);
	buf_add(&meaning, "", 1);
	help_item(out, left, HELP_OPTION_COLUMN, meaning.data);
	buf_fini(&meaning);
}

/* Appends "-S PATH " or "--color WHEN ". */
static void help_name(struct buf *out, const struct option_info *info)
{
	const char letter[] = { '-', info->letter, '\0' };

	buf_puts(out, info->letter ? letter : "--");
	buf_puts(out, info->letter ? "" : info->name);
	if (info->argument) {
		buf_puts(out, " ");
		buf_puts(out, info->argument);
	}
	buf_puts(out, " ");
}

/* What help options explains. */
static void help_shared(struct buf *out, const struct command *command)
{
	uint64_t shared = command->options & HELP_SHARED & ~OPTION_BIT(VERSION);
	struct buf list;

	buf_init(&list, HELP_TEXT_MAX);
	for (unsigned id = 0; id < OPTION_COUNT; id++)
		if (shared >> id & 1)
			help_name(&list, &option_infos[id]);
	buf_add(&list, "", 1);
	buf_puts(out, "And (help options): ");
	fill_text(out, list.data, 4, 20);
	buf_fini(&list);
}

/* Paragraphs end with LF and are filled. */
static void help_text(struct buf *out, const struct command *command)
{
	char text[2048];

	snprintf(text, sizeof(text), "%s. %s", command->summary,
		command->text ? command->text : "");
	fill_text(out, text, 0, 0);
}

static void help_choices(struct buf *out, const struct command *command)
{
	if (!command->choices || !command->choices->meaning)
		return;
	buf_puts(out, "\n");
	for (const struct choice *c = command->choices; c->name; c++)
		help_item(out, c->name, HELP_COMMAND_COLUMN, c->meaning);
}

void help_command(struct buf *out, const struct command *command)
{
	uint64_t own = command->options & ~HELP_SHARED;

	buf_puts(out, "Usage: actopctl ");
	fill_text(out, command->usage, 16 + (unsigned)strlen(command->name) + 1, 16);
	help_text(out, command);
	help_choices(out, command);
	if (own)
		buf_puts(out, "\n");
	for (unsigned id = 0; id < OPTION_COUNT; id++)
		if (own >> id & 1)
			help_option(out, command, id);
	help_shared(out, command);
	if (command->examples) {
		buf_puts(out, "\nExamples:\n");
		buf_puts(out, command->examples);
	}
}

static void help_options(struct buf *out)
{
	buf_puts(out, "Options that mean the same to every command that takes them:\n");
	for (unsigned id = 0; id < OPTION_COUNT; id++)
		if (HELP_SHARED >> id & 1)
			help_option(out, NULL, id);
	buf_puts(out,
		"On a terminal commands print tables, into a pipe JSON, one object a line;\n"
		"-o FORMAT chooses.\n");
}

const struct help_exit help_exits[] = {
#define EXIT(id, code, meaning) { code, meaning },
#include "client/exits.def"
#undef EXIT
	{ 0, NULL },
};

const struct help_variable help_variables[] = {
#define ENVIRONMENT(name, meaning) { name, meaning },
#include "client/environment.def"
#undef ENVIRONMENT
	{ NULL, NULL },
};

static void help_exit(struct buf *out)
{
	char code[16];

	buf_puts(out, "Exit status:\n");
	for (unsigned i = 0; help_exits[i].meaning; i++) {
		snprintf(code, sizeof(code), "%d", help_exits[i].code);
		help_item(out, code, 7, help_exits[i].meaning);
	}
	buf_puts(out, "  and of run that of the command, or 125 to 127 as env(1).\n");
	buf_puts(out, "Environment:\n");
	for (unsigned i = 0; help_variables[i].name; i++)
		help_item(out, help_variables[i].name, 17, help_variables[i].meaning);
}

static void help_times(struct buf *out)
{
	buf_puts(out,
		"Times (--since, --until):\n"
		"  5m  1h30m  \"5m ago\"  -5m        so long ago; units ms s m h d w\n"
		"  10:30  10:30:05                 the latest such time of day\n"
		"  2026-01-31  2026-01-31T10:30    a date, or date and time (a space will do)\n"
		"  2026-01-31T10:30:05.250Z        with a zone: Z or +01:00\n"
		"  today  yesterday  now           midnight of that day; this moment\n"
		"  boot                            when this machine was started\n"
		"  @1767225600                     Unix time\n"
		"Without a zone they are local time (TZ), or UTC with --utc.\n\n"
		"Durations (--interval, --step, --timeout): 250ms, 5s, 1m30s, 2h.\n"
		"The unit is needed.\n");
}

/* Each block between empty lines is run by tests/e2e/examples.sh. */
static void help_bars(struct buf *out)
{
	buf_puts(out,
		"Numbers for a status bar; each asks the daemon, which has them at hand.\n\n"
		"tmux, in ~/.tmux.conf:\n"
		"  set -g status-interval 5\n"
		"  set -g status-right '#(actopctl now -q -f cpu_util_pct,soc_watts -o "
		"plain)'\n\n"
		"SketchyBar, in ~/.config/sketchybar/plugins/actop.sh:\n"
		"  #!/bin/sh\n"
		"  sketchybar --set \"$NAME\" \\\n"
		"    label=\"$(actopctl now -q -f cpu_util_pct,soc_watts -o plain)\"\n\n"
		"waybar, in ~/.config/waybar/config:\n"
		"  \"custom/actop\": {\n"
		"    \"exec\": \"actopctl watch -q -i 5s -f cpu_util_pct,soc_watts -o "
		"plain\",\n"
		"    \"format\": \"{}\"\n"
		"  }\n\n"
		"xbar, an executable file actop.5s.sh in its plugin folder:\n"
		"  #!/bin/sh\n"
		"  PATH=/opt/homebrew/bin:/usr/local/bin:$PATH\n"
		"  set -- $(actopctl now -q -f cpu_util_pct,soc_watts -o plain)\n"
		"  echo \"${1:--} %  ${2:--} W\"\n");
}

static void help_prometheus(struct buf *out)
{
	buf_puts(out,
		"actopctl serve answers /metrics on 127.0.0.1:9464. In prometheus.yml:\n"
		"  scrape_configs:\n"
		"    - job_name: actop\n"
		"      static_configs: [{ targets: [\"127.0.0.1:9464\"] }]\n\n"
		"A fleet: each machine runs actopd, actopctl serve on loopback, and "
		"Prometheus\n"
		"as an agent, which sends to one server by remote write. No machine opens a\n"
		"port; what could not be sent is kept for two hours. Give each machine its\n"
		"name in external_labels. Rules and dashboard belong to the server.\n"
		"  prometheus --enable-feature=agent --config.file=agent.yml\n\n"
		"Without a port, for the textfile collector of node_exporter, in crontab:\n"
		"  * * * * * actopctl metrics --textfile DIRECTORY/actop.prom\n\n"
		"Energy is a counter, right over gaps between scrapes; in watt hours:\n"
		"  increase(actop_energy_joules_total{rail=\"gpu\"}[1h]) / 3600\n\n"
		"Applications of most power are told on request, summed by name:\n"
		"  /metrics?processes=10&sort=watts\n\n"
		"prometheus.yml, agent.yml, actop.rules.yml and grafana.json are installed "
		"with\n"
		"the documentation, in its folder examples.\n");
}

static void help_keys(struct buf *out)
{
	buf_puts(out, "Keys of actopctl watch on a terminal; capitals do the same.\n\n");
	keys_write(out);
	buf_puts(out,
		"\nWhile a filter or a mark is typed, Enter keeps it and Esc forgets it.\n"
		"What is shown while paused or in the past stays; the daemon goes on.\n");
}

const struct help_topic help_topics[] = {
	{ "options", "options that mean the same everywhere", help_options },
	{ "times", "how to write times and durations", help_times },
	{ "keys", "keys of the dashboard", help_keys },
	{ "bars", "tmux, SketchyBar, waybar and xbar", help_bars },
	{ "prometheus", "Prometheus on one machine, or on many", help_prometheus },
	{ "exit", "exit status and environment", help_exit },
	{ NULL, NULL, NULL },
};
