/* SPDX-License-Identifier: MIT */
#include "proto/expr.h"

#include <math.h>

#include "proto/expr_code.h"
#include "proto/alloc.h"

void expr_free(struct expr *e)
{
	if (!e)
		return;
	for (unsigned i = 0; i < e->term_count; i++) {
		rise_free(e->terms[i].left.rise);
		rise_free(e->terms[i].right.rise);
	}
	free(e);
}

static const char *expr_bind_operand(struct expr_operand *o, const struct schema *schema)
{
	if (o->kind == EXPR_NUMBER || o->group)
		return NULL;
	o->series = schema_find(schema, o->name);
	return o->series < 0 ? o->name : NULL;
}

const char *expr_bind(struct expr *e, const struct schema *schema)
{
	const char *missing = NULL;

	for (unsigned i = 0; i < e->term_count; i++) {
		const char *left = expr_bind_operand(&e->terms[i].left, schema);
		const char *right = expr_bind_operand(&e->terms[i].right, schema);

		if (!missing)
			missing = left ? left : right;
	}
	return missing;
}

enum unit expr_unit(const struct expr_operand *o)
{
	return o->group ? group_unit(o->group->function) : metrics[o->metric].unit;
}

enum expr_op expr_mirror(enum expr_op op)
{
	static const enum expr_op mirror[] = { [EXPR_LT] = EXPR_GT,
		[EXPR_LE] = EXPR_GE,
		[EXPR_GT] = EXPR_LT,
		[EXPR_GE] = EXPR_LE,
		[EXPR_EQ] = EXPR_EQ,
		[EXPR_NE] = EXPR_NE };

	return mirror[op];
}

static enum truth expr_compare(enum expr_op op, double a, double b)
{
	if (isnan(a) || isnan(b))
		return TRUTH_UNKNOWN;
	switch (op) {
	case EXPR_LT:
		return a < b ? TRUTH_TRUE : TRUTH_FALSE;
	case EXPR_LE:
		return a <= b ? TRUTH_TRUE : TRUTH_FALSE;
	case EXPR_GT:
		return a > b ? TRUTH_TRUE : TRUTH_FALSE;
	case EXPR_GE:
		return a >= b ? TRUTH_TRUE : TRUTH_FALSE;
	case EXPR_EQ:
		return a == b ? TRUTH_TRUE : TRUTH_FALSE;
	default:
		return a != b ? TRUTH_TRUE : TRUTH_FALSE;
	}
}

/* Where a is only the least that it can be. */
static enum truth expr_compare_least(enum expr_op op, double a, double b)
{
	bool decides = a > b || (a == b && (op == EXPR_LT || op == EXPR_GE));

	return decides ? expr_compare(op, a, b) : TRUTH_UNKNOWN;
}

/* Of two sums that are both known in part nothing can be said. */
static enum truth expr_compare_term(const struct expr_term *t)
{
	if (t->left.partial && t->right.partial)
		return TRUTH_UNKNOWN;
	if (t->left.partial)
		return expr_compare_least(t->op, t->left.value, t->right.value);
	if (t->right.partial)
		return expr_compare_least(expr_mirror(t->op), t->right.value, t->left.value);
	return expr_compare(t->op, t->left.value, t->right.value);
}

/* What is known of a growth in part is not known. */
static double expr_read_group(struct expr_operand *o)
{
	const struct group_sum *sum = &o->group->sum;

	o->partial = sum->partial && o->kind != EXPR_RISE;
	return sum->partial && o->kind == EXPR_RISE ? NAN : sum->value * o->factor;
}

static void expr_read(struct expr_operand *o, const double *values, uint64_t mono_ns, bool gap)
{
	double x;

	if (o->kind == EXPR_NUMBER)
		return;
	if (o->group)
		x = expr_read_group(o);
	else
		x = o->series < 0 ? NAN : values[o->series] * o->factor;
	o->value = o->kind == EXPR_RISE ? rise_add(o->rise, mono_ns, x, gap) : x;
}

static unsigned char expr_not(unsigned char a)
{
	if (a == TRUTH_UNKNOWN)
		return a;
	return a == TRUTH_TRUE ? TRUTH_FALSE : TRUTH_TRUE;
}

/* Whatever decides alone, else unknown if either is. */
static unsigned char expr_join(unsigned char a, unsigned char b, unsigned char decides)
{
	if (a == decides || b == decides)
		return decides;
	return a == TRUTH_UNKNOWN ? a : b;
}

static enum truth expr_run(const struct expr *e)
{
	unsigned char stack[EXPR_TERMS_MAX] = { TRUTH_UNKNOWN };
	unsigned top = 0; /* one for each term that nothing has joined yet, so they fit */

	for (unsigned i = 0; i < e->step_count; i++) {
		const struct expr_step *step = &e->steps[i];

		switch (step->kind) {
		case STEP_TERM:
			stack[top++] = (unsigned char)e->terms[step->term].truth;
			break;
		case STEP_NOT:
			stack[top - 1] = expr_not(stack[top - 1]);
			break;
		case STEP_AND:
			top--;
			stack[top - 1] = expr_join(stack[top - 1], stack[top], TRUTH_FALSE);
			break;
		case STEP_OR:
			top--;
			stack[top - 1] = expr_join(stack[top - 1], stack[top], TRUTH_TRUE);
			break;
		}
	}
	return (enum truth)stack[0];
}

enum truth expr_eval(struct expr *e, const double *values, uint64_t mono_ns, bool gap)
{
	for (unsigned i = 0; i < e->term_count; i++) {
		struct expr_term *t = &e->terms[i];

		expr_read(&t->left, values, mono_ns, gap);
		expr_read(&t->right, values, mono_ns, gap);
		t->truth = expr_compare_term(t);
	}
	return expr_run(e);
}

uint32_t expr_terms(const struct expr *e, enum truth truth)
{
	uint32_t terms = 0;

	for (unsigned i = 0; i < e->term_count; i++)
		if (e->terms[i].truth == truth)
			terms |= UINT32_C(1) << i;
	return terms;
}

unsigned expr_decisive(const struct expr *e)
{
	unsigned known = 0;

	for (unsigned i = e->term_count; i-- > 0;)
		if (e->terms[i].truth == TRUTH_FALSE)
			known = i;
	for (unsigned i = 0; i < e->term_count; i++)
		if (e->terms[i].truth == TRUTH_TRUE)
			return i;
	return known;
}

struct expr_reading expr_reading(const struct expr *e, unsigned i)
{
	const struct expr_term *t = &e->terms[i];

	return (struct expr_reading){
		.name = t->left.group ? t->left.group->text : t->left.name,
		.series = t->left.series,
		.rise = t->left.kind == EXPR_RISE,
		.group = t->left.group != NULL,
		.unit = expr_unit(&t->left),
		.decimals = t->left.group ? group_decimals(t->left.group->function)
					  : metrics[t->left.metric].decimals,
		.value = t->left.value,
		.partial = t->left.partial,
		.threshold = t->right.value,
	};
}

static bool expr_is_series(const struct expr_operand *operand)
{
	return (operand->kind == EXPR_SERIES || operand->kind == EXPR_RISE) && !operand->group;
}

const char *expr_series(const struct expr *expr, unsigned i)
{
	for (unsigned t = 0; t < expr->term_count; t++) {
		const struct expr_term *term = &expr->terms[t];

		if (expr_is_series(&term->left) && i-- == 0)
			return term->left.name;
		if (expr_is_series(&term->right) && i-- == 0)
			return term->right.name;
	}
	return NULL;
}

const struct group *expr_group(const struct expr *expr, unsigned i)
{
	return i < expr->group_count ? &expr->groups[i] : NULL;
}

void expr_set_group(struct expr *expr, unsigned i, struct group_sum sum)
{
	expr->groups[i].sum = sum;
}

static uint64_t expr_longer(uint64_t window_ns, const struct expr_operand *operand)
{
	uint64_t own_ns = operand->rise ? rise_window_ns(operand->rise) : 0;

	return own_ns > window_ns ? own_ns : window_ns;
}

uint64_t expr_window_ns(const struct expr *expr)
{
	uint64_t window_ns = 0;

	for (unsigned t = 0; t < expr->term_count; t++) {
		window_ns = expr_longer(window_ns, &expr->terms[t].left);
		window_ns = expr_longer(window_ns, &expr->terms[t].right);
	}
	return window_ns;
}
