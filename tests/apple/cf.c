/* SPDX-License-Identifier: MIT */
#include "tests/apple/object.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/apple/world.h"

const CFArrayCallBacks kCFTypeArrayCallBacks = { 0 };
const CFDictionaryKeyCallBacks kCFTypeDictionaryKeyCallBacks = { 0 };
const CFDictionaryValueCallBacks kCFTypeDictionaryValueCallBacks = { 0 };

/* ---- objects ---- */

struct object *object_new(enum object_kind kind)
{
	struct object *o = calloc(1, sizeof(*o));

	o->kind = kind;
	o->references = 1;
	return o;
}

struct object *object_string(const char *text)
{
	struct object *o = object_new(OBJECT_STRING);

	o->text = strdup(text);
	return o;
}

struct object *object_integer(int64_t value)
{
	struct object *o = object_new(OBJECT_NUMBER);

	o->number = (double)value;
	o->integer = value;
	o->is_integer = true;
	return o;
}

struct object *object_double(double value)
{
	struct object *o = object_new(OBJECT_NUMBER);

	o->number = value;
	o->integer = fabs(value) < 9.2e18 ? (int64_t)value : 0;
	return o;
}

struct object *object_data(const void *bytes, size_t size)
{
	struct object *o = object_new(OBJECT_DATA);

	o->text = malloc(size ? size : 1);
	memcpy(o->text, bytes, size);
	o->count = (long)size;
	return o;
}

static void object_add(struct object *o, struct object *item)
{
	if (o->count == o->cap) {
		o->cap = o->cap ? o->cap * 2 : 8;
		o->items = realloc(o->items, (size_t)o->cap * sizeof(struct object *));
	}
	o->items[o->count++] = item;
}

void object_append(struct object *array, struct object *item)
{
	object_add(array, (struct object *)CFRetain(item));
}

static long object_find(const struct object *dictionary, const char *key)
{
	for (long i = 0; i < dictionary->count; i += 2)
		if (strcmp(dictionary->items[i]->text, key) == 0)
			return i;
	return -1;
}

void object_give(struct object *dictionary, const char *key, struct object *value)
{
	long i = object_find(dictionary, key);

	if (i >= 0) {
		CFRelease(dictionary->items[i + 1]);
		dictionary->items[i + 1] = value;
		return;
	}
	object_add(dictionary, object_string(key));
	object_add(dictionary, value);
}

void object_put(struct object *dictionary, const char *key, struct object *value)
{
	object_give(dictionary, key, (struct object *)CFRetain(value));
}

struct object *object_get(const struct object *dictionary, const char *key)
{
	long i = object_find(dictionary, key);

	return i < 0 ? NULL : dictionary->items[i + 1];
}

static struct object *object_from_list(const cJSON *json)
{
	bool list = cJSON_IsArray(json);
	struct object *o = object_new(list ? OBJECT_ARRAY : OBJECT_DICTIONARY);
	const cJSON *each;

	cJSON_ArrayForEach(each, json)
	{
		if (list)
			object_add(o, object_from_json(each));
		else
			object_give(o, each->string, object_from_json(each));
	}
	return o;
}

struct object *object_from_json(const cJSON *json)
{
	struct object *o;

	if (world_is_number(json)) {
		double value = world_number(json, 0);

		/* What grows in the registry are counters: whole numbers. */
		return value == floor(value) || cJSON_IsObject(json)
			? object_integer((int64_t)value)
			: object_double(value);
	}
	if (cJSON_IsString(json))
		return object_string(json->valuestring);
	if (cJSON_IsObject(json) || cJSON_IsArray(json))
		return object_from_list(json);
	o = object_new(OBJECT_BOOLEAN);
	o->integer = cJSON_IsTrue(json);
	return o;
}

/* ---- CFBase ---- */

CFTypeRef CFRetain(CFTypeRef cf)
{
	struct object *o = (struct object *)cf;

	assert(o->constant || o->references > 0);
	if (!o->constant)
		o->references++;
	return cf;
}

void CFRelease(CFTypeRef cf)
{
	struct object *o = (struct object *)cf;

	assert(o->constant || o->references > 0);
	if (o->constant || --o->references > 0)
		return;
	for (long i = 0; o->items && i < o->count; i++)
		CFRelease(o->items[i]);
	free(o->items);
	free(o->text);
	free(o);
}

CFTypeID CFGetTypeID(CFTypeRef cf)
{
	return (CFTypeID)((const struct object *)cf)->kind;
}

CFTypeID CFStringGetTypeID(void)
{
	return OBJECT_STRING;
}

CFTypeID CFNumberGetTypeID(void)
{
	return OBJECT_NUMBER;
}

CFTypeID CFBooleanGetTypeID(void)
{
	return OBJECT_BOOLEAN;
}

CFTypeID CFDataGetTypeID(void)
{
	return OBJECT_DATA;
}

CFTypeID CFArrayGetTypeID(void)
{
	return OBJECT_ARRAY;
}

CFTypeID CFDictionaryGetTypeID(void)
{
	return OBJECT_DICTIONARY;
}

/* ---- CFString ---- */

/* As the compiler makes them: one for each text, for ever. */
CFStringRef apple_constant_string(const char *text)
{
	WORLD_ALONE;
	static struct object *constants[256];
	static unsigned count;

	for (unsigned i = 0; i < count; i++)
		if (strcmp(constants[i]->text, text) == 0)
			return (CFStringRef)constants[i];
	assert(count < sizeof(constants) / sizeof(*constants));
	constants[count] = object_string(text);
	constants[count]->constant = true;
	return (CFStringRef)constants[count++];
}

CFStringRef CFStringCreateWithCString(
	CFAllocatorRef allocator, const char *text, CFStringEncoding encoding)
{
	(void)allocator, (void)encoding;
	return world_call(__func__) ? NULL : (CFStringRef)object_string(text);
}

Boolean CFStringGetCString(
	CFStringRef string, char *buffer, CFIndex size, CFStringEncoding encoding)
{
	const struct object *o = (const struct object *)string;

	(void)encoding;
	assert(o->kind == OBJECT_STRING);
	if (world_call(__func__) || (CFIndex)strlen(o->text) >= size)
		return 0;
	strcpy(buffer, o->text);
	return 1;
}

/* ---- CFNumber ---- */

Boolean CFBooleanGetValue(CFBooleanRef boolean)
{
	return ((const struct object *)boolean)->integer != 0;
}

CFNumberRef CFNumberCreate(CFAllocatorRef allocator, CFNumberType type, const void *value)
{
	(void)allocator;
	if (world_call(__func__))
		return NULL;
	assert(type == kCFNumberSInt32Type);
	return (CFNumberRef)object_integer(*(const int32_t *)value);
}

Boolean CFNumberGetValue(CFNumberRef number, CFNumberType type, void *value)
{
	const struct object *o = (const struct object *)number;

	assert(o->kind == OBJECT_NUMBER);
	if (world_call(__func__))
		return 0;
	if (type == kCFNumberDoubleType) {
		*(double *)value = o->number;
		return 1;
	}
	assert(type == kCFNumberSInt64Type);
	*(int64_t *)value = o->integer;
	return o->is_integer || (double)o->integer == o->number;
}

/* ---- CFData, CFArray, CFDictionary ---- */

CFIndex CFDataGetLength(CFDataRef data)
{
	assert(((const struct object *)data)->kind == OBJECT_DATA);
	return ((const struct object *)data)->count;
}

const UInt8 *CFDataGetBytePtr(CFDataRef data)
{
	return (const UInt8 *)((const struct object *)data)->text;
}

CFIndex CFArrayGetCount(CFArrayRef array)
{
	assert(((const struct object *)array)->kind == OBJECT_ARRAY);
	return ((const struct object *)array)->count;
}

const void *CFArrayGetValueAtIndex(CFArrayRef array, CFIndex index)
{
	const struct object *o = (const struct object *)array;

	world_call(__func__);
	assert(index >= 0 && index < o->count);
	return o->items[index];
}

CFMutableArrayRef CFArrayCreateMutable(
	CFAllocatorRef allocator, CFIndex capacity, const CFArrayCallBacks *callbacks)
{
	(void)allocator, (void)capacity;
	assert(callbacks == &kCFTypeArrayCallBacks);
	return world_call(__func__) ? NULL : (CFMutableArrayRef)object_new(OBJECT_ARRAY);
}

void CFArrayAppendValue(CFMutableArrayRef array, const void *value)
{
	object_append((struct object *)array, (struct object *)value);
}

const void *CFDictionaryGetValue(CFDictionaryRef dictionary, const void *key)
{
	const struct object *o = (const struct object *)dictionary;

	assert(o->kind == OBJECT_DICTIONARY);
	if (world_call(__func__))
		return NULL;
	return object_get(o, ((const struct object *)key)->text);
}

CFMutableDictionaryRef CFDictionaryCreateMutable(CFAllocatorRef allocator, CFIndex capacity,
	const CFDictionaryKeyCallBacks *keys, const CFDictionaryValueCallBacks *values)
{
	(void)allocator, (void)capacity;
	assert(keys == &kCFTypeDictionaryKeyCallBacks &&
		values == &kCFTypeDictionaryValueCallBacks);
	return world_call(__func__) ? NULL
				    : (CFMutableDictionaryRef)object_new(OBJECT_DICTIONARY);
}

CFMutableDictionaryRef CFDictionaryCreateMutableCopy(
	CFAllocatorRef allocator, CFIndex capacity, CFDictionaryRef dictionary)
{
	const struct object *from = (const struct object *)dictionary;
	struct object *to;

	(void)allocator, (void)capacity;
	if (world_call(__func__))
		return NULL;
	to = object_new(OBJECT_DICTIONARY);
	for (long i = 0; i < from->count; i += 2)
		object_put(to, from->items[i]->text, from->items[i + 1]);
	return (CFMutableDictionaryRef)to;
}

void CFDictionarySetValue(CFMutableDictionaryRef dictionary, const void *key, const void *value)
{
	world_call(__func__);
	object_put((struct object *)dictionary, ((const struct object *)key)->text,
		(struct object *)value);
}
