/* SPDX-License-Identifier: MIT */
#ifndef FIRING_H
#define FIRING_H

#include "daemon/event.h"

/* The alerts that fire now, each with the event that it began with. */
#define FIRING_MAX 256 /* rules that can fire at the same time */

struct firing_alert {
	char *rule;
	struct event event; /* details are a copy */
};

struct firing {
	struct firing_alert *alerts; /* NULL until the first fires */
	unsigned count;
	uint64_t generation; /* grows with each change */
};

void firing_fini(struct firing *firing);

/* Takes copies.  A rule that fires already is left as it is; one too many is left out. */
void firing_add(struct firing *firing, const char *rule, const struct event *event);
void firing_remove(struct firing *firing, const char *rule);

#endif
