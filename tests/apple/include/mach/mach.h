/* SPDX-License-Identifier: MIT */
#ifndef APPLE_MACH_H
#define APPLE_MACH_H

#include <stdint.h>

/*
 * The part of mach/mach.h and what it includes (SDK 12: mach_types.h, mach_host.h, mach_init.h,
 * mach_port.h, host_info.h, processor_info.h, task.h, task_info.h, time_value.h, vm_map.h,
 * vm_statistics.h) that is used.
 */

typedef unsigned int natural_t;
typedef int integer_t;
typedef int kern_return_t;
typedef int boolean_t;
typedef natural_t mach_port_t;
typedef mach_port_t host_t;
typedef mach_port_t task_port_t;
typedef mach_port_t vm_map_t;
typedef mach_port_t ipc_space_t;
typedef natural_t mach_port_name_t;
typedef natural_t mach_msg_type_number_t;
typedef uintptr_t vm_size_t;
typedef uintptr_t vm_address_t;
typedef integer_t host_flavor_t;
typedef integer_t *host_info64_t;
typedef int processor_flavor_t;
typedef integer_t *processor_info_array_t;
typedef mach_port_t task_name_t;
typedef natural_t task_flavor_t;
typedef integer_t *task_info_t;
typedef uint64_t mach_vm_size_t;
typedef int policy_t;
typedef struct time_value {
	integer_t seconds, microseconds;
} time_value_t;

#define KERN_SUCCESS 0
#define MACH_PORT_NULL 0
#define HOST_VM_INFO64 4
#define PROCESSOR_CPU_LOAD_INFO 2
#define CPU_STATE_MAX 4
#define CPU_STATE_USER 0
#define CPU_STATE_SYSTEM 1
#define CPU_STATE_IDLE 2
#define CPU_STATE_NICE 3
#define MIG_ARRAY_TOO_LARGE -307

/* vm_statistics.h, revision 1: 38 integers. */
struct vm_statistics64 {
	natural_t free_count, active_count, inactive_count, wire_count;
	uint64_t zero_fill_count, reactivations, pageins, pageouts, faults, cow_faults, lookups,
		hits, purges;
	natural_t purgeable_count, speculative_count;
	uint64_t decompressions, compressions, swapins, swapouts;
	natural_t compressor_page_count, throttled_count, external_page_count,
		internal_page_count;
	uint64_t total_uncompressed_pages_in_compressor;
} __attribute__((aligned(8)));
typedef struct vm_statistics64 vm_statistics64_data_t;

#define MACH_TASK_BASIC_INFO 20
struct mach_task_basic_info {
	mach_vm_size_t virtual_size, resident_size, resident_size_max;
	time_value_t user_time, system_time;
	policy_t policy;
	integer_t suspend_count;
};
#define MACH_TASK_BASIC_INFO_COUNT (sizeof(struct mach_task_basic_info) / sizeof(natural_t))

extern mach_port_t mach_task_self_;
#define mach_task_self() mach_task_self_

mach_port_t mach_host_self(void);
kern_return_t mach_port_deallocate(ipc_space_t task, mach_port_name_t name);
kern_return_t host_page_size(host_t host, vm_size_t *size);
kern_return_t host_statistics64(
	host_t host, host_flavor_t flavor, host_info64_t info, mach_msg_type_number_t *count);
kern_return_t host_processor_info(host_t host, processor_flavor_t flavor, natural_t *cpus,
	processor_info_array_t *info, mach_msg_type_number_t *count);
kern_return_t task_info(task_name_t task, task_flavor_t flavor, task_info_t info,
	mach_msg_type_number_t *count);
kern_return_t vm_deallocate(vm_map_t task, vm_address_t address, vm_size_t size);

#endif
