/* SPDX-License-Identifier: MIT */
#include "proto/charset.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

bool charset_has(const struct charset *set, unsigned symbol)
{
	return set->bits[symbol / 64] >> symbol % 64 & 1;
}

static void charset_add(struct charset *set, unsigned symbol)
{
	set->bits[symbol / 64] |= UINT64_C(1) << symbol % 64;
}

static void charset_add_letter(struct charset *set, int byte)
{
	charset_add(set, (unsigned)byte);
	if (byte < 0x80 && isalpha(byte))
		charset_add(set, (unsigned)byte ^ 0x20);
}

/* A NUL cannot stand in a text. */
static void charset_invert(struct charset *set)
{
	for (unsigned i = 0; i < CHARSET_BEGIN / 64; i++)
		set->bits[i] = ~set->bits[i];
}

/* ---- [...] ---- */

static const struct {
	const char *name;
	int (*has)(int);
} charset_classes[] = {
	{ "alpha:]", isalpha },
	{ "digit:]", isdigit },
	{ "alnum:]", isalnum },
	{ "upper:]", isalpha }, /* no case is told from the other */
	{ "lower:]", isalpha },
	{ "space:]", isspace },
	{ "blank:]", isblank },
	{ "punct:]", ispunct },
	{ "print:]", isprint },
	{ "graph:]", isgraph },
	{ "cntrl:]", iscntrl },
	{ "xdigit:]", isxdigit },
};

/* "[:name:]", of which p is behind the first colon; moves behind it. */
static const char *charset_add_class(struct charset *set, const char **at)
{
	for (size_t i = 0; i < sizeof(charset_classes) / sizeof(charset_classes[0]); i++) {
		size_t length = strlen(charset_classes[i].name);

		if (strncmp(*at, charset_classes[i].name, length) != 0)
			continue;
		*at += length;
		for (int c = 0; c < 0x80; c++)
			if (charset_classes[i].has(c))
				charset_add(set, (unsigned)c);
		return NULL;
	}
	return "a [: :] that is no class of POSIX";
}

/* One character or a range of them; moves behind. */
static const char *charset_add_range(struct charset *set, const char **at)
{
	const char *p = *at;
	int from = (unsigned char)*p++, to = from;

	if (p[0] == '-' && p[1] && p[1] != ']') {
		to = (unsigned char)p[1];
		p += 2;
	}
	*at = p;
	for (int c = from; c <= to; c++)
		charset_add_letter(set, c);
	return to < from ? "a range in [ ] runs backwards" : NULL;
}

static const char *charset_add_item(struct charset *set, const char **at)
{
	const char *p = *at;

	if (p[0] == '[' && p[1] == ':') {
		*at += 2;
		return charset_add_class(set, at);
	}
	if (p[0] == '[' && (p[1] == '.' || p[1] == '='))
		return "[. .] and [= =] are not known";
	return charset_add_range(set, at);
}

/* *at is behind "[". */
static const char *charset_read_bracket(struct charset *set, const char **at)
{
	bool inverted = **at == '^';
	const char *why = NULL, *start;

	*at += inverted;
	for (start = *at; !why && **at && (**at != ']' || *at == start);)
		why = charset_add_item(set, at);
	if (why)
		return why;
	if (**at != ']')
		return "a [ without its ]";
	(*at)++;
	if (inverted)
		charset_invert(set);
	return NULL;
}

/* ---- others ---- */

/* *at is behind "\". */
static const char *charset_read_escaped(struct charset *set, const char **at)
{
	int c = (unsigned char)**at;

	if (!c)
		return "the expression ends in a backslash";
	if (c < 0x80 && isdigit(c))
		return "back-references are not allowed";
	if (c < 0x80 && isalpha(c))
		return "a backslash takes the meaning of a special character, of nothing else";
	charset_add(set, (unsigned)c);
	(*at)++;
	return NULL;
}

const char *charset_read(struct charset *set, const char **at)
{
	int c = (unsigned char)*(*at)++;

	memset(set, 0, sizeof(*set));
	if (c == '\\')
		return charset_read_escaped(set, at);
	if (c == '[')
		return charset_read_bracket(set, at);
	if (strchr("*+?{", c))
		return "a repetition of nothing";
	if (c == ')')
		return "a ) without its (";
	if (c == '.')
		charset_invert(set);
	else if (c == '^' || c == '$')
		charset_add(set, c == '^' ? CHARSET_BEGIN : CHARSET_END);
	else
		charset_add_letter(set, c);
	return NULL;
}
