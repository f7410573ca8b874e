/* SPDX-License-Identifier: MIT */
#include "tests/manual/mdoc.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "proto/buf.h"

#define MDOC_WIDTH 78 /* of a line of input */

#define MDOC_WORD_MAX 4096

/* One character of a text, as roff wants it. */
static void mdoc_char(struct buf *out, char c)
{
	static const struct {
		char c;
		const char *escape;
	} escapes[] = {
		{ '\\', "\\e" },
		{ '-', "\\-" },
		{ '`', "\\(ga" },
		{ '\'', "\\(aq" },
		{ '"', "\\(dq" },
		{ '^', "\\(ha" },
		{ '~', "\\(ti" },
	};

	for (size_t i = 0; i < sizeof(escapes) / sizeof(*escapes); i++) {
		if (escapes[i].c == c) {
			buf_puts(out, escapes[i].escape);
			return;
		}
	}
	buf_add(out, &c, 1);
}

/* Which fonts of Markdown are on; they stay so from word to word. */
struct mdoc_inline {
	bool code, bold, italic;
};

static void mdoc_font(struct buf *out, bool *on, const char *escape)
{
	*on = !*on;
	buf_puts(out, *on ? escape : "\\fP");
}

/* Takes a mark of a font at *text: returns its length, 0 = there is none.  Stars that stand
 * alone are stars. */
static size_t mdoc_mark(struct buf *out, const char *text, bool begins, struct mdoc_inline *in)
{
	if (*text == '`') {
		mdoc_font(out, &in->code, "\\fB");
		return 1;
	}
	if (in->code || *text != '*')
		return 0;
	if (text[1] == '*' && (in->bold || isalnum((unsigned char)text[2]))) {
		mdoc_font(out, &in->bold, "\\fB");
		return 2;
	}
	if (in->italic || (begins && isalpha((unsigned char)text[1]))) {
		mdoc_font(out, &in->italic, "\\fI");
		return 1;
	}
	return 0;
}

static void mdoc_inlines(struct buf *out, const char *text, size_t n, struct mdoc_inline *in)
{
	const char *begin = text, *end = text + n;

	while (text < end) {
		size_t mark = mdoc_mark(out, text, text == begin, in);

		text += mark;
		if (mark > 0)
			continue;
		if (!in->code && *text == '-')
			buf_puts(out, "-");
		else if (text[0] == '(' && text[1] == ')')
			buf_puts(out, "(\\&"); /* no name of a function of C */
		else
			mdoc_char(out, *text);
		text++;
	}
}

static void mdoc_write(struct buf *out)
{
	if (out->len > 0)
		fwrite(out->data, 1, out->len, stdout);
	buf_clear(out);
}

static bool mdoc_ends_sentence(const char *word, size_t n)
{
	while (n > 0 && strchr(")`*\"", word[n - 1]))
		n--;
	return n > 1 && strchr(".?!", word[n - 1]) && word[n - 2] != '.';
}

/* Every sentence begins a line, and no line is long. */
void mdoc_text(const char *text)
{
	struct mdoc_inline in = { false, false, false };
	bool begins = true;
	size_t column = 0;
	struct buf word;

	buf_init(&word, MDOC_WORD_MAX);
	for (text += strspn(text, " \n\t"); *text; text += strspn(text, " \n\t")) {
		size_t n = strcspn(text, " \n\t");

		mdoc_inlines(&word, text, n, &in);
		begins = begins || column + 1 + word.len > MDOC_WIDTH;
		if (column > 0)
			putchar(begins ? '\n' : ' ');
		column = (begins ? 0 : column + 1) + word.len;
		if (begins && strchr(".'", *text))
			fputs("\\&", stdout);
		mdoc_write(&word);
		begins = mdoc_ends_sentence(text, n);
		text += n;
	}
	putchar('\n');
	buf_fini(&word);
}

void mdoc_textf(const char *format, ...)
{
	char text[MDOC_WORD_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	mdoc_text(text);
}

/* The rest of a line of a macro. */
static void mdoc_arguments(const char *text)
{
	struct mdoc_inline in = { false, false, false };
	size_t n = strlen(text);
	struct buf out;

	while (n > 0 && text[n - 1] == ' ')
		n--;
	buf_init(&out, MDOC_WORD_MAX);
	mdoc_inlines(&out, text, n, &in);
	mdoc_write(&out);
	putchar('\n');
	buf_fini(&out);
}

static void mdoc_chars(const char *text, size_t n)
{
	struct buf out;

	buf_init(&out, MDOC_WORD_MAX);
	for (size_t i = 0; i < n; i++)
		mdoc_char(&out, text[i]);
	mdoc_write(&out);
	buf_fini(&out);
}

void mdoc_begin(const char *date, const char *name, const char *section, const char *summary)
{
	printf(".\\\" Made by make from the tables of the programs; not edited.\n"
	       ".Dd %s\n.Dt ",
		date);
	for (const char *c = name; *c; c++)
		putchar(toupper((unsigned char)*c));
	printf(" %s\n.Os\n.Sh NAME\n.Nm %s\n.Nd %s\n", section, name, summary);
}

void mdoc_section(const char *title)
{
	printf(".Sh %s\n", title);
}

void mdoc_subsection(const char *title)
{
	fputs(".Ss ", stdout);
	mdoc_arguments(title);
}

void mdoc_paragraph(const char *text)
{
	puts(".Pp");
	mdoc_text(text);
}

void mdoc_literal(const char *text)
{
	puts(".Bd -literal -offset indent");
	while (*text) {
		size_t n = strcspn(text, "\n");

		if (*text == '.' || *text == '\'')
			fputs("\\&", stdout);
		mdoc_chars(text, n);
		putchar('\n');
		text += n + (text[n] == '\n');
	}
	puts(".Ed");
}

void mdoc_list(void)
{
	puts(".Bl -tag -width Ds");
}

void mdoc_term(const char *term)
{
	fputs(".It ", stdout);
	mdoc_arguments(term);
}

void mdoc_list_end(void)
{
	puts(".El");
}

void mdoc_option(char letter, const char *name, const char *argument)
{
	fputs(".It ", stdout);
	if (letter)
		printf("Fl %c , ", letter);
	fputs("Fl \\-", stdout);
	mdoc_chars(name, strlen(name));
	if (argument) {
		fputs(" Ar ", stdout);
		mdoc_chars(argument, strlen(argument));
	}
	putchar('\n');
}

void mdoc_see_also(const char *const *pages)
{
	mdoc_section("SEE ALSO");
	for (; *pages; pages++)
		printf(".Xr %s%s\n", *pages, pages[1] ? " ," : "");
}
