/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/expr.h"

#define ROWS 6

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct schema *host_schema(void)
{
	struct schema *schema = schema_new();

	for (enum metric_id id = 0; id < METRIC_COUNT; id++)
		if (metrics[id].scope == SCOPE_HOST && metrics[id].kind != KIND_INPUT)
			schema_add(schema, metrics[id].name, metrics[id].kind, 0);
	return schema;
}

/* The truth of each row: in the first nothing is known, later all values grow. */
static void run(struct expr *expr, enum truth truths[ROWS])
{
	struct schema *schema = host_schema();
	double *values = calloc(schema->count, sizeof(*values));

	assert(values);
	expr_bind(expr, schema);
	for (unsigned t = 0; t < ROWS; t++) {
		for (unsigned i = 0; i < schema->count; i++)
			values[i] = t == 0 ? NAN : (double)(t * i);
		for (unsigned i = 0; t > 1 && expr_group(expr, i); i++)
			expr_set_group(expr, i, (struct group_sum){ t * i, t == 3 });
		truths[t] = expr_eval(expr, values, (uint64_t)t << 33, t == 4);
		expr_reading(expr, expr_decisive(expr));
	}
	free(values);
	schema_free(schema);
}

/* What is not known is neither true nor false, and "not" exchanges true and false. */
static void check(struct expr *expr, const char *text)
{
	size_t size = strlen(text) + sizeof("not ()");
	char *negated = malloc(size);
	enum truth truths[ROWS], inverse[ROWS];
	struct expr *other;
	char why[WHY_MAX];

	assert(negated);
	run(expr, truths);
	assert(truths[0] == TRUTH_UNKNOWN);
	snprintf(negated, size, "not (%s)", text);
	if (expr_parse(&other, negated, why) == 0) {
		run(other, inverse);
		for (unsigned t = 0; t < ROWS; t++)
			assert(inverse[t] ==
				(truths[t] == TRUTH_UNKNOWN
						? TRUTH_UNKNOWN
						: (enum truth)(TRUTH_TRUE - truths[t])));
	}
	expr_free(other);
	free(negated);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct expr *expr;
	char why[WHY_MAX] = "";

	assert(text);
	memcpy(text, data, size);
	text[size] = '\0';
	if (expr_parse(&expr, text, why) == 0)
		check(expr, text);
	else
		assert(!expr && strncmp(why, "column ", 7) == 0);
	expr_free(expr);
	free(text);
	return 0;
}
