/* SPDX-License-Identifier: MIT */
#ifndef APPLY_H
#define APPLY_H

#include <stdbool.h>

#include "client/service/plan.h"

/*
 * Does what a plan says, step by step, and says on stderr what it does unless quiet.  0, or an
 * exit code after saying what went wrong; the steps before it stay done.
 */
int apply_plan(const struct plan *plan, const struct service *s, bool quiet);

#endif
