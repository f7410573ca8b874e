/* SPDX-License-Identifier: MIT */
#ifndef QUANTITY_H
#define QUANTITY_H

#include <stddef.h>

#include "proto/metric.h"

/* The units that people write behind numbers ("0.3GiB", "25 W") and those of metrics.  Pure. */

enum dimension {
	DIMENSION_NONE,
	DIMENSION_PERCENT,
	DIMENSION_POWER,
	DIMENSION_ENERGY,
	DIMENSION_TEMPERATURE,
	DIMENSION_FREQUENCY,
	DIMENSION_ROTATION,
	DIMENSION_BYTES,
	DIMENSION_TRAFFIC,
	DIMENSION_TIME
};

struct quantity_unit {
	const char *text; /* as written */
	enum dimension dimension;
	double scale; /* in the base unit of the dimension */
};

/* The unit that a text begins with and that no letter, digit or '/' follows; NULL = none. */
const struct quantity_unit *quantity_find(const char *text);

/* The unit most similar to a word; NULL = none. */
const char *quantity_nearest(const char *word);

/* The unit of a metric. */
const struct quantity_unit *quantity_of(enum unit unit);

#endif
