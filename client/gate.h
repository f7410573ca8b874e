/* SPDX-License-Identifier: MIT */
#ifndef GATE_H
#define GATE_H

#include "client/ask.h"
#include "client/message.h"
#include "proto/buf.h"
#include "proto/expr.h"

/* Conditions (proto/expr.h) over the rows that the daemon sends, for check and wait; and over
 * the processes of the groups that they name. */

#define GATE_SERIES_MAX FIELDS_MAX
#define GATE_GROUPS_MAX 7 /* different regular expressions; each is a subscription of wait */

struct gate {
	struct expr *exprs[OPERANDS_MAX];
	const char *texts[OPERANDS_MAX]; /* borrowed */
	enum truth truths[OPERANDS_MAX]; /* at the newest row */
	unsigned count;
	const char *names[GATE_SERIES_MAX]; /* of all their series, each once */
	double values[GATE_SERIES_MAX];
	unsigned name_count;
	const char *groups[GATE_GROUPS_MAX]; /* regular expressions, each once */
	unsigned group_count;
	bool rates;	       /* one of them is to be known over time */
	int64_t self;	       /* process that no group has; 0 = they are of another machine */
	struct schema *schema; /* of these series */
	uint64_t mono_ns;      /* of the newest row */
	bool gap;	       /* before it was a hole */
};

/* 0, or EXIT_USAGE after saying where a text is wrong.  To be closed either way. */
int gate_open(struct gate *g, const char *const *texts, unsigned count);
void gate_close(struct gate *g);

struct ask_metrics gate_metrics(const struct gate *g);

/* How far back rows matter: the longest window of a rise(). */
int64_t gate_window_ms(const struct gate *g);

/* Evaluates a row. */
void gate_take(struct gate *g, const struct message *row);

/* Takes the list of the processes of a group, and evaluates the newest row once more. */
void gate_take_group(struct gate *g, unsigned group, const struct message *list);

/* Appends what decided a condition: "cpu_temp_c is 62.3". */
void gate_describe(const struct gate *g, unsigned i, struct buf *out);

#endif
