/* SPDX-License-Identifier: MIT */
#include "daemon/history/columns.h"

#include <stdio.h>
#include <string.h>

#include "proto/alloc.h"

#define COLUMNS_MAX 8192
#define DECIMALS_MAX 6

static void columns_add(struct columns *c, const char *name, enum kind kind, int decimals)
{
	struct column_kind *item = &c->items[c->count++];

	snprintf(item->name, sizeof(item->name), "%s", name);
	item->kind = kind;
	item->decimals = decimals;
	item->power = pow(10, decimals);
	item->stream = c->coarse_streams;
	c->coarse_streams += kind == KIND_COUNTER ? 1 : COLUMN_STREAMS;
}

static struct columns *columns_make(unsigned id, unsigned most)
{
	struct columns *c = xcalloc(1, sizeof(*c));

	c->id = id;
	c->items = xcalloc(most ? most : 1, sizeof(*c->items));
	return c;
}

struct columns *columns_new(unsigned id, const struct schema *schema)
{
	struct columns *c = columns_make(id, schema->count);

	for (unsigned i = 0; i < schema->count; i++)
		columns_add(c, schema->series[i].name, schema->series[i].kind,
			schema->series[i].decimals);
	return c;
}

void columns_free(struct columns *c)
{
	if (!c)
		return;
	free(c->items);
	free(c->places);
	free(c);
}

void columns_write(const struct columns *c, struct buf *out)
{
	char line[SERIES_NAME_MAX + 32];

	for (unsigned i = 0; i < c->count; i++) {
		snprintf(line, sizeof(line), "%s %s %d\n", c->items[i].name,
			kind_name(c->items[i].kind), c->items[i].decimals);
		buf_puts(out, line);
	}
}

static bool columns_parse_line(struct columns *c, const char *line, size_t length)
{
	char copy[SERIES_NAME_MAX + 32], name[SERIES_NAME_MAX], word[16];
	enum kind kind = KIND_GAUGE;
	int decimals;

	if (length >= sizeof(copy))
		return false;
	memcpy(copy, line, length);
	copy[length] = '\0';
	/* The widths are those of the arrays; SERIES_NAME_MAX is 80. */
	if (sscanf(copy, "%79s %15s %1d", name, word, &decimals) != 3)
		return false;
	while (kind < KIND_INPUT && strcmp(kind_name(kind), word) != 0)
		kind++;
	if (kind == KIND_INPUT || decimals < 0 || decimals > DECIMALS_MAX)
		return false;
	columns_add(c, name, kind, decimals);
	return true;
}

static unsigned count_lines(const char *text)
{
	unsigned n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

struct columns *columns_parse(unsigned id, const char *text)
{
	unsigned lines = count_lines(text);
	struct columns *c = lines <= COLUMNS_MAX ? columns_make(id, lines) : NULL;

	while (c && *text) {
		const char *end = strchr(text, '\n');

		if (!end || !columns_parse_line(c, text, (size_t)(end - text))) {
			columns_free(c);
			return NULL;
		}
		text = end + 1;
	}
	return c;
}

bool columns_fit(const struct columns *c, const struct schema *schema)
{
	if (c->count != schema->count)
		return false;
	for (unsigned i = 0; i < c->count; i++) {
		const struct series *s = &schema->series[i];

		if (c->items[i].kind != s->kind || c->items[i].decimals != s->decimals ||
			strcmp(c->items[i].name, s->name) != 0)
			return false;
	}
	return true;
}

/* A column of another kind under the same name is none: its numbers mean something else. */
static int columns_find(const struct columns *c, const struct series *s)
{
	for (unsigned i = 0; i < c->count; i++)
		if (strcmp(c->items[i].name, s->name) == 0)
			return c->items[i].kind == s->kind ? (int)i : -1;
	return -1;
}

int columns_place(struct columns *c, const struct schema *schema, unsigned i)
{
	if (c->place_count < schema->count) {
		c->places = xrealloc(c->places, schema->count, sizeof(*c->places));
		while (c->place_count < schema->count) {
			c->places[c->place_count] =
				columns_find(c, &schema->series[c->place_count]);
			c->place_count++;
		}
	}
	return c->places[i];
}
