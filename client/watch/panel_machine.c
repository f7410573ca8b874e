/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "client/watch/panels.h"

#define TEMP_LOW_C 20 /* of the chart */
#define TEMP_HIGH_C 110
#define TEMP_COLD_C 30.0 /* of the colours */
#define TEMP_HOT_C 100.0
#define RATE_FLOOR 65536 /* bytes/s: less is noise */

static double panel_heat(double celsius)
{
	return (celsius - TEMP_COLD_C) / (TEMP_HOT_C - TEMP_COLD_C);
}

static enum style panel_thermal_style(const char *word)
{
	if (strcmp(word, "Nominal") == 0)
		return STYLE_GOOD;
	return strcmp(word, "Fair") == 0 ? STYLE_WARN : STYLE_BAD;
}

static void panel_temps(struct card *card, const struct model *m)
{
	static const struct {
		const char *name;
		enum meter max, mean;
	} domains[] = {
		{ "cpu", METER_CPU_TEMP, METER_CPU_TEMP_AVG },
		{ "gpu", METER_GPU_TEMP, METER_GPU_TEMP_AVG },
	};
	char a[READING_MAX], b[READING_MAX];

	for (size_t i = 0; i < sizeof(domains) / sizeof(*domains); i++) {
		double max = model_meter(m, domains[i].max);
		double mean = model_meter(m, domains[i].mean);

		if (isnan(max))
			continue;
		card_head(card, style_heat(panel_heat(max)), "%s %s", domains[i].name,
			reading_show(a, READING_CELSIUS, max));
		if (!isnan(mean))
			card_foot(card, STYLE_DIM, "%s mean %s", domains[i].name,
				reading_show(b, READING_CELSIUS, mean));
	}
}

static void panel_fans(struct card *card, const struct model *m)
{
	const struct members *fans = &m->catalog.members[GROUP_FAN];

	for (unsigned i = 0; i < fans->count; i++) {
		double rpm = model_value(m, fans->items[i].columns[FAN_RPM]);
		double max = model_value(m, fans->items[i].columns[FAN_MAX_RPM]);
		struct card_row *row;
		char label[MEMBER_NAME_MAX + 8];

		if (isnan(rpm))
			continue;
		snprintf(label, sizeof(label), "fan %.*s", MEMBER_NAME_MAX - 8,
			fans->items[i].name);
		row = card_add(card, label);
		row->ratio = max > 0 ? rpm / max : NAN;
		reading_show(row->value, READING_RPM, rpm);
	}
}

static void panel_sensors(struct card *card, const struct model *m)
{
	const struct members *sensors = &m->catalog.members[GROUP_SENSOR];

	for (unsigned i = 0; i < sensors->count; i++) {
		const struct member *sensor = &sensors->items[i];
		double value = model_value(m, sensor->columns[SENSOR_TEMP]);
		struct card_row *row;

		if (isnan(value))
			continue;
		row = card_add(card, *sensor->label ? sensor->label : sensor->name);
		row->ratio = panel_heat(value);
		reading_show(row->value, READING_CELSIUS, value);
	}
}

void panel_thermal(struct card *card, const struct model *m)
{
	const char *word = model_word(m, METER_THERMAL_STATE);

	card_init(card, "Thermal");
	card->up = m->catalog.meters[METER_CPU_TEMP];
	card->low = TEMP_LOW_C;
	card->high = TEMP_HIGH_C;
	if (word)
		card_head(card, panel_thermal_style(word), "%s", word);
	panel_temps(card, m);
	panel_fans(card, m);
	panel_sensors(card, m);
}

/* A power of two, so that the chart keeps its shape while its highest value comes and goes. */
static double panel_rate_scale(const struct model *m, enum meter meter)
{
	double highest = model_highest(m, m->catalog.meters[meter]);

	if (!(highest > RATE_FLOOR))
		return RATE_FLOOR;
	return exp2(ceil(log2(highest)));
}

struct flow {
	const char *title;
	const char *up_name, *down_name;
	enum meter up, down;
};

static void panel_flow(struct card *card, const struct model *m, const struct flow *flow)
{
	double up = model_meter(m, flow->up), down = model_meter(m, flow->down);
	struct spread a = model_spread(m, m->catalog.meters[flow->up]);
	struct spread b = model_spread(m, m->catalog.meters[flow->down]);
	char text[READING_MAX];

	card_init(card, flow->title);
	card->up = m->catalog.meters[flow->up];
	card->down = m->catalog.meters[flow->down];
	card->high = panel_rate_scale(m, flow->up);
	card->down_high = panel_rate_scale(m, flow->down);
	card_head(card, style_heat(up / card->high), "%s %10s", flow->up_name,
		reading_show(text, READING_RATE, up));
	card_head(card, style_heat(down / card->down_high), "%s %10s", flow->down_name,
		reading_show(text, READING_RATE, down));
	card_foot(card, STYLE_DIM, "avg %s %s", flow->up_name,
		reading_show(text, READING_RATE, a.mean));
	card_foot(card, STYLE_DIM, "%s %s", flow->down_name,
		reading_show(text, READING_RATE, b.mean));
	card_foot(card, STYLE_DIM, "max %s %s", flow->up_name,
		reading_show(text, READING_RATE, a.max));
	card_foot(card, STYLE_DIM, "%s %s", flow->down_name,
		reading_show(text, READING_RATE, b.max));
}

void panel_network(struct card *card, const struct model *m)
{
	static const struct flow flow = { "Network", "↓", "↑", METER_NET_RX, METER_NET_TX };

	panel_flow(card, m, &flow);
}

void panel_disk(struct card *card, const struct model *m)
{
	static const struct flow flow = { "Disk", "R", "W", METER_DISK_READ, METER_DISK_WRITE };

	panel_flow(card, m, &flow);
}

/* The three stand by their place, so that an unknown one has a dash. */
static void panel_load_head(struct card *card, enum style style, double load)
{
	if (isnan(load))
		card_head(card, STYLE_DIM, "-");
	else
		card_head(card, style, "%.2f", load);
}

void panel_load(struct card *card, const struct model *m)
{
	static const struct {
		const char *name;
		enum meter meter;
	} stalls[] = {
		{ "cpu", METER_PSI_CPU },
		{ "memory", METER_PSI_MEMORY },
		{ "io", METER_PSI_IO },
	};
	double load = model_meter(m, METER_LOAD_1M),
	       count = model_meter(m, METER_PROCESS_COUNT);

	card_init(card, "Load");
	card->minor = true;
	card->up = m->catalog.meters[METER_LOAD_1M];
	card->high = m->about.cores > 0 ? m->about.cores : 1;
	panel_load_head(card, style_heat(load / card->high), load);
	panel_load_head(card, STYLE_VALUE, model_meter(m, METER_LOAD_5M));
	panel_load_head(card, STYLE_VALUE, model_meter(m, METER_LOAD_15M));
	for (size_t i = 0; i < sizeof(stalls) / sizeof(*stalls); i++) {
		double stall = model_meter(m, stalls[i].meter);

		if (!isnan(stall))
			card_foot(card, stall >= 10 ? STYLE_WARN : STYLE_DIM, "%s stall %.1f%%",
				stalls[i].name, stall);
	}
	if (!isnan(count))
		card_foot(card, STYLE_DIM, "%.0f processes", count);
}

void panel_battery(struct card *card, const struct model *m)
{
	double charge = model_meter(m, METER_BATTERY),
	       watts = model_meter(m, METER_BATTERY_WATTS);
	double adapter = model_meter(m, METER_ADAPTER_WATTS);
	char text[READING_MAX];

	card_init(card, "Battery");
	card->minor = true;
	card->up = m->catalog.meters[METER_BATTERY];
	card_head(card, charge < 20 ? STYLE_BAD : STYLE_GOOD, "%s",
		reading_show(text, READING_PERCENT, charge));
	if (!isnan(watts))
		card_head(card, STYLE_VALUE, "%s %s", watts < 0 ? "charging" : "draws",
			reading_show(text, READING_WATTS, fabs(watts)));
	if (!isnan(adapter))
		card_foot(card, STYLE_DIM, "adapter %s",
			reading_show(text, READING_WATTS, adapter));
}
