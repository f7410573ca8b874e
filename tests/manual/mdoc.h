/* SPDX-License-Identifier: MIT */
#ifndef MDOC_H
#define MDOC_H

/*
 * Writes manual pages on stdout in mdoc(7).  Texts may hold `code`, **bold** and *italic* as in
 * Markdown; they are escaped and filled here.
 */

/* Up to and with the NAME section. */
void mdoc_begin(const char *date, const char *name, const char *section, const char *summary);

void mdoc_section(const char *title);
void mdoc_subsection(const char *title);
void mdoc_paragraph(const char *text);
void mdoc_text(const char *text);
__attribute__((format(printf, 1, 2))) void mdoc_textf(const char *format, ...);

/* Lines that stay as they are. */
void mdoc_literal(const char *text);

/* A list of terms with their texts. */
void mdoc_list(void);
void mdoc_term(const char *term);
void mdoc_list_end(void);

/* "-o, --output FORMAT" as a term; letter 0 and argument NULL = none. */
void mdoc_option(char letter, const char *name, const char *argument);

/* SEE ALSO: "actopctl 1", ended by NULL. */
void mdoc_see_also(const char *const *pages);

#endif
