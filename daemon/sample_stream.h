/* SPDX-License-Identifier: MIT */
#ifndef SAMPLE_STREAM_H
#define SAMPLE_STREAM_H

#include "daemon/start.h"
#include "daemon/subscription.h"

/* The stream "samples": windows of the history, then what comes.  start says where it begins;
 * the columns of spec are taken over. */
struct subscription *sample_stream_new(struct hub *hub, const struct request *r,
	const char *name, const struct start *start, struct view_spec *spec);

/* How it looks at the history; borrowed until the schema grows. */
const struct view *sample_stream_view(const struct subscription *sub);

#endif
