/* SPDX-License-Identifier: MIT */
#ifndef APPLE_LIBPROC_H
#define APPLE_LIBPROC_H

#include <stdint.h>
#include <sys/proc_info.h>
#include <sys/resource.h>
#include <sys/types.h>

/*
 * The part of libproc.h (SDK 12) that is used.  They return how many bytes they have filled, 0
 * with errno when they failed; proc_pid_rusage 0, or -1 with errno.
 */
int proc_listpids(uint32_t type, uint32_t typeinfo, void *buffer, int size);
int proc_pidinfo(int pid, int flavor, uint64_t arg, void *buffer, int size);
int proc_pid_rusage(int pid, int flavor, rusage_info_t *buffer);
int proc_pidpath(int pid, void *buffer, uint32_t size);

#endif
