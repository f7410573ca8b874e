/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "proto/metric.h"

/* One row of the table as a Markdown row; scoped names with N for the entity. */
static void print_row(enum metric_id id)
{
	const struct metric *m = &metrics[id];
	const char *scope = scope_name(m->scope);
	char prom[128] = "";

	printf("| `%s%s%s` | %s | %s | %s | ", scope, *scope ? ".NAME." : "", m->name,
		kind_name(m->kind), unit_text(m->unit), agg_name(m->agg));
	if (metric_prom_name(id, prom, sizeof(prom)))
		printf("`%s`", prom);
	printf(" | %s", m->help);
	for (unsigned i = 0; m->states != STATES_NONE && state_words[m->states][i]; i++)
		printf("%s`%s`", i ? " " : ": ", state_words[m->states][i]);
	printf(" |\n");
}

/* Prints proto/METRICS.md; make lint fails when the committed file differs. */
int main(void)
{
	printf("# Metrics\n\n"
	       "Generated from metrics.def by `make proto/METRICS.md`; do not edit.\n\n"
	       "Unknown is `null`, never 0. A metric that a machine does not have stays in the "
	       "schema with `avail` and a reason.\n\n"
	       "| series | kind | unit | aggregation | Prometheus | meaning |\n"
	       "|---|---|---|---|---|---|\n");
	for (enum metric_id id = 0; id < METRIC_COUNT; id++)
		if (metrics[id].kind != KIND_INPUT)
			print_row(id);
	return 0;
}
