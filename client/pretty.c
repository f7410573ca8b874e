/* SPDX-License-Identifier: MIT */
#include "client/pretty.h"

#include <string.h>

#define PRETTY_DEPTH_MAX 64 /* deeper levels are not indented further */

static void pretty_line(struct buf *out, unsigned depth)
{
	buf_puts(out, "\n");
	for (unsigned i = 0; i < depth && i < PRETTY_DEPTH_MAX; i++)
		buf_puts(out, "  ");
}

/* Length of the string that begins at json. */
static size_t pretty_string(const char *json, size_t n)
{
	size_t i = 1;

	while (i < n && json[i] != '"')
		i += json[i] == '\\' ? 2 : 1;
	return i < n ? i + 1 : n;
}

static void pretty_mark(struct buf *out, const char *mark, unsigned *depth)
{
	if ((*mark == '}' || *mark == ']') && *depth > 0) {
		--*depth;
		pretty_line(out, *depth);
	}
	buf_add(out, mark, 1);
	if (*mark == ':')
		buf_puts(out, " ");
	if (*mark == '{' || *mark == '[')
		++*depth;
	if (strchr(",{[", *mark))
		pretty_line(out, *depth);
}

void pretty_json(struct buf *out, const char *json, size_t n)
{
	unsigned depth = 0;

	for (size_t i = 0; i < n;) {
		size_t step = 1;

		if (json[i] == '"') {
			step = pretty_string(json + i, n - i);
			buf_add(out, json + i, step);
		} else if (i + 1 < n &&
			(!memcmp(json + i, "{}", 2) || !memcmp(json + i, "[]", 2))) {
			step = 2;
			buf_add(out, json + i, step);
		} else if (json[i] && strchr("{}[],:", json[i])) {
			pretty_mark(out, json + i, &depth);
		} else if (json[i] != ' ' && json[i] != '\t') {
			buf_add(out, json + i, 1);
		}
		i += step;
	}
}
