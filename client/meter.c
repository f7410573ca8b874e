/* SPDX-License-Identifier: MIT */
#include "client/meter.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "client/report.h"

const char *const meter_main[METER_MAIN_COUNT] = {
	"system",
	"soc",
	"package",
	"cpu",
	"gpu",
	"ane",
	"dram",
};

int meter_ask(struct talk *t, const struct ask_window *window, struct message *m)
{
	const char *code;
	int rc;

	ask_energy(&t->out, window);
	rc = talk_send(t);
	if (rc == 0)
		rc = talk_answer(t, "energy", m);
	if (rc || m->type == MESSAGE_REPLY)
		return rc;
	code = message_text(m, "code");
	if (code && strcmp(code, "unknown_op") == 0)
		rc = report_error(EXIT_FAILED, "this actopd has no op energy: update it");
	else
		rc = talk_refusal(t, m);
	message_free(m);
	return rc;
}

static double meter_number(const struct node *object, const char *key)
{
	double x;

	return node_number(node_get(object, key), &x) ? x : NAN;
}

void meter_read(struct meter *meter, const struct message *m)
{
	double x;

	*meter = (struct meter){
		.from_ms = message_int(m, "from_ts_ms", 0),
		.to_ms = message_int(m, "to_ts_ms", 0),
	};
	if (node_number(message_at(m, "covered_s"), &x))
		meter->covered_s = x;
	if (node_number(message_at(m, "uncovered_s"), &x))
		meter->uncovered_s = x;
	for (const struct node *n = node_first(message_at(m, "rails"));
		n && meter->count < METER_RAILS_MAX; n = node_next(n)) {
		struct meter_rail *rail = &meter->rails[meter->count];

		snprintf(rail->name, sizeof(rail->name), "%s", node_key(n));
		rail->joules = meter_number(n, "joules");
		rail->mean_watts = meter_number(n, "mean_watts");
		rail->error_joules = meter_number(n, "error_joules");
		meter->count += !isnan(rail->joules);
	}
}

const struct meter_rail *meter_find(const struct meter *meter, const char *name)
{
	for (unsigned i = 0; i < meter->count; i++)
		if (strcmp(meter->rails[i].name, name) == 0)
			return &meter->rails[i];
	return NULL;
}

const struct meter_rail *meter_total(const struct meter *meter)
{
	const struct meter_rail *rail = NULL;

	for (unsigned i = 0; i < METER_TOTALS && !rail; i++)
		rail = meter_find(meter, meter_main[i]);
	return rail;
}
