/* SPDX-License-Identifier: MIT */
#ifndef EXPOSITION_H
#define EXPOSITION_H

#include "client/message.h"
#include "client/processes.h"
#include "client/prom.h"

/*
 * The newest sample as metric families.  Names, types and HELP come from the metric table
 * (proto/metrics.def, column prom); what the daemon's schema has and the table does not know is
 * left out, and so is every value that is unknown.
 *
 * Labels: cluster (E, P, S: the kind, as actop has it) and core for cores; cluster (E0) for
 * clusters; rail; fan; sensor and domain.  A state is one sample per word, 1 for the one that
 * holds.
 *
 * Processes are there only where somebody asks: the applications (processes_make_groups) that
 * use most, labelled by name alone, since series that are named by numbers of processes never
 * come to an end.
 */
struct exposition {
	const struct message *hello, *schema, *status, *alerts; /* replies */
	const struct message *sample;				/* the object of get */
	const struct processes *applications; /* in their order; NULL = none */
	unsigned shown;			      /* how many of them */
};

void exposition_write(struct prom *p, const struct exposition *e);

/* All that can be said when no daemon answers: actop_up 0. */
void exposition_write_down(struct prom *p);

#endif
