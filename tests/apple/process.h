/* SPDX-License-Identifier: MIT */
#ifndef APPLE_PROCESS_H
#define APPLE_PROCESS_H

#include <stddef.h>

/* What sysctl gives for KERN_PROCARGS2 of that pid; 0, or -1 with errno. */
int process_arguments(int pid, void *old, size_t *old_size);

#endif
