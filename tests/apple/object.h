/* SPDX-License-Identifier: MIT */
#ifndef OBJECT_H
#define OBJECT_H

#include <CoreFoundation/CoreFoundation.h>
#include <cjson/cJSON.h>

/*
 * A pretended CoreFoundation object.  Each is an allocation of its own, so that a sanitizer
 * reports every Create and Copy without a Release, with the line that called it.
 */
enum object_kind {
	OBJECT_STRING = 7,
	OBJECT_DICTIONARY = 18,
	OBJECT_ARRAY,
	OBJECT_DATA,
	OBJECT_BOOLEAN,
	OBJECT_NUMBER,
	OBJECT_OPAQUE /* a subscription, a client, a service, an event */
};

struct object {
	enum object_kind kind;
	long references;
	bool constant; /* what CFSTR made: Retain and Release do nothing */
	long count;    /* of items or pairs, or bytes */
	long cap;
	struct object **items; /* array; dictionary: key, value, key, value */
	char *text;	       /* string; bytes of data */
	double number;
	int64_t integer;
	bool is_integer;
	const cJSON *json; /* opaque */
};

struct object *object_new(enum object_kind kind);
struct object *object_string(const char *text);
struct object *object_integer(int64_t value);
struct object *object_double(double value);
struct object *object_data(const void *bytes, size_t size);

/* A world's value as the registry would give it; numbers are those of this moment. */
struct object *object_from_json(const cJSON *json);

/* Adds; the container takes a reference of its own and the caller keeps his. */
void object_append(struct object *array, struct object *item);
void object_put(struct object *dictionary, const char *key, struct object *value);

/* Adds what was made for the container: the caller's reference goes over. */
void object_give(struct object *dictionary, const char *key, struct object *value);

/* Borrowed, or NULL. */
struct object *object_get(const struct object *dictionary, const char *key);

#endif
