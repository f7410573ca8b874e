/* SPDX-License-Identifier: MIT */
#ifndef EVENT_STREAM_H
#define EVENT_STREAM_H

#include "daemon/start.h"
#include "daemon/subscription.h"

/*
 * The stream "events".  Alerts that fire already are said first, with the event that they began
 * with, unless that lies behind the start point and comes anyway.
 */
struct subscription *event_stream_new(
	struct hub *hub, const struct request *r, const char *name, const struct start *start);

#endif
