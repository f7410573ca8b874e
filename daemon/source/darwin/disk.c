/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "daemon/source/darwin/cf.h"
#include "daemon/source/darwin/counters.h"
#include "daemon/source/darwin/disk.h"
#include "daemon/source/darwin/parts.h"
#include "daemon/source/darwin/registry.h"
#include "proto/alloc.h"

/*
 * Bytes read from and written to disks, from the statistics of their block storage drivers;
 * where there are none, from those of the APFS volumes, and never from both.  A disk image is a
 * driver of its own on top of a disk: its bytes would count twice.
 */

struct disk_class {
	const char *name, *read, *write;
};

static const struct disk_class classes[] = {
	{ "IOBlockStorageDriver", "Bytes (Read)", "Bytes (Write)" },
	{ "AppleAPFSVolume", "Bytes read from block device", "Bytes written to block device" }
};

struct disk {
	const struct disk_class *class; /* NULL = there are none */
	CFStringRef read, write;	/* keys */
	struct counters counters;
};

static const struct disk_class *disk_find_class(void)
{
	for (unsigned i = 0; i < sizeof(classes) / sizeof(*classes); i++) {
		io_service_t service = registry_find_class(classes[i].name);

		if (service) {
			IOObjectRelease(service);
			return &classes[i];
		}
	}
	return NULL;
}

static int disk_open(void **self, const struct source_options *options, struct fault *why)
{
	struct disk *d = xcalloc(1, sizeof(*d));

	(void)options, (void)why;
	d->class = disk_find_class();
	if (d->class) {
		d->read = CFStringCreateWithCString(
			kCFAllocatorDefault, d->class->read, kCFStringEncodingUTF8);
		d->write = CFStringCreateWithCString(
			kCFAllocatorDefault, d->class->write, kCFStringEncodingUTF8);
		if (!d->read || !d->write)
			d->class = NULL;
	}
	*self = d;
	return 0;
}

static int disk_describe(void *self, struct layout *layout)
{
	static const enum metric_id ids[] = { METRIC_DISK_READ_BYTES, METRIC_DISK_WRITE_BYTES,
		METRIC_NONE };
	struct disk *d = self;

	if (!d->class)
		parts_note(layout, ids, AVAIL_UNSUPPORTED, "no disk has statistics");
	return 0;
}

/* A driver whose device, or one further down, is connected by a "Virtual Interface". */
bool disk_is_virtual(io_registry_entry_t entry)
{
	CFTypeRef protocol = IORegistryEntrySearchCFProperty(entry, kIOServicePlane,
		CFSTR("Protocol Characteristics"), kCFAllocatorDefault,
		kIORegistryIterateRecursively | kIORegistryIterateParents);
	char interconnect[64] = "";

	if (protocol && CFGetTypeID(protocol) == CFDictionaryGetTypeID())
		cf_text(cf_get(protocol, CFSTR("Physical Interconnect"), CFStringGetTypeID()),
			interconnect, sizeof(interconnect));
	cf_release(protocol);
	return strcmp(interconnect, "Virtual Interface") == 0;
}

static struct counters_entry *disk_entry(struct disk *d, io_registry_entry_t entry)
{
	struct counters_entry *found;
	uint64_t id;

	if (IORegistryEntryGetRegistryEntryID(entry, &id) != KERN_SUCCESS)
		return NULL;
	found = counters_find(&d->counters, id);
	if (!found) {
		found = counters_make(&d->counters, id, 64);
		if (found)
			found->skip = disk_is_virtual(entry);
	}
	return found;
}

static int disk_add(struct disk *d, io_registry_entry_t entry)
{
	struct counters_entry *known = disk_entry(d, entry);
	CFDictionaryRef statistics;
	int64_t read, written;
	int rc = -EIO;

	if (!known)
		return -EIO;
	known->seen = true;
	if (known->skip)
		return 0;
	statistics = registry_copy(entry, CFSTR("Statistics"), CFDictionaryGetTypeID());
	if (cf_get_integer(statistics, d->read, &read) &&
		cf_get_integer(statistics, d->write, &written)) {
		const uint64_t now[2] = { (uint64_t)read, (uint64_t)written };

		counters_add(&d->counters, known, now);
		rc = 0;
	}
	cf_release(statistics);
	return rc;
}

/* A sum that lacks a disk is not the sum. */
static int disk_read(void *self, struct sample *s)
{
	struct disk *d = self;
	io_iterator_t iterator;
	io_registry_entry_t entry;
	int rc = 0;

	if (!d->class)
		return 0;
	iterator = registry_open_class(d->class->name);
	if (!iterator)
		return -EIO;
	counters_begin(&d->counters);
	while ((entry = IOIteratorNext(iterator)) != IO_OBJECT_NULL) {
		if (disk_add(d, entry) < 0)
			rc = -EIO;
		IOObjectRelease(entry);
	}
	/* An iterator that the registry outran ends early. */
	if (!IOIteratorIsValid(iterator))
		rc = -EIO;
	IOObjectRelease(iterator);
	if (rc < 0)
		counters_abandon(&d->counters);
	if (rc == 0 && d->counters.count > 0) {
		sample_set(s, METRIC_DISK_READ_BYTES, 0, (double)d->counters.total[0]);
		sample_set(s, METRIC_DISK_WRITE_BYTES, 0, (double)d->counters.total[1]);
	}
	return rc;
}

static void disk_close(void *self)
{
	struct disk *d = self;

	cf_release(d->read);
	cf_release(d->write);
	free(d);
}

const struct part darwin_disk = { "disk", disk_open, disk_describe, disk_read, disk_close };
