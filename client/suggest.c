/* SPDX-License-Identifier: MIT */
#include "client/suggest.h"

#include <string.h>

static unsigned suggest_min(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* One row of the matrix of optimal string alignment; before and above are the two rows before.
 */
static void suggest_row(unsigned *row, const unsigned *above, const unsigned *before,
	const char *a, const char *b)
{
	size_t n = strnlen(b, SUGGEST_WORD_MAX);

	for (size_t j = 1; j <= n; j++) {
		row[j] = suggest_min(row[j - 1], above[j]) + 1;
		row[j] = suggest_min(row[j], above[j - 1] + (a[0] != b[j - 1]));
		if (before && j > 1 && a[0] == b[j - 2] && a[-1] == b[j - 1])
			row[j] = suggest_min(row[j], before[j - 2] + 1);
	}
}

unsigned suggest_distance(const char *a, const char *b)
{
	unsigned rows[3][SUGGEST_WORD_MAX + 1] = { 0 };
	size_t m = strnlen(a, SUGGEST_WORD_MAX), n = strnlen(b, SUGGEST_WORD_MAX);

	for (unsigned j = 0; j <= n; j++)
		rows[0][j] = j;
	for (unsigned i = 1; i <= m; i++) {
		rows[i % 3][0] = i;
		suggest_row(rows[i % 3], rows[(i - 1) % 3], i > 1 ? rows[(i - 2) % 3] : NULL,
			a + i - 1, b);
	}
	return rows[m % 3][n];
}

void suggest_begin(struct suggest *s, const char *word)
{
	*s = (struct suggest){ .word = word };
}

/* A third of the word may be wrong, or the word is the beginning of the candidate. */
void suggest_offer(struct suggest *s, const char *candidate)
{
	size_t n = strnlen(s->word, SUGGEST_WORD_MAX);
	unsigned distance = suggest_distance(s->word, candidate);

	if (n >= 2 && strncmp(s->word, candidate, n) == 0)
		distance = 1;
	if (distance > (n + 2) / 3 || (s->guess && distance >= s->distance))
		return;
	s->guess = candidate;
	s->distance = distance;
}
