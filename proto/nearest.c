/* SPDX-License-Identifier: MIT */
#include "proto/nearest.h"

#include <stddef.h>
#include <string.h>

static int nearest_fold(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static unsigned nearest_min(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Levenshtein's distance, one row of the table at a time. */
static unsigned nearest_distance(const char *a, const char *b)
{
	unsigned row[NEAREST_LENGTH_MAX + 1];
	size_t n = strlen(b);

	for (size_t j = 0; j <= n; j++)
		row[j] = (unsigned)j;
	for (size_t i = 0; a[i]; i++) {
		unsigned diagonal = row[0];

		row[0] = (unsigned)i + 1;
		for (size_t j = 0; j < n; j++) {
			unsigned replaced =
				diagonal + (nearest_fold(a[i]) != nearest_fold(b[j]));

			diagonal = row[j + 1];
			row[j + 1] = nearest_min(replaced, nearest_min(row[j], diagonal) + 1);
		}
	}
	return row[n];
}

void nearest_init(struct nearest *nearest, const char *word)
{
	*nearest = (struct nearest){ word, NULL, (unsigned)strlen(word) / 3 + 1 };
}

void nearest_try(struct nearest *nearest, const char *candidate)
{
	unsigned distance;

	if (strlen(nearest->word) > NEAREST_LENGTH_MAX ||
		strlen(candidate) > NEAREST_LENGTH_MAX)
		return;
	distance = nearest_distance(nearest->word, candidate);
	if (distance >= nearest->distance)
		return;
	nearest->best = candidate;
	nearest->distance = distance;
}
