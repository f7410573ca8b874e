/* SPDX-License-Identifier: MIT */
#include "client/cell.h"
#include "client/escape.h"
#include "client/view.h"

/* Values and nothing else, for a status bar: "97 54.2"; what is unknown is "-". */
static void view_plain_line(struct view *v, const struct message *m)
{
	struct buf text;

	buf_init(&text, VIEW_LINE_MAX);
	view_cells(v, m);
	for (unsigned i = 0; i < v->columns.count; i++) {
		if (i > 0)
			buf_puts(&text, " ");
		cell_write(&text, &v->columns.items[i], &v->cells[i], "-");
	}
	if (text.len > 0)
		escape_text(&v->out, text.data, text.len);
	buf_puts(&v->out, "\n");
	buf_fini(&text);
}

const struct view_class view_plain = {
	.needs_schema = true,
	.line = view_plain_line,
};
