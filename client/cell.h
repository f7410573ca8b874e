/* SPDX-License-Identifier: MIT */
#ifndef CELL_H
#define CELL_H

#include "client/columns.h"
#include "proto/buf.h"

/* How values are written. */

#define CELL_MAX 256 /* bytes of one value that a person reads; what is longer is cut */

/* For programs: as JSON has it, words without quotes; an unknown value is otherwise. */
void cell_write(struct buf *out, const struct column *column, const struct cell *cell,
	const char *otherwise);

/*
 * For people: at most two decimals, bytes as "1.5 GiB", rates as "1.5 MiB/s", "yes" and "no",
 * "-" for unknown, control characters escaped.
 */
void cell_show(struct buf *out, const struct column *column, const struct cell *cell);

/* Bytes as "512 B", "1.5 KiB", "1023 MiB": at most 8 characters up to 1 PiB. */
void cell_show_bytes(struct buf *out, double bytes);

/* Columns that the values of a column take, as far as one can know. */
unsigned cell_width(const struct column *column);

/* The unit above the column; "" where each value has its own. */
const char *cell_unit(const struct column *column);

/* Length of the name without the unit at its end ("cpu_watts": 3), for a table that names it.
 */
size_t cell_label_length(const struct column *column);

#endif
