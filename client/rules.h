/* SPDX-License-Identifier: MIT */
#ifndef RULES_H
#define RULES_H

#include <stdbool.h>

#include "client/message.h"

/*
 * Prints the rules of the reply of "alerts", a line each.  0, or EXIT_PROTOCOL after saying
 * that this daemon, an older one, tells none.
 */
int rules_print(const struct message *reply, bool color);

#endif
