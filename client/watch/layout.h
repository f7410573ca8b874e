/* SPDX-License-Identifier: MIT */
#ifndef LAYOUT_H
#define LAYOUT_H

#include <stdbool.h>

#include "client/watch/canvas.h"
#include "client/watch/settings.h"

/* Where panels stand: columns of equal width, filled from the top in the given order, all of
 * the same height.  Pure. */

#define LAYOUT_COLUMNS_MAX 8
#define LAYOUT_PANELS_MAX 32
#define BOX_LEAST 3 /* lines of a panel in a border */

/* What a panel asks for. */
struct need {
	unsigned wish; /* lines, where there is room */
	bool grows;    /* can use more than that */
};

struct place {
	struct rect rect; /* height 0 = there is no room for it */
	bool boxed;
};

/* How many columns: by the kind of layout, and so that charts are neither flat nor narrow. */
unsigned layout_columns(enum layout_kind kind, unsigned panels, const struct rect *area);

void layout_place(const struct need *needs, unsigned count, const struct rect *area,
	unsigned columns, struct place *places);

#endif
