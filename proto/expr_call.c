/* SPDX-License-Identifier: MIT */
#include "proto/expr_side.h"

#include <stdio.h>
#include <string.h>

#include "proto/alloc.h"
#include "proto/charset.h"
#include "proto/duration.h"
#include "proto/matcher.h"

/* What is written with parentheses: rise(SERIES, WINDOW) and the groups of processes. */

#define WINDOW_MAX 24 /* characters */

/* ---- groups of processes ---- */

/* How long a regular expression is that ends at the ')' of its function. */
static size_t pattern_length(const char *pattern)
{
	const char *at = pattern;
	struct charset set;
	unsigned depth = 0;

	while (*at && !(*at == ')' && depth == 0)) {
		const char *before = at;

		if (*at == '(' || *at == ')')
			depth += *at == '(' ? 1u : -1u;
		else if (*at == '\\' || *at == '[')
			charset_read(&set, &at);
		at += at == before; /* what is wrong with a set is said later */
	}
	return (size_t)(at - pattern);
}

/* The regular expression at p->at: *at and its length, without quotes or the spaces around it;
 * moves behind. */
static int find_pattern(struct expr_parser *p, const char **at, size_t *length)
{
	const char quote[] = { *p->at, '\0' };
	size_t n;

	if (*quote == '"' || *quote == '\'') {
		*at = p->at + 1;
		*length = strcspn(*at, quote);
		if (!(*at)[*length])
			return expr_fail(p, p->at, "a %s without its other one", quote);
		p->at = *at + *length + 1;
		return 0;
	}
	n = pattern_length(p->at);
	*at = p->at;
	p->at += n;
	while (n > 0 && ((*at)[n - 1] == ' ' || (*at)[n - 1] == '\t'))
		n--;
	*length = n;
	return 0;
}

static int parse_pattern(struct expr_parser *p, struct group *group)
{
	const char *name = group_function_name(group->function), *at;
	size_t n;
	int rc = find_pattern(p, &at, &n);

	if (rc < 0)
		return rc;
	if (n == 0)
		return expr_fail(
			p, at, "%s() needs a regular expression: %s(ollama|mlx)", name, name);
	if (n > GROUP_MATCH_MAX)
		return expr_fail(p, at, "regular expression too long (128 bytes)");
	memcpy(group->match, at, n);
	group->match[n] = '\0';
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)at[i] < ' ' || at[i] == 0x7F)
			return expr_fail(p, at + i, "a control character");
	return 0;
}

static int check_pattern(struct expr_parser *p, const char *at, const struct group *group)
{
	char wrong[MATCHER_WHY_MAX];
	struct matcher *matcher = matcher_new(group->match, wrong);

	if (!matcher)
		return expr_fail(p, at, "%s", wrong);
	matcher_free(matcher);
	return 0;
}

/* The function and its '(' are taken already. */
static int parse_group(
	struct expr_parser *p, struct expr_side *side, enum group_function function)
{
	struct expr *e = p->expr;
	struct group *group = &e->groups[e->group_count];
	const char *at;
	int rc;

	expr_skip(p);
	at = p->at;
	if (e->group_count == EXPR_GROUPS_MAX)
		return expr_fail(p, at, "too many groups of processes (8)");
	*group = (struct group){ .function = function, .sum = { NAN, false } };
	rc = parse_pattern(p, group);
	if (rc == 0)
		rc = check_pattern(p, at, group);
	if (rc < 0)
		return rc;
	snprintf(group->text, sizeof(group->text), "%s(%s)", group_function_name(function),
		group->match);
	snprintf(side->operand.name, sizeof(side->operand.name), "%s()",
		group_function_name(function));
	side->operand.kind = EXPR_SERIES;
	side->operand.group = group;
	e->group_count++;
	return expr_take(p, ")", ")") ? 0 : expr_fail(p, p->at, "expected ')'");
}

/* The function that a group begins with, taken up to its '('; else nothing is. */
static enum group_function take_function(struct expr_parser *p)
{
	size_t n = strspn(p->at, "abcdefghijklmnopqrstuvwxyz");
	enum group_function function = group_function_find(p->at, n);
	const char *open = p->at + n + strspn(p->at + n, " \t");

	if (function == GROUP_FUNCTION_COUNT || *open != '(')
		return GROUP_FUNCTION_COUNT;
	p->at = open + 1;
	return function;
}

/* ---- growth ---- */

static int parse_window(struct expr_parser *p, struct expr_side *side)
{
	char text[WINDOW_MAX + 1];
	const char *at = p->at;
	size_t n = strcspn(at, " \t)");
	char why[WHY_MAX];

	if (n == 0 || n > WINDOW_MAX)
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

/* What rises: a series that is a number, or a group. */
static int parse_rising(struct expr_parser *p, struct expr_side *side)
{
	enum group_function function;
	const char *at;
	int rc;

	expr_skip(p);
	at = p->at;
	function = take_function(p);
	if (function != GROUP_FUNCTION_COUNT)
		return parse_group(p, side, function);
	rc = expr_parse_name(p, side);
	if (rc < 0)
		return rc;
	if (side->operand.kind != EXPR_SERIES)
		return expr_fail_name(p, at, side->operand.name);
	if (metrics[side->operand.metric].states != STATES_NONE ||
		metrics[side->operand.metric].kind == KIND_BOOL)
		return expr_fail(
			p, at, "%s is not a number and cannot rise", side->operand.name);
	return 0;
}

/* "rise" is taken already. */
static int parse_rise(struct expr_parser *p, struct expr_side *side)
{
	int rc;

	if (!expr_take(p, "(", "("))
		return expr_fail(p, p->at, "rise is written rise(SERIES, WINDOW)");
	rc = parse_rising(p, side);
	if (rc < 0)
		return rc;
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

bool expr_parse_call(struct expr_parser *p, struct expr_side *side, int *rc)
{
	enum group_function function = take_function(p);

	if (function != GROUP_FUNCTION_COUNT)
		*rc = parse_group(p, side, function);
	else if (expr_take(p, "rise", "rise("))
		*rc = parse_rise(p, side);
	else
		return false;
	return true;
}
