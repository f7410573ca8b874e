/* SPDX-License-Identifier: MIT */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "client/options.h"
#include "client/suggest.h"

/* Options of every command, of those that talk to a daemon of this machine, to any, and that
 * print its data. */
#define OPTIONS_ALL (OPTION_BIT(HELP) | OPTION_BIT(VERSION) | OPTION_BIT(QUIET))
#define OPTIONS_LOCAL (OPTIONS_ALL | OPTION_BIT(SOCKET) | OPTION_BIT(TIMEOUT))
#define OPTIONS_TALK (OPTIONS_LOCAL | OPTION_BIT(HOST))
#define OPTIONS_PRINT (OPTION_BIT(OUTPUT) | OPTION_BIT(JSON) | OPTION_BIT(PRETTY))
#define OPTIONS_DATA \
	(OPTIONS_TALK | OPTIONS_PRINT | OPTION_BIT(FIELDS) | OPTION_BIT(COMPAT) | \
		OPTION_BIT(UTC) | OPTION_BIT(COLOR))

#define OUTPUTS_REPLY ((1u << OUTPUT_TABLE) | (1u << OUTPUT_JSON))
#define OUTPUTS_DATA \
	(OUTPUTS_REPLY | (1u << OUTPUT_CSV) | (1u << OUTPUT_PLAIN) | (1u << OUTPUT_ACTOP1))

/* What may be typed in a place, see client/complete.h. */
enum complete_kind {
	COMPLETE_NOTHING, /* a number, a text: nobody can guess it */
	COMPLETE_COMMANDS,
	COMPLETE_OPTIONS,
	COMPLETE_WORDS, /* of option */
	COMPLETE_TIMES,
	COMPLETE_DURATIONS,
	COMPLETE_FILES,
	COMPLETE_USERS,
	COMPLETE_FIELDS, /* from here on the daemon knows */
	COMPLETE_SERIES, /* exact names only, in a condition */
	COMPLETE_MARKS,
	COMPLETE_TOPICS,  /* of help */
	COMPLETE_CHOICES, /* of the command */
	COMPLETE_REST	  /* a command line of its own */
};

/* A word that an operand may be; a list of them is ended by a name that is NULL. */
struct choice {
	const char *name;
	const char *meaning; /* NULL = the name says it */
};

struct command {
	const char *name;
	const char *alias;    /* NULL = none */
	const char *summary;  /* one line, no full stop */
	const char *usage;    /* what follows "actopctl " */
	const char *text;     /* what else is to be known; lines end with LF */
	const char *examples; /* lines end with LF */
	const char *lines;    /* what -n means here */
	const char *interval; /* what -i means here; NULL = lines */
	const char *agg;      /* what -a takes here; NULL = one of them */
	const char *file;     /* what -o means here, where it is no format; else NULL */
	uint64_t options;     /* OPTION_BIT of those it takes */
	unsigned outputs;     /* 1 << OUTPUT_... of those it can print, 0 = it prints text */
	unsigned operands;    /* how many it takes at most, after its own name */
	enum complete_kind operand;   /* what they are */
	const struct choice *choices; /* COMPLETE_CHOICES */
	bool wraps; /* they are a command line of its own: options end before it */
	int (*run)(const struct options *options); /* returns an exit code */
};

/* In the order of help, ended by NULL. */
extern const struct command *const commands[];

/* By name or alias; NULL = there is none. */
const struct command *commands_named(const char *name);

/* Offers all names. */
void commands_offer(struct suggest *guess);

/* By name or alias; NULL after saying on stderr what may have been meant. */
const struct command *commands_find(const char *name);

/* 0, or EXIT_USAGE after saying which option or argument the command does not take. */
int commands_check(const struct command *command, struct options *options);

/* Takes ACTOP_FIELDS for -f where the command prints tables or plain text of samples.  0, or
 * EXIT_USAGE after saying what is wrong with it. */
int commands_take_environment(
	const struct command *command, struct options *options, bool terminal);

extern const struct options_grammar commands_grammar;

#endif
