/* SPDX-License-Identifier: MIT */
#include "tests/apple/smc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tests/apple/world.h"

/* Offsets in the 80 bytes that go in and come out: the reference, section 6.2. */
enum {
	AT_KEY = 0,
	AT_SIZE = 28,
	AT_TYPE = 32,
	AT_RESULT = 40,
	AT_COMMAND = 42,
	AT_INDEX = 44,
	AT_BYTES = 48,
	STRUCT_SIZE = 80,
	BYTES_MAX = 32,
	KEYS_MAX = 4096
};

enum { READ_KEY = 5, KEY_AT_INDEX = 8, KEY_INFO = 9 };
enum { NOT_FOUND = 0x84, UNKNOWN_KEY = 0x89 };

#define BAD_ARGUMENT ((kern_return_t)0xE00002C2)

static uint32_t fourcc(const char *text)
{
	uint32_t key = 0;

	for (int i = 0; i < 4; i++)
		key = key << 8 | (uint8_t)(*text ? *text++ : ' ');
	return key;
}

static void fourcc_text(uint32_t key, char text[5])
{
	for (int i = 0; i < 4; i++)
		text[i] = (char)(key >> (24 - 8 * i));
	text[4] = '\0';
}

static size_t key_bytes(const cJSON *entry, uint8_t *bytes, size_t size)
{
	const cJSON *celsius = cJSON_GetObjectItemCaseSensitive(entry, "celsius");
	float value = (float)world_number(celsius, 0);

	if (!celsius)
		return world_unhex(world_text(entry, "bytes", ""), bytes, size);
	memcpy(bytes, &value, sizeof(value));
	return sizeof(value);
}

static int compare_keys(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static size_t sorted_keys(const char *keys[KEYS_MAX])
{
	const cJSON *each;
	size_t n = 0;

	cJSON_ArrayForEach(each, world_find("smc", NULL))
	{
		if (n < KEYS_MAX)
			keys[n++] = each->string;
	}
	qsort(keys, n, sizeof(*keys), compare_keys);
	return n;
}

static void answer_info(const cJSON *entry, uint8_t *out)
{
	uint8_t bytes[256];
	uint32_t type = fourcc(world_text(entry, "type", "flt "));
	uint32_t size = (uint32_t)key_bytes(entry, bytes, sizeof(bytes));

	memcpy(out + AT_SIZE, &size, sizeof(size));
	memcpy(out + AT_TYPE, &type, sizeof(type));
}

/* #KEY is not among the keys of most worlds: the number of keys stands for it. */
static const cJSON *find_key(uint32_t key, const cJSON **count)
{
	char text[5];
	const cJSON *entry;

	fourcc_text(key, text);
	entry = world_find("smc", text, NULL);
	*count = !entry && strcmp(text, "#KEY") == 0 ? world_find("smc", NULL) : NULL;
	return entry;
}

static void answer_count(const cJSON *section, uint8_t *out, int command)
{
	uint32_t n = (uint32_t)cJSON_GetArraySize(section), size = 4, type = fourcc("ui32");

	memcpy(out + AT_SIZE, &size, sizeof(size));
	memcpy(out + AT_TYPE, &type, sizeof(type));
	for (int i = 0; command == READ_KEY && i < 4; i++)
		out[AT_BYTES + i] = (uint8_t)(n >> (24 - 8 * i));
}

static kern_return_t answer_key(uint32_t key, int command, uint8_t *out)
{
	const cJSON *count, *entry = find_key(key, &count);
	uint8_t bytes[256] = { 0 };
	size_t size;

	if (count) {
		answer_count(count, out, command);
	} else if (!entry) {
		out[AT_RESULT] = command == KEY_INFO ? NOT_FOUND : UNKNOWN_KEY;
	} else if (command == KEY_INFO) {
		answer_info(entry, out);
	} else {
		size = key_bytes(entry, bytes, sizeof(bytes));
		if (size > BYTES_MAX)
			return BAD_ARGUMENT;
		memcpy(out + AT_BYTES, bytes, size);
	}
	return KERN_SUCCESS;
}

static kern_return_t answer_index(uint32_t index, uint8_t *out)
{
	const char *keys[KEYS_MAX];
	size_t n = sorted_keys(keys);
	uint32_t key;

	if (index >= n) {
		out[AT_RESULT] = NOT_FOUND;
		return KERN_SUCCESS;
	}
	key = fourcc(keys[index]);
	memcpy(out + AT_KEY, &key, sizeof(key));
	return KERN_SUCCESS;
}

kern_return_t smc_call(
	uint32_t selector, const void *input, size_t input_size, void *output, size_t size)
{
	const uint8_t *in = input;
	uint8_t *out = output;
	uint32_t key, index;

	assert(selector == 2 && input_size == STRUCT_SIZE && size == STRUCT_SIZE);
	for (size_t i = 0; i < size; i++)
		assert(out[i] == 0);
	memcpy(&key, in + AT_KEY, sizeof(key));
	memcpy(&index, in + AT_INDEX, sizeof(index));
	switch (in[AT_COMMAND]) {
	case READ_KEY:
	case KEY_INFO:
		return answer_key(key, in[AT_COMMAND], out);
	case KEY_AT_INDEX:
		return answer_index(index, out);
	default:
		/* Whatever writes is a fault of the code under test. */
		abort();
	}
}
