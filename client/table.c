/* SPDX-License-Identifier: MIT */
#include "client/table.h"

#include <stdlib.h>
#include <string.h>

#include "client/cell.h"
#include "client/escape.h"
#include "proto/alloc.h"

#define TABLE_LABEL_MAX 160
#define TABLE_LINES_MAX 8
#define TABLE_ROW_MAX 65536

/* A label in lines that fit into a column. */
struct table_label {
	char text[TABLE_LABEL_MAX];
	const char *line[TABLE_LINES_MAX];
	size_t length[TABLE_LINES_MAX];
	unsigned lines;
};

/* Length of the word that text begins with; a dot belongs to the word before it. */
static size_t table_word(const char *text)
{
	size_t n = strcspn(text, "_.");

	return text[n] == '.' ? n + 1 : n;
}

/* "cpu_watts" of the maxima is labelled "cpu_max". */
static void table_label_text(const struct column *column, char text[TABLE_LABEL_MAX])
{
	struct buf out;

	buf_init(&out, TABLE_LABEL_MAX - 1);
	buf_add(&out, column->name, cell_label_length(column));
	if (column->part_name[0]) {
		buf_puts(&out, "_");
		buf_puts(&out, column->part_name);
	}
	if (out.len > 0)
		memcpy(text, out.data, out.len);
	text[out.len] = '\0';
	buf_fini(&out);
}

static void table_label_add(struct table_label *label, const char *word, size_t n, size_t width)
{
	unsigned last = label->lines - 1;

	if (label->lines > 0) {
		size_t longer = (size_t)(word - label->line[last]) + n;

		if (longer <= width || label->lines == TABLE_LINES_MAX) {
			label->length[last] = longer;
			return;
		}
	}
	label->line[label->lines] = word;
	label->length[label->lines++] = n;
}

static void table_label_wrap(
	struct table_label *label, const struct column *column, size_t width)
{
	label->lines = 0;
	table_label_text(column, label->text);
	for (const char *s = label->text; *s;) {
		size_t n = table_word(s);

		table_label_add(label, s, n, width);
		s += n + (s[n] == '_');
	}
}

static unsigned table_max(unsigned a, size_t b)
{
	return a > b ? a : (unsigned)b;
}

static unsigned table_column_width(const struct column *column)
{
	const char *unit = cell_unit(column);
	unsigned width = table_max(cell_width(column), escape_width(unit, strlen(unit)));
	char text[TABLE_LABEL_MAX];

	table_label_text(column, text);
	for (const char *s = text; *s;) {
		size_t n = table_word(s);

		width = table_max(width, n);
		s += n + (s[n] == '_');
	}
	return width;
}

void table_init(
	struct table *t, const struct columns *columns, unsigned time_width, unsigned limit)
{
	unsigned total = time_width;

	*t = (struct table){ .columns = columns, .time_width = time_width };
	t->widths = xcalloc(columns->count, sizeof(*t->widths));
	for (unsigned i = 0; i < columns->count; i++) {
		struct table_label label;

		t->widths[i] = table_column_width(&columns->items[i]);
		total += TABLE_GAP + t->widths[i];
		if (limit > 0 && total > limit && i > 0)
			break;
		table_label_wrap(&label, &columns->items[i], t->widths[i]);
		t->label_lines = table_max(t->label_lines, label.lines);
		t->shown = i + 1;
	}
}

void table_fini(struct table *t)
{
	free(t->widths);
	t->widths = NULL;
}

unsigned table_header_lines(const struct table *t)
{
	return t->label_lines + 1;
}

static void table_spaces(struct buf *out, size_t n)
{
	while (n-- > 0)
		buf_puts(out, " ");
}

static void table_right(struct buf *out, const char *text, size_t n, unsigned width)
{
	size_t taken = escape_width(text, n);

	table_spaces(out, TABLE_GAP + (taken < width ? width - taken : 0));
	buf_add(out, text, n);
}

static void table_end_line(struct buf *out)
{
	while (out->len > 0 && out->data[out->len - 1] == ' ')
		out->len--;
	buf_puts(out, "\n");
}

/* Labels stand at the bottom, right above their units. */
static void table_header_line(const struct table *t, unsigned line, struct buf *out)
{
	table_spaces(out, t->time_width);
	for (unsigned i = 0; i < t->shown; i++) {
		struct table_label label;
		unsigned above;

		table_label_wrap(&label, &t->columns->items[i], t->widths[i]);
		above = t->label_lines - label.lines;
		if (line < above)
			table_spaces(out, TABLE_GAP + t->widths[i]);
		else
			table_right(out, label.line[line - above], label.length[line - above],
				t->widths[i]);
	}
	table_end_line(out);
}

void table_header(const struct table *t, struct buf *out)
{
	for (unsigned line = 0; line < t->label_lines; line++)
		table_header_line(t, line, out);
	buf_puts(out, "time");
	table_spaces(out, t->time_width - 4);
	for (unsigned i = 0; i < t->shown; i++) {
		const char *unit = cell_unit(&t->columns->items[i]);

		table_right(out, unit, strlen(unit), t->widths[i]);
	}
	table_end_line(out);
}

void table_row(
	const struct table *t, const char *time, const struct cell *cells, struct buf *out)
{
	struct buf value;

	buf_init(&value, TABLE_ROW_MAX);
	buf_puts(out, time);
	for (unsigned i = 0; i < t->shown; i++) {
		buf_clear(&value);
		cell_show(&value, &t->columns->items[i], &cells[i]);
		table_right(out, value.data ? value.data : "", value.len, t->widths[i]);
	}
	table_end_line(out);
	buf_fini(&value);
}
