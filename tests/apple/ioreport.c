/* SPDX-License-Identifier: MIT */
/*
 * libIOReport, which has no header: prototypes and behaviour are those of the reference,
 * section 2. A channel is a dictionary; a set of channels and a sample hold an array of them.
 */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/apple/library.h"
#include "tests/apple/object.h"
#include "tests/apple/world.h"

#define ELEMENT_SIZE 64
#define INVALID INT64_MIN

static const cJSON *channels(void)
{
	return world_find("ioreport", "channels", NULL);
}

static bool is_refused(const char *group)
{
	const cJSON *each;

	cJSON_ArrayForEach(each, world_find("ioreport", "refuse_subscription", NULL))
	{
		if (strcmp(each->valuestring, group) == 0)
			return true;
	}
	return false;
}

static struct object *state_names(const cJSON *channel)
{
	struct object *names = object_new(OBJECT_ARRAY);
	const cJSON *each;

	cJSON_ArrayForEach(each, cJSON_GetObjectItemCaseSensitive(channel, "states"))
	{
		struct object *name = object_string(cJSON_GetArrayItem(each, 0)->valuestring);

		object_append(names, name);
		CFRelease(name);
	}
	return names;
}

static struct object *channel_new(const cJSON *channel, int index)
{
	static const char *const texts[] = { "group", "subgroup", "name", "unit" };
	struct object *o = object_new(OBJECT_DICTIONARY);

	for (unsigned i = 0; i < 4; i++)
		if (world_text(channel, texts[i], NULL))
			object_give(
				o, texts[i], object_string(world_text(channel, texts[i], "")));
	object_give(o, "index", object_integer(index));
	object_give(o, "states", state_names(channel));
	return o;
}

static bool channel_wanted(const cJSON *channel, CFStringRef group, CFStringRef subgroup)
{
	const char *g = ((const struct object *)group)->text;

	return strcmp(world_text(channel, "group", ""), g) == 0 &&
		(!subgroup ||
			strcmp(world_text(channel, "subgroup", ""),
				((const struct object *)subgroup)->text) == 0);
}

static CFMutableDictionaryRef IOReportCopyChannelsInGroup(
	CFStringRef group, CFStringRef subgroup, uint64_t a, uint64_t b, uint64_t c)
{
	WORLD_ALONE;
	struct object *set, *list;
	const cJSON *each;
	int i = 0;

	assert(a == 0 && b == 0 && c == 0);
	if (world_call(__func__))
		return NULL;
	list = object_new(OBJECT_ARRAY);
	cJSON_ArrayForEach(each, channels())
	{
		if (channel_wanted(each, group, subgroup)) {
			struct object *channel = channel_new(each, i);

			object_append(list, channel);
			CFRelease(channel);
		}
		i++;
	}
	if (list->count == 0) {
		CFRelease(list);
		return NULL;
	}
	set = object_new(OBJECT_DICTIONARY);
	object_give(set, "IOReportChannels", list);
	return (CFMutableDictionaryRef)set;
}

static bool all_refused(const struct object *list)
{
	for (long i = 0; i < list->count; i++)
		if (!is_refused(object_get(list->items[i], "group")->text))
			return false;
	return true;
}

static CFTypeRef IOReportCreateSubscription(void *a, CFMutableDictionaryRef desired,
	CFMutableDictionaryRef *subbed, uint64_t id, CFTypeRef b)
{
	WORLD_ALONE;
	struct object *list = object_get((struct object *)desired, "IOReportChannels");

	assert(!a && id == 0 && !b && list);
	if (world_call(__func__) || all_refused(list))
		return NULL;
	*subbed = (CFMutableDictionaryRef)object_new(OBJECT_DICTIONARY);
	object_put((struct object *)*subbed, "IOReportChannels", list);
	return object_new(OBJECT_OPAQUE);
}

/* ---- samples ---- */

static void put_u64(uint8_t *bytes, uint64_t value)
{
	for (int i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(value >> (8 * i));
}

static uint64_t stamp_ticks(double stamp_s)
{
	return world_to_ticks(world_absolute_ns_at(stamp_s));
}

static int64_t truncated(double value)
{
	return isnan(value) ? INVALID : (int64_t)floor(value + 1e-6);
}

static int state_count(const cJSON *channel)
{
	return cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(channel, "states"));
}

/* A channel that has states is one of states, whether it says so or not. */
static const char *channel_format(const cJSON *channel)
{
	return world_text(channel, "format",
		cJSON_GetObjectItemCaseSensitive(channel, "states") ? "state" : "simple");
}

/* RawElements: 64 bytes for a simple channel, and for each state of a state channel. */
static struct object *raw_elements(const cJSON *channel)
{
	bool is_state = strcmp(channel_format(channel), "state") == 0;
	int count = is_state ? state_count(channel) : 1;
	uint8_t *bytes = calloc((size_t)count + 1, ELEMENT_SIZE);
	struct object *data;

	for (int i = 0; i < count; i++) {
		uint8_t *element = bytes + (size_t)i * ELEMENT_SIZE;
		double stamp = 0;
		double value = is_state ? world_residency(channel, i, &stamp)
					: world_published(channel, &stamp);

		element[16] = is_state ? 2 : 1;
		element[20] = (uint8_t)count;
		element[22] = (uint8_t)i;
		put_u64(element + 24, stamp_ticks(stamp));
		put_u64(element + (is_state ? 48 : 32), (uint64_t)truncated(value));
	}
	data = object_data(bytes, (size_t)count * ELEMENT_SIZE);
	free(bytes);
	return data;
}

static struct object *sample_channel(const struct object *channel)
{
	static const char *const kept[] = { "group", "subgroup", "name", "unit", "index",
		"states" };
	int index = (int)object_get(channel, "index")->integer;
	struct object *o = object_new(OBJECT_DICTIONARY);

	for (unsigned i = 0; i < sizeof(kept) / sizeof(*kept); i++)
		if (object_get(channel, kept[i]))
			object_put(o, kept[i], object_get(channel, kept[i]));
	object_give(o, "RawElements", raw_elements(cJSON_GetArrayItem(channels(), index)));
	return o;
}

/* Channels of a refused group that got in with others are not in the sample, without a word. */
static CFDictionaryRef IOReportCreateSamples(
	CFTypeRef subscription, CFMutableDictionaryRef desired, CFTypeRef a)
{
	WORLD_ALONE;
	struct object *from = object_get((struct object *)desired, "IOReportChannels");
	struct object *sample, *list;

	assert(subscription && !a);
	if (world_call(__func__))
		return NULL;
	list = object_new(OBJECT_ARRAY);
	for (long i = 0; i < from->count; i++) {
		struct object *channel;

		if (is_refused(object_get(from->items[i], "group")->text))
			continue;
		channel = sample_channel(from->items[i]);
		object_append(list, channel);
		CFRelease(channel);
	}
	sample = object_new(OBJECT_DICTIONARY);
	object_give(sample, "IOReportChannels", list);
	return (CFDictionaryRef)sample;
}

/* ---- channels ---- */

static CFStringRef channel_text(CFDictionaryRef channel, const char *key)
{
	return (CFStringRef)object_get((const struct object *)channel, key);
}

static CFStringRef IOReportChannelGetGroup(CFDictionaryRef channel)
{
	WORLD_ALONE;

	return world_call(__func__) ? NULL : channel_text(channel, "group");
}

static CFStringRef IOReportChannelGetSubGroup(CFDictionaryRef channel)
{
	WORLD_ALONE;

	return world_call(__func__) ? NULL : channel_text(channel, "subgroup");
}

static CFStringRef IOReportChannelGetChannelName(CFDictionaryRef channel)
{
	WORLD_ALONE;

	return world_call(__func__) ? NULL : channel_text(channel, "name");
}

static CFStringRef IOReportChannelGetUnitLabel(CFDictionaryRef channel)
{
	WORLD_ALONE;

	return world_call(__func__) ? NULL : channel_text(channel, "unit");
}

static int IOReportChannelGetFormat(CFDictionaryRef channel)
{
	WORLD_ALONE;
	int index = (int)object_get((const struct object *)channel, "index")->integer;
	const char *format = channel_format(cJSON_GetArrayItem(channels(), index));

	if (world_call(__func__))
		return 0;
	return strcmp(format, "simple") == 0 ? 1 : strcmp(format, "state") == 0 ? 2 : 3;
}

static int64_t raw_value(CFDictionaryRef channel, int i, int offset)
{
	const struct object *raw = object_get((const struct object *)channel, "RawElements");
	uint64_t value = 0;

	if (!raw || (i + 1) * ELEMENT_SIZE > raw->count)
		return INVALID;
	for (int byte = 7; byte >= 0; byte--)
		value = value << 8 | (uint8_t)raw->text[i * ELEMENT_SIZE + offset + byte];
	return (int64_t)value;
}

static int64_t IOReportSimpleGetIntegerValue(CFDictionaryRef channel, int32_t index)
{
	WORLD_ALONE;

	assert(index == 0);
	return world_call(__func__) ? INVALID : raw_value(channel, 0, 32);
}

static int32_t IOReportStateGetCount(CFDictionaryRef channel)
{
	WORLD_ALONE;

	if (world_call(__func__))
		return 0;
	return (int32_t)object_get((const struct object *)channel, "states")->count;
}

static CFStringRef IOReportStateGetNameForIndex(CFDictionaryRef channel, int32_t i)
{
	WORLD_ALONE;
	const struct object *names = object_get((const struct object *)channel, "states");

	return world_call(__func__) ? NULL : (CFStringRef)names->items[i];
}

static int64_t IOReportStateGetResidency(CFDictionaryRef channel, int32_t i)
{
	WORLD_ALONE;

	return world_call(__func__) ? INVALID : raw_value(channel, i, 48);
}

#define FUNCTION(name) \
	{ \
#name, (library_function)name \
	}

const struct library library_ioreport = { "/usr/lib/libIOReport.dylib",
	{ FUNCTION(IOReportCopyChannelsInGroup), FUNCTION(IOReportCreateSubscription),
		FUNCTION(IOReportCreateSamples), FUNCTION(IOReportChannelGetGroup),
		FUNCTION(IOReportChannelGetSubGroup), FUNCTION(IOReportChannelGetChannelName),
		FUNCTION(IOReportChannelGetUnitLabel), FUNCTION(IOReportChannelGetFormat),
		FUNCTION(IOReportSimpleGetIntegerValue), FUNCTION(IOReportStateGetCount),
		FUNCTION(IOReportStateGetNameForIndex), FUNCTION(IOReportStateGetResidency) } };
