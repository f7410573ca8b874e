/* SPDX-License-Identifier: MIT */
#ifndef HELP_H
#define HELP_H

#include "client/commands.h"
#include "proto/buf.h"

#define HELP_MAX 8192

/* What --help and help print: of the program, of one command. */
void help_program(struct buf *out);
void help_command(struct buf *out, const struct command *command);

/* What help tells beside commands. */
struct help_topic {
	const char *name;
	const char *summary;
	void (*write)(struct buf *out);
};

/* Ended by a name that is NULL. */
extern const struct help_topic help_topics[];

/* What an option means to a command that takes it, and what its value is called (NULL = it has
 * none).  Without a command: what it means to most. */
void help_meaning(struct buf *out, const struct command *command, unsigned id);
const char *help_argument(const struct command *command, unsigned id);

/* Options that mean the same to all commands that take them: help tells them once. */
#define HELP_SHARED \
	(OPTIONS_TALK | OPTION_BIT(JSON) | OPTION_BIT(COMPAT) | OPTION_BIT(PRETTY) | \
		OPTION_BIT(UTC) | OPTION_BIT(COLOR))

/* How actopctl ends, and what it takes from the environment; ended by NULL. */
struct help_exit {
	int code;
	const char *meaning;
};

struct help_variable {
	const char *name, *meaning;
};

extern const struct help_exit help_exits[];
extern const struct help_variable help_variables[];

/* Appends "  LEFT   meaning", filled. */
void help_item(struct buf *out, const char *left, unsigned column, const char *meaning);

#endif
