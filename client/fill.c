/* SPDX-License-Identifier: MIT */
#include "client/fill.h"

#include <string.h>

#define FILL_BLANKS " \n"

static void fill_break(struct buf *out, unsigned indent)
{
	buf_puts(out, "\n");
	for (unsigned i = 0; i < indent; i++)
		buf_puts(out, " ");
}

void fill_text(struct buf *out, const char *text, unsigned indent, unsigned column)
{
	bool first = true;

	for (text += strspn(text, FILL_BLANKS); *text; text += strspn(text, FILL_BLANKS)) {
		size_t n = strcspn(text, FILL_BLANKS);

		if (!first && column + 1 + n > FILL_WIDTH) {
			fill_break(out, indent);
			column = indent;
		} else if (!first) {
			buf_puts(out, " ");
			column++;
		}
		buf_add(out, text, n);
		column += (unsigned)n;
		text += n;
		first = false;
	}
	buf_puts(out, "\n");
}
