/* SPDX-License-Identifier: MIT */
#ifndef TREE_H
#define TREE_H

#include <stdint.h>
#include <sys/types.h>

/*
 * Memory (resident bytes) of a process and all its descendants, pages that several of them
 * share counted for each.  -1 where this system does not tell (elsewhere than on Linux), or the
 * process is gone.
 */
int64_t tree_memory(pid_t root);

/* Bytes of one unit of ru_maxrss here. */
int64_t tree_rusage_unit(void);

#endif
