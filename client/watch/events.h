/* SPDX-License-Identifier: MIT */
#ifndef EVENTS_H
#define EVENTS_H

#include <stdbool.h>

#include "client/message.h"

/* The newest events of the timeline.  Pure. */

#define HAPPENED_MAX 256
#define HAPPENED_TEXT_MAX 120
#define RULE_MAX 40

enum happening { HAPPENING_OTHER, HAPPENING_ALERT, HAPPENING_MARK };

struct happened {
	int64_t eseq, ts_ms;
	enum happening what;
	bool firing;	     /* an alert: begins, else ends */
	char kind[16];	     /* the word of the protocol */
	char rule[RULE_MAX]; /* of an alert */
	char text[HAPPENED_TEXT_MAX];
};

struct events {
	struct happened items[HAPPENED_MAX];
	unsigned count, first; /* a ring */
};

/* Takes an event line; one that is there already is skipped. */
void events_take(struct events *e, const struct message *m);

/* The event at place i, 0 being the oldest. */
const struct happened *events_at(const struct events *e, unsigned i);

/* How many are not after ts_ms. */
unsigned events_until(const struct events *e, int64_t ts_ms);

/* The alerts that fired at ts_ms, the newest first; at most max. */
unsigned events_firing(
	const struct events *e, int64_t ts_ms, const struct happened **to, unsigned max);

#endif
