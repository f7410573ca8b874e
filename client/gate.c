/* SPDX-License-Identifier: MIT */
#include "client/gate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "client/cell.h"
#include "client/holes.h"
#include "client/report.h"

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

static void gate_put_value(struct buf *out, const struct expr_reading *reading)
{
	enum metric_id id = metric_find(SCOPE_HOST, reading->name);
	double value = reading->rise ? fabs(reading->value) : reading->value;
	char text[32];

	if (id < METRIC_COUNT && metrics[id].unit == UNIT_BYTE) {
		cell_show_bytes(out, value);
		return;
	}
	snprintf(text, sizeof(text), "%.6g", value);
	buf_puts(out, text);
}

static void gate_put(struct buf *out, const struct expr_reading *reading)
{
	const char *const *words = reading->rise ? NULL : gate_words(reading->name);

	buf_puts(out, reading->name);
	if (isnan(reading->value)) {
		buf_puts(out, " is unknown");
		return;
	}
	if (!reading->rise)
		buf_puts(out, " is ");
	else
		buf_puts(out, reading->value < 0 ? " fell by " : " rose by ");
	if (words)
		buf_puts(out, words[(unsigned)reading->value]);
	else
		gate_put_value(out, reading);
}

/* The comparison that decided, or the first that left it open. */
static unsigned gate_term(const struct expr *expr, enum truth truth)
{
	uint32_t unknown = truth == TRUTH_UNKNOWN ? expr_terms(expr, TRUTH_UNKNOWN) : 0;
	unsigned i = 0;

	if (!unknown)
		return expr_decisive(expr);
	while (!(unknown >> i & 1))
		i++;
	return i;
}

void gate_describe(const struct gate *g, unsigned i, struct buf *out)
{
	struct expr_reading reading =
		expr_reading(g->exprs[i], gate_term(g->exprs[i], g->truths[i]));

	gate_put(out, &reading);
}
