/* SPDX-License-Identifier: MIT */
#include "proto/pattern.h"

#include <stdint.h>
#include <string.h>

/*
 * A pattern with stars is a small automaton, all of whose states advance at once, one bit each:
 * state i has seen i of the pattern's literal characters, and a star before literal i lets
 * state i stay where it is.  So time does not depend on how many stars there are.
 */

#define STATES (PATTERN_MAX) /* literals of a pattern with a star, and the end */
#define CHARS 128

struct states {
	uint64_t low, high;
};

struct automaton {
	struct states literal[CHARS]; /* states whose literal is that character */
	struct states star, stars;    /* states that stay on any character but a dot, on any */
	unsigned end;
};

static void states_add(struct states *s, unsigned i)
{
	if (i < 64)
		s->low |= UINT64_C(1) << i;
	else
		s->high |= UINT64_C(1) << (i - 64);
}

static bool states_have(const struct states *s, unsigned i)
{
	return (i < 64 ? s->low >> i : s->high >> (i - 64)) & 1;
}

/* False when the pattern is not one that pattern_is_valid(). */
static bool automaton_compile(struct automaton *a, const char *pattern)
{
	memset(a, 0, sizeof(*a));
	for (; *pattern; pattern++) {
		unsigned char c = (unsigned char)*pattern;

		if (c == '*' && pattern[1] == '*') {
			states_add(&a->stars, a->end);
		} else if (c == '*') {
			states_add(&a->star, a->end);
		} else {
			if (c >= CHARS || a->end + 1 == STATES)
				return false;
			states_add(&a->literal[c], a->end++);
		}
	}
	return true;
}

static struct states automaton_step(const struct automaton *a, struct states s, unsigned char c)
{
	struct states go = { 0, 0 }, stay = a->stars;

	if (c < CHARS) {
		go.low = s.low & a->literal[c].low;
		go.high = s.high & a->literal[c].high;
	}
	if (c != '.') {
		stay.low |= a->star.low;
		stay.high |= a->star.high;
	}
	return (struct states){ go.low << 1 | (s.low & stay.low),
		go.high << 1 | go.low >> 63 | (s.high & stay.high) };
}

bool pattern_match(const char *pattern, const char *name)
{
	struct automaton a;
	struct states s = { 1, 0 };

	if (pattern_is_exact(pattern))
		return strcmp(pattern, name) == 0;
	if (!automaton_compile(&a, pattern))
		return false;
	for (; *name && (s.low | s.high); name++)
		s = automaton_step(&a, s, (unsigned char)*name);
	return states_have(&s, a.end);
}

bool pattern_is_exact(const char *pattern)
{
	return !strchr(pattern, '*');
}

static bool pattern_may_hold(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		(c && strchr("_-.*", c));
}

bool pattern_is_valid(const char *pattern)
{
	size_t n = 0;

	while (n <= PATTERN_MAX && pattern_may_hold(pattern[n]))
		n++;
	return n > 0 && n <= PATTERN_MAX && pattern[n] == '\0';
}
