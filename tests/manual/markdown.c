/* SPDX-License-Identifier: MIT */
#include "tests/manual/markdown.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "proto/buf.h"
#include "tests/manual/mdoc.h"

#define MARKDOWN_LINE_MAX 16384
#define MARKDOWN_CELLS_MAX 8

enum markdown_block {
	BLOCK_NONE,
	BLOCK_TEXT,
	BLOCK_BULLETS,
	BLOCK_NUMBERS,
	BLOCK_TABLE,
	BLOCK_CODE
};

struct markdown {
	enum markdown_block block;
	struct buf text;		    /* of the paragraph or the element so far */
	unsigned rows;			    /* of the table */
	char heads[MARKDOWN_CELLS_MAX][64]; /* of its columns */
	bool fresh;			    /* a heading was the last */
};

/* "[M]", "[S page]", "[K]", "[mac?]" */
static bool markdown_is_mark(const char *text)
{
	return strncmp(text, "[mac?]", 6) == 0 ||
		(text[0] == '[' && text[1] && strchr("MSK", text[1]) &&
			(text[2] == ']' || text[2] == ' '));
}

static void markdown_strip_marks(char *line)
{
	char *to = line;
	bool code = false;

	while (*line) {
		code = code != (*line == '`');
		if (!code && markdown_is_mark(line) && strchr(line, ']')) {
			line = strchr(line, ']') + 1;
			while (to[-1] == ' ')
				to--;
			continue;
		}
		*to++ = *line++;
	}
	*to = '\0';
}

static void markdown_flush_text(struct markdown *m)
{
	buf_add(&m->text, "", 1);
	if (m->text.len > 1 && m->block == BLOCK_TEXT && !m->fresh)
		mdoc_paragraph(m->text.data);
	else if (m->text.len > 1 && m->block == BLOCK_CODE)
		mdoc_literal(m->text.data);
	else if (m->text.len > 1)
		mdoc_text(m->text.data);
	m->fresh = m->fresh && m->text.len <= 1;
	buf_clear(&m->text);
}

static void markdown_end(struct markdown *m)
{
	markdown_flush_text(m);
	if (m->block > BLOCK_TEXT && m->block < BLOCK_CODE)
		mdoc_list_end();
	m->block = BLOCK_NONE;
	m->rows = 0;
}

static void markdown_begin(struct markdown *m, enum markdown_block block)
{
	if (m->block == block)
		return;
	markdown_end(m);
	m->block = block;
	if (block == BLOCK_BULLETS)
		puts(".Bl -bullet");
	else if (block == BLOCK_NUMBERS)
		puts(".Bl -enum");
	else if (block == BLOCK_TABLE)
		mdoc_list();
}

static void markdown_element(struct markdown *m, enum markdown_block block, const char *text)
{
	markdown_begin(m, block);
	markdown_flush_text(m);
	puts(".It");
	buf_puts(&m->text, text);
}

/* Cuts a row at the bars that are not in code. */
static unsigned markdown_cells(char *row, char *cells[MARKDOWN_CELLS_MAX])
{
	unsigned count = 0;
	bool code = false;

	for (char *c = row; *c; c++) {
		code = code != (*c == '`');
		if (*c != '|' || code)
			continue;
		*c = '\0';
		if (c[1] && count < MARKDOWN_CELLS_MAX)
			cells[count++] = c + 1;
	}
	return count;
}

static char *markdown_trim(char *cell)
{
	size_t n;

	cell += strspn(cell, " ");
	n = strlen(cell);
	while (n > 0 && cell[n - 1] == ' ')
		cell[--n] = '\0';
	return cell;
}

/* The first cell is the term, the second its text; the others have their heads before them. */
static void markdown_row(struct markdown *m, char *row)
{
	char *cells[MARKDOWN_CELLS_MAX];
	unsigned count = markdown_cells(row, cells);

	markdown_begin(m, BLOCK_TABLE);
	for (unsigned i = 0; i < count && m->rows == 0; i++)
		snprintf(m->heads[i], sizeof(m->heads[i]), "%s", markdown_trim(cells[i]));
	if (m->rows++ < 2 || count == 0)
		return;
	mdoc_term(markdown_trim(cells[0]));
	for (unsigned i = 1; i < count; i++) {
		if (i > 1) {
			buf_puts(&m->text, "; ");
			buf_puts(&m->text, m->heads[i]);
			buf_puts(&m->text, " ");
		}
		buf_puts(&m->text, markdown_trim(cells[i]));
	}
	markdown_flush_text(m);
}

static void markdown_heading(struct markdown *m, const char *line)
{
	markdown_end(m);
	mdoc_subsection(line + strspn(line, "# "));
	m->fresh = true;
}

static size_t markdown_number(const char *line)
{
	size_t n = strspn(line, "0123456789");

	return n > 0 && strncmp(line + n, ". ", 2) == 0 ? n + 2 : 0;
}

static void markdown_fence(struct markdown *m)
{
	if (m->block == BLOCK_CODE)
		markdown_end(m);
	else
		markdown_begin(m, BLOCK_CODE);
}

static void markdown_plain(struct markdown *m, const char *line)
{
	bool goes_on = m->block == BLOCK_TEXT ||
		((m->block == BLOCK_BULLETS || m->block == BLOCK_NUMBERS) && line[0] == ' ');

	if (!goes_on)
		markdown_begin(m, BLOCK_TEXT);
	buf_puts(&m->text, line);
	buf_puts(&m->text, "\n");
}

static void markdown_line(struct markdown *m, char *line)
{
	if (strncmp(line, "```", 3) == 0) {
		markdown_fence(m);
		return;
	}
	if (m->block == BLOCK_CODE) {
		buf_puts(&m->text, line);
		buf_puts(&m->text, "\n");
		return;
	}
	markdown_strip_marks(line);
	if (line[0] == '\0')
		markdown_end(m);
	else if (line[0] == '#')
		markdown_heading(m, line);
	else if (line[0] == '|')
		markdown_row(m, line);
	else if (strncmp(line, "* ", 2) == 0 || strncmp(line, "- ", 2) == 0)
		markdown_element(m, BLOCK_BULLETS, line + 2);
	else if (markdown_number(line))
		markdown_element(m, BLOCK_NUMBERS, line + markdown_number(line));
	else
		markdown_plain(m, line);
}

void markdown_write(FILE *from, const char *first, const char *last)
{
	static char line[MARKDOWN_LINE_MAX];
	struct markdown m = { .block = BLOCK_NONE };
	bool inside = false;

	buf_init(&m.text, 1u << 20);
	while (fgets(line, sizeof(line), from)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' && m.block != BLOCK_CODE)
			inside = strstr(line, first) || (inside && !strstr(line, last));
		if (inside)
			markdown_line(&m, line);
	}
	markdown_end(&m);
	buf_fini(&m.text);
}
