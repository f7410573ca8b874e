/* SPDX-License-Identifier: MIT */
#ifndef MARKDOWN_H
#define MARKDOWN_H

#include <stdio.h>

/*
 * Writes the sections of a document from the one whose heading has the first text in it up to
 * the one with the last, exclusively, through tests/manual/mdoc.h.  Knows what
 * proto/PROTOCOL.md uses: headings, paragraphs, lists, tables, blocks of code.  Marks of
 * sources such as "[S page]" are left out.
 */
void markdown_write(FILE *from, const char *first, const char *last);

#endif
