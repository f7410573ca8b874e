/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <cjson/cJSON.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/validate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned depth_of(const cJSON *v)
{
	unsigned deepest = 0;

	for (const cJSON *item = v->child; item; item = item->next) {
		unsigned depth = depth_of(item);

		deepest = depth > deepest ? depth : deepest;
	}
	return deepest + (cJSON_IsArray(v) || cJSON_IsObject(v));
}

static unsigned tokens_of(const cJSON *v)
{
	unsigned tokens = 1;

	for (const cJSON *item = v->child; item; item = item->next)
		tokens += tokens_of(item) + (item->string != NULL);
	return tokens;
}

/* For validate_vs_python.py. */
static void print_verdict(enum json_fault fault)
{
	if (getenv("VALIDATE_PRINT"))
		printf("verdict %s\n",
			fault == JSON_VALID ? "valid" : json_fault_reason(fault));
}

/* What passes is what cJSON reads to its end, within the limits; and the answer has a text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum json_fault fault = json_validate((const char *)data, size);
	char *text = malloc(size + 1);
	cJSON *root;

	assert(text);
	memcpy(text, data, size);
	text[size] = '\0';
	if (fault == JSON_VALID) {
		root = cJSON_ParseWithLengthOpts(text, size + 1, NULL, 1);
		assert(root);
		assert(strlen(text) == size);
		assert(depth_of(root) <= JSON_DEPTH_MAX);
		assert(tokens_of(root) <= JSON_TOKENS_MAX);
		cJSON_Delete(root);
	} else {
		assert(strlen(json_fault_reason(fault)) > 0);
		assert(strlen(json_fault_message(fault)) > 0);
	}
	print_verdict(fault);
	free(text);
	return 0;
}
