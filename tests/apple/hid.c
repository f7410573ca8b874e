/* SPDX-License-Identifier: MIT */
/* IOHIDEventSystemClient, in IOKit without a header: the reference, section 7. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "tests/apple/library.h"
#include "tests/apple/object.h"
#include "tests/apple/world.h"

static CFTypeRef IOHIDEventSystemClientCreate(CFAllocatorRef allocator)
{
	WORLD_ALONE;

	(void)allocator;
	return world_call(__func__) ? NULL : object_new(OBJECT_OPAQUE);
}

static int IOHIDEventSystemClientSetMatching(CFTypeRef client, CFDictionaryRef matching)
{
	WORLD_ALONE;
	const struct object *page =
		object_get((const struct object *)matching, "PrimaryUsagePage");
	const struct object *usage =
		object_get((const struct object *)matching, "PrimaryUsage");

	world_call(__func__);
	assert(client && page && page->integer == 0xff00 && usage && usage->integer == 5);
	return 0;
}

/* NULL where there are none, as seen on machines without such services. */
static CFArrayRef IOHIDEventSystemClientCopyServices(CFTypeRef client)
{
	WORLD_ALONE;
	struct object *list;
	const cJSON *each;

	assert(client);
	if (world_call(__func__) || !world_find("hid", NULL))
		return NULL;
	list = object_new(OBJECT_ARRAY);
	cJSON_ArrayForEach(each, world_find("hid", NULL))
	{
		struct object *service = object_new(OBJECT_OPAQUE);

		service->json = each;
		object_append(list, service);
		CFRelease(service);
	}
	return (CFArrayRef)list;
}

static CFTypeRef IOHIDServiceClientCopyProperty(CFTypeRef service, CFStringRef key)
{
	WORLD_ALONE;
	const struct object *o = service;
	const char *product = world_text(o->json, "product", NULL);

	assert(strcmp(((const struct object *)key)->text, "Product") == 0);
	return world_call(__func__) || !product ? NULL : object_string(product);
}

static CFTypeRef IOHIDServiceClientCopyEvent(
	CFTypeRef service, int64_t type, int32_t options, int64_t timestamp)
{
	WORLD_ALONE;
	const cJSON *json = ((const struct object *)service)->json;
	double celsius = world_number(cJSON_GetObjectItemCaseSensitive(json, "celsius"), NAN);
	struct object *event;

	assert(type == 15 && options == 0 && timestamp == 0);
	if (world_call(__func__) || isnan(celsius))
		return NULL;
	event = object_new(OBJECT_OPAQUE);
	event->number = celsius;
	return event;
}

static double IOHIDEventGetFloatValue(CFTypeRef event, int32_t field)
{
	WORLD_ALONE;

	assert(field == 15 << 16);
	return world_call(__func__) ? NAN : ((const struct object *)event)->number;
}

#define FUNCTION(name) \
	{ \
#name, (library_function)name \
	}

const struct library library_iokit = { "/System/Library/Frameworks/IOKit.framework/IOKit",
	{ FUNCTION(IOHIDEventSystemClientCreate), FUNCTION(IOHIDEventSystemClientSetMatching),
		FUNCTION(IOHIDEventSystemClientCopyServices),
		FUNCTION(IOHIDServiceClientCopyProperty), FUNCTION(IOHIDServiceClientCopyEvent),
		FUNCTION(IOHIDEventGetFloatValue) } };
