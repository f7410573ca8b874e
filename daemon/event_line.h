/* SPDX-License-Identifier: MIT */
#ifndef EVENT_LINE_H
#define EVENT_LINE_H

#include "daemon/event.h"
#include "daemon/hub.h"

/* Appends an event as it stands in a line, from "epoch" to the LF. */
void event_line_write(const struct hub *hub, const struct event *event, struct buf *out);

/* First event from eseq on that is of one of the kinds (1 << enum event_kind); head + 1: none.
 */
uint64_t event_line_next(const struct hub *hub, uint64_t eseq, unsigned kinds);

#endif
