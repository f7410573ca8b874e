/* SPDX-License-Identifier: MIT */
#ifndef PRINT_H
#define PRINT_H

#include <stdbool.h>

#include "client/message.h"
#include "client/options.h"

/* What commands with one reply share. */

/* Whether stdout is to get JSON. */
bool print_wants_json(const struct options *options);

/* Prints the reply as it came.  0 or EXIT_FAILED. */
int print_reply(const struct options *options, const struct message *m);

/* Prints a text from the daemon, control characters escaped; NULL is "-". */
void print_text(const char *text);

#endif
