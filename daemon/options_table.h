/* SPDX-License-Identifier: MIT */
#ifndef OPTIONS_TABLE_H
#define OPTIONS_TABLE_H

#include "daemon/options.h"

/* options.def as C sees it: for options*.c only. */

enum option_kind {
	OPTION_SWITCH,	 /* bool */
	OPTION_TEXT,	 /* char[] */
	OPTION_PATH,	 /* char[PATHS_MAX], "~/" expanded */
	OPTION_STATE,	 /* the same; "none" is "" */
	OPTION_SOCKET,	 /* the list of places */
	OPTION_COUNT,	 /* uint64_t, decimal */
	OPTION_OCTAL,	 /* uint64_t */
	OPTION_DURATION, /* uint64_t, milliseconds */
	OPTION_LEVEL,	 /* uint64_t, enum log_level */
	OPTION_HISTORY,	 /* the list of tiers */
};

struct option_spec {
	struct options_row row;
	enum option_kind kind;
	size_t offset; /* of the field in struct options */
	size_t size;
	uint64_t low, high;
};

#define OPTION(field, ...) OPTION_INDEX_##field,
enum option_index {
#include "daemon/options.def"
	OPTION_INDEX_COUNT
};
#undef OPTION

extern const struct option_spec option_specs[OPTION_INDEX_COUNT];

/* The row of a name of that length; NULL when there is none.  In a file '_' stands for '-' too.
 */
const struct option_spec *option_find(const char *name, size_t length);
const struct option_spec *option_find_letter(char letter);

/* The name most like a misspelt one, or NULL; in_file: only among what a file may set. */
const char *option_guess(const char *name, size_t length, bool in_file);

/* Sets a field from text ("yes" or "no" for a switch); a socket is added.  0 or -EINVAL. */
int option_set(struct options *options, const struct option_spec *spec, const char *text,
	struct message *why);

/* The field as text that option_set reads, up to size bytes; "" = not set.  Not for sockets. */
void option_format(
	const struct options *options, const struct option_spec *spec, char *to, size_t size);

bool option_equal(
	const struct options *a, const struct options *b, const struct option_spec *spec);

/* The bytes of a field. */
void *option_field(struct options *options, const struct option_spec *spec);
const void *option_value(const struct options *options, const struct option_spec *spec);

#endif
