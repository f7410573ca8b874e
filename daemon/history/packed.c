/* SPDX-License-Identifier: MIT */
#include "daemon/history/packed.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "proto/alloc.h"

#define PACKED_RAW 8		       /* size of a column that stays as it is */
#define PACKED_ABSENT INT64_MIN	       /* as a number; as the base: nothing is there */
#define PACKED_MOST 4503599627370496.0 /* 2^52: up to there doubles are whole numbers */

struct packed_column {
	int64_t base; /* the least number */
	uint32_t at;  /* where the cells begin: numbers less base, low byte first */
	uint8_t size; /* bytes of a cell, all ones = absent; 0 = all numbers are the base */
	uint8_t decimals;
};

struct packed {
	size_t size;
	struct packed_column columns[]; /* then the cells */
};

static const double powers[PACKED_DECIMALS + 1] = { 1, 10, 100, 1000, 10000, 100000, 1000000 };

/* ---- packing ---- */

/* The number without its point; false when that is not exactly the number. */
static bool number_of(double x, double power, int64_t *number)
{
	double scaled = x * power;

	if (isnan(x)) {
		*number = PACKED_ABSENT;
		return true;
	}
	if (!(fabs(scaled) < PACKED_MOST))
		return false;
	*number = (int64_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
	return (double)*number / power == x;
}

static bool column_fits(
	const double *values, unsigned width, unsigned decimals, int64_t numbers[PACKED_ROWS])
{
	size_t r = 0;

	while (r < PACKED_ROWS && number_of(values[r * width], powers[decimals], &numbers[r]))
		r++;
	return r == PACKED_ROWS;
}

/* Bytes for numbers from 0 to range, and for one more that stands for absence if there is any.
 */
static unsigned size_for(uint64_t range, bool absent)
{
	unsigned size = 0;

	if (range == 0 && !absent)
		return 0;
	while (range + 1 > (UINT64_C(1) << 8 * size) - 1)
		size++;
	return size;
}

static void column_measure(struct packed_column *c, const int64_t numbers[PACKED_ROWS])
{
	int64_t least = INT64_MAX, most = INT64_MIN;
	bool absent = false;

	for (size_t r = 0; r < PACKED_ROWS; r++) {
		absent |= numbers[r] == PACKED_ABSENT;
		if (numbers[r] == PACKED_ABSENT)
			continue;
		least = numbers[r] < least ? numbers[r] : least;
		most = numbers[r] > most ? numbers[r] : most;
	}
	if (least > most)
		*c = (struct packed_column){ .base = PACKED_ABSENT };
	else
		*c = (struct packed_column){ .base = least,
			.size = (uint8_t)size_for((uint64_t)(most - least), absent) };
}

static void column_put(
	const struct packed_column *c, const int64_t numbers[PACKED_ROWS], uint8_t *cells)
{
	for (size_t r = 0; r < PACKED_ROWS; r++) {
		uint64_t cell = numbers[r] == PACKED_ABSENT ? UINT64_MAX
							    : (uint64_t)(numbers[r] - c->base);

		for (unsigned i = 0; i < c->size; i++)
			*cells++ = (uint8_t)(cell >> 8 * i);
	}
}

static void column_put_raw(const double *values, unsigned width, uint8_t *cells)
{
	for (size_t r = 0; r < PACKED_ROWS; r++)
		memcpy(cells + r * PACKED_RAW, &values[r * width], sizeof(*values));
}

static void column_pack(
	struct packed_column *c, const double *values, unsigned width, uint8_t *cells)
{
	int64_t numbers[PACKED_ROWS];
	unsigned decimals = 0;

	while (decimals <= PACKED_DECIMALS && !column_fits(values, width, decimals, numbers))
		decimals++;
	if (decimals > PACKED_DECIMALS) {
		*c = (struct packed_column){ .size = PACKED_RAW };
		column_put_raw(values, width, cells);
		return;
	}
	column_measure(c, numbers);
	c->decimals = (uint8_t)decimals;
	column_put(c, numbers, cells);
}

size_t packed_bytes_max(unsigned width)
{
	return sizeof(struct packed) +
		width * (sizeof(struct packed_column) + PACKED_ROWS * PACKED_RAW);
}

/* Made at full length and copied: blocks of the length that is needed leave no holes behind. */
struct packed *packed_new(const double *values, unsigned width)
{
	struct packed *p = xrealloc(NULL, packed_bytes_max(width), 1), *fitting;
	size_t at = sizeof(*p) + width * sizeof(*p->columns);

	for (unsigned i = 0; i < width; i++) {
		column_pack(&p->columns[i], values + i, width, (uint8_t *)p + at);
		p->columns[i].at = (uint32_t)at;
		at += PACKED_ROWS * p->columns[i].size;
	}
	fitting = xrealloc(NULL, at, 1);
	p->size = at;
	memcpy(fitting, p, at);
	free(p);
	return fitting;
}

/* ---- looking ---- */

double packed_value(const struct packed *p, size_t row, unsigned column)
{
	const struct packed_column *c = &p->columns[column];
	const uint8_t *cell = (const uint8_t *)p + c->at + row * c->size;
	uint64_t number = 0;
	double raw;

	if (c->size == PACKED_RAW) {
		memcpy(&raw, cell, sizeof(raw));
		return raw;
	}
	for (unsigned i = 0; i < c->size; i++)
		number |= (uint64_t)cell[i] << 8 * i;
	if (c->base == PACKED_ABSENT ||
		(c->size > 0 && number == (UINT64_C(1) << 8 * c->size) - 1))
		return NAN;
	return (double)(c->base + (int64_t)number) / powers[c->decimals];
}

size_t packed_bytes(const struct packed *p)
{
	return p->size;
}
