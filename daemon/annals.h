/* SPDX-License-Identifier: MIT */
#ifndef ANNALS_H
#define ANNALS_H

#include "daemon/event.h"
#include "daemon/keeper.h"

/* Events on their way into the store and back. */

/* boot: number of this one. */
void annals_keep(struct keeper *keeper, unsigned boot, const struct event *event);

/* Takes back what the store has, before the first event of this run; eseq: the newest number
 * that may have been given. */
void annals_load(struct keeper *keeper, struct events *events, uint64_t eseq);

#endif
