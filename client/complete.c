/* SPDX-License-Identifier: MIT */
#include "client/complete.h"

#include <string.h>

#include "client/help.h"
#include "client/options_set.h"

/* What the value of an option is, by what help calls it. */
static const struct {
	const char *argument;
	enum complete_kind kind;
} complete_arguments[] = {
	{ "FORMAT", COMPLETE_WORDS },
	{ "actop1", COMPLETE_WORDS },
	{ "WHEN", COMPLETE_WORDS },
	{ "HOW", COMPLETE_WORDS },
	{ "WHAT", COMPLETE_WORDS },
	{ "LIST", COMPLETE_WORDS },
	{ "LAYOUT", COMPLETE_WORDS },
	{ "PALETTE", COMPLETE_WORDS },
	{ "GLYPH", COMPLETE_WORDS },
	{ "SCALE", COMPLETE_WORDS },
	{ "PATTERNS", COMPLETE_FIELDS },
	{ "TIME", COMPLETE_TIMES },
	{ "DURATION", COMPLETE_DURATIONS },
	{ "FILE", COMPLETE_FILES },
	{ "PATH", COMPLETE_FILES },
	{ "USER", COMPLETE_USERS },
	{ "MARK MARK", COMPLETE_MARKS },
	{ "N", COMPLETE_NOTHING },
	{ "REGEX", COMPLETE_NOTHING },
	{ "PID", COMPLETE_NOTHING },
	{ "PRICE", COMPLETE_NOTHING },
	{ "URL", COMPLETE_NOTHING },
	{ "NAME", COMPLETE_NOTHING },
	{ "ADDRESS:PORT", COMPLETE_NOTHING },
};

enum complete_kind complete_of_argument(const char *argument, bool *known)
{
	*known = true;
	for (size_t i = 0; i < sizeof(complete_arguments) / sizeof(*complete_arguments); i++)
		if (strcmp(argument, complete_arguments[i].argument) == 0)
			return complete_arguments[i].kind;
	*known = false;
	return COMPLETE_NOTHING;
}

static const char *complete_argument(const struct complete *c, unsigned id)
{
	return c->command ? help_argument(c->command, id) : option_infos[id].argument;
}

static uint64_t complete_takes(const struct complete *c)
{
	return c->command ? c->command->options : UINT64_MAX;
}

static unsigned complete_long(const char *name, size_t n)
{
	for (unsigned id = 0; id < OPTION_COUNT; id++)
		if (strlen(option_infos[id].name) == n &&
			memcmp(name, option_infos[id].name, n) == 0)
			return id;
	return OPTION_COUNT;
}

/* Where the value of the option in a word begins, which may be at its end: the value is the
 * next word.  NULL = the word has no option with a value. */
static const char *complete_value(const struct complete *c, const char *word, unsigned *id)
{
	size_t n = strcspn(word, "=");

	*id = OPTION_COUNT;
	if (word[0] != '-' || word[1] == '\0')
		return NULL;
	if (word[1] == '-') {
		*id = complete_long(word + 2, n - 2);
		if (*id == OPTION_COUNT || !complete_argument(c, *id))
			return NULL;
		return word[n] ? word + n + 1 : word + n;
	}
	while (*++word) {
		*id = options_find_letter(*word, complete_takes(c));
		if (*id == OPTION_COUNT)
			return NULL;
		if (complete_argument(c, *id))
			return word + 1;
	}
	return NULL;
}

static void complete_keep(struct complete *c, unsigned id, const char *value)
{
	if (id == OPTION_SOCKET)
		c->socket = value;
	if (id == OPTION_HOST)
		c->host = value;
}

static void complete_set(struct complete *c, enum complete_kind kind, const char *part)
{
	c->kind = kind;
	c->part = part;
}

/* The value of an option is being typed; of a list its last element is. */
static void complete_set_value(struct complete *c, unsigned id, const char *value)
{
	bool known;
	const char *comma = strrchr(value, ',');

	c->option = id;
	complete_set(c, complete_of_argument(complete_argument(c, id), &known), value);
	c->list = c->kind == COMPLETE_FIELDS || id == OPTION_KINDS ||
		(id == OPTION_AGG && c->command && c->command->agg);
	if (c->list && comma)
		c->part = comma + 1;
}

/* In a condition the name begins behind the last thing that is no part of names. */
static const char *complete_last_name(const char *text)
{
	const char *end = text + strlen(text);

	while (end > text && !strchr(" (<>=!", end[-1]))
		end--;
	return end;
}

static void complete_set_operand(struct complete *c, const char *word)
{
	enum complete_kind kind = c->operands == 0 ? COMPLETE_COMMANDS : COMPLETE_NOTHING;

	if (c->command && (c->operands <= c->command->operands || c->command->wraps))
		kind = c->command->operand;
	complete_set(c, kind, kind == COMPLETE_SERIES ? complete_last_name(word) : word);
	if (kind == COMPLETE_NOTHING && c->command && word[0] == '\0')
		complete_set(c, COMPLETE_OPTIONS, word);
}

static bool complete_is_operand(const struct complete *c, const char *word)
{
	return c->only_operands || word[0] != '-' || word[1] == '\0';
}

/* Whether an option and its value are one word: --step=10s, -n5. */
static bool complete_has_value(const char *word, const char *value)
{
	return value && (word[1] == '-' ? strchr(word, '=') != NULL : *value != '\0');
}

static void complete_last(struct complete *c, const char *word)
{
	unsigned id;
	const char *value = complete_value(c, word, &id);

	if (word[0] != '-' || c->only_operands)
		complete_set_operand(c, word);
	else if (complete_has_value(word, value))
		complete_set_value(c, id, value);
	else
		complete_set(c, COMPLETE_OPTIONS, word);
}

/* Takes a word before the last; true when the next one is the value of its option. */
static bool complete_take(struct complete *c, const char *word)
{
	const char *value;

	if (complete_is_operand(c, word)) {
		if (c->operands++ == 0)
			c->command = commands_named(word);
		return false;
	}
	if (strcmp(word, "--") == 0) {
		c->only_operands = true;
		return false;
	}
	value = complete_value(c, word, &c->option);
	if (!complete_has_value(word, value))
		return value != NULL;
	complete_keep(c, c->option, value);
	return false;
}

void complete_find(struct complete *c, const char *const *words, unsigned count)
{
	bool value = false;

	*c = (struct complete){ .option = OPTION_COUNT, .word = "", .part = "" };
	for (unsigned i = 0; i + 1 < count; i++) {
		if (c->command && c->command->operand == COMPLETE_REST && !value &&
			complete_is_operand(c, words[i])) {
			c->first = i;
			complete_set(c, COMPLETE_REST, words[i]);
			return;
		}
		if (value)
			complete_keep(c, c->option, words[i]);
		value = !value && complete_take(c, words[i]);
	}
	if (count == 0)
		return;
	c->first = count - 1;
	c->word = words[count - 1];
	if (value)
		complete_set_value(c, c->option, c->word);
	else
		complete_last(c, c->word);
}
