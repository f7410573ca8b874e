/* SPDX-License-Identifier: MIT */
#ifndef BANNER_H
#define BANNER_H

#include "client/watch/canvas.h"
#include "client/watch/model.h"

/* The lines above and below the panels.  Pure. */

/* The machine, the time that is shown, and whether it is now. */
void banner_head(struct canvas *c, const struct rect *at, const struct model *m);

/* What holds the machine back, alerts, and the energy of the span of so many rows. */
void banner_verdict(
	struct canvas *c, const struct rect *at, const struct model *m, unsigned span);

/* The keys, or what is being typed. */
void banner_keys(struct canvas *c, const struct rect *at, const struct model *m);

#endif
