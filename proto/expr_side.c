/* SPDX-License-Identifier: MIT */
#include "proto/expr_side.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/duration.h"
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

/* "SCOPE.ENTITY.KEY", or the key of a host metric; METRIC_NONE when there is no such metric. */
static enum metric_id name_find(const char *name)
{
	const char *last = strrchr(name, '.');
	enum metric_id id = METRIC_NONE;

	if (!last)
		id = metric_find(SCOPE_HOST, name);
	for (enum scope scope = 0; last && scope < SCOPE_COUNT; scope++) {
		size_t length = strlen(scope_name(scope));

		if (scope != SCOPE_HOST && strncmp(name, scope_name(scope), length) == 0 &&
			name[length] == '.' && last > name + length + 1)
			id = metric_find(scope, last + 1);
	}
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
		return expr_fail(p, at, "there is no series '%.80s'; did you mean %s?", name,
			nearest.best);
	return expr_fail(p, at,
		"there is no series '%.80s'; 'actopctl info' lists those of this machine",
		name);
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

/* Letters right behind a number that are no unit. */
static int parse_number_end(struct expr_parser *p)
{
	char word[NUMBER_MAX + 1];
	size_t n = strcspn(p->at, " \t()<>=!&|,");
	const char *best;

	if (n == 0)
		return 0;
	snprintf(word, sizeof(word), "%.*s", (int)(n < NUMBER_MAX ? n : NUMBER_MAX), p->at);
	best = quantity_nearest(word);
	if (best)
		return expr_fail(p, p->at, "'%s' is not a unit; did you mean %s?", word, best);
	return expr_fail(
		p, p->at, "'%s' is not a unit; write %%, W, C, MHz, GiB, MB/s...", word);
}

static int parse_name(struct expr_parser *p, struct expr_side *side)
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

static int parse_window(struct expr_parser *p, struct expr_side *side)
{
	char text[NUMBER_MAX + 1];
	const char *at = p->at;
	size_t n = strcspn(at, " \t)");
	char why[WHY_MAX];

	if (n == 0 || n > NUMBER_MAX)
		return expr_fail(p, at, "rise() needs a time: rise(swap_used_bytes, 8s)");
	memcpy(text, at, n);
	text[n] = '\0';
	if (duration_parse(&side->window_ms, text, why) < 0)
		return expr_fail(p, at, "%s", why);
	if (side->window_ms == 0 || side->window_ms > EXPR_WINDOW_MAX_MS)
		return expr_fail(p, at, "the window of rise() is 1ms to 24h");
	p->at += n;
	return 0;
}

/* "rise" is taken already. */
static int parse_rise(struct expr_parser *p, struct expr_side *side)
{
	const char *at;
	int rc;

	if (!expr_take(p, "(", "("))
		return expr_fail(p, p->at, "rise is written rise(SERIES, WINDOW)");
	expr_skip(p);
	at = p->at;
	rc = parse_name(p, side);
	if (rc < 0)
		return rc;
	if (side->operand.kind != EXPR_SERIES)
		return expr_fail_name(p, at, side->operand.name);
	if (metrics[side->operand.metric].states != STATES_NONE ||
		metrics[side->operand.metric].kind == KIND_BOOL)
		return expr_fail(
			p, at, "%s is not a number and cannot rise", side->operand.name);
	side->operand.kind = EXPR_RISE;
	if (!expr_take(p, ",", ","))
		return expr_fail(
			p, p->at, "rise() needs a time: rise(%s, 8s)", side->operand.name);
	expr_skip(p);
	rc = parse_window(p, side);
	if (rc < 0)
		return rc;
	return expr_take(p, ")", ")") ? 0 : expr_fail(p, p->at, "expected ')'");
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
		return rc < 0 ? rc : parse_number_end(p);
	}
	if (expr_at_word(p, "rise")) {
		p->at += strlen("rise");
		return parse_rise(p, side);
	}
	if (parser_word(p->at) == 0 || expr_at_word(p, "and") || expr_at_word(p, "or") ||
		expr_at_word(p, "not"))
		return expr_fail(p, p->at, "expected a series, a number or '('");
	return parse_name(p, side);
}
