/* SPDX-License-Identifier: MIT */
#ifndef PAGE_H
#define PAGE_H

#include "daemon/batch.h"
#include "daemon/start.h"

/*
 * A history answer under way.  Rows are made only as the socket drains, so that a long answer
 * never sits in memory; the range is fixed when it begins.
 */
struct page;

/* The columns of spec are taken over.  until is the last row wanted. */
struct page *page_new(struct hub *hub, const struct request *r, const struct start *start,
	uint64_t until, struct view_spec *spec);
void page_free(struct page *page);

/* Adds the next row, or the reply that ends the answer.  False once that was added. */
bool page_pull(struct page *page, struct batch *batch);

/* Whether the connection is to end behind the answer. */
bool page_closes(const struct page *page);

#endif
