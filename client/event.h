/* SPDX-License-Identifier: MIT */
#ifndef EVENT_H
#define EVENT_H

#include "client/message.h"
#include "proto/buf.h"

/* Events of the timeline, in words. */

#define EVENT_KIND_WIDTH 8 /* of the longest kind */

/* Appends what happened: "thermal fires: thermal_state is Serious (warn)". */
void event_describe(const struct message *m, struct buf *out);

/* Appends a value of that metric or group of processes (NULL = it is not told): bytes as an
 * amount, another number with its decimals and its unit, or a word; "-" for none. */
void event_value(const char *metric, const struct node *value, struct buf *out);

#endif
