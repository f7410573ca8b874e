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

/*
 * The name of a restricted process is cut after 15 bytes: whether that of p may have been, and
 * the rest of it, from the path of its program, if that tells.
 */
bool procinfo_name_is_cut(const struct process *p);
void procinfo_complete_name(struct process *p);

/* Whether its pid is still that of this process. */
bool procinfo_is(const struct process *p);

#endif
