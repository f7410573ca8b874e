/* SPDX-License-Identifier: MIT */
#include "daemon/matcher.h"

#include <regex.h>
#include <stdio.h>
#include <string.h>

#include "proto/alloc.h"

struct matcher {
	regex_t regex;
};

/* ---- what it would cost ---- */

/* Atoms of the groups that are open, the innermost last. */
struct meter {
	const char *at;
	unsigned depth;
	unsigned long sums[MATCHER_DEPTH_MAX + 1]; /* of each open group */
	unsigned long last;			   /* of the atom that a repetition repeats */
};

/* One character, or an escaped one, or a bracket expression; moves behind it. */
static void meter_take_atom(struct meter *m)
{
	const char *p = m->at;

	if (*p == '\\' && p[1]) {
		p += 2;
	} else if (*p == '[') {
		p += p[1] == '^' ? 2 : 1;
		p += *p == ']';
		while (*p && *p != ']')
			p++;
		p += *p == ']';
	} else {
		p++;
	}
	m->at = p;
	m->last = 1;
	m->sums[m->depth]++;
}

/* "{m,n}" and its like at p: where it ends, and its largest number; NULL when it is none. */
static const char *meter_read_bounds(const char *p, unsigned long *most)
{
	unsigned long number = 0;

	*most = 1;
	for (p++; (*p >= '0' && *p <= '9') || *p == ','; p++) {
		number = *p == ',' ? 0 : 10 * number + (unsigned long)(*p - '0');
		if (number > MATCHER_COST_MAX)
			number = MATCHER_COST_MAX + 1;
		*most = number > *most ? number : *most;
	}
	return *p == '}' ? p + 1 : NULL;
}

/* How often a repetition writes out what it repeats; 0 when this is none. */
static unsigned long meter_take_repeat(struct meter *m)
{
	const char *behind = m->at + 1;
	unsigned long times = 2; /* "+" is once, and the loop */

	if (!strchr("*+?{", *m->at))
		return 0;
	if (*m->at == '{')
		behind = meter_read_bounds(m->at, &times);
	if (!behind)
		return 0;
	m->at = behind;
	return times;
}

static bool meter_repeat(struct meter *m, unsigned long times)
{
	/* Libraries differ in what a repetition of nothing is. */
	if (m->last == 0)
		m->last = ++m->sums[m->depth];
	m->sums[m->depth] += (times - 1) * m->last;
	m->last *= times;
	return m->sums[m->depth] <= MATCHER_COST_MAX;
}

static bool meter_open(struct meter *m)
{
	m->at++;
	if (m->depth == MATCHER_DEPTH_MAX)
		return false;
	m->sums[++m->depth] = 1;
	m->last = 0;
	return true;
}

static void meter_close(struct meter *m)
{
	m->at++;
	m->last = m->sums[m->depth--];
	m->sums[m->depth] += m->last;
}

static bool meter_step(struct meter *m)
{
	unsigned long times = meter_take_repeat(m);

	if (times)
		return meter_repeat(m, times);
	if (*m->at == '(')
		return meter_open(m);
	if (*m->at == ')' && m->depth)
		meter_close(m);
	else
		meter_take_atom(m);
	return m->sums[m->depth] <= MATCHER_COST_MAX;
}

static bool matcher_is_cheap(const char *pattern)
{
	struct meter m = { .at = pattern };

	while (*m.at)
		if (!meter_step(&m))
			return false;
	return m.sums[0] <= MATCHER_COST_MAX;
}

static bool matcher_refers_back(const char *pattern)
{
	for (const char *p = pattern; *p; p++) {
		if (*p != '\\')
			continue;
		if (p[1] >= '0' && p[1] <= '9')
			return true;
		p += p[1] != '\0';
	}
	return false;
}

/* ---- the expression ---- */

struct matcher *matcher_new(const char *pattern, char *why)
{
	struct matcher *matcher;
	const char *no = NULL;
	int rc;

	if (strlen(pattern) > MATCHER_PATTERN_MAX)
		no = "the expression is too long";
	else if (!matcher_is_cheap(pattern))
		no = "the expression repeats too much";
	else if (matcher_refers_back(pattern))
		no = "back-references are not allowed";
	if (no) {
		snprintf(why, MATCHER_WHY_MAX, "%s", no);
		return NULL;
	}
	matcher = xcalloc(1, sizeof(*matcher));
	rc = regcomp(&matcher->regex, pattern, REG_EXTENDED | REG_ICASE | REG_NOSUB);
	if (rc == 0)
		return matcher;
	regerror(rc, &matcher->regex, why, MATCHER_WHY_MAX);
	free(matcher);
	return NULL;
}

void matcher_free(struct matcher *matcher)
{
	if (!matcher)
		return;
	regfree(&matcher->regex);
	free(matcher);
}

bool matcher_matches(const struct matcher *matcher, const char *text)
{
	char cut[MATCHER_TEXT_MAX + 1];

	if (strlen(text) > MATCHER_TEXT_MAX) {
		memcpy(cut, text, MATCHER_TEXT_MAX);
		cut[MATCHER_TEXT_MAX] = '\0';
		text = cut;
	}
	return regexec(&matcher->regex, text, 0, NULL, 0) == 0;
}
