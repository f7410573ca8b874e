/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/pattern.h"

#define NAME_MAX_TRIED 256

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* By the definition, a table of (rest of pattern, rest of name): reach[i][j]. */
static bool match_slowly(const char *p, const char *s)
{
	static bool reach[PATTERN_MAX + 1][NAME_MAX_TRIED + 1];
	size_t m = strlen(p), n = strlen(s);

	for (size_t i = m + 1; i-- > 0;)
		for (size_t j = n + 1; j-- > 0;) {
			bool two =
				p[i] == '*' && (p[i + 1] == '*' || (i > 0 && p[i - 1] == '*'));

			if (i == m)
				reach[i][j] = j == n;
			else if (p[i] != '*')
				reach[i][j] = j < n && p[i] == s[j] && reach[i + 1][j + 1];
			else
				reach[i][j] = reach[i + 1][j] ||
					(j < n && (two || s[j] != '.') && reach[i][j + 1]);
		}
	return reach[0][0];
}

/* The pattern is what stands before the first line feed, the name what stands behind it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *name;

	assert(text);
	memcpy(text, data, size);
	text[size] = '\0';
	name = strchr(text, '\n');
	if (name) {
		*name++ = '\0';
		if (pattern_is_valid(text) && strlen(name) <= NAME_MAX_TRIED)
			assert(pattern_match(text, name) == match_slowly(text, name));
		else
			pattern_match(text, name);
	}
	free(text);
	return 0;
}
