/* SPDX-License-Identifier: MIT */
#include "proto/duration.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* A century: far beyond any use, and no sum or product near it overflows. */
#define DURATION_MAX_MS (UINT64_C(36525) * 86400000)
#define DURATION_UNITS (sizeof(duration_units) / sizeof(*duration_units))

/* From large to small, for printing, which begins with days; "ms" is found before "m" by its
 * length. */
static const struct {
	const char *name;
	uint64_t ms;
} duration_units[] = {
	{ "w", 604800000 },
	{ "d", 86400000 },
	{ "h", 3600000 },
	{ "m", 60000 },
	{ "s", 1000 },
	{ "ms", 1 },
};

static bool duration_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads the digits before or after the point as an integer; stops growing beyond the limit. */
static uint64_t duration_read_digits(const char **text, uint64_t *scale)
{
	uint64_t value = 0;

	*scale = 1;
	for (; duration_is_digit(**text); (*text)++) {
		if (value > DURATION_MAX_MS || *scale > DURATION_MAX_MS)
			continue;
		value = value * 10 + (uint64_t)(**text - '0');
		*scale *= 10;
	}
	return value;
}

/* Milliseconds of the unit at *text, which is advanced behind it; 0 when there is none. */
static uint64_t duration_read_unit(const char **text)
{
	size_t length = 0;

	while ((*text)[length] >= 'a' && (*text)[length] <= 'z')
		length++;
	for (size_t i = 0; i < DURATION_UNITS; i++) {
		if (strlen(duration_units[i].name) != length ||
			memcmp(*text, duration_units[i].name, length) != 0)
			continue;
		*text += length;
		return duration_units[i].ms;
	}
	return 0;
}

/* Adds one number with its unit.  0; -EINVAL: not of that form; -ERANGE: too large or too fine.
 */
static int duration_add_term(uint64_t *sum, const char **text)
{
	uint64_t scale, unit, fraction = 0;
	uint64_t whole = duration_read_digits(text, &scale);

	if (scale == 1)
		return -EINVAL;
	scale = 1;
	if (**text == '.') {
		(*text)++;
		fraction = duration_read_digits(text, &scale);
		if (scale == 1)
			return -EINVAL;
	}
	unit = duration_read_unit(text);
	if (unit == 0)
		return -EINVAL;
	if (whole > DURATION_MAX_MS / unit || scale > 1000000000 ||
		fraction * unit % scale != 0)
		return -ERANGE;
	*sum += whole * unit + fraction * unit / scale;
	return *sum > DURATION_MAX_MS ? -ERANGE : 0;
}

/* Whether a word is the beginning of a name, or that of its plural, in any case. */
static bool duration_names(const char *word, const char *name)
{
	size_t n = strlen(word);

	if (n > 2 && (word[n - 1] == 's' || word[n - 1] == 'S'))
		n--;
	return n <= strlen(name) && strncasecmp(word, name, n) == 0;
}

const char *duration_guess(char to[DURATION_TEXT_MAX], const char *text)
{
	static const char *const names[DURATION_UNITS] = { "week", "day", "hour", "minute",
		"second", "millisecond" };
	size_t digits = strspn(text, "0123456789.");
	const char *word = text + digits + strspn(text + digits, " ");

	if (digits == 0 || digits > DURATION_TEXT_MAX / 2 || *word == '\0')
		return NULL;
	for (size_t i = 0; i < DURATION_UNITS; i++) {
		if (!duration_names(word, names[i]) &&
			strcasecmp(word, duration_units[i].name) != 0)
			continue;
		snprintf(to, DURATION_TEXT_MAX, "%.*s%s", (int)digits, text,
			duration_units[i].name);
		return strcmp(to, text) == 0 ? NULL : to;
	}
	return NULL;
}

int duration_parse(uint64_t *ms, const char *text, char why[WHY_MAX])
{
	char guess[DURATION_TEXT_MAX];
	const char *at = text;
	uint64_t sum = 0;
	int rc = -EINVAL;

	if (strcmp(text, "0") == 0) {
		*ms = 0;
		return 0;
	}
	if (*text && text[strspn(text, "0123456789")] == '\0')
		return why_set(why, -EINVAL,
			"'%.40s' has no unit; did you mean %.40ss or %.40sm?", text, text,
			text);
	while (*at && (rc = duration_add_term(&sum, &at)) == 0)
		continue;
	if (rc == -ERANGE)
		return why_set(why, -EINVAL,
			"'%.40s' is out of range: whole milliseconds, at most a century", text);
	if (rc < 0 && duration_guess(guess, text))
		return why_set(why, -EINVAL, "'%.40s' is not a duration; did you mean %s?",
			text, guess);
	if (rc < 0)
		return why_set(why, -EINVAL,
			"'%.40s' is not a duration; write 250ms, 5s, 10m, 1h30m, 7d or 2w",
			text);
	*ms = sum;
	return 0;
}

const char *duration_format(char to[DURATION_TEXT_MAX], uint64_t ms)
{
	size_t used = 0;

	snprintf(to, DURATION_TEXT_MAX, "0");
	for (size_t i = 1; i < DURATION_UNITS; i++) {
		uint64_t n = ms / duration_units[i].ms;

		if (n == 0)
			continue;
		ms %= duration_units[i].ms;
		used += (size_t)snprintf(to + used, DURATION_TEXT_MAX - used, "%" PRIu64 "%s",
			n, duration_units[i].name);
	}
	return to;
}
