/* SPDX-License-Identifier: MIT */
#include "proto/matcher.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "proto/charset.h"
#include "proto/alloc.h"

#define WORDS (MATCHER_COST_MAX / 64)
#define REPEAT_MAX 255 /* RE_DUP_MAX of POSIX */

/* A set of places.  A place is one character of the expression, written out. */
struct places {
	uint64_t bits[WORDS];
};

struct matcher {
	unsigned count;
	struct charset takes[MATCHER_COST_MAX];
	struct places follow[MATCHER_COST_MAX];
	struct places first, last;
	bool empty; /* the expression matches nothing at all, so everything */
};

/* What a part of the expression is to its neighbours. */
struct part {
	struct places first, last;
	bool empty; /* it may be left out */
};

struct parser {
	const char *at;
	const char *why; /* NULL = well so far */
	struct matcher *matcher;
	unsigned depth, steps;
};

static struct part parse_alternatives(struct parser *parser);

/* ---- sets ---- */

static void places_unite(struct places *to, const struct places *from)
{
	for (unsigned i = 0; i < WORDS; i++)
		to->bits[i] |= from->bits[i];
}

static bool places_have(const struct places *places, unsigned place)
{
	return places->bits[place / 64] >> place % 64 & 1;
}

static bool places_meet(const struct places *a, const struct places *b)
{
	for (unsigned i = 0; i < WORDS; i++)
		if (a->bits[i] & b->bits[i])
			return true;
	return false;
}

/* ---- parts put together ---- */

/* Each of `next` may come behind each of `last`. */
static void matcher_link(
	struct matcher *matcher, const struct places *last, const struct places *next)
{
	for (unsigned i = 0; i < matcher->count; i++)
		if (places_have(last, i))
			places_unite(&matcher->follow[i], next);
}

static void part_append(struct matcher *matcher, struct part *part, const struct part *next)
{
	matcher_link(matcher, &part->last, &next->first);
	if (part->empty)
		places_unite(&part->first, &next->first);
	if (!next->empty)
		part->last = next->last;
	else
		places_unite(&part->last, &next->last);
	part->empty = part->empty && next->empty;
}

static void part_loop(struct matcher *matcher, struct part *part)
{
	matcher_link(matcher, &part->last, &part->first);
}

/* ---- reading ---- */

static void parser_fail(struct parser *parser, const char *why)
{
	if (!parser->why)
		parser->why = why;
}

static struct part parse_place(struct parser *parser, const struct charset *set)
{
	struct matcher *matcher = parser->matcher;
	struct part part = { .empty = false };

	if (matcher->count == MATCHER_COST_MAX) {
		parser_fail(parser, "the expression repeats too much");
		return part;
	}
	matcher->takes[matcher->count] = *set;
	part.first.bits[matcher->count / 64] = UINT64_C(1) << matcher->count % 64;
	part.last = part.first;
	matcher->count++;
	return part;
}

static struct part parse_group(struct parser *parser)
{
	struct part part = { .empty = true };

	parser->at++;
	if (parser->depth == MATCHER_DEPTH_MAX) {
		parser_fail(parser, "too many parentheses in each other");
		return part;
	}
	parser->depth++;
	part = parse_alternatives(parser);
	parser->depth--;
	if (*parser->at == ')')
		parser->at++;
	else
		parser_fail(parser, "a ( without its )");
	return part;
}

static struct part parse_atom(struct parser *parser)
{
	struct charset set;
	const char *why;

	if (++parser->steps > MATCHER_STEPS_MAX)
		parser_fail(parser, "the expression repeats too much");
	if (*parser->at == '(')
		return parse_group(parser);
	why = charset_read(&set, &parser->at);
	if (why)
		parser_fail(parser, why);
	return parse_place(parser, &set);
}

struct bounds {
	unsigned least, most;
	bool endless; /* most says nothing */
};

static unsigned parse_number(const char **at)
{
	unsigned number = 0;

	for (; isdigit((unsigned char)**at); (*at)++)
		number = number > REPEAT_MAX ? number : 10 * number + (unsigned)(**at - '0');
	return number;
}

/* "{m}", "{m,}" or "{m,n}" at `at`. */
static void parse_braces(struct parser *parser, struct bounds *bounds)
{
	const char *at = parser->at + 1;

	if (!isdigit((unsigned char)*at)) {
		parser_fail(parser, "a { that begins no repetition; \\{ is the character");
		return;
	}
	bounds->least = bounds->most = parse_number(&at);
	bounds->endless = false;
	if (*at == ',') {
		at++;
		bounds->endless = !isdigit((unsigned char)*at);
		bounds->most = bounds->endless ? bounds->least : parse_number(&at);
	}
	if (*at != '}' || bounds->most < bounds->least)
		parser_fail(parser, "a repetition is {m}, {m,} or {m,n} with m up to n");
	else if (bounds->least > REPEAT_MAX || bounds->most > REPEAT_MAX)
		parser_fail(parser, "the expression repeats too much");
	parser->at = at + (*at == '}');
}

/* True when a repetition stood there, and is behind us. */
static bool parse_repeat(struct parser *parser, struct bounds *bounds)
{
	char c = *parser->at;

	*bounds = (struct bounds){ .least = c == '+', .most = 1, .endless = c != '?' };

	if (c == '{')
		parse_braces(parser, bounds);
	else if (c && strchr("*+?", c))
		parser->at++;
	else
		return false;
	if (*parser->at && strchr("*+?{", *parser->at))
		parser_fail(parser, "one repetition behind another means nothing");
	return true;
}

/* The atom that stood at `from` once more, to which what is read again is the same. */
static struct part parse_again(struct parser *parser, const char *from)
{
	const char *behind = parser->at;
	struct part part;

	parser->at = from;
	part = parse_atom(parser);
	parser->at = behind;
	return part;
}

/* An atom and its repetition, written out: x{2,4} is xxx?x?, x{2,} is xx+. */
static struct part parse_piece(struct parser *parser)
{
	const struct part nothing = { .empty = true };
	const char *from = parser->at;
	struct part piece = parse_atom(parser), copy;
	struct bounds bounds;

	if (!parse_repeat(parser, &bounds))
		return piece;
	if (bounds.most == 0 && !bounds.endless)
		return nothing;
	if (bounds.endless && bounds.most <= 1)
		part_loop(parser->matcher, &piece);
	piece.empty |= bounds.least == 0;
	for (unsigned i = 1; i < bounds.most && !parser->why; i++) {
		copy = parse_again(parser, from);
		if (bounds.endless && i + 1 == bounds.most)
			part_loop(parser->matcher, &copy);
		copy.empty |= i >= bounds.least;
		part_append(parser->matcher, &piece, &copy);
	}
	return piece;
}

static struct part parse_branch(struct parser *parser)
{
	struct part branch = { .empty = true };

	while (*parser->at && *parser->at != '|' && !parser->why) {
		struct part piece;

		if (*parser->at == ')' && parser->depth)
			break;
		piece = parse_piece(parser);
		part_append(parser->matcher, &branch, &piece);
	}
	return branch;
}

static struct part parse_alternatives(struct parser *parser)
{
	struct part all = parse_branch(parser);

	while (*parser->at == '|' && !parser->why) {
		struct part branch;

		parser->at++;
		branch = parse_branch(parser);
		places_unite(&all.first, &branch.first);
		places_unite(&all.last, &branch.last);
		all.empty |= branch.empty;
	}
	return all;
}

/* ---- the expression ---- */

struct matcher *matcher_new(const char *pattern, char *why)
{
	struct matcher *matcher = xcalloc(1, sizeof(*matcher));
	struct parser parser = { .at = pattern, .matcher = matcher };
	struct part whole;

	if (strlen(pattern) > MATCHER_PATTERN_MAX)
		parser_fail(&parser, "the expression is too long");
	whole = parse_alternatives(&parser);
	if (parser.why) {
		snprintf(why, MATCHER_WHY_MAX, "%s", parser.why);
		free(matcher);
		return NULL;
	}
	matcher->first = whole.first;
	matcher->last = whole.last;
	matcher->empty = whole.empty;
	return matcher;
}

void matcher_free(struct matcher *matcher)
{
	free(matcher);
}

/* Reads one symbol: `now` are the places just read, and become those that took it. */
static bool matcher_step(const struct matcher *matcher, struct places *now, unsigned symbol)
{
	struct places next = matcher->first;

	for (unsigned i = 0; i < matcher->count; i++)
		if (places_have(now, i))
			places_unite(&next, &matcher->follow[i]);
	memset(now, 0, sizeof(*now));
	for (unsigned i = 0; i < matcher->count; i++)
		if (places_have(&next, i) && charset_has(&matcher->takes[i], symbol))
			now->bits[i / 64] |= UINT64_C(1) << i % 64;
	return places_meet(now, &matcher->last);
}

bool matcher_matches(const struct matcher *matcher, const char *text)
{
	struct places now = { { 0 } };
	size_t length = strnlen(text, MATCHER_TEXT_MAX);

	if (matcher->empty || matcher_step(matcher, &now, CHARSET_BEGIN))
		return true;
	for (size_t i = 0; i < length; i++)
		if (matcher_step(matcher, &now, (unsigned char)text[i]))
			return true;
	return matcher_step(matcher, &now, CHARSET_END);
}
