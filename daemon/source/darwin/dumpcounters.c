/* SPDX-License-Identifier: MIT */
#include <sys/types.h>
#include <sys/socket.h>

#include "daemon/source/darwin/dumpcounters.h"

#include <net/if.h>
#include <string.h>

#include "daemon/source/darwin/cf.h"
#include "daemon/source/darwin/disk.h"
#include "daemon/source/darwin/memory.h"
#include "daemon/source/darwin/registry.h"
#include "proto/alloc.h"

#define LIST_SIZE (256 * 1024)

/* ---- reading ---- */

static void read_nets(struct dumpcounters *c)
{
	uint8_t *list = xcalloc(1, LIST_SIZE);
	size_t used = LIST_SIZE;
	struct interface found;

	if (net_list(list, &used) < 0)
		used = 0;
	for (size_t at = 0; net_list_next(list, used, &at, &found);) {
		if (!found.index || c->net_count == DUMP_NETS_MAX)
			continue;
		net_mib_read(found.index, found.bytes);
		c->nets[c->net_count++] = found;
	}
	free(list);
}

static void read_disk(io_registry_entry_t entry, struct dumpdisk *disk)
{
	CFDictionaryRef statistics =
		registry_copy(entry, CFSTR("Statistics"), CFDictionaryGetTypeID());

	IORegistryEntryGetRegistryEntryID(entry, &disk->id);
	cf_get_integer(statistics, CFSTR("Bytes (Read)"), &disk->bytes[0]);
	cf_get_integer(statistics, CFSTR("Bytes (Write)"), &disk->bytes[1]);
	disk->is_virtual = disk_is_virtual(entry);
	cf_release(statistics);
}

static void read_disks(struct dumpcounters *c)
{
	io_iterator_t iterator = registry_open_class("IOBlockStorageDriver");
	io_registry_entry_t entry;

	while (iterator && (entry = IOIteratorNext(iterator)) != IO_OBJECT_NULL) {
		if (c->disk_count < DUMP_DISKS_MAX)
			read_disk(entry, &c->disks[c->disk_count++]);
		IOObjectRelease(entry);
	}
	if (iterator)
		IOObjectRelease(iterator);
}

void dumpcounters_read(struct dumpcounters *c)
{
	mach_msg_type_number_t ask = 0, count;

	memset(c, 0, sizeof(*c));
	ticks_open(&c->ticks);
	c->has_ticks = ticks_read(&c->ticks) == 0;
	c->has_vm = memory_statistics(c->ticks.host, &ask, &c->vm, &count) == 0;
	c->asked_more = ask > 0;
	ticks_close(&c->ticks);
	read_nets(c);
	read_disks(c);
}

/* ---- writing ---- */

static void write_ticks(const struct dumpcounters *first, const struct dumpcounters *last,
	double seconds, struct jsonfile *j)
{
	static const char *const states[CPU_STATE_MAX] = { "user", "system", "idle", "nice" };

	if (!first->has_ticks || !last->has_ticks)
		return;
	jsonfile_open(j, "cpu_ticks", '[');
	for (unsigned cpu = 0; cpu < last->ticks.count; cpu++) {
		jsonfile_open(j, NULL, '{');
		for (unsigned i = 0; i < CPU_STATE_MAX; i++) {
			uint32_t now = last->ticks.last[cpu][i];

			jsonfile_growing(j, states[i], now,
				(uint32_t)(now - first->ticks.last[cpu][i]) / seconds);
		}
		jsonfile_close(j, '}');
	}
	jsonfile_close(j, ']');
}

static void write_vm(const struct dumpcounters *first, const struct dumpcounters *last,
	double seconds, struct jsonfile *j)
{
	const vm_statistics64_data_t *vm = &last->vm;
	vm_size_t page = 0;
	host_t host;

	if (!last->has_vm)
		return;
	host = mach_host_self();
	host_page_size(host, &page);
	mach_port_deallocate(mach_task_self(), host);
	jsonfile_open(j, "vm", '{');
	jsonfile_number(j, "page_size", (double)page);
	jsonfile_number(j, "free", vm->free_count);
	jsonfile_number(j, "active", vm->active_count);
	jsonfile_number(j, "inactive", vm->inactive_count);
	jsonfile_number(j, "wire", vm->wire_count);
	jsonfile_number(j, "speculative", vm->speculative_count);
	jsonfile_number(j, "purgeable", vm->purgeable_count);
	jsonfile_number(j, "internal", vm->internal_page_count);
	jsonfile_number(j, "external", vm->external_page_count);
	jsonfile_number(j, "compressor", vm->compressor_page_count);
	jsonfile_growing(j, "swapins", (double)vm->swapins,
		(double)(vm->swapins - first->vm.swapins) / seconds);
	jsonfile_growing(j, "swapouts", (double)vm->swapouts,
		(double)(vm->swapouts - first->vm.swapouts) / seconds);
	if (last->asked_more)
		jsonfile_text(j, "count_quirk", "macos27");
	jsonfile_close(j, '}');
}

static const struct interface *find_net(const struct dumpcounters *c, unsigned index)
{
	for (unsigned i = 0; i < c->net_count; i++)
		if (c->nets[i].index == index)
			return &c->nets[i];
	return NULL;
}

static double growth(double now, double before, double seconds)
{
	return now > before ? (now - before) / seconds : 0;
}

static void write_nets(const struct dumpcounters *first, const struct dumpcounters *last,
	double seconds, struct jsonfile *j)
{
	jsonfile_open(j, "net", '[');
	for (unsigned i = 0; i < last->net_count; i++) {
		const struct interface *n = &last->nets[i];
		const struct interface *before = find_net(first, n->index);

		jsonfile_open(j, NULL, '{');
		jsonfile_text(j, "name", n->name);
		jsonfile_number(j, "index", n->index);
		jsonfile_bool(j, "up", (n->flags & IFF_UP) != 0);
		jsonfile_bool(j, "loopback", (n->flags & IFF_LOOPBACK) != 0);
		for (unsigned k = 0; k < 2; k++)
			jsonfile_growing(j, k ? "obytes" : "ibytes", (double)n->bytes[k],
				before ? growth((double)n->bytes[k], (double)before->bytes[k],
						 seconds)
				       : 0);
		jsonfile_close(j, '}');
	}
	jsonfile_close(j, ']');
}

void dumpcounters_write(const struct dumpcounters *first, const struct dumpcounters *last,
	double seconds, struct jsonfile *j)
{
	write_ticks(first, last, seconds, j);
	write_vm(first, last, seconds, j);
	write_nets(first, last, seconds, j);
}

void dumpcounters_write_disks(const struct dumpcounters *first, const struct dumpcounters *last,
	double seconds, struct jsonfile *j)
{
	if (last->disk_count == 0)
		return;
	jsonfile_open(j, "IOBlockStorageDriver", '[');
	for (unsigned i = 0; i < last->disk_count; i++) {
		const struct dumpdisk *disk = &last->disks[i], *before = &first->disks[i];
		bool same = i < first->disk_count && before->id == disk->id;

		jsonfile_open(j, NULL, '{');
		for (unsigned k = 0; k < 2; k++)
			jsonfile_growing(j, k ? "Bytes (Write)" : "Bytes (Read)",
				(double)disk->bytes[k],
				same ? growth((double)disk->bytes[k], (double)before->bytes[k],
					       seconds)
				     : 0);
		if (disk->is_virtual) {
			jsonfile_open(j, "Protocol Characteristics", '{');
			jsonfile_text(j, "Physical Interconnect", "Virtual Interface");
			jsonfile_close(j, '}');
		}
		jsonfile_close(j, '}');
	}
	jsonfile_close(j, ']');
}
