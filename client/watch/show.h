/* SPDX-License-Identifier: MIT */
#ifndef SHOW_H
#define SHOW_H

#include "client/options.h"

/* Whether watch is to open the dashboard: nothing asks for lines, and the terminal can. */
bool show_wanted(const struct options *options);

/* The dashboard, until the user has had enough.  Returns an exit code. */
int show_run(const struct options *options);

#endif
