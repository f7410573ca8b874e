/* SPDX-License-Identifier: MIT */
#ifndef PROCESS_STREAM_H
#define PROCESS_STREAM_H

#include "daemon/answer.h"
#include "daemon/subscription.h"
#include "daemon/survey.h"

/*
 * The stream "processes": the newest answer whenever there is one.  A reader that stops misses
 * those in between, and is sent the newest one when it reads again.  Takes over query.
 */
struct subscription *process_stream_new(
	struct hub *hub, const struct request *r, const char *name, struct roster_query *query);

/* Samples between lines, as the request asks. */
unsigned process_stream_ticks(const struct hub *hub, const struct request *r);

/* Milliseconds between lines. */
uint64_t process_stream_interval(const struct subscription *sub);

/* The answer to the request "processes": one reply, once the walk for it is done.  Takes over
 * query. */
struct answer *process_answer_new(
	struct hub *hub, const struct request *r, struct roster_query *query);

#endif
