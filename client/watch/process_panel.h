/* SPDX-License-Identifier: MIT */
#ifndef PROCESS_PANEL_H
#define PROCESS_PANEL_H

#include "client/watch/canvas.h"
#include "client/watch/model.h"

/* The table of processes.  Pure. */

void process_panel_draw(struct canvas *c, const struct rect *r, const struct model *m);

/* Rows that it has in that height. */
unsigned process_panel_rows(unsigned height);

#endif
