/* SPDX-License-Identifier: MIT */
#include "client/watch/keys.h"

#include <stddef.h>
#include <string.h>

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
