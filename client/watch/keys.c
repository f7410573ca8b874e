/* SPDX-License-Identifier: MIT */
#include "client/watch/keys.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define KEYS_LINE_MAX 120

const struct key_info keys[KEY_ACTION_COUNT] = {
#define KEY(id, codes, label, brief, help) { codes, label, brief, help },
#include "client/watch/keys.def"
#undef KEY
};

static const struct {
	enum special special;
	enum key key;
} keys_special[] = {
	{ SPECIAL_LEFT, KEY_ACTION_BACK },
	{ SPECIAL_RIGHT, KEY_ACTION_ON },
	{ SPECIAL_UP, KEY_ACTION_UP },
	{ SPECIAL_DOWN, KEY_ACTION_DOWN },
	{ SPECIAL_PAGE_UP, KEY_ACTION_PAGE_UP },
	{ SPECIAL_PAGE_DOWN, KEY_ACTION_PAGE_DOWN },
	{ SPECIAL_HOME, KEY_ACTION_HOME },
	{ SPECIAL_END, KEY_ACTION_END },
	{ SPECIAL_ESCAPE, KEY_ACTION_ESCAPE },
};

enum key keys_find(uint32_t code)
{
	for (size_t i = 0; i < sizeof(keys_special) / sizeof(*keys_special); i++)
		if ((uint32_t)keys_special[i].special == code)
			return keys_special[i].key;
	if (code >= 'A' && code <= 'Z')
		code += 'a' - 'A';
	for (enum key key = 0; code > 0 && code < 0x80 && key < KEY_ACTION_COUNT; key++)
		if (strchr(keys[key].codes, (int)code))
			return key;
	return KEY_ACTION_COUNT;
}

/* Arrows have names where nothing but ASCII can be written. */
static const char *keys_name(const char *label)
{
	static const char *const arrows[][2] = {
		{ "← →", "Left, Right" },
		{ "↑ ↓", "Up, Down" },
	};

	for (size_t i = 0; i < sizeof(arrows) / sizeof(*arrows); i++)
		if (strcmp(arrows[i][0], label) == 0)
			return arrows[i][1];
	return label;
}

void keys_write(struct buf *out)
{
	for (enum key key = 0; key < KEY_ACTION_COUNT; key++) {
		char line[KEYS_LINE_MAX];

		if (!*keys[key].label)
			continue;
		snprintf(line, sizeof(line), "  %-11s  %s\n", keys_name(keys[key].label),
			keys[key].help);
		buf_puts(out, line);
	}
}
