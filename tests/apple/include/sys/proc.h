/* SPDX-License-Identifier: MIT */
#ifndef APPLE_SYS_PROC_H
#define APPLE_SYS_PROC_H

/* The states in sys/proc.h of SDK 12. */
#define SIDL 1
#define SRUN 2
#define SSLEEP 3
#define SSTOP 4
#define SZOMB 5

#endif
