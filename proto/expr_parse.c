/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "proto/expr.h"
#include "proto/expr_code.h"
#include "proto/expr_side.h"
#include "proto/alloc.h"

static int parse_or(struct expr_parser *p);

/* ---- comparisons ---- */

static bool side_is_series(const struct expr_side *side)
{
	return side->operand.kind == EXPR_SERIES || side->operand.kind == EXPR_RISE;
}

/* Groups of processes are numbers. */
static enum state_set side_states(const struct expr_side *side)
{
	return side->operand.group ? STATES_NONE : metrics[side->operand.metric].states;
}

static bool side_is_bool(const struct expr_side *side)
{
	return !side->operand.group && metrics[side->operand.metric].kind == KIND_BOOL;
}

static int words_fail(
	struct expr_parser *p, const struct expr_side *series, const struct expr_side *other)
{
	const char *const *words = state_words[metrics[series->operand.metric].states];
	char list[128] = "";
	size_t used = 0;

	for (; *words && used < sizeof(list); words++)
		used += (size_t)snprintf(
			list + used, sizeof(list) - used, "%s%s", used ? ", " : "", *words);
	return expr_fail(
		p, other->at, "%s is compared with one of %s", series->operand.name, list);
}

/* The rank of a state's word. */
static int settle_state(
	struct expr_parser *p, const struct expr_side *series, struct expr_side *other)
{
	const char *const *words = state_words[metrics[series->operand.metric].states];
	unsigned rank = 0;

	while (words[rank] && strcmp(words[rank], other->operand.name) != 0)
		rank++;
	if (other->operand.kind != EXPR_WORD || !words[rank])
		return words_fail(p, series, other);
	other->operand.kind = EXPR_NUMBER;
	other->operand.value = rank;
	return 0;
}

static int settle_bool(
	struct expr_parser *p, const struct expr_side *series, struct expr_side *other)
{
	bool yes = strcmp(other->operand.name, "true") == 0;

	if (other->operand.kind != EXPR_WORD ||
		(!yes && strcmp(other->operand.name, "false") != 0))
		return expr_fail(p, other->at, "%s is true or false; write it alone, or not %s",
			series->operand.name, series->operand.name);
	other->operand.kind = EXPR_NUMBER;
	other->operand.value = yes;
	return 0;
}

static int settle_number(
	struct expr_parser *p, const struct expr_side *series, struct expr_side *other)
{
	const struct quantity_unit *unit = quantity_of(expr_unit(&series->operand));

	if (other->operand.kind == EXPR_WORD)
		return expr_fail_name(p, other->at, other->operand.name);
	if (!other->unit)
		return 0;
	if (other->unit->dimension != unit->dimension && !*unit->text)
		return expr_fail(p, other->at, "%s has no unit", series->operand.name);
	if (other->unit->dimension != unit->dimension)
		return expr_fail(p, other->at, "%s is in %s, not in %s", series->operand.name,
			unit->text, other->unit->text);
	other->operand.value *= other->unit->scale / unit->scale;
	return 0;
}

/* Two series: of one set of words, or of one dimension. */
static int settle_series(
	struct expr_parser *p, const struct expr_side *left, struct expr_side *right)
{
	const struct quantity_unit *a = quantity_of(expr_unit(&left->operand));
	const struct quantity_unit *b = quantity_of(expr_unit(&right->operand));

	if (side_states(left) != side_states(right) ||
		side_is_bool(left) != side_is_bool(right) || a->dimension != b->dimension)
		return expr_fail(p, right->at, "%s and %s cannot be compared",
			left->operand.name, right->operand.name);
	right->operand.factor = b->scale / a->scale;
	return 0;
}

static int settle(
	struct expr_parser *p, const struct expr_side *series, struct expr_side *other)
{
	if (side_is_series(other))
		return settle_series(p, series, other);
	if (side_states(series) != STATES_NONE)
		return settle_state(p, series, other);
	return side_is_bool(series) ? settle_bool(p, series, other)
				    : settle_number(p, series, other);
}

static void emit_step(struct expr_parser *p, enum expr_step_kind kind)
{
	p->expr->steps[p->expr->step_count++] = (struct expr_step){ kind, 0 };
}

static void emit_operand(struct expr_operand *to, const struct expr_side *side)
{
	*to = side->operand;
	if (to->kind == EXPR_RISE)
		to->rise = rise_new(side->window_ms * 1000000);
}

static int emit_term(struct expr_parser *p, enum expr_op op, const struct expr_side *a,
	const struct expr_side *b)
{
	struct expr *e = p->expr;
	struct expr_term *term = &e->terms[e->term_count];

	if (e->term_count == EXPR_TERMS_MAX)
		return expr_fail(p, a->at, "too many comparisons (32)");
	term->op = op;
	term->truth = TRUTH_UNKNOWN;
	emit_operand(&term->left, a);
	emit_operand(&term->right, b);
	e->steps[e->step_count++] = (struct expr_step){ STEP_TERM, e->term_count++ };
	return 0;
}

/* A series that stands alone. */
static int parse_alone(struct expr_parser *p, const struct expr_side *side)
{
	struct expr_side yes = { .operand = { .kind = EXPR_NUMBER, .value = 1 } };

	if (side->operand.kind == EXPR_WORD)
		return expr_fail_name(p, side->at, side->operand.name);
	if (side->operand.kind == EXPR_SERIES && side_is_bool(side))
		return emit_term(p, EXPR_EQ, side, &yes);
	return expr_fail(p, p->at, "expected a comparison: >=, >, <=, <, == or !=");
}

static bool parser_take_op(struct expr_parser *p, enum expr_op *op)
{
	static const struct {
		const char *text;
		enum expr_op op;
	} ops[] = { { ">=", EXPR_GE }, { "<=", EXPR_LE }, { "==", EXPR_EQ }, { "!=", EXPR_NE },
		{ ">", EXPR_GT }, { "<", EXPR_LT } };

	expr_skip(p);
	for (size_t i = 0; i < sizeof(ops) / sizeof(*ops); i++) {
		if (strncmp(p->at, ops[i].text, strlen(ops[i].text)) != 0)
			continue;
		p->at += strlen(ops[i].text);
		*op = ops[i].op;
		return true;
	}
	return false;
}

static int parse_comparison(struct expr_parser *p)
{
	struct expr_side left, right;
	enum expr_op op;
	int rc = expr_parse_side(p, &left);

	if (rc < 0)
		return rc;
	if (!parser_take_op(p, &op))
		return *p->at == '=' ? expr_fail(p, p->at, "write == to compare")
				     : parse_alone(p, &left);
	rc = expr_parse_side(p, &right);
	if (rc < 0)
		return rc;
	if (!side_is_series(&left)) {
		struct expr_side former = left;

		left = right;
		right = former;
		op = expr_mirror(op);
	}
	if (!side_is_series(&left))
		return right.operand.kind == EXPR_WORD
			? expr_fail_name(p, right.at, right.operand.name)
			: expr_fail(p, right.at, "one side of a comparison is a series");
	rc = settle(p, &left, &right);
	return rc < 0 ? rc : emit_term(p, op, &left, &right);
}

/* ---- conditions ---- */

static int parse_deeper(struct expr_parser *p, int (*parse)(struct expr_parser *p))
{
	int rc;

	if (p->depth == EXPR_DEPTH_MAX)
		return expr_fail(p, p->at, "nested too deeply (16)");
	p->depth++;
	rc = parse(p);
	p->depth--;
	return rc;
}

static int parse_not(struct expr_parser *p)
{
	int rc;

	expr_skip(p);
	if (strncmp(p->at, "!=", 2) != 0 && expr_take(p, "not", "!")) {
		rc = parse_deeper(p, parse_not);
		if (rc == 0 && p->nots++ == EXPR_NOTS_MAX)
			return expr_fail(p, p->at, "too many nots (32)");
		if (rc == 0)
			emit_step(p, STEP_NOT);
		return rc;
	}
	if (!expr_take(p, "(", "("))
		return parse_comparison(p);
	rc = parse_deeper(p, parse_or);
	if (rc < 0)
		return rc;
	return expr_take(p, ")", ")") ? 0 : expr_fail(p, p->at, "expected ')'");
}

static int parse_and(struct expr_parser *p)
{
	int rc = parse_not(p);

	while (rc == 0 && expr_take(p, "and", "&&")) {
		rc = parse_not(p);
		if (rc == 0)
			emit_step(p, STEP_AND);
	}
	return rc;
}

static int parse_or(struct expr_parser *p)
{
	int rc = parse_and(p);

	while (rc == 0 && expr_take(p, "or", "||")) {
		rc = parse_and(p);
		if (rc == 0)
			emit_step(p, STEP_OR);
	}
	return rc;
}

static int parse_end(struct expr_parser *p)
{
	enum expr_op op;
	const char *at;

	expr_skip(p);
	at = p->at;
	if (*at == '\0')
		return 0;
	if (parser_take_op(p, &op))
		return expr_fail(p, at, "comparisons do not chain; join two with and");
	return expr_fail(p, at, "expected and, or, or the end");
}

int expr_parse(struct expr **expr, const char *text, char why[WHY_MAX])
{
	struct expr_parser p = { .text = text, .at = text, .why = why };
	int rc;

	*expr = NULL;
	if (strlen(text) > EXPR_TEXT_MAX)
		return why_set(why, -EINVAL, "column 1: condition too long (1024 bytes)");
	p.expr = xcalloc(1, sizeof(*p.expr));
	rc = parse_or(&p);
	if (rc == 0)
		rc = parse_end(&p);
	if (rc < 0)
		expr_free(p.expr);
	else
		*expr = p.expr;
	return rc;
}
