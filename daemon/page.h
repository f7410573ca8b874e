/* SPDX-License-Identifier: MIT */
#ifndef PAGE_H
#define PAGE_H

#include "daemon/answer.h"
#include "daemon/reach.h"

/*
 * The answer to op "history": rows, then a reply; the range is fixed when it begins.  Where
 * rows give way faster than they are read, the answer ends, and the next page tells of the gap.
 * The columns of spec are taken over.  until is the last row wanted.
 */
struct answer *page_new(struct hub *hub, const struct request *r, const struct reach *reach,
	struct view_spec *spec);

#endif
