/* SPDX-License-Identifier: MIT */
#ifndef ENERGIES_H
#define ENERGIES_H

#include "client/columns.h"

/*
 * The energy of each step, as columns beside the powers: the growth of "..._joules" from row to
 * row.  Where the counter is not known before the row, or the row follows a hole, it is the
 * mean power over the time that the row covers.  Pure.
 */
struct energies {
	double *before; /* the counter of each column at the row before; NaN = not known */
	int *powers;	/* the column with the mean power; -1 = none */
	unsigned count;
};

/*
 * Marks the counters of energy among the chosen columns, and adds those of the powers that are
 * chosen; parts of gauges are columns already.  all has what the daemon serves.
 */
void energies_add_columns(struct columns *chosen, const struct columns *all);

void energies_init(struct energies *e, const struct columns *columns);
void energies_fini(struct energies *e);

/* Replaces the counters in the cells of a row by their growth. */
void energies_take(struct energies *e, const struct columns *columns, const struct message *row,
	struct cell *cells);

/* "cpu_watts" and "rail.cpu.watts" are counted by "cpu_joules" and "rail.cpu.joules": the name
 * into to; false where the name is no power. */
#define ENERGIES_NAME_MAX 96
bool energies_counter(const char *power, char to[ENERGIES_NAME_MAX]);

#endif
