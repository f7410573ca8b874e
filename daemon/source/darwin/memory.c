/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/types.h>
#include <mach/mach.h>
#include <sys/sysctl.h>

#include "daemon/source/darwin/ctl.h"
#include "daemon/source/darwin/memory.h"
#include "daemon/source/darwin/parts.h"
#include "proto/alloc.h"

/*
 * Memory, as Activity Monitor counts it: used = app memory + wired + compressed, where app
 * memory is what is anonymous and not purgeable; cached = file pages and purgeable ones.
 */

/* What vm_statistics64 of SDK 12 has, and the most that a kernel may answer. */
#define VM_COUNT ((mach_msg_type_number_t)(sizeof(vm_statistics64_data_t) / sizeof(integer_t)))
#define VM_COUNT_MAX 1024
#define TOO_LARGE (-307) /* MIG_ARRAY_TOO_LARGE */

/* Whether the kernel filled a field: it tells how many integers it answered. */
#define VM_HAS(count, field) \
	((count) * sizeof(integer_t) >= offsetof(vm_statistics64_data_t, field) + \
			sizeof(((vm_statistics64_data_t *)0)->field))

struct memory {
	host_t host;
	double page;		    /* bytes; NaN = not known */
	double total;		    /* bytes; NaN = not known */
	mach_msg_type_number_t ask; /* for memory_statistics() */
};

static int memory_open(void **self, const struct source_options *options, struct fault *why)
{
	struct memory *m = xcalloc(1, sizeof(*m));
	vm_size_t page;
	int64_t total;

	(void)options, (void)why;
	m->host = mach_host_self();
	m->page = host_page_size(m->host, &page) == KERN_SUCCESS ? (double)page : NAN;
	m->total = ctl_integer("hw.memsize", &total) == 0 && total > 0 ? (double)total : NAN;
	*self = m;
	return 0;
}

static int memory_describe(void *self, struct layout *layout)
{
	(void)self, (void)layout;
	return 0;
}

/*
 * macOS 27 answers more integers than a program built with an older SDK asks for, and fails
 * with -307 when it may not; later kernels may answer more still.  So a caller that was refused
 * asks for as much as there can be from then on.  Asking for too much at once makes 26.6 log a
 * warning.
 */
int memory_statistics(host_t host, mach_msg_type_number_t *ask, vm_statistics64_data_t *vm,
	mach_msg_type_number_t *count)
{
	integer_t answer[VM_COUNT_MAX] = { 0 };
	kern_return_t rc;

	*count = *ask ? *ask : VM_COUNT;
	rc = host_statistics64(host, HOST_VM_INFO64, answer, count);
	if (rc == TOO_LARGE) {
		*ask = *count = VM_COUNT_MAX;
		rc = host_statistics64(host, HOST_VM_INFO64, answer, count);
	}
	if (rc != KERN_SUCCESS)
		return -EIO;
	if (*count > VM_COUNT)
		*count = VM_COUNT;
	memset(vm, 0, sizeof(*vm));
	memcpy(vm, answer, *count * sizeof(integer_t));
	return 0;
}

static double less(natural_t a, natural_t b)
{
	return a > b ? (double)(a - b) : 0;
}

static void memory_set(struct memory *m, const vm_statistics64_data_t *vm,
	mach_msg_type_number_t count, struct sample *s)
{
	double used;

	if (VM_HAS(count, wire_count))
		sample_set(s, METRIC_RAM_WIRED_BYTES, 0, vm->wire_count * m->page);
	if (!VM_HAS(count, internal_page_count))
		return;
	used = (less(vm->internal_page_count, vm->purgeable_count) + vm->wire_count +
		       vm->compressor_page_count) *
		m->page;
	sample_set(s, METRIC_RAM_USED_BYTES, 0, used);
	sample_set(s, METRIC_RAM_AVAILABLE_BYTES, 0, m->total < used ? 0 : m->total - used);
	sample_set(s, METRIC_RAM_COMPRESSED_BYTES, 0, vm->compressor_page_count * m->page);
	sample_set(s, METRIC_RAM_CACHED_BYTES, 0,
		((double)vm->external_page_count + vm->purgeable_count) * m->page);
	sample_set(s, METRIC_SWAP_IN_BYTES, 0, (double)vm->swapins * m->page);
	sample_set(s, METRIC_SWAP_OUT_BYTES, 0, (double)vm->swapouts * m->page);
}

/* No swap file yet is a size of 0. */
static int memory_read_swap(struct sample *s)
{
	struct xsw_usage swap;

	if (ctl_struct("vm.swapusage", &swap, sizeof(swap)) < 0)
		return -EIO;
	sample_set(s, METRIC_SWAP_TOTAL_BYTES, 0, (double)swap.xsu_total);
	sample_set(s, METRIC_SWAP_USED_BYTES, 0, (double)swap.xsu_used);
	return 0;
}

static int memory_read_pressure(struct sample *s)
{
	int64_t level;

	if (ctl_integer("kern.memorystatus_vm_pressure_level", &level) < 0)
		return -EIO;
	sample_set(s, METRIC_MEM_PRESSURE, 0,
		level == 1	     ? 0
			: level == 2 ? 1
			: level == 4 ? 2
				     : NAN);
	return 0;
}

static int memory_read(void *self, struct sample *s)
{
	struct memory *m = self;
	vm_statistics64_data_t vm;
	mach_msg_type_number_t count;
	int rc = memory_statistics(m->host, &m->ask, &vm, &count);

	sample_set(s, METRIC_RAM_TOTAL_BYTES, 0, m->total);
	if (rc == 0)
		memory_set(m, &vm, count, s);
	if (memory_read_swap(s) < 0)
		rc = -EIO;
	if (memory_read_pressure(s) < 0)
		rc = -EIO;
	return rc;
}

static void memory_close(void *self)
{
	struct memory *m = self;

	mach_port_deallocate(mach_task_self(), m->host);
	free(m);
}

const struct part darwin_memory = { "memory", memory_open, memory_describe, memory_read,
	memory_close };
