/* SPDX-License-Identifier: MIT */
#include "daemon/options_table.h"

#include <string.h>

#define OPTIONS_NAME_MAX 24 /* longer words are not compared for a guess */

/* in_file, restart, hidden */
#define OPTION_WHERE_COMMAND false, true, false
#define OPTION_WHERE_HIDDEN false, true, true
#define OPTION_WHERE_RESTART true, true, false
#define OPTION_WHERE_RELOAD true, false, false

#define OPTION(field, name, letter, argument, where, kind, initial, low, high, help) \
	{ { name, letter, argument, initial, OPTION_WHERE_##where, help }, OPTION_##kind, \
		offsetof(struct options, field), sizeof(((struct options *)NULL)->field), low, \
		high },
const struct option_spec option_specs[OPTION_INDEX_COUNT] = {
#include "daemon/options.def"
};
#undef OPTION

const struct options_row *options_row(unsigned i)
{
	return i < OPTION_INDEX_COUNT ? &option_specs[i].row : NULL;
}

static int option_fold(char c)
{
	return c == '_' ? '-' : c;
}

const struct option_spec *option_find(const char *name, size_t length)
{
	for (unsigned i = 0; i < OPTION_INDEX_COUNT; i++) {
		const char *known = option_specs[i].row.name;
		size_t n = 0;

		while (n < length && known[n] && known[n] == option_fold(name[n]))
			n++;
		if (n == length && known[n] == '\0')
			return &option_specs[i];
	}
	return NULL;
}

const struct option_spec *option_find_letter(char letter)
{
	for (unsigned i = 0; letter && i < OPTION_INDEX_COUNT; i++)
		if (option_specs[i].row.letter == letter)
			return &option_specs[i];
	return NULL;
}

static unsigned option_least(unsigned a, unsigned b, unsigned c)
{
	unsigned least = a < b ? a : b;

	return least < c ? least : c;
}

/* Levenshtein's distance: characters to change, insert or delete. */
static unsigned option_distance(const char *word, size_t length, const char *known)
{
	unsigned row[OPTIONS_NAME_MAX + 1];
	size_t width = strlen(known);

	for (size_t j = 0; j <= width; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= length; i++) {
		unsigned corner = row[0];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= width; j++) {
			unsigned differs = option_fold(word[i - 1]) != known[j - 1];
			unsigned above = row[j];

			row[j] = option_least(above + 1, row[j - 1] + 1, corner + differs);
			corner = above;
		}
	}
	return row[width];
}

const char *option_guess(const char *name, size_t length, bool in_file)
{
	unsigned best = 3; /* more typing errors than two are another word */
	const char *guess = NULL;

	if (length < 2 || length > OPTIONS_NAME_MAX)
		return NULL;
	for (unsigned i = 0; i < OPTION_INDEX_COUNT; i++) {
		const struct options_row *row = &option_specs[i].row;
		unsigned distance = option_distance(name, length, row->name);

		if (row->hidden || (in_file && !row->in_file) || distance >= best ||
			distance >= strlen(row->name) || distance >= length)
			continue;
		best = distance;
		guess = row->name;
	}
	return guess;
}

void *option_field(struct options *options, const struct option_spec *spec)
{
	return (char *)options + spec->offset;
}

const void *option_value(const struct options *options, const struct option_spec *spec)
{
	return (const char *)options + spec->offset;
}
