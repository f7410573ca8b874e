/* SPDX-License-Identifier: MIT */
#ifndef PROCESS_COMMAND_H
#define PROCESS_COMMAND_H

#include "daemon/session.h"

/* The op "processes", and subscriptions to the stream of that name, which go into *slot.  False
 * when the request failed. */
bool process_command_answer(struct session *s, const struct request *r);
bool process_command_subscribe(struct session *s, const struct request *r, const char *name,
	struct subscription **slot);

#endif
