/* SPDX-License-Identifier: MIT */
#ifndef COMPLETE_LIVE_H
#define COMPLETE_LIVE_H

#include "client/complete.h"

/*
 * Appends what only a daemon knows, names of series and texts of marks, to an answer.  Names
 * come from the table of metrics where none answers within a moment: then series of several
 * entities are patterns, "core.*.active_pct".  A daemon of another machine is not asked.
 */
void complete_ask(struct buf *out, const struct complete *c);

#endif
