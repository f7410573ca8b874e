/* SPDX-License-Identifier: MIT */
#ifndef DASHBOARD_H
#define DASHBOARD_H

#include "client/watch/canvas.h"
#include "client/watch/model.h"

/* The whole screen.  Pure. */

#define DASHBOARD_WIDTH_MIN 40
#define DASHBOARD_HEIGHT_MIN 8

void dashboard_draw(struct canvas *c, const struct model *m);

/* Rows of the widest chart that a screen of that width may have: what is worth keeping. */
unsigned dashboard_span(unsigned width);

/* How many processes have room on a screen of that size. */
unsigned dashboard_processes(unsigned width, unsigned height);

#endif
