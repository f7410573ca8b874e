/* SPDX-License-Identifier: MIT */
#include "client/energies.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/holes.h"
#include "proto/alloc.h"

#define POWER_SUFFIX "watts"
#define ENERGY_SUFFIX "joules"

static bool energies_ends(const char *name, const char *suffix)
{
	size_t n = strlen(name), m = strlen(suffix);

	return n > m + 1 && strcmp(name + n - m, suffix) == 0 &&
		(name[n - m - 1] == '_' || name[n - m - 1] == '.');
}

bool energies_counter(const char *power, char to[ENERGIES_NAME_MAX])
{
	size_t n = strlen(power);

	if (!energies_ends(power, POWER_SUFFIX) ||
		n + sizeof(ENERGY_SUFFIX) >= ENERGIES_NAME_MAX)
		return false;
	snprintf(to, ENERGIES_NAME_MAX, "%.*s" ENERGY_SUFFIX, (int)(n - strlen(POWER_SUFFIX)),
		power);
	return true;
}

static struct column energies_column(const struct column *counter)
{
	struct column column = *counter;

	column.part = -1;
	column.part_name = "step";
	column.growth = true;
	return column;
}

void energies_add_columns(struct columns *chosen, const struct columns *all)
{
	unsigned count = chosen->count;

	for (unsigned i = 0; i < count; i++)
		if (energies_ends(chosen->items[i].name, ENERGY_SUFFIX))
			chosen->items[i] = energies_column(&chosen->items[i]);
	for (unsigned i = 0; i < count; i++) {
		char name[ENERGIES_NAME_MAX];
		const struct column *counter;

		if (!energies_counter(chosen->items[i].name, name))
			continue;
		counter = columns_find(all, name);
		if (counter && !columns_find(chosen, name)) {
			struct column column = energies_column(counter);

			columns_add(chosen, &column);
		}
	}
}

static bool energies_is_mean(const struct column *column)
{
	return column->part < 0 || strcmp(column->part_name, "mean") == 0;
}

static int energies_power(const struct columns *columns, const char *counter)
{
	for (unsigned i = 0; i < columns->count; i++) {
		char name[ENERGIES_NAME_MAX];

		if (energies_is_mean(&columns->items[i]) &&
			energies_counter(columns->items[i].name, name) &&
			strcmp(name, counter) == 0)
			return (int)i;
	}
	return -1;
}

void energies_init(struct energies *e, const struct columns *columns)
{
	e->count = columns->count;
	e->before = xcalloc(columns->count + 1, sizeof(*e->before));
	e->powers = xcalloc(columns->count + 1, sizeof(*e->powers));
	for (unsigned i = 0; i < columns->count; i++) {
		e->before[i] = NAN;
		e->powers[i] = columns->items[i].growth
			? energies_power(columns, columns->items[i].name)
			: -1;
	}
}

void energies_fini(struct energies *e)
{
	free(e->before);
	free(e->powers);
	*e = (struct energies){ NULL, NULL, 0 };
}

static double energies_value(const struct cell *cell)
{
	return cell->kind == CELL_NUMBER ? cell->number : NAN;
}

static double energies_growth(
	const struct energies *e, unsigned i, const struct cell *cells, double dt_s, bool hole)
{
	double growth = energies_value(&cells[i]) - e->before[i];

	if (!hole && growth >= 0)
		return growth;
	return e->powers[i] < 0 ? NAN : energies_value(&cells[e->powers[i]]) * dt_s;
}

void energies_take(struct energies *e, const struct columns *columns, const struct message *row,
	struct cell *cells)
{
	bool hole = holes_has_flag(row);
	double dt_ms = NAN;

	if (!node_number(message_at(row, "dt_ms"), &dt_ms))
		dt_ms = NAN;
	for (unsigned i = 0; i < e->count; i++) {
		double growth;

		if (!columns->items[i].growth)
			continue;
		growth = energies_growth(e, i, cells, dt_ms / 1000, hole);
		e->before[i] = energies_value(&cells[i]);
		cells[i].kind = isnan(growth) ? CELL_NONE : CELL_NUMBER;
		cells[i].number = growth;
	}
}
