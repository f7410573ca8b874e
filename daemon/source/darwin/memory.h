/* SPDX-License-Identifier: MIT */
#ifndef DARWIN_MEMORY_H
#define DARWIN_MEMORY_H

#include <mach/mach.h>

/*
 * The statistics of memory, as much of the structure as the kernel fills: *count integers. *ask
 * is how many to ask for, 0 at first; it is raised for good where the kernel wants more.  0 or
 * -EIO.
 */
int memory_statistics(host_t host, mach_msg_type_number_t *ask, vm_statistics64_data_t *vm,
	mach_msg_type_number_t *count);

#endif
