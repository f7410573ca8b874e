/* SPDX-License-Identifier: MIT */
#ifndef ALERTS_H
#define ALERTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/message.h"
#include "proto/buf.h"

/* Alerts that fire or fired, put together from events and from the reply of "alerts".  Pure. */

#define ALERT_TEXT_MAX 96 /* of a rule, a value or what it is about; longer ones are cut */

struct alert {
	char rule[ALERT_TEXT_MAX], value[ALERT_TEXT_MAX], detail[2 * ALERT_TEXT_MAX];
	bool firing;
	int64_t since_ms, until_ms; /* Unix time; until only when it is over */
};

struct alerts {
	struct alert *items; /* in the order in which they began to be known */
	size_t count, cap;
};

void alerts_fini(struct alerts *a);

/* Takes an event of kind alert: one that fires begins an entry, one that is resolved ends it.
 */
void alerts_take_event(struct alerts *a, const struct message *event);

/* Takes what the reply of "alerts" lists: what fires now, and nothing else does. */
void alerts_take_reply(struct alerts *a, const struct message *reply);

#endif
