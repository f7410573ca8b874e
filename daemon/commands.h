/* SPDX-License-Identifier: MIT */
#ifndef COMMANDS_H
#define COMMANDS_H

#include <stdbool.h>

#include "proto/request.h"

struct session;

/*
 * Executes a request that was parsed without error: appends its reply, its error, or starts
 * what will answer it.  True when it succeeded.
 */
bool commands_execute(struct session *s, const struct request *r);

/* Whether this daemon has that op; hello lists them. */
bool commands_has(enum op op);

#endif
