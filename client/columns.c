/* SPDX-License-Identifier: MIT */
#include "client/columns.h"

#include <stdlib.h>
#include <string.h>

#include "client/escape.h"
#include "proto/alloc.h"
#include "proto/json.h"
#include "proto/pattern.h"

static const char *column_text(const struct node *row, const char *key)
{
	const char *text = node_text(node_get(row, key));

	return text ? text : "";
}

static enum unit column_unit(const char *symbol)
{
	for (unsigned u = 0; u < UNIT_COUNT; u++)
		if (strcmp(symbol, unit_symbol((enum unit)u)) == 0)
			return (enum unit)u;
	return UNIT_COUNT;
}

static unsigned column_words(const struct node *row, const char *kind)
{
	unsigned longest = strcmp(kind, "bool") == 0 ? 3 : 0;

	for (const struct node *word = node_first(node_get(row, "values")); word;
		word = node_next(word)) {
		const char *text = node_text(word);
		size_t n = text ? escape_width(text, strlen(text)) : 0;

		longest = n > longest ? (unsigned)n : longest;
	}
	return longest;
}

void columns_add(struct columns *c, const struct column *column)
{
	if (c->count == c->cap) {
		c->cap = c->cap ? c->cap * 2 : 64;
		c->items = xrealloc(c->items, c->cap, sizeof(*c->items));
	}
	c->items[c->count++] = *column;
}

static void columns_read_row(struct columns *to, const struct node *row)
{
	const char *symbol = column_text(row, "unit");
	enum unit unit = column_unit(symbol);
	int64_t decimals = node_int(node_get(row, "decimals"), 0);
	struct column column = {
		.name = node_text(node_get(row, "name")),
		.unit_text = unit == UNIT_COUNT ? symbol : unit_text(unit),
		.desc = column_text(row, "desc"),
		.avail = column_text(row, "avail"),
		.reason = column_text(row, "reason"),
		.kind_text = column_text(row, "kind"),
		.agg = column_text(row, "agg"),
		.core_kind = column_text(row, "core_kind"),
		.part_name = "",
		.part = -1,
		.unit = unit == UNIT_COUNT ? UNIT_ONE : unit,
		.show = (int)node_int(node_get(row, "show"), 0),
	};

	if (!column.name)
		return;
	column.gauge = strcmp(column.kind_text, "gauge") == 0;
	column.words = column_words(row, column.kind_text);
	column.decimals = decimals < 0 || decimals > JSON_DECIMALS_MAX ? 0 : (int)decimals;
	columns_add(to, &column);
}

void columns_read(struct columns *to, const struct message *schema)
{
	*to = (struct columns){ 0 };
	for (const struct node *row = node_first(message_at(schema, "metrics")); row;
		row = node_next(row))
		columns_read_row(to, row);
}

void columns_fini(struct columns *c)
{
	free(c->items);
	*c = (struct columns){ 0 };
}

const struct column *columns_find(const struct columns *c, const char *name)
{
	for (unsigned i = 0; i < c->count; i++)
		if (strcmp(c->items[i].name, name) == 0)
			return &c->items[i];
	return NULL;
}

void columns_choose(struct columns *to, const struct columns *from, const char *const *patterns,
	unsigned count)
{
	bool *taken = xcalloc(from->count, sizeof(*taken));

	*to = (struct columns){ 0 };
	for (unsigned p = 0; p < count; p++) {
		for (unsigned i = 0; i < from->count; i++) {
			if (taken[i] || !pattern_match(patterns[p], from->items[i].name))
				continue;
			taken[i] = true;
			columns_add(to, &from->items[i]);
		}
	}
	free(taken);
}

static int columns_by_show(const void *a, const void *b)
{
	const struct column *x = a, *y = b;

	return (x->show > y->show) - (x->show < y->show);
}

static bool column_is_ok(const struct column *column)
{
	return column->avail[0] == '\0' || strcmp(column->avail, "ok") == 0;
}

void columns_default(struct columns *to, const struct columns *from)
{
	*to = (struct columns){ 0 };
	for (unsigned i = 0; i < from->count; i++)
		if (from->items[i].show > 0 && column_is_ok(&from->items[i]))
			columns_add(to, &from->items[i]);
	if (to->count > 0) {
		qsort(to->items, to->count, sizeof(*to->items), columns_by_show);
		return;
	}
	for (unsigned i = 0; i < from->count; i++)
		if (!strchr(from->items[i].name, '.') && column_is_ok(&from->items[i]))
			columns_add(to, &from->items[i]);
}

void columns_split(struct columns *c, const char *const *aggs, unsigned count)
{
	struct columns to = { 0 };

	if (count < 2)
		return;
	for (unsigned i = 0; i < c->count; i++) {
		struct column column = c->items[i];

		for (unsigned k = 0; k < (column.gauge ? count : 1); k++) {
			column.part = column.gauge ? (int)k : -1;
			column.part_name = column.gauge ? aggs[k] : "";
			columns_add(&to, &column);
		}
	}
	columns_fini(c);
	*c = to;
}

static const struct node *cell_part(const struct node *value, int part)
{
	if (!node_is_array(value))
		return value;
	value = node_first(value);
	while (part-- > 0)
		value = node_next(value);
	return value;
}

static struct cell cell_read(const struct node *value)
{
	struct cell cell = { CELL_NONE, 0, NULL, false };

	cell.text = node_text(value);
	if (cell.text)
		cell.kind = CELL_TEXT;
	else if (node_number(value, &cell.number))
		cell.kind = CELL_NUMBER;
	else if (node_bool(value, &cell.flag))
		cell.kind = CELL_BOOL;
	return cell;
}

/* Looks from where the last one stood, and once around: columns mostly come in the line's
 * order. */
static const struct node *cells_find(
	const struct node *first, const struct node *from, const char *name)
{
	for (const struct node *n = from; n; n = node_next(n))
		if (strcmp(node_key(n), name) == 0)
			return n;
	for (const struct node *n = first; n && n != from; n = node_next(n))
		if (strcmp(node_key(n), name) == 0)
			return n;
	return NULL;
}

void columns_cells(const struct columns *c, const struct message *m, struct cell *cells)
{
	const struct node *v = message_at(m, "v");
	const struct node *first = node_is_array(v) ? NULL : node_first(v), *last = first;

	for (unsigned i = 0; i < c->count; i++) {
		const struct node *value = cells_find(first, last, c->items[i].name);

		cells[i] = cell_read(cell_part(value, c->items[i].part));
		last = value ? value : first;
	}
}
