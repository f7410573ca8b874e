/* SPDX-License-Identifier: MIT */
#include <IOKit/IOKitLib.h>

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/apple/object.h"
#include "tests/apple/smc.h"
#include "tests/apple/world.h"

#define HANDLES_MAX 512
#define FIRST_HANDLE 0x100
#define CONNECTION 0x77
#define KERN_FAILURE ((kern_return_t)0xE00002BC)

enum entry_kind {
	ENTRY_SERVICE,
	ENTRY_PMGR,
	ENTRY_CPUS,
	ENTRY_CPU,
	ENTRY_SMC,
	ENTRY_CLIENT,
	ITERATOR
};

/* A registry entry, or an iterator over the entries of one kind. */
struct entry {
	enum entry_kind kind;
	char class[40];
	char name[40];
	const cJSON *json; /* its properties */
	uint64_t id;
	struct entry *list; /* iterator: what is left */
	int count, next;
	bool broken; /* the registry changed under it */
};

/* Kept inverted, so that a handle nobody releases is a leak to the sanitizer. */
static uintptr_t handles[HANDLES_MAX];

static io_object_t handle_new(const struct entry *entry)
{
	for (unsigned i = 0; i < HANDLES_MAX; i++) {
		if (!handles[i]) {
			struct entry *copy = malloc(sizeof(*copy));

			*copy = *entry;
			handles[i] = ~(uintptr_t)copy;
			return FIRST_HANDLE + i;
		}
	}
	abort();
}

static struct entry *handle_entry(io_object_t object)
{
	assert(object >= FIRST_HANDLE && object < FIRST_HANDLE + HANDLES_MAX &&
		handles[object - FIRST_HANDLE]);
	return (struct entry *)~handles[object - FIRST_HANDLE];
}

kern_return_t IOObjectRelease(io_object_t object)
{
	WORLD_ALONE;
	struct entry *entry = handle_entry(object);

	free(entry->list);
	free(entry);
	handles[object - FIRST_HANDLE] = 0;
	return KERN_SUCCESS;
}

/* ---- what there is ---- */

static void list_add(struct entry *list, enum entry_kind kind, const char *name,
	const cJSON *json, uint64_t id)
{
	struct entry entry = { .kind = kind, .json = json, .id = id };

	snprintf(entry.name, sizeof(entry.name), "%s", name);
	snprintf(entry.class, sizeof(entry.class), "%s", list->class);
	list->list = realloc(list->list, ((size_t)list->count + 1) * sizeof(entry));
	list->list[list->count++] = entry;
}

static void list_section(struct entry *list, const char *section)
{
	const cJSON *json = world_find("registry", section, NULL), *each;
	uint64_t id = 0x100000000 + (uint64_t)strlen(section) * 0x1000;

	if (cJSON_IsObject(json))
		list_add(list, ENTRY_SERVICE, section, json, id);
	if (!cJSON_IsArray(json))
		return;
	cJSON_ArrayForEach(each, json)
	{
		list_add(list, ENTRY_SERVICE, section, each, id++);
	}
}

/* A class matches what inherits from it, as IOAccelerator does AGXAccelerator. */
static void list_class(struct entry *list, const char *class)
{
	snprintf(list->class, sizeof(list->class), "%s", class);
	if (strcmp(class, "AppleARMIODevice") == 0) {
		list_add(list, ENTRY_SERVICE, "uart0", NULL, 1);
		if (world_find("registry", "pmgr", NULL))
			list_add(list, ENTRY_PMGR, "pmgr", world_find("registry", "pmgr", NULL),
				2);
	} else if (strcmp(class, "AppleSMC") == 0) {
		if (world_find("smc", NULL)) {
			list_add(list, ENTRY_SERVICE, "AppleSMC", NULL, 3);
			list_add(list, ENTRY_SMC, "AppleSMCKeysEndpoint", NULL, 4);
		}
	} else if (strcmp(class, "IOAccelerator") == 0) {
		list_section(list, "AGXAccelerator");
	} else {
		list_section(list, class);
	}
}

CFMutableDictionaryRef IOServiceMatching(const char *name)
{
	WORLD_ALONE;
	struct object *matching;

	if (world_call(__func__))
		return NULL;
	matching = object_new(OBJECT_DICTIONARY);
	object_give(matching, "IOProviderClass", object_string(name));
	return (CFMutableDictionaryRef)matching;
}

static void list_matching(struct entry *list, CFDictionaryRef matching)
{
	list_class(list, object_get((const struct object *)matching, "IOProviderClass")->text);
	CFRelease(matching);
}

kern_return_t IOServiceGetMatchingServices(
	mach_port_t port, CFDictionaryRef matching, io_iterator_t *existing)
{
	WORLD_ALONE;
	struct entry list = { .kind = ITERATOR };

	assert(port == 0 && matching);
	list_matching(&list, matching);
	if (world_call(__func__)) {
		free(list.list);
		return KERN_FAILURE;
	}
	/* Success and no iterator: nothing matched. */
	*existing = list.count > 0 ? handle_new(&list) : IO_OBJECT_NULL;
	return KERN_SUCCESS;
}

io_service_t IOServiceGetMatchingService(mach_port_t port, CFDictionaryRef matching)
{
	WORLD_ALONE;
	struct entry list = { .kind = ITERATOR };
	io_service_t service = IO_OBJECT_NULL;

	assert(port == 0 && matching);
	list_matching(&list, matching);
	if (!world_call(__func__) && list.count > 0)
		service = handle_new(&list.list[0]);
	free(list.list);
	return service;
}

io_object_t IOIteratorNext(io_iterator_t iterator)
{
	WORLD_ALONE;
	struct entry *list = handle_entry(iterator);

	assert(list->kind == ITERATOR);
	if (world_call(__func__))
		list->broken = true;
	if (list->broken || list->next == list->count)
		return IO_OBJECT_NULL;
	return handle_new(&list->list[list->next++]);
}

boolean_t IOIteratorIsValid(io_iterator_t iterator)
{
	WORLD_ALONE;

	return !world_call(__func__) && !handle_entry(iterator)->broken;
}

kern_return_t IORegistryEntryGetName(io_registry_entry_t entry, io_name_t name)
{
	WORLD_ALONE;

	if (world_call(__func__))
		return KERN_FAILURE;
	strcpy(name, handle_entry(entry)->name);
	return KERN_SUCCESS;
}

kern_return_t IORegistryEntryGetRegistryEntryID(io_registry_entry_t entry, uint64_t *id)
{
	WORLD_ALONE;

	if (world_call(__func__))
		return KERN_FAILURE;
	*id = handle_entry(entry)->id;
	return KERN_SUCCESS;
}

/* ---- the device tree ---- */

io_registry_entry_t IORegistryEntryFromPath(mach_port_t port, const char *path)
{
	WORLD_ALONE;
	struct entry entry = { .kind = ENTRY_CPUS };

	assert(port == 0 && strcmp(path, "IODeviceTree:/cpus") == 0);
	if (world_call(__func__) || !world_find("registry", "cpus", NULL))
		return IO_OBJECT_NULL;
	return handle_new(&entry);
}

/* Children come in no order that means anything: here the last one first. */
static void list_cpus(struct entry *list)
{
	const cJSON *cpus = world_find("registry", "cpus", NULL);
	char name[16];

	for (int i = cJSON_GetArraySize(cpus) - 1; i >= 0; i--) {
		snprintf(name, sizeof(name), "cpu%d", i);
		list_add(list, ENTRY_CPU, name, cJSON_GetArrayItem(cpus, i), (uint64_t)i);
	}
}

/* Not all that stands below an accelerator is a client of it. */
static void list_clients(struct entry *list, const cJSON *accelerator)
{
	const cJSON *each;
	uint64_t id = 0x200000000;

	list_add(list, ENTRY_SERVICE, "AGXFirmwareKextG16RTBuddy", NULL, id++);
	cJSON_ArrayForEach(each, cJSON_GetObjectItemCaseSensitive(accelerator, "clients"))
	{
		list_add(list, ENTRY_CLIENT, "AGXDeviceUserClient", each, id++);
	}
}

kern_return_t IORegistryEntryGetChildIterator(
	io_registry_entry_t entry, const char *plane, io_iterator_t *iterator)
{
	WORLD_ALONE;
	const struct entry *parent = handle_entry(entry);
	struct entry list = { .kind = ITERATOR };

	if (world_call(__func__))
		return KERN_FAILURE;
	if (strcmp(plane, "IODeviceTree") == 0) {
		assert(parent->kind == ENTRY_CPUS);
		list_cpus(&list);
	} else {
		assert(strcmp(plane, "IOService") == 0 &&
			strcmp(parent->name, "AGXAccelerator") == 0);
		list_clients(&list, parent->json);
	}
	*iterator = list.count > 0 ? handle_new(&list) : IO_OBJECT_NULL;
	return KERN_SUCCESS;
}

/* ---- properties ---- */

static struct object *hex_property(const cJSON *json)
{
	uint8_t bytes[4096];

	return object_data(bytes, world_unhex(json->valuestring, bytes, sizeof(bytes)));
}

/* The device tree holds bytes: text with its NUL, numbers as 32 bits. */
static struct object *tree_property(const cJSON *json)
{
	uint32_t value;

	if (cJSON_IsString(json))
		return object_data(json->valuestring, strlen(json->valuestring) + 1);
	value = (uint32_t)world_number(json, 0);
	return object_data(&value, sizeof(value));
}

/* Disks stand in a world as their statistics; the properties above those are their own keys. */
static const cJSON *property_json(const struct entry *entry, const char *key)
{
	const cJSON *json = cJSON_GetObjectItemCaseSensitive(entry->json, key);
	bool disk = strcmp(entry->class, "IOBlockStorageDriver") == 0 ||
		strcmp(entry->class, "AppleAPFSVolume") == 0;

	if (!json && disk && strcmp(key, "Statistics") == 0)
		return entry->json;
	return json;
}

/* gpu_ns of a client is the time of its one queue, or a list of those of several. */
static struct object *client_usage(const cJSON *client)
{
	const cJSON *gpu = cJSON_GetObjectItemCaseSensitive(client, "gpu_ns");
	int count = cJSON_IsArray(gpu) ? cJSON_GetArraySize(gpu) : 1;
	struct object *list;

	if (!gpu)
		return NULL;
	list = object_new(OBJECT_ARRAY);
	for (int i = 0; i < count; i++) {
		const cJSON *ns = cJSON_IsArray(gpu) ? cJSON_GetArrayItem(gpu, i) : gpu;
		struct object *queue = object_new(OBJECT_DICTIONARY);

		object_give(queue, "API", object_string("Metal"));
		object_give(queue, "accumulatedGPUTime", object_from_json(ns));
		object_append(list, queue);
		CFRelease(queue);
	}
	return list;
}

static CFTypeRef client_property(const cJSON *client, const char *key)
{
	const char *creator = world_text(client, "creator", NULL);

	if (strcmp(key, "AppUsage") == 0)
		return client_usage(client);
	if (strcmp(key, "IOUserClientCreator") == 0 && creator)
		return object_string(creator);
	return NULL;
}

static CFTypeRef entry_property(const struct entry *entry, const char *key)
{
	const cJSON *json = property_json(entry, key);

	if (entry->kind == ENTRY_CLIENT)
		return client_property(entry->json, key);
	if (!json)
		return NULL;
	if (entry->kind == ENTRY_PMGR)
		return hex_property(json);
	if (entry->kind == ENTRY_CPU)
		return tree_property(json);
	return object_from_json(json);
}

CFTypeRef IORegistryEntryCreateCFProperty(io_registry_entry_t entry, CFStringRef key,
	CFAllocatorRef allocator, IOOptionBits options)
{
	WORLD_ALONE;

	(void)allocator;
	assert(options == 0);
	if (world_call(__func__))
		return NULL;
	return entry_property(handle_entry(entry), ((const struct object *)key)->text);
}

CFTypeRef IORegistryEntrySearchCFProperty(io_registry_entry_t entry, const char *plane,
	CFStringRef key, CFAllocatorRef allocator, IOOptionBits options)
{
	WORLD_ALONE;

	(void)allocator, (void)options;
	assert(strcmp(plane, "IOService") == 0);
	if (world_call(__func__))
		return NULL;
	return entry_property(handle_entry(entry), ((const struct object *)key)->text);
}

/* ---- user clients ---- */

kern_return_t IOServiceOpen(
	io_service_t service, task_port_t task, uint32_t type, io_connect_t *connect)
{
	WORLD_ALONE;

	assert(task == mach_task_self() && type == 0);
	if (world_call(__func__) || strncmp(handle_entry(service)->name, "AppleSMC", 8) != 0)
		return KERN_FAILURE;
	*connect = CONNECTION;
	world_hold(1);
	return KERN_SUCCESS;
}

kern_return_t IOServiceClose(io_connect_t connect)
{
	WORLD_ALONE;

	assert(connect == CONNECTION);
	world_hold(-1);
	return KERN_SUCCESS;
}

kern_return_t IOConnectCallStructMethod(mach_port_t connection, uint32_t selector,
	const void *input, size_t input_size, void *output, size_t *output_size)
{
	WORLD_ALONE;

	assert(connection == CONNECTION);
	if (world_call(__func__))
		return KERN_FAILURE;
	return smc_call(selector, input, input_size, output, *output_size);
}
