/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "proto/duration.h"
#include "daemon/options_table.h"
#include "daemon/tiers.h"

/* How a kind of value is read from text, and printed as text. */
typedef int (*option_reader)(struct options *options, const struct option_spec *spec,
	const char *text, struct message *why);
typedef void (*option_printer)(
	const struct options *options, const struct option_spec *spec, char *to, size_t size);

static int option_set_switch(struct options *options, const struct option_spec *spec,
	const char *text, struct message *why)
{
	bool *field = option_field(options, spec);

	*field = strcmp(text, "yes") == 0;
	if (*field || strcmp(text, "no") == 0)
		return 0;
	return message_set(why, -EINVAL, "'%.60s' is neither yes nor no", text);
}

static int option_set_text(struct options *options, const struct option_spec *spec,
	const char *text, struct message *why)
{
	size_t length = strlen(text);

	if (length >= spec->size)
		return message_set(why, -EINVAL,
			"'%.60s...' is too long (%zu bytes, limit %zu)", text, length,
			spec->size - 1);
	memcpy(option_field(options, spec), text, length + 1);
	return 0;
}

static int option_set_path(struct options *options, const struct option_spec *spec,
	const char *text, struct message *why)
{
	return paths_expand(option_field(options, spec), text, options->env, why) < 0 ? -EINVAL
										      : 0;
}

static int option_set_state(struct options *options, const struct option_spec *spec,
	const char *text, struct message *why)
{
	if (strcmp(text, "none") != 0)
		return option_set_path(options, spec, text, why);
	options->state[0] = '\0';
	return 0;
}

static int option_set_socket(struct options *options, const struct option_spec *spec,
	const char *text, struct message *why)
{
	struct place *place = &options->sockets[options->socket_count];

	(void)spec;
	if (options->socket_count == OPTIONS_SOCKETS_MAX)
		return message_set(why, -EINVAL, "more than %d sockets", OPTIONS_SOCKETS_MAX);
	place->kind = PLACE_EXPLICIT;
	if (paths_expand(place->path, text, options->env, why) < 0)
		return -EINVAL;
	for (unsigned i = 0; i < options->socket_count; i++)
		if (strcmp(options->sockets[i].path, place->path) == 0)
			return message_set(why, -EINVAL, "'%.200s' is named twice", text);
	options->socket_count++;
	return 0;
}

/* Digits of base 8 or 10, nothing else.  Stops growing far beyond any range. */
static bool option_read_digits(uint64_t *value, const char *text, unsigned base)
{
	*value = 0;
	if (*text == '\0')
		return false;
	for (; *text; text++) {
		if (*text < '0' || (unsigned)(*text - '0') >= base)
			return false;
		if (*value < UINT32_MAX)
			*value = *value * base + (unsigned)(*text - '0');
	}
	return true;
}

static int option_set_count(struct options *options, const struct option_spec *spec,
	const char *text, struct message *why)
{
	uint64_t *field = option_field(options, spec);

	if (option_read_digits(field, text, 10) && *field >= spec->low && *field <= spec->high)
		return 0;
	return message_set(why, -EINVAL,
		"'%.60s' is not a whole number from %" PRIu64 " to %" PRIu64, text, spec->low,
		spec->high);
}

static int option_set_octal(struct options *options, const struct option_spec *spec,
	const char *text, struct message *why)
{
	uint64_t *field = option_field(options, spec);

	if (option_read_digits(field, text, 8) && *field >= spec->low && *field <= spec->high)
		return 0;
	return message_set(why, -EINVAL,
		"'%.60s' is not an octal number from %04" PRIo64 " to %04" PRIo64
		", as chmod takes it",
		text, spec->low, spec->high);
}

static int option_set_duration(struct options *options, const struct option_spec *spec,
	const char *text, struct message *why)
{
	uint64_t *field = option_field(options, spec);
	char low[DURATION_TEXT_MAX], high[DURATION_TEXT_MAX];
	int rc = duration_parse(field, text, why->text);

	if (rc < 0 || (*field >= spec->low && *field <= spec->high))
		return rc;
	return message_set(why, -EINVAL, "'%.60s' is not between %s and %s", text,
		duration_format(low, spec->low), duration_format(high, spec->high));
}

static int option_set_level(struct options *options, const struct option_spec *spec,
	const char *text, struct message *why)
{
	uint64_t *field = option_field(options, spec);

	for (unsigned i = 0; log_level_name(i); i++) {
		if (strcmp(text, log_level_name(i)) == 0) {
			*field = i;
			return 0;
		}
	}
	return message_set(why, -EINVAL, "'%.60s' is none of error, warn, info, debug", text);
}

static int option_set_history(struct options *options, const struct option_spec *spec,
	const char *text, struct message *why)
{
	(void)spec;
	return tiers_parse(options, text, why);
}

static void option_format_switch(
	const struct options *options, const struct option_spec *spec, char *to, size_t size)
{
	const bool *field = option_value(options, spec);

	snprintf(to, size, "%s", *field ? "yes" : "no");
}

static void option_format_text(
	const struct options *options, const struct option_spec *spec, char *to, size_t size)
{
	const char *field = option_value(options, spec);

	snprintf(to, size, "%s", field);
}

static void option_format_state(
	const struct options *options, const struct option_spec *spec, char *to, size_t size)
{
	(void)spec;
	snprintf(to, size, "%s", options->state[0] ? options->state : "none");
}

static void option_format_nothing(
	const struct options *options, const struct option_spec *spec, char *to, size_t size)
{
	(void)options;
	(void)spec;
	snprintf(to, size, "%s", "");
}

static void option_format_count(
	const struct options *options, const struct option_spec *spec, char *to, size_t size)
{
	const uint64_t *field = option_value(options, spec);

	snprintf(to, size, "%" PRIu64, *field);
}

static void option_format_octal(
	const struct options *options, const struct option_spec *spec, char *to, size_t size)
{
	const uint64_t *field = option_value(options, spec);

	snprintf(to, size, "%04" PRIo64, *field);
}

static void option_format_duration(
	const struct options *options, const struct option_spec *spec, char *to, size_t size)
{
	const uint64_t *field = option_value(options, spec);
	char text[DURATION_TEXT_MAX];

	snprintf(to, size, "%s", duration_format(text, *field));
}

static void option_format_level(
	const struct options *options, const struct option_spec *spec, char *to, size_t size)
{
	const uint64_t *field = option_value(options, spec);

	snprintf(to, size, "%s", log_level_name((unsigned)*field));
}

static void option_format_history(
	const struct options *options, const struct option_spec *spec, char *to, size_t size)
{
	(void)spec;
	tiers_format(options, to, size);
}

static const struct {
	option_reader set;
	option_printer format;
} option_kinds[] = {
	[OPTION_SWITCH] = { option_set_switch, option_format_switch },
	[OPTION_TEXT] = { option_set_text, option_format_text },
	[OPTION_PATH] = { option_set_path, option_format_text },
	[OPTION_STATE] = { option_set_state, option_format_state },
	[OPTION_SOCKET] = { option_set_socket, option_format_nothing },
	[OPTION_COUNT] = { option_set_count, option_format_count },
	[OPTION_OCTAL] = { option_set_octal, option_format_octal },
	[OPTION_DURATION] = { option_set_duration, option_format_duration },
	[OPTION_LEVEL] = { option_set_level, option_format_level },
	[OPTION_HISTORY] = { option_set_history, option_format_history },
};

int option_set(struct options *options, const struct option_spec *spec, const char *text,
	struct message *why)
{
	if (*text == '\0')
		return message_set(why, -EINVAL, "the value is empty");
	return option_kinds[spec->kind].set(options, spec, text, why);
}

void option_format(
	const struct options *options, const struct option_spec *spec, char *to, size_t size)
{
	option_kinds[spec->kind].format(options, spec, to, size);
}

static bool option_sockets_equal(const struct options *a, const struct options *b)
{
	if (a->socket_count != b->socket_count)
		return false;
	for (unsigned i = 0; i < a->socket_count; i++)
		if (strcmp(a->sockets[i].path, b->sockets[i].path) != 0)
			return false;
	return true;
}

bool option_equal(
	const struct options *a, const struct options *b, const struct option_spec *spec)
{
	char one[PATHS_MAX], other[PATHS_MAX];

	if (spec->kind == OPTION_SOCKET)
		return option_sockets_equal(a, b);
	option_format(a, spec, one, sizeof(one));
	option_format(b, spec, other, sizeof(other));
	return strcmp(one, other) == 0;
}
