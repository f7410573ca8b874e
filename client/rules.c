/* SPDX-License-Identifier: MIT */
#include "client/rules.h"

#include <stdio.h>
#include <string.h>

#include "client/escape.h"
#include "client/print.h"
#include "client/report.h"
#include "client/stamp.h"

static int rules_width(const struct node *rules)
{
	int width = 4;

	for (const struct node *row = node_first(rules); row; row = node_next(row)) {
		const char *name = node_text(node_get(row, "rule"));
		int n = name ? (int)escape_width(name, strlen(name)) : 1;

		width = n > width ? n : width;
	}
	return width;
}

static void rules_print_span(const struct node *row, const char *key)
{
	int64_t ms = node_int(node_get(row, key), 0);
	char span[STAMP_MAX] = "-";

	if (ms > 0)
		stamp_span(span, ms);
	printf("%-7s  ", span);
}

static void rules_print_row(const struct node *row, int width, bool color)
{
	const char *state = node_text(node_get(row, "state"));
	const char *name = node_text(node_get(row, "rule"));
	bool marked = color && state && strcmp(state, "firing") == 0, exec = false;

	printf("%s%-8s%s  ", marked ? "\033[33m" : "", state ? state : "-",
		marked ? "\033[0m" : "");
	print_text(name);
	printf("%*s  ", width - (name ? (int)escape_width(name, strlen(name)) : 1), "");
	printf("%-8s  ",
		node_text(node_get(row, "severity")) ? node_text(node_get(row, "severity"))
						     : "-");
	rules_print_span(row, "for_ms");
	rules_print_span(row, "hold_ms");
	print_text(node_text(node_get(row, "when")));
	if (node_text(node_get(row, "clear"))) {
		fputs("; clear ", stdout);
		print_text(node_text(node_get(row, "clear")));
	}
	if (node_bool(node_get(row, "exec"), &exec) && exec)
		fputs("; exec", stdout);
	putchar('\n');
}

int rules_print(const struct message *reply, bool color)
{
	const struct node *rules = message_at(reply, "rules");
	int width;

	if (!rules)
		return report_error(EXIT_PROTOCOL,
			"the daemon tells no rules: it is older than this actopctl");
	width = rules_width(rules);
	printf("%-8s  %-*s  %-8s  %-7s  %-7s  %s\n", "STATE", width, "RULE", "SEVERITY", "FOR",
		"HOLD", "WHEN");
	for (const struct node *row = node_first(rules); row; row = node_next(row))
		rules_print_row(row, width, color);
	return EXIT_OK;
}
