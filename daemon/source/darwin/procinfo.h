/* SPDX-License-Identifier: MIT */
#ifndef PROCINFO_H
#define PROCINFO_H

#include "daemon/source/process.h"

/*
 * Who a process is, and its CPU time, resident memory and threads, with taken_ns.  Of another
 * user's process others than root are told little: then it is restricted.  A zombie has no CPU
 * time here.  0, or -ESRCH when it is gone; then nothing has changed.
 */
int procinfo_read(int32_t pid, struct process *p);

/* Whether its pid is still that of this process. */
bool procinfo_is(const struct process *p);

#endif
