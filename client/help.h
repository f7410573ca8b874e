/* SPDX-License-Identifier: MIT */
#ifndef HELP_H
#define HELP_H

#include "client/commands.h"
#include "proto/buf.h"

#define HELP_MAX 8192

/* What --help and help print: of the program, of one command, of times. */
void help_program(struct buf *out);
void help_command(struct buf *out, const struct command *command);
void help_times(struct buf *out);

/* What an option means to a command that takes it, and what its value is called (NULL = it has
 * none). */
void help_meaning(struct buf *out, const struct command *command, unsigned id);
const char *help_argument(const struct command *command, unsigned id);

/* The topic of help_times(). */
#define HELP_TIMES "times"

#endif
