/* SPDX-License-Identifier: MIT */
#ifndef COMPLETE_H
#define COMPLETE_H

#include "client/commands.h"
#include "proto/buf.h"

/*
 * What may follow on a command line that is being typed.  The scripts for the shells ask
 * "actopctl completion words WORD..." and know no command and no option of their own.
 *
 * Answers are lines: a candidate for the whole last word, and behind a tab what it means.
 * Lines that begin with a colon are for the script: ":files", ":users", ":more" (no space
 * behind the candidate, a list may go on), ":command N" (from word N on it is a command line of
 * its own).
 */

#define COMPLETE_MAX (1u << 20) /* bytes of an answer */

struct complete {
	enum complete_kind kind;
	const struct command *command; /* NULL = not typed yet */
	unsigned option;	       /* whose value it is; OPTION_COUNT = none */
	const char *word;	       /* the last one, as typed */
	const char *part;	       /* its end, of which candidates are the whole */
	const char *socket, *host;     /* of options before; NULL = not given */
	unsigned operands;	       /* typed before, the command's name included */
	unsigned first;		       /* COMPLETE_REST: the word where it begins */
	bool list;		       /* more may follow behind a comma */
	bool only_operands;	       /* "--" was typed */
};

/* Finds out from words[count], without the program's own name; the last one is being typed. */
void complete_find(struct complete *c, const char *const *words, unsigned count);

/* Appends a candidate, if the part is its beginning; meaning may be "". */
void complete_offer(
	struct buf *out, const struct complete *c, const char *text, const char *meaning);

/* Appends the answer, except for what the daemon knows.  Pure. */
void complete_write(struct buf *out, const struct complete *c);

/* What is asked for by the name of an option's argument; COMPLETE_NOTHING also for one that is
 * not known. */
enum complete_kind complete_of_argument(const char *argument, bool *known);

#endif
