/* SPDX-License-Identifier: MIT */
#include "client/process_table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "client/cell.h"
#include "client/escape.h"

#define CELL_TEXT_MAX 8192 /* bytes of one cell */
#define USER_WIDTH_MAX 12
#define COMMAND_WIDTH_MIN 16 /* columns are left out before it gets less */
#define DEPTH_SHOWN_MAX 20

enum process_column {
	COLUMN_PID,
	COLUMN_USER,
	COLUMN_CPU,
	COLUMN_GPU,
	COLUMN_WATTS,
	COLUMN_MEM,
	COLUMN_READ,
	COLUMN_WRITE,
	COLUMN_THREADS,
	COLUMN_COMMAND,
	COLUMN_COUNT
};

static const char *const process_titles[COLUMN_COUNT] = { "PID", "USER", "CPU%", "GPU%",
	"WATTS", "MEM", "READ/s", "WRITE/s", "THR", "COMMAND" };

/* What a narrow terminal does without, the first first. */
static const enum process_column process_spare[] = { COLUMN_WRITE, COLUMN_READ, COLUMN_THREADS,
	COLUMN_GPU, COLUMN_USER };

struct process_layout {
	const struct process_style *style;
	size_t rows;
	unsigned widths[COLUMN_COUNT];
	bool left_out[COLUMN_COUNT];
};

static void process_add_number(struct buf *out, const char *mark, double x, int decimals)
{
	char text[64];

	if (isnan(x)) {
		buf_puts(out, "-");
		return;
	}
	snprintf(text, sizeof(text), "%s%.*f", mark, decimals, x);
	buf_puts(out, text);
}

static void process_add_bytes(struct buf *out, double x)
{
	if (isnan(x))
		buf_puts(out, "-");
	else
		cell_show_bytes(out, x);
}

static void process_add_text(struct buf *out, const char *text, size_t width)
{
	struct buf shown;

	if (!*text)
		text = "-";
	buf_init(&shown, CELL_TEXT_MAX);
	escape_text(&shown, text, strnlen(text, CELL_TEXT_MAX / ESCAPE_GROWTH));
	while (width > 0 && shown.len > 0 && escape_width(shown.data, shown.len) > width)
		shown.len--;
	/* Not in the middle of a character. */
	while (shown.len > 0 && (shown.data[shown.len - 1] & 0xc0) == 0xc0)
		shown.len--;
	if (shown.len > 0)
		buf_add(out, shown.data, shown.len);
	buf_fini(&shown);
}

/* Who has no name has a number. */
static void process_add_user(struct buf *out, const struct process *p, size_t width)
{
	if (!*p->user && p->uid >= 0)
		process_add_number(out, "", (double)p->uid, 0);
	else
		process_add_text(out, p->user, width);
}

/* A kernel thread has no command line: "[name]", as ps has it. */
static void process_add_command(
	struct buf *out, const struct process *p, const struct process_style *style)
{
	char text[CELL_TEXT_MAX / ESCAPE_GROWTH];
	bool thread = p->command && !*p->command && !style->groups;
	const char *shown = p->command && *p->command ? p->command : p->name;

	for (unsigned i = 0; i < p->depth && i < DEPTH_SHOWN_MAX; i++)
		buf_puts(out, "  ");
	snprintf(text, sizeof(text), "%s%s%s", thread ? "[" : "", shown, thread ? "]" : "");
	process_add_text(out, text, 0);
}

static void process_add_cell(struct buf *out, const struct process *p,
	enum process_column column, const struct process_style *style)
{
	switch (column) {
	case COLUMN_PID:
		process_add_number(
			out, "", style->groups ? (double)p->members : (double)p->pid, 0);
		break;
	case COLUMN_USER:
		process_add_user(out, p, USER_WIDTH_MAX);
		break;
	case COLUMN_CPU:
		process_add_number(out, "", p->cpu_pct, 1);
		break;
	case COLUMN_GPU:
		process_add_number(out, "", p->gpu_pct, 1);
		break;
	case COLUMN_WATTS:
		process_add_number(out, p->estimated ? "~" : "", p->watts, 2);
		break;
	case COLUMN_MEM:
		process_add_bytes(out, p->mem_bytes);
		break;
	case COLUMN_READ:
		process_add_bytes(out, p->read_bytes_per_s);
		break;
	case COLUMN_WRITE:
		process_add_bytes(out, p->write_bytes_per_s);
		break;
	case COLUMN_THREADS:
		process_add_number(out, "", p->threads, 0);
		break;
	default:
		process_add_command(out, p, style);
		break;
	}
}

static const char *process_title(unsigned column, const struct process_style *style)
{
	return column == COLUMN_PID && style->groups ? "PROCS" : process_titles[column];
}

static size_t process_rows(const struct processes *p, const struct process_style *style)
{
	return style->rows > 0 && style->rows < p->count ? style->rows : p->count;
}

/* Columns that the table takes with a command of its least width. */
static unsigned process_layout_width(const struct process_layout *l)
{
	unsigned width = COMMAND_WIDTH_MIN;

	for (unsigned c = 0; c < COLUMN_COMMAND; c++)
		if (!l->left_out[c])
			width += l->widths[c] + 1;
	return width;
}

static void process_layout_init(
	struct process_layout *l, const struct processes *p, const struct process_style *style)
{
	struct buf cell;

	*l = (struct process_layout){ .style = style, .rows = process_rows(p, style) };
	buf_init(&cell, CELL_TEXT_MAX);
	for (unsigned c = 0; c < COLUMN_COMMAND; c++) {
		l->widths[c] = (unsigned)strlen(process_title(c, style));
		for (size_t i = 0; i < l->rows; i++) {
			unsigned width;

			buf_clear(&cell);
			process_add_cell(&cell, &p->items[i], c, style);
			width = (unsigned)escape_width(cell.data, cell.len);
			l->widths[c] = width > l->widths[c] ? width : l->widths[c];
		}
	}
	buf_fini(&cell);
	for (size_t i = 0; i < sizeof(process_spare) / sizeof(*process_spare); i++)
		if (style->width > 0 && process_layout_width(l) > style->width)
			l->left_out[process_spare[i]] = true;
}

static void process_pad(struct buf *out, size_t n)
{
	while (n-- > 0)
		buf_puts(out, " ");
}

/* Appends a line, cut to the terminal, without spaces at its end. */
static void process_line_end(struct buf *out, const struct buf *line, unsigned width)
{
	size_t n = line->len;

	while (width > 0 && n > 0 && escape_width(line->data, n) > width)
		n--;
	while (n > 0 && line->data[n - 1] == ' ')
		n--;
	if (n > 0)
		buf_add(out, line->data, n);
}

/* p NULL = the header. */
static void process_line(
	struct buf *out, const struct process_layout *l, const struct process *p)
{
	struct buf line, cell;

	buf_init(&line, CELL_TEXT_MAX * 2);
	buf_init(&cell, CELL_TEXT_MAX);
	for (unsigned c = 0; c < COLUMN_COUNT; c++) {
		bool left = c == COLUMN_USER || c == COLUMN_COMMAND;
		size_t pad;

		if (l->left_out[c])
			continue;
		buf_clear(&cell);
		if (p)
			process_add_cell(&cell, p, c, l->style);
		else
			buf_puts(&cell, process_title(c, l->style));
		pad = escape_width(cell.data, cell.len);
		pad = l->widths[c] > pad ? l->widths[c] - pad : 0;
		process_pad(&line, left ? 0 : pad);
		buf_add(&line, cell.data, cell.len);
		process_pad(&line, (left ? pad : 0) + 1);
	}
	process_line_end(out, &line, l->style->width);
	buf_fini(&line);
	buf_fini(&cell);
}

void process_table_write(
	struct buf *out, const struct processes *p, const struct process_style *style)
{
	struct process_layout l;

	process_layout_init(&l, p, style);
	buf_puts(out, style->bold ? "\033[1m" : "");
	process_line(out, &l, NULL);
	buf_puts(out, style->bold ? "\033[0m\n" : "\n");
	for (size_t i = 0; i < l.rows; i++) {
		process_line(out, &l, &p->items[i]);
		buf_puts(out, "\n");
	}
}

void process_table_plain(
	struct buf *out, const struct processes *p, const struct process_style *style)
{
	for (size_t i = 0; i < process_rows(p, style); i++) {
		const struct process *row = &p->items[i];

		process_add_cell(out, row, COLUMN_PID, style);
		buf_puts(out, " ");
		process_add_user(out, row, 0);
		buf_puts(out, " ");
		process_add_number(out, "", row->cpu_pct, 2);
		buf_puts(out, " ");
		process_add_number(out, "", row->gpu_pct, 2);
		buf_puts(out, " ");
		process_add_number(out, "", row->watts, 3);
		buf_puts(out, " ");
		process_add_number(out, "", row->mem_bytes, 0);
		buf_puts(out, " ");
		process_add_number(out, "", row->read_bytes_per_s, 0);
		buf_puts(out, " ");
		process_add_number(out, "", row->write_bytes_per_s, 0);
		buf_puts(out, " ");
		process_add_number(out, "", row->threads, 0);
		buf_puts(out, " ");
		process_add_text(out, row->name, 0);
		buf_puts(out, "\n");
	}
}
