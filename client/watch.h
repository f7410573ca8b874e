/* SPDX-License-Identifier: MIT */
#ifndef WATCH_H
#define WATCH_H

#include "client/view.h"

/* Follows the events as watch follows samples, over restarts of the daemon too; printed as
 * lines of that class.  Returns an exit code. */
int watch_follow_events(const struct options *options, const struct view_class *class);

#endif
