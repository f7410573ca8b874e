/* SPDX-License-Identifier: MIT */
#ifndef WATCH_HELP_H
#define WATCH_HELP_H

#include "client/watch/canvas.h"
#include "client/watch/model.h"

/* Every key, over what is drawn.  Pure. */
void help_draw(struct canvas *c, const struct model *m);

#endif
