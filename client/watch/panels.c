/* SPDX-License-Identifier: MIT */
#include "client/watch/panels.h"

#include <math.h>
#include <string.h>

static const struct {
	enum meter meter; /* METER_COUNT = always there */
	void (*fill)(struct card *card, const struct model *m);
} panels[PANEL_COUNT] = {
#define PANEL(id, meter, fill) { METER_##meter, fill },
#include "client/watch/panels.def"
#undef PANEL
};

/* The newest value that is known, however old, counts. */
static bool panel_knows(const struct model *m, enum meter meter)
{
	int column = m->catalog.meters[meter];
	long last;
	const struct rows *rows = model_rows(m, &last);

	for (long i = last; column >= 0 && i >= 0; i--)
		if (!isnan(rows_value(rows, i, column)))
			return true;
	return false;
}

/* The panel of all cores is for machines whose kinds of cores are not known. */
static bool panel_is_there(enum panel panel, const struct model *m)
{
	if (panel == PANEL_CPU &&
		(panel_knows(m, METER_PCPU_UTIL) || panel_knows(m, METER_ECPU_UTIL) ||
			panel_knows(m, METER_SCPU_UTIL)))
		return false;
	if (panel == PANEL_SYSTEM && panel_knows(m, METER_PACKAGE_WATTS))
		return false;
	return panels[panel].meter == METER_COUNT || panel_knows(m, panels[panel].meter);
}

bool panel_fill(enum panel panel, struct card *card, const struct model *m)
{
	if (!panel_is_there(panel, m))
		return false;
	card_init(card, "");
	panels[panel].fill(card, m);
	return true;
}

double panel_scale(const struct model *m, enum meter meter, double reference, double floor)
{
	double highest = model_highest(m, m->catalog.meters[meter]);

	highest = isnan(highest) ? 0 : highest;
	if (m->settings.scale == SCALE_PROFILE && !isnan(reference))
		return fmax(fmax(reference, floor), highest);
	return fmax(floor, 1.25 * highest);
}
