/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "client/columns.h"
#include "client/commands.h"
#include "client/print.h"
#include "client/report.h"
#include "client/talk.h"
#include "client/view.h"

struct info_widths {
	int name, unit;
};

static void info_print_row(const struct column *column, const struct info_widths *widths)
{
	bool ok = strcmp(column->avail, "ok") == 0;

	printf("%-*s  %-*s  %-7s  %-4s  ", widths->name, column->name,
		/* printf counts bytes: the degree and micro signs have one more than they show
		 */
		widths->unit +
			(int)(strlen(column->unit_text) > 0 && column->unit_text[0] & 0x80),
		column->unit_text, column->kind_text, column->agg);
	print_text(column->desc);
	if (!ok) {
		printf("  [");
		print_text(column->avail);
		printf(column->reason[0] ? ": " : "");
		print_text(column->reason);
		printf("]");
	}
	putchar('\n');
}

static void info_print(const struct columns *all)
{
	struct info_widths widths = { 6, 4 };
	unsigned missing = 0;

	for (unsigned i = 0; i < all->count; i++) {
		int n = (int)strlen(all->items[i].name);

		widths.name = n > widths.name ? n : widths.name;
		missing += strcmp(all->items[i].avail, "ok") != 0;
	}
	printf("%-*s  %-*s  %-7s  %-4s  %s\n", widths.name, "METRIC", widths.unit, "UNIT",
		"KIND", "AGG", "MEANING [why it is not there]");
	for (unsigned i = 0; i < all->count; i++)
		info_print_row(&all->items[i], &widths);
	fflush(stdout);
	printf("%u metrics, %u of them not available on this machine\n", all->count, missing);
}

static int info_show(const struct options *options, const struct message *m)
{
	struct columns all;
	int rc;

	if (!node_first(message_at(m, "metrics")))
		return report_error(EXIT_NOTHING, "no metric matches --fields");
	if (print_wants_json(options))
		return print_reply(options, m);
	columns_read(&all, m);
	info_print(&all);
	rc = view_flush();
	columns_fini(&all);
	return rc;
}

static int info_ask(struct talk *t, const struct options *options)
{
	const struct ask_metrics wanted = { options->fields, options->field_count };
	struct message m;
	int rc;

	ask_schema(&t->out, &wanted);
	rc = talk_send(t);
	if (rc == 0)
		rc = talk_hello(t);
	if (rc == 0)
		rc = talk_reply(t, "schema", &m);
	if (rc)
		return rc;
	rc = info_show(options, &m);
	message_free(&m);
	return rc;
}

static int info_run(const struct options *options)
{
	struct talk talk;
	int rc = talk_open(&talk, options);

	if (rc == 0)
		rc = info_ask(&talk, options);
	talk_close(&talk);
	return rc;
}

const struct command command_info = {
	.name = "info",
	.alias = "schema",
	.summary = "List the metrics: name, unit, meaning, and why one is not there",
	.usage = "info [-f PATTERNS] [-o json]",
	.examples = "  actopctl info -f 'cpu_*,core.0.*'\n"
		    "  actopctl info --json | jq -r '.metrics[] | select(.avail != \"ok\") | "
		    ".name'\n",
	.options = OPTIONS_TALK | OPTIONS_PRINT | OPTION_BIT(FIELDS),
	.outputs = OUTPUTS_REPLY,
	.run = info_run,
};
