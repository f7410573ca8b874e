/* SPDX-License-Identifier: MIT */
#ifndef KEYS_H
#define KEYS_H

#include <stdint.h>

#include "proto/buf.h"

/* The keys of the dashboard.  Pure. */

enum key {
#define KEY(id, codes, label, brief, help) KEY_ACTION_##id,
#include "client/watch/keys.def"
#undef KEY
	KEY_ACTION_COUNT
};

struct key_info {
	const char *codes, *label, *brief, *help;
};

extern const struct key_info keys[KEY_ACTION_COUNT];

/* What a terminal sends that is no character: from here on in struct press. */
enum special {
	SPECIAL_NONE = 0x110000,
	SPECIAL_LEFT,
	SPECIAL_RIGHT,
	SPECIAL_UP,
	SPECIAL_DOWN,
	SPECIAL_PAGE_UP,
	SPECIAL_PAGE_DOWN,
	SPECIAL_HOME,
	SPECIAL_END,
	SPECIAL_ENTER,
	SPECIAL_ERASE,
	SPECIAL_ESCAPE
};

/* Appends the whole table, a key a line, without other characters than ASCII. */
void keys_write(struct buf *out);

/* What a character, or a special key, does; KEY_ACTION_COUNT = nothing. */
enum key keys_find(uint32_t code);

#endif
