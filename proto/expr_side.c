/* SPDX-License-Identifier: MIT */
#include "proto/expr_side.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/nearest.h"

#define NUMBER_MAX 24 /* characters */

/* ---- words ---- */

int expr_place(struct expr_parser *p, const char *at, int code)
{
	why_prefix(p->why, "column %u: ", (unsigned)(at - p->text) + 1);
	return code;
}

static bool parser_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool parser_is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static size_t parser_word(const char *at)
{
	size_t n = 0;

	if (!parser_is_letter(*at))
		return 0;
	while (parser_is_letter(at[n]) || parser_is_digit(at[n]) || at[n] == '.' ||
		at[n] == '-')
		n++;
	return n;
}

void expr_skip(struct expr_parser *p)
{
	p->at += strspn(p->at, " \t");
}

static bool expr_at_word(const struct expr_parser *p, const char *word)
{
	return parser_word(p->at) == strlen(word) && memcmp(p->at, word, strlen(word)) == 0;
}

bool expr_take(struct expr_parser *p, const char *word, const char *symbol)
{
	expr_skip(p);
	if (expr_at_word(p, word)) {
		p->at += strlen(word);
		return true;
	}
	if (strncmp(p->at, symbol, strlen(symbol)) != 0)
		return false;
	p->at += strlen(symbol);
	return true;
}

/* ---- names ---- */

/* What a condition may compare; METRIC_NONE when there is no such metric. */
static enum metric_id name_find(const char *name)
{
	enum metric_id id = metric_find_series(name);

	return id != METRIC_NONE && metrics[id].kind == KIND_INPUT ? METRIC_NONE : id;
}

int expr_fail_name(struct expr_parser *p, const char *at, const char *name)
{
	struct nearest nearest;

	nearest_init(&nearest, name);
	for (enum metric_id id = 0; id < METRIC_COUNT; id++)
		if (metrics[id].scope == SCOPE_HOST && metrics[id].kind != KIND_INPUT)
			nearest_try(&nearest, metrics[id].name);
	if (nearest.best)
		return expr_place(p, at,
			why_set(p->why, -ENOENT, "there is no series '%.80s'; did you mean %s?",
				name, nearest.best));
	return expr_place(p, at,
		why_set(p->why, -ENOENT,
			"there is no series '%.80s'; 'actopctl info' lists those of this "
			"machine",
			name));
}

/* ---- the sides of a comparison ---- */

static int parse_number(struct expr_parser *p, struct expr_side *side)
{
	char digits[NUMBER_MAX + 1];
	size_t n = strspn(p->at + 1, "0123456789.") + 1; /* behind a digit, sign or point */
	char *end;

	if (n > NUMBER_MAX)
		return expr_fail(p, p->at, "number too long (24 characters)");
	memcpy(digits, p->at, n);
	digits[n] = '\0';
	side->operand.kind = EXPR_NUMBER;
	side->operand.value = strtod(digits, &end);
	if (*end || !parser_is_digit(digits[n - 1]))
		return expr_fail(p, p->at, "'%s' is not a number", digits);
	p->at += n;
	side->unit = quantity_find(p->at);
	if (!side->unit) {
		const char *spaced = p->at + strspn(p->at, " \t");

		side->unit = quantity_find(spaced);
		if (side->unit)
			p->at = spaced;
	}
	if (side->unit)
		p->at += strlen(side->unit->text);
	return 0;
}

/* Letters behind a number that are no unit. */
static int parse_number_end(struct expr_parser *p, bool has_unit)
{
	char word[NUMBER_MAX + 1];
	size_t n;
	const char *best;

	if (!has_unit)
		expr_skip(p);
	if (expr_at_word(p, "and") || expr_at_word(p, "or"))
		return 0;
	n = strcspn(p->at, " \t()<>=!&|,");
	if (n == 0)
		return 0;
	snprintf(word, sizeof(word), "%.*s", (int)(n < NUMBER_MAX ? n : NUMBER_MAX), p->at);
	best = quantity_nearest(word);
	if (best)
		return expr_fail(p, p->at, "'%s' is not a unit; did you mean %s?", word, best);
	return expr_fail(
		p, p->at, "'%s' is not a unit; write %%, W, C, MHz, GiB, MB/s...", word);
}

int expr_parse_name(struct expr_parser *p, struct expr_side *side)
{
	size_t n = parser_word(p->at);

	if (n >= sizeof(side->operand.name))
		return expr_fail(p, p->at, "name too long (79 characters)");
	memcpy(side->operand.name, p->at, n);
	side->operand.name[n] = '\0';
	side->operand.metric = name_find(side->operand.name);
	side->operand.kind = side->operand.metric == METRIC_NONE ? EXPR_WORD : EXPR_SERIES;
	p->at += n;
	return 0;
}

int expr_parse_side(struct expr_parser *p, struct expr_side *side)
{
	int rc;

	*side = (struct expr_side){
		.operand = { .metric = METRIC_NONE, .series = -1, .factor = 1 }
	};
	expr_skip(p);
	side->at = p->at;
	if (parser_is_digit(*p->at) || *p->at == '-' || *p->at == '.') {
		rc = parse_number(p, side);
		return rc < 0 ? rc : parse_number_end(p, side->unit != NULL);
	}
	if (expr_parse_call(p, side, &rc))
		return rc;
	if (parser_word(p->at) == 0 || expr_at_word(p, "and") || expr_at_word(p, "or") ||
		expr_at_word(p, "not"))
		return expr_fail(p, p->at, "expected a series, a number or '('");
	return expr_parse_name(p, side);
}
