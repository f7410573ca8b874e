/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "daemon/options_table.h"
#include "daemon/rule.h"

#define OPTIONS_HELP_COLUMN 26 /* where the explanations begin */

static void options_print_row(const struct options_row *row, FILE *out)
{
	char left[64];
	int n = row->letter
		? snprintf(left, sizeof(left), "  -%c, --%s", row->letter, row->name)
		: snprintf(left, sizeof(left), "      --%s", row->name);

	if (row->argument)
		snprintf(left + n, sizeof(left) - (size_t)n, " %s", row->argument);
	fprintf(out, "%-*s%s", OPTIONS_HELP_COLUMN, left, row->help);
	if (row->initial)
		fprintf(out, " (%s)", row->initial);
	fputc('\n', out);
}

void options_print_help(FILE *out)
{
	fputs("usage: actopd [OPTION]...   serves what it measures here on a Unix socket\n",
		out);
	for (unsigned i = 0; i < OPTION_INDEX_COUNT; i++)
		if (!option_specs[i].row.hidden)
			options_print_row(&option_specs[i].row, out);
	fputs("HUP reads the file again, reopens the log and looks after the socket; USR1 "
	      "logs\n"
	      "the status, TERM ends.  Exit: 64 usage, 69 no socket, 70 internal, 75 already\n"
	      "running, 78 configuration.\n",
		out);
}

static void options_print_setting(
	const struct options *options, const struct option_spec *spec, FILE *out)
{
	char text[PATHS_MAX];

	option_format(options, spec, text, sizeof(text));
	if (text[0])
		config_print_pair(spec->row.name, text, out);
}

void options_print(const struct options *options, FILE *out)
{
	fprintf(out, "# %s\n",
		options->config.count ? options->config.path
				      : "no configuration file was read");
	for (unsigned i = 0; i < options->socket_count; i++)
		config_print_pair("socket", options->sockets[i].path, out);
	for (unsigned i = 0; i < OPTION_INDEX_COUNT; i++)
		if (option_specs[i].row.in_file)
			options_print_setting(options, &option_specs[i], out);
	rules_print(&options->config, out);
}
