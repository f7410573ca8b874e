/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "client/help.h"
#include "proto/sockpath.h"
#include "tests/manual/mdoc.h"
#include "tests/manual/places.h"

/* Prints actopctl.1:  manual_actopctl DATE */

static void print_option(const struct command *command, unsigned id)
{
	struct buf meaning;

	buf_init(&meaning, HELP_MAX);
	if (command)
		help_meaning(&meaning, command, id);
	else
		buf_puts(&meaning, option_infos[id].help);
	buf_add(&meaning, "", 1);
	mdoc_option(option_infos[id].letter, option_infos[id].name, help_argument(command, id));
	mdoc_text(meaning.data);
	buf_fini(&meaning);
}

static void print_options(const struct command *command, uint64_t options)
{
	if (!options)
		return;
	mdoc_list();
	for (unsigned id = 0; id < OPTION_COUNT; id++)
		if (options >> id & 1)
			print_option(command, id);
	mdoc_list_end();
}

static void print_choices(const struct command *command)
{
	if (!command->choices || !command->choices->meaning)
		return;
	mdoc_list();
	for (const struct choice *c = command->choices; c->name; c++) {
		mdoc_term(c->name);
		mdoc_text(c->meaning);
	}
	mdoc_list_end();
}

static void print_command(const struct command *c)
{
	char text[256];

	mdoc_subsection(c->name);
	mdoc_literal(c->usage);
	snprintf(text, sizeof(text), "%s.", c->summary);
	mdoc_paragraph(text);
	if (c->alias) {
		snprintf(text, sizeof(text), "Another name of it is `%s`.", c->alias);
		mdoc_text(text);
	}
	if (c->text)
		mdoc_text(c->text);
	print_choices(c);
	print_options(c, c->options & ~HELP_SHARED);
	if (c->options & HELP_SHARED & ~OPTIONS_ALL)
		mdoc_paragraph("Options of many commands that it takes, too:");
	for (unsigned id = 0; id < OPTION_COUNT; id++)
		if (c->options & HELP_SHARED & ~OPTIONS_ALL & UINT64_C(1) << id)
			printf(".Fl \\-%s\n", option_infos[id].name);
	if (c->examples) {
		mdoc_paragraph("Examples:");
		mdoc_literal(c->examples);
	}
}

static void print_topic(const struct help_topic *topic)
{
	struct buf text;

	buf_init(&text, HELP_MAX);
	topic->write(&text);
	buf_add(&text, "", 1);
	mdoc_subsection(topic->summary);
	mdoc_literal(text.data);
	buf_fini(&text);
}

/* Those that have no section of their own here. */
static void print_topics(void)
{
	mdoc_section("TIMES, STATUS BARS, PROMETHEUS");
	for (unsigned i = 0; help_topics[i].name; i++)
		if (strcmp(help_topics[i].name, "options") != 0 &&
			strcmp(help_topics[i].name, "exit") != 0)
			print_topic(&help_topics[i]);
}

static void print_environment(void)
{
	mdoc_section("ENVIRONMENT");
	mdoc_list();
	for (unsigned i = 0; help_variables[i].name; i++) {
		mdoc_term(help_variables[i].name);
		mdoc_text(help_variables[i].meaning);
	}
	mdoc_list_end();
}

static void print_exits(void)
{
	char code[16];

	mdoc_section("EXIT STATUS");
	mdoc_list();
	for (unsigned i = 0; help_exits[i].meaning; i++) {
		snprintf(code, sizeof(code), "%d", help_exits[i].code);
		mdoc_term(code);
		mdoc_text(help_exits[i].meaning);
	}
	mdoc_list_end();
	mdoc_paragraph("That of `run` is the command's own, or 125 to 127 as of env(1).");
}

int main(int argc, char **argv)
{
	static const char *const pages[] = { "actopd.conf 5", "actop-protocol 7", "actopd 8",
		NULL };

	mdoc_begin(argc > 1 ? argv[1] : "", "actopctl", "1", "show what actopd measures");
	mdoc_section("SYNOPSIS");
	puts(".Nm\n.Ar command\n.Op Ar options");
	mdoc_section("DESCRIPTION");
	mdoc_text("actopctl asks actopd(8), which samples the machine all the time: for the "
		  "newest "
		  "sample, for the past, or for both without a gap between them. On a terminal "
		  "it "
		  "prints tables, into a pipe one JSON object a line. Data goes to stdout, "
		  "everything else to stderr. What is not known is - in a table, null in JSON, "
		  "empty in CSV, and never 0.");
	mdoc_section("COMMANDS");
	for (unsigned i = 0; commands[i]; i++)
		print_command(commands[i]);
	mdoc_section("OPTIONS OF MANY COMMANDS");
	print_options(NULL, HELP_SHARED);
	print_topics();
	print_environment();
	mdoc_section("FILES");
	print_places();
	print_exits();
	mdoc_see_also(pages);
	return 0;
}
