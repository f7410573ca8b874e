/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "client/watch/panels.h"

/* Scales are not finer than this, in watts. */
#define CPU_FLOOR_W 20
#define GPU_FLOOR_W 15
#define PACKAGE_FLOOR_W 20

struct power {
	const char *title;
	enum meter meter;
	double reference, floor;
};

static void panel_power(struct card *card, const struct model *m, const struct power *power)
{
	double value = model_meter(m, power->meter);
	struct spread spread = model_spread(m, m->catalog.meters[power->meter]);
	char text[READING_MAX];

	card_init(card, power->title);
	card->up = m->catalog.meters[power->meter];
	card->high = panel_scale(m, power->meter, power->reference, power->floor);
	card_head(card, style_heat(value / card->high), "%7s",
		reading_show(text, READING_WATTS, value));
	card_head(card, STYLE_DIM, "of %.0f W", card->high);
	card_spread(card, &spread, READING_WATTS);
}

void panel_cpu_power(struct card *card, const struct model *m)
{
	const struct power power = { "CPU Power", METER_CPU_WATTS, m->reference.cpu_watts,
		CPU_FLOOR_W };

	panel_power(card, m, &power);
}

void panel_gpu_power(struct card *card, const struct model *m)
{
	const struct power power = { "GPU Power", METER_GPU_WATTS, m->reference.gpu_watts,
		GPU_FLOOR_W };

	panel_power(card, m, &power);
}

static double panel_rail_reference(const struct model *m, const char *rail)
{
	const struct reference *r = &m->reference;
	const struct {
		const char *rail;
		double watts;
	} known[] = {
		{ "cpu", r->cpu_watts },
		{ "gpu", r->gpu_watts },
		{ "ane", r->ane_watts },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strcmp(known[i].rail, rail) == 0)
			return known[i].watts;
	return NAN;
}

static void panel_rail(struct card *card, const struct model *m, const struct member *rail)
{
	double watts = model_value(m, rail->columns[RAIL_WATTS]);
	double scale =
		m->settings.scale == SCALE_PROFILE ? panel_rail_reference(m, rail->name) : NAN;
	struct card_row *row;
	char text[READING_MAX];

	if (isnan(watts))
		return;
	row = card_add(card, rail->name);
	row->ratio = watts / (isnan(scale) ? card->high : scale);
	snprintf(row->value, sizeof(row->value), "%s%7s", rail->estimated ? "~" : "",
		reading_show(text, READING_WATTS, watts));
}

static bool panel_is_main(const char *rail)
{
	static const char *const names[] = { "cpu", "gpu", "gpu_sram", "ane", "dram",
		"system" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(names[i], rail) == 0)
			return true;
	return false;
}

/* Every rail, on its own scale where the chip's profile has one, else on that of the package;
 * those first that all chips have. */
static void panel_rails(struct card *card, const struct model *m)
{
	const struct members *rails = &m->catalog.members[GROUP_RAIL];

	for (int main = 1; main >= 0; main--)
		for (unsigned i = 0; i < rails->count; i++)
			if (panel_is_main(rails->items[i].name) == main)
				panel_rail(card, m, &rails->items[i]);
}

static void panel_sum(
	struct card *card, const struct model *m, const char *name, enum meter meter)
{
	double watts = model_meter(m, meter);
	char text[READING_MAX];

	if (!isnan(watts))
		card_foot(card, STYLE_DIM, "%s %s", name,
			reading_show(text, READING_WATTS, watts));
}

void panel_package(struct card *card, const struct model *m)
{
	const struct power power = { "Package", METER_PACKAGE_WATTS, m->reference.package_watts,
		PACKAGE_FLOOR_W };

	panel_power(card, m, &power);
	panel_sum(card, m, "soc", METER_SOC_WATTS);
	panel_sum(card, m, "system", METER_SYSTEM_WATTS);
	panel_rails(card, m);
}

void panel_system(struct card *card, const struct model *m)
{
	const struct power power = { "System", METER_SYSTEM_WATTS, NAN, PACKAGE_FLOOR_W };

	panel_power(card, m, &power);
	panel_rails(card, m);
}
