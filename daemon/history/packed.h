/* SPDX-License-Identifier: MIT */
#ifndef PACKED_H
#define PACKED_H

#include <stddef.h>

/*
 * PACKED_ROWS rows of numbers in little memory, every one of them still within reach at once.
 * A column whose numbers have at most PACKED_DECIMALS decimals is held as whole numbers, each
 * in as many bytes as the column's range needs; one that does not change takes none; any other
 * stays as it is.  What comes out equals what went in, but that -0 comes out as 0.  A busy hour
 * takes 2 bytes a number.
 */

#define PACKED_ROWS ((size_t)64)
#define PACKED_DECIMALS 6

struct packed;

/* values: PACKED_ROWS rows of width numbers each, NaN = absent.  Free it with free(). */
struct packed *packed_new(const double *values, unsigned width);

/* row 0 to PACKED_ROWS - 1. */
double packed_value(const struct packed *packed, size_t row, unsigned column);

size_t packed_bytes(const struct packed *packed);

/* Most bytes that one takes, whatever is in it. */
size_t packed_bytes_max(unsigned width);

#endif
