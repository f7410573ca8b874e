/* SPDX-License-Identifier: MIT */
#include "client/csv.h"

#include <stdbool.h>
#include <string.h>

void csv_field(struct buf *out, const char *text, size_t n)
{
	bool quoted = false;

	for (size_t i = 0; i < n; i++)
		quoted = quoted || (text[i] && strchr(",\"\r\n", text[i]));
	if (!quoted) {
		buf_add(out, text, n);
		return;
	}
	buf_puts(out, "\"");
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '"')
			buf_puts(out, "\"");
		buf_add(out, &text[i], 1);
	}
	buf_puts(out, "\"");
}
