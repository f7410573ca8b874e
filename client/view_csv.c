/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "client/cell.h"
#include "client/csv.h"
#include "client/view.h"

/* First columns seq and ts_ms, then one per metric; several aggregations are NAME.min,
 * NAME.max. */
static void view_csv_begin(struct view *v, const struct message *hello)
{
	(void)hello;
	buf_puts(&v->out, "seq,ts_ms");
	for (unsigned i = 0; i < v->columns.count; i++) {
		const struct column *column = &v->columns.items[i];

		buf_puts(&v->out, ",");
		csv_field(&v->out, column->name, strlen(column->name));
		if (column->part_name[0]) {
			buf_puts(&v->out, ".");
			buf_puts(&v->out, column->part_name);
		}
	}
	buf_puts(&v->out, "\n");
}

static void view_csv_line(struct view *v, const struct message *m)
{
	char text[64];
	struct buf value;

	buf_init(&value, VIEW_LINE_MAX);
	view_cells(v, m);
	snprintf(text, sizeof(text), "%lld,%lld", (long long)message_int(m, "seq", 0),
		(long long)message_int(m, "ts_ms", 0));
	buf_puts(&v->out, text);
	for (unsigned i = 0; i < v->columns.count; i++) {
		buf_clear(&value);
		cell_write(&value, &v->columns.items[i], &v->cells[i], "");
		buf_puts(&v->out, ",");
		if (value.len > 0)
			csv_field(&v->out, value.data, value.len);
	}
	buf_puts(&v->out, "\n");
	buf_fini(&value);
}

const struct view_class view_csv = {
	.needs_schema = true,
	.begin = view_csv_begin,
	.line = view_csv_line,
};
