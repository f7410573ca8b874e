/* SPDX-License-Identifier: MIT */
#include "client/gate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "client/holes.h"
#include "client/report.h"

#define GATE_READING_MAX 160

static int gate_add_name(struct gate *g, const char *name)
{
	for (unsigned i = 0; i < g->name_count; i++)
		if (strcmp(g->names[i], name) == 0)
			return 0;
	if (g->name_count == GATE_SERIES_MAX)
		return report_error(EXIT_USAGE, "more than %d series", GATE_SERIES_MAX);
	g->names[g->name_count++] = name;
	schema_add(g->schema, name, KIND_GAUGE, 3);
	return 0;
}

static int gate_add(struct gate *g, const char *text)
{
	struct expr *expr;
	char why[WHY_MAX];
	int rc = 0;

	if (expr_parse(&expr, text, why) < 0)
		return report_error(EXIT_USAGE, "\"%s\": %s", text, why);
	g->texts[g->count] = text;
	g->truths[g->count] = TRUTH_UNKNOWN;
	g->exprs[g->count++] = expr;
	for (unsigned i = 0; rc == 0 && expr_series(expr, i); i++)
		rc = gate_add_name(g, expr_series(expr, i));
	return rc;
}

int gate_open(struct gate *g, const char *const *texts, unsigned count)
{
	int rc = 0;

	*g = (struct gate){ .schema = schema_new() };
	for (unsigned i = 0; rc == 0 && i < count; i++)
		rc = gate_add(g, texts[i]);
	for (unsigned i = 0; rc == 0 && i < g->count; i++)
		expr_bind(g->exprs[i], g->schema);
	return rc;
}

void gate_close(struct gate *g)
{
	for (unsigned i = 0; i < g->count; i++)
		expr_free(g->exprs[i]);
	schema_free(g->schema);
	*g = (struct gate){ .count = 0 };
}

struct ask_metrics gate_metrics(const struct gate *g)
{
	return (struct ask_metrics){ g->names, g->name_count };
}

int64_t gate_window_ms(const struct gate *g)
{
	uint64_t window_ns = 0;

	for (unsigned i = 0; i < g->count; i++)
		if (expr_window_ns(g->exprs[i]) > window_ns)
			window_ns = expr_window_ns(g->exprs[i]);
	return (int64_t)(window_ns / 1000000);
}

/* The words of a state; NULL = it is none. */
static const char *const *gate_words(const char *name)
{
	enum metric_id id = metric_find(SCOPE_HOST, name);

	return id < METRIC_COUNT && metrics[id].kind == KIND_STATE
		? state_words[metrics[id].states]
		: NULL;
}

/* NaN for a word that this client does not know. */
static double gate_rank(const char *name, const char *word)
{
	const char *const *words = gate_words(name);

	for (unsigned i = 0; words && words[i]; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	return NAN;
}

static double gate_value(const char *name, const struct node *value)
{
	double x;
	bool flag;

	if (node_text(value))
		return gate_rank(name, node_text(value));
	if (node_bool(value, &flag))
		return flag;
	return node_number(value, &x) ? x : NAN;
}

void gate_take(struct gate *g, const struct message *row)
{
	const struct node *v = message_at(row, "v");

	for (unsigned i = 0; i < g->name_count; i++)
		g->values[i] = gate_value(g->names[i], node_get(v, g->names[i]));
	g->mono_ns = (uint64_t)message_int(row, "mono_ms", 0) * 1000000;
	g->gap = holes_has_flag(row);
	for (unsigned i = 0; i < g->count; i++)
		g->truths[i] = expr_eval(g->exprs[i], g->values, g->mono_ns, g->gap);
}

static void gate_put(struct buf *out, const struct expr_reading *reading)
{
	const char *const *words = reading->rise ? NULL : gate_words(reading->name);
	char text[GATE_READING_MAX];

	if (isnan(reading->value))
		snprintf(text, sizeof(text), "%s is unknown", reading->name);
	else if (words)
		snprintf(text, sizeof(text), "%s is %s", reading->name,
			words[(unsigned)reading->value]);
	else
		snprintf(text, sizeof(text), "%s %s %.6g", reading->name,
			reading->rise ? "rose by" : "is", reading->value);
	buf_puts(out, text);
}

void gate_describe(const struct gate *g, unsigned i, struct buf *out)
{
	struct expr_reading reading = expr_reading(g->exprs[i], expr_decisive(g->exprs[i]));

	gate_put(out, &reading);
}
