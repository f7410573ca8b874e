/* SPDX-License-Identifier: MIT */
#ifndef PANELS_H
#define PANELS_H

#include "client/watch/card.h"

/* What each panel says of the model.  Pure. */

enum panel {
#define PANEL(id, meter, fill) PANEL_##id,
#include "client/watch/panels.def"
#undef PANEL
	PANEL_COUNT
};

/* Fills in a card; false = the panel has nothing to say of this machine. */
bool panel_fill(enum panel panel, struct card *card, const struct model *m);

#define PANEL(id, meter, fill) void fill(struct card *card, const struct model *m);
#include "client/watch/panels.def"
#undef PANEL

/* Top of the scale of a power, as the user chose it: the chip's reference (NAN = not known),
 * or more where more was seen. */
double panel_scale(const struct model *m, enum meter meter, double reference, double floor);

#endif
