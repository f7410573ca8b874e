/* SPDX-License-Identifier: MIT */
#ifndef EVENT_PAGE_H
#define EVENT_PAGE_H

#include "daemon/answer.h"
#include "daemon/start.h"

/* The answer to op "events": lines of events, then a reply. */
struct answer *event_page_new(
	struct hub *hub, const struct request *r, const struct start *start);

#endif
