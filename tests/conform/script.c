/* SPDX-License-Identifier: MIT */
#include "tests/conform/script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/alloc.h"
#include "proto/buf.h"

#define SCRIPT_TEXT_MAX (1 << 20)
#define SCRIPT_RING 8

static const struct {
	const char *word;
	enum step_kind kind;
} words[] = {
	{ "tick", STEP_TICK },
	{ "miss", STEP_MISS },
	{ "clock", STEP_CLOCK },
	{ "sleep", STEP_SLEEP },
	{ "stall", STEP_STALL },
	{ "resume", STEP_RESUME },
	{ "eof", STEP_EOF },
	{ "hang up", STEP_HANG_UP },
	{ "silence", STEP_SILENCE },
	{ "fin", STEP_FIN },
	{ "sessions", STEP_SESSIONS },
	{ "encoded", STEP_ENCODED },
};

/* ---- texts ---- */

static void put_sample(struct buf *out, unsigned long tick)
{
	char text[160];

	snprintf(text, sizeof(text),
		"\"epoch\":\"00000000000000e1\",\"seq\":%lu,\"n\":1,\"ts_ms\":%lu,"
		"\"mono_ms\":%lu,\"dt_ms\":1000",
		tick, 1700000000000 + tick * 1000, tick * 1000);
	buf_puts(out, text);
}

static void put_repeated(struct buf *out, unsigned long n, char byte)
{
	while (n-- > 0)
		buf_add(out, &byte, 1);
}

/* Expands what begins with "$" or "%"; returns where the text goes on. */
static const char *text_expand(const char *p, struct buf *out)
{
	char hex[3] = { 0 }, *end;
	char byte;

	if (strncmp(p, "$E", 2) == 0) {
		buf_puts(out, "00000000000000e1");
		return p + 2;
	}
	if (strncmp(p, "$P(", 3) == 0) {
		put_sample(out, strtoul(p + 3, &end, 10));
		return end + 1;
	}
	if (strncmp(p, "%{", 2) == 0) {
		unsigned long n = strtoul(p + 2, &end, 10);

		put_repeated(out, n, end[1]);
		return end + 3;
	}
	memcpy(hex, p + 1, 2);
	byte = (char)strtoul(hex, &end, 16);
	buf_add(out, &byte, 1);
	return p + 3;
}

static void step_set_text(struct step *step, const char *text, bool lf)
{
	struct buf out;

	buf_init(&out, SCRIPT_TEXT_MAX);
	while (*text) {
		if (*text == '%' || *text == '$')
			text = text_expand(text, &out);
		else
			buf_add(&out, text++, 1);
	}
	if (lf)
		buf_puts(&out, "\n");
	step->length = out.len;
	step->text = out.data;
}

/* ---- lines ---- */

static bool starts_with(const char *line, const char *word)
{
	return strncmp(line, word, strlen(word)) == 0;
}

static bool step_read_word(struct step *step, const char *line)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (!starts_with(line, words[i].word))
			continue;
		step->kind = words[i].kind;
		step->number = (unsigned)strtoul(line + strlen(words[i].word), NULL, 10);
		return true;
	}
	return false;
}

static bool step_read(struct step *step, const char *line)
{
	bool raw = starts_with(line, ">> ");

	if (!raw && !starts_with(line, "> ") && !starts_with(line, "< "))
		return step_read_word(step, line);
	step->kind = *line == '<' ? STEP_EXPECT : STEP_SEND;
	step_set_text(step, line + (raw ? 3 : 2), *line == '>' && !raw);
	return true;
}

static bool case_read_line(struct script_case *c, const char *line, unsigned number)
{
	struct step step = { .line = number };

	if (strcmp(line, "only socket") == 0)
		return c->socket_only = true;
	if (strcmp(line, "any order") == 0)
		return c->any_order = true;
	if (starts_with(line, "ring ")) {
		c->ring = (unsigned)strtoul(line + 5, NULL, 10);
		return c->ring > 0;
	}
	if (!step_read(&step, line))
		return false;
	c->steps = xrealloc(c->steps, c->count + 1, sizeof(*c->steps));
	c->steps[c->count++] = step;
	return true;
}

static bool script_read_line(struct script *script, const char *line, unsigned number)
{
	struct script_case *c;

	if (*line == '#' || *line == '\0')
		return true;
	if (!starts_with(line, "case "))
		return script->count > 0 &&
			case_read_line(&script->cases[script->count - 1], line, number);
	script->cases = xrealloc(script->cases, script->count + 1, sizeof(*script->cases));
	c = &script->cases[script->count++];
	*c = (struct script_case){ .ring = SCRIPT_RING };
	snprintf(c->title, sizeof(c->title), "%s", line + 5);
	return true;
}

bool script_read(struct script *script, const char *path)
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t size = 0;
	unsigned number = 0;
	bool good = f != NULL;

	*script = (struct script){ .path = path };
	while (good && getline(&line, &size, f) > 0) {
		line[strcspn(line, "\n")] = '\0';
		good = script_read_line(script, line, ++number);
	}
	if (!good)
		fprintf(stderr, "%s:%u: not a line of a transcript\n", path, number);
	free(line);
	if (f)
		fclose(f);
	return good;
}

void script_fini(struct script *script)
{
	for (unsigned i = 0; i < script->count; i++) {
		for (unsigned k = 0; k < script->cases[i].count; k++)
			free(script->cases[i].steps[k].text);
		free(script->cases[i].steps);
	}
	free(script->cases);
}

bool script_matches(const char *pattern, size_t pattern_length, const char *text, size_t length)
{
	size_t p = 0, t = 0, star = pattern_length, behind = 0;

	while (t < length) {
		if (p < pattern_length && pattern[p] == '*') {
			star = p++;
			behind = t;
		} else if (p < pattern_length && pattern[p] == text[t]) {
			p++;
			t++;
		} else if (star < pattern_length) {
			p = star + 1;
			t = ++behind;
		} else {
			return false;
		}
	}
	while (p < pattern_length && pattern[p] == '*')
		p++;
	return p == pattern_length;
}
