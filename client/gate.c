/* SPDX-License-Identifier: MIT */
#include "client/gate.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "client/cell.h"
#include "client/holes.h"
#include "client/muster.h"
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

static int gate_add_group(struct gate *g, const struct group *group)
{
	g->rates = g->rates || group_is_rate(group->function);
	for (unsigned i = 0; i < g->group_count; i++)
		if (strcmp(g->groups[i], group->match) == 0)
			return 0;
	if (g->group_count == GATE_GROUPS_MAX)
		return report_error(
			EXIT_USAGE, "more than %d groups of processes", GATE_GROUPS_MAX);
	g->groups[g->group_count++] = group->match;
	return 0;
}

static int gate_add(struct gate *g, const char *text)
{
	struct expr *expr;
	char why[WHY_MAX];
	int rc = expr_parse(&expr, text, why);

	if (rc < 0)
		return report_error(
			rc == -ENOENT ? EXIT_NOTHING : EXIT_USAGE, "\"%s\": %s", text, why);
	g->texts[g->count] = text;
	g->truths[g->count] = TRUTH_UNKNOWN;
	g->exprs[g->count++] = expr;
	for (unsigned i = 0; rc == 0 && expr_series(expr, i); i++)
		rc = gate_add_name(g, expr_series(expr, i));
	for (unsigned i = 0; rc == 0 && expr_group(expr, i); i++)
		rc = gate_add_group(g, expr_group(expr, i));
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
	/* Without a name all would be asked for; nothing has this one. */
	static const char *const none[] = { "no_series*" };

	if (g->name_count == 0)
		return (struct ask_metrics){ none, 1 };
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

static void gate_set_group(
	const struct gate *g, struct expr *expr, unsigned at, const struct message *list)
{
	const struct group *group;

	for (unsigned i = 0; (group = expr_group(expr, i)) != NULL; i++)
		if (strcmp(group->match, g->groups[at]) == 0)
			expr_set_group(expr, i, muster_sum(list, group->function, g->self));
}

void gate_take_group(struct gate *g, unsigned group, const struct message *list)
{
	for (unsigned i = 0; i < g->count; i++) {
		gate_set_group(g, g->exprs[i], group, list);
		if (g->mono_ns)
			g->truths[i] = expr_eval(g->exprs[i], g->values, g->mono_ns, false);
	}
}

static void gate_put_value(struct buf *out, const struct expr_reading *reading)
{
	double value = reading->rise ? fabs(reading->value) : reading->value;
	char text[32];

	if (reading->unit == UNIT_BYTE) {
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
		buf_puts(out, reading->partial ? " is at least " : " is ");
	else
		buf_puts(out, reading->value < 0 ? " fell by " : " rose by ");
	if (words)
		buf_puts(out, words[(unsigned)reading->value]);
	else
		gate_put_value(out, reading);
}

/* The first comparison that is what the whole is, or else the one that decided ("not"). */
static unsigned gate_term(const struct expr *expr, enum truth truth)
{
	uint32_t alike = expr_terms(expr, truth);
	unsigned i = 0;

	if (!alike)
		return expr_decisive(expr);
	while (!(alike >> i & 1))
		i++;
	return i;
}

void gate_describe(const struct gate *g, unsigned i, struct buf *out)
{
	struct expr_reading reading =
		expr_reading(g->exprs[i], gate_term(g->exprs[i], g->truths[i]));

	gate_put(out, &reading);
}
