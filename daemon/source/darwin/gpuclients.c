/* SPDX-License-Identifier: MIT */
#include "daemon/source/darwin/gpuclients.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/source/darwin/cf.h"
#include "daemon/source/darwin/registry.h"
#include "daemon/source/process.h"
#include "proto/alloc.h"

#define CLIENTS_FIRST 64
#define CLIENTS_MAX 8192
#define CREATOR_MAX 128

static struct gpuclient *gpuclients_add(struct gpuclients *clients)
{
	if (clients->count == CLIENTS_MAX)
		return NULL;
	if (clients->count == clients->capacity) {
		clients->capacity = clients->capacity ? 2 * clients->capacity : CLIENTS_FIRST;
		clients->list =
			xrealloc(clients->list, clients->capacity, sizeof(*clients->list));
	}
	clients->list[clients->count] = (struct gpuclient){ 0 };
	return &clients->list[clients->count++];
}

/* "pid 682, WindowServer"; -1 when it says something else. */
static int32_t creator_pid(CFTypeRef creator)
{
	char text[CREATOR_MAX], *end;
	long pid;

	if (!cf_text(creator, text, sizeof(text)) || strncmp(text, "pid ", 4) != 0)
		return -1;
	pid = strtol(text + 4, &end, 10);
	return end > text + 4 && *end == ',' && pid >= 0 && pid < INT32_MAX ? (int32_t)pid : -1;
}

/* The time of all its queues; unread when one does not tell. */
static void client_sum(CFArrayRef usage, struct gpuclient *client)
{
	for (CFIndex i = 0; i < CFArrayGetCount(usage); i++) {
		CFTypeRef queue = CFArrayGetValueAtIndex(usage, i);
		int64_t ns = -1;

		if (CFGetTypeID(queue) == CFDictionaryGetTypeID())
			cf_get_integer(queue, CFSTR("accumulatedGPUTime"), &ns);
		if (ns < 0)
			client->unread = true;
		else
			client->ns += (uint64_t)ns;
	}
}

/*
 * Adds what one entry below an accelerator says; false when that of some process is missing.
 * Entries that are no clients have neither property.
 */
static bool gpuclients_take(struct gpuclients *clients, io_registry_entry_t entry)
{
	CFTypeRef creator =
		registry_copy(entry, CFSTR("IOUserClientCreator"), CFStringGetTypeID());
	CFTypeRef usage = registry_copy(entry, CFSTR("AppUsage"), CFArrayGetTypeID());
	int32_t pid = creator_pid(creator);
	struct gpuclient *client = creator || usage ? gpuclients_add(clients) : NULL;
	bool known = (!creator && !usage) || (client && pid >= 0);

	if (client) {
		client->pid = pid;
		client->unread = !usage;
		if (usage)
			client_sum(usage, client);
	}
	cf_release(creator);
	cf_release(usage);
	return known;
}

/* False when the registry changed meanwhile: then the iterator ends early. */
static bool gpuclients_walk(struct gpuclients *clients, io_registry_entry_t accelerator)
{
	io_iterator_t children = IO_OBJECT_NULL;
	io_registry_entry_t entry;
	bool complete = true;

	if (IORegistryEntryGetChildIterator(accelerator, kIOServicePlane, &children) !=
		KERN_SUCCESS)
		return false;
	while (children && (entry = IOIteratorNext(children)) != IO_OBJECT_NULL) {
		complete &= gpuclients_take(clients, entry);
		IOObjectRelease(entry);
	}
	complete &= !children || IOIteratorIsValid(children);
	if (children)
		IOObjectRelease(children);
	return complete;
}

static int client_compare(const void *a, const void *b)
{
	int32_t x = ((const struct gpuclient *)a)->pid, y = ((const struct gpuclient *)b)->pid;

	return (x > y) - (x < y);
}

/* One for each process: its clients together. */
static void gpuclients_merge(struct gpuclients *clients)
{
	struct gpuclient *list = clients->list;
	unsigned kept = 0;

	if (clients->count == 0)
		return;
	qsort(list, clients->count, sizeof(*list), client_compare);
	for (unsigned i = 1; i < clients->count; i++) {
		if (list[kept].pid != list[i].pid) {
			list[++kept] = list[i];
			continue;
		}
		list[kept].ns += list[i].ns;
		list[kept].unread |= list[i].unread;
	}
	clients->count = kept + 1;
}

void gpuclients_read(struct gpuclients *clients)
{
	io_iterator_t accelerators = registry_open_class("IOAccelerator");
	io_service_t accelerator;

	clients->count = 0;
	clients->complete = accelerators != IO_OBJECT_NULL;
	if (!accelerators)
		return;
	while ((accelerator = IOIteratorNext(accelerators)) != IO_OBJECT_NULL) {
		clients->complete &= gpuclients_walk(clients, accelerator);
		IOObjectRelease(accelerator);
	}
	clients->complete &= IOIteratorIsValid(accelerators) != 0;
	IOObjectRelease(accelerators);
	gpuclients_merge(clients);
}

void gpuclients_fini(struct gpuclients *clients)
{
	free(clients->list);
	*clients = (struct gpuclients){ 0 };
}

uint64_t gpuclients_get(const struct gpuclients *clients, int32_t pid)
{
	const struct gpuclient key = { .pid = pid }, *found = NULL;

	if (!clients->complete)
		return PROCESS_UNKNOWN;
	if (clients->count)
		found = bsearch(
			&key, clients->list, clients->count, sizeof(key), client_compare);
	if (!found)
		return 0;
	return found->unread ? PROCESS_UNKNOWN : found->ns;
}
