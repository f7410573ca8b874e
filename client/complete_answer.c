/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "client/complete.h"
#include "client/help.h"
#include "client/options_set.h"

static const char *const complete_times[] = { "5m", "1h", "1d", "today", "yesterday", "boot" };
static const char *const complete_durations[] = { "1s", "5s", "10s", "1m", "10m", "1h" };

#define COMPLETE_COUNT(list) (sizeof(list) / sizeof(*(list)))

void complete_offer(
	struct buf *out, const struct complete *c, const char *text, const char *meaning)
{
	if (strncmp(text, c->part, strlen(c->part)) != 0)
		return;
	buf_add(out, c->word, (size_t)(c->part - c->word));
	buf_puts(out, text);
	buf_puts(out, "\t");
	buf_puts(out, meaning);
	buf_puts(out, "\n");
}

static void complete_list(
	struct buf *out, const struct complete *c, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		complete_offer(out, c, words[i], "");
}

/* -o takes a format of those that the command prints, or a file. */
static void complete_words(struct buf *out, const struct complete *c)
{
	struct option_words list = option_words(c->option);
	unsigned allowed = ~0u;

	if (c->option == OPTION_OUTPUT)
		allowed = c->command ? c->command->outputs : ~1u;
	for (unsigned i = 0; i < list.count; i++)
		if (allowed >> i & 1)
			complete_offer(out, c, list.words[i], "");
}

static void complete_commands(struct buf *out, const struct complete *c)
{
	for (unsigned i = 0; commands[i]; i++)
		complete_offer(out, c, commands[i]->name, commands[i]->summary);
}

static void complete_options(struct buf *out, const struct complete *c)
{
	struct buf meaning;
	char name[64];

	buf_init(&meaning, 256);
	for (unsigned id = 0; id < OPTION_COUNT; id++) {
		if (c->command && !(c->command->options >> id & 1))
			continue;
		buf_clear(&meaning);
		if (c->command)
			help_meaning(&meaning, c->command, id);
		else
			buf_puts(&meaning, option_infos[id].help);
		buf_add(&meaning, "", 1);
		snprintf(name, sizeof(name), "--%s", option_infos[id].name);
		complete_offer(out, c, name, meaning.data);
	}
	buf_fini(&meaning);
}

static void complete_topics(struct buf *out, const struct complete *c)
{
	complete_commands(out, c);
	for (unsigned i = 0; help_topics[i].name; i++)
		complete_offer(out, c, help_topics[i].name, help_topics[i].summary);
}

static void complete_choices(struct buf *out, const struct complete *c)
{
	for (const struct choice *choice = c->command->choices; choice->name; choice++)
		complete_offer(out, c, choice->name, choice->meaning ? choice->meaning : "");
}

static void complete_write_rest(struct buf *out, const struct complete *c)
{
	char line[32];

	snprintf(line, sizeof(line), ":command %u\n", c->first);
	buf_puts(out, line);
}

void complete_write(struct buf *out, const struct complete *c)
{
	if (c->list)
		buf_puts(out, ":more\n");
	if (c->kind == COMPLETE_COMMANDS)
		complete_commands(out, c);
	else if (c->kind == COMPLETE_OPTIONS)
		complete_options(out, c);
	else if (c->kind == COMPLETE_WORDS)
		complete_words(out, c);
	else if (c->kind == COMPLETE_TIMES)
		complete_list(out, c, complete_times, COMPLETE_COUNT(complete_times));
	else if (c->kind == COMPLETE_DURATIONS)
		complete_list(out, c, complete_durations, COMPLETE_COUNT(complete_durations));
	else if (c->kind == COMPLETE_FILES)
		buf_puts(out, ":files\n");
	else if (c->kind == COMPLETE_USERS)
		buf_puts(out, ":users\n");
	else if (c->kind == COMPLETE_TOPICS)
		complete_topics(out, c);
	else if (c->kind == COMPLETE_CHOICES)
		complete_choices(out, c);
	else if (c->kind == COMPLETE_REST)
		complete_write_rest(out, c);
}
