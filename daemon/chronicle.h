/* SPDX-License-Identifier: MIT */
#ifndef CHRONICLE_H
#define CHRONICLE_H

#include "daemon/hub.h"

struct transition; /* daemon/alert.h */

/* Writes events into the hub's timeline, from the rows of the history and from what is done. */

/* A row was appended: says what its flags tell (sleep, wake, a clock that was set). */
void chronicle_row(struct hub *hub, uint64_t seq);

/* After the events of earlier runs came back, before chronicle_start: an alert or throttling
 * that had begun there and did not end, ends now, with reason "restart" and what is not known
 * null. */
void chronicle_resume(struct hub *hub);

/* The daemon begins, or ends. */
void chronicle_start(struct hub *hub, const char *reason);
void chronicle_stop(struct hub *hub, const char *reason);

/* An alert begins or ends, or throttling does.  Alerts that fire are kept in hub->firing. */
void chronicle_transition(struct hub *hub, uint64_t seq, const struct transition *t);

/* Returns the event's eseq. */
uint64_t chronicle_mark(struct hub *hub, const char *text, int64_t *ts_ms);

#endif
