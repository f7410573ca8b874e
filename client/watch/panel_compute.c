/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "client/watch/panels.h"

#define HOT_LOW_C 30.0 /* where a temperature is cold, and where it is hot */
#define HOT_HIGH_C 100.0

/* What a kind of core is measured by. */
struct cpu_kind {
	char kind; /* 0 = all */
	enum meter util, freq;
};

static void panel_temp(struct card *card, const struct model *m, enum meter meter)
{
	double value = model_meter(m, meter);
	char text[READING_MAX];

	if (!isnan(value))
		card_head(card, style_heat((value - HOT_LOW_C) / (HOT_HIGH_C - HOT_LOW_C)),
			"%s", reading_show(text, READING_CELSIUS, value));
}

static void panel_util(struct card *card, const struct model *m, enum meter meter)
{
	double value = model_meter(m, meter);
	struct spread spread = model_spread(m, m->catalog.meters[meter]);
	char text[READING_MAX];

	card->up = m->catalog.meters[meter];
	card_head(card, style_heat(value / 100), "%4s",
		reading_show(text, READING_PERCENT, value));
	card_spread(card, &spread, READING_PERCENT);
}

static void panel_freq(struct card *card, const struct model *m, enum meter meter)
{
	double value = model_meter(m, meter);
	char text[READING_MAX];

	if (!isnan(value))
		card_head(card, STYLE_VALUE, "%8s", reading_show(text, READING_MHZ, value));
}

/* Mean over the clusters of the kind. */
static void panel_residency(struct card *card, const struct model *m, char kind)
{
	static const char *const names[] = { "idle", "low", "mid", "high" };
	const struct members *clusters = &m->catalog.members[GROUP_CLUSTER];
	double sums[MEMBER_SERIES] = { 0 };
	unsigned n = 0;

	for (unsigned i = 0; i < clusters->count; i++) {
		if (clusters->items[i].kind != kind)
			continue;
		n++;
		for (unsigned k = 0; k < MEMBER_SERIES; k++)
			sums[k] += model_value(m, clusters->items[i].columns[k]);
	}
	for (unsigned k = 0; n > 0 && k < MEMBER_SERIES; k++)
		if (!isnan(sums[k]))
			card_foot(card, STYLE_DIM, "%s %.0f%%", names[k], sums[k] / n);
}

static void panel_cores(struct card *card, const struct model *m, char kind)
{
	const struct members *cores = &m->catalog.members[GROUP_CORE];

	card->strips = true;
	for (unsigned i = 0; m->settings.cores && i < cores->count; i++) {
		const struct member *core = &cores->items[i];
		double active = model_value(m, core->columns[CORE_ACTIVE]);
		double freq = model_value(m, core->columns[CORE_FREQ]);
		struct card_row *row;
		char text[READING_MAX];

		if (kind && core->kind != kind)
			continue;
		row = card_add(card, core->name);
		row->column = core->columns[CORE_ACTIVE];
		row->ratio = active / 100;
		reading_show(text, READING_PERCENT, active);
		if (isnan(freq))
			snprintf(row->value, sizeof(row->value), "%4s", text);
		else
			snprintf(row->value, sizeof(row->value), "%4s %4.0f", text, freq);
	}
}

static void panel_throttle(struct card *card, const struct model *m, enum meter meter)
{
	if (model_meter(m, meter) > 0)
		card_head(card, STYLE_BAD, "THROTTLED");
}

static void panel_kind(struct card *card, const struct model *m, const struct cpu_kind *kind)
{
	bool top = kind->kind != 'E' && (kind->kind != 'P' || model_cores(m, 'S') == 0);

	panel_util(card, m, kind->util);
	if (top)
		panel_throttle(card, m, METER_THROTTLE_CPU);
	panel_freq(card, m, kind->freq);
	panel_temp(card, m, METER_CPU_TEMP);
	panel_residency(card, m, kind->kind);
	panel_cores(card, m, kind->kind);
}

void panel_scpu(struct card *card, const struct model *m)
{
	static const struct cpu_kind kind = { 'S', METER_SCPU_UTIL, METER_SCPU_FREQ };

	card_init(card, "S-CPU");
	panel_kind(card, m, &kind);
}

void panel_pcpu(struct card *card, const struct model *m)
{
	static const struct cpu_kind kind = { 'P', METER_PCPU_UTIL, METER_PCPU_FREQ };

	card_init(card, "P-CPU");
	panel_kind(card, m, &kind);
}

void panel_ecpu(struct card *card, const struct model *m)
{
	static const struct cpu_kind kind = { 'E', METER_ECPU_UTIL, METER_ECPU_FREQ };

	card_init(card, "E-CPU");
	panel_kind(card, m, &kind);
}

void panel_cpu(struct card *card, const struct model *m)
{
	card_init(card, "CPU");
	panel_util(card, m, METER_CPU_UTIL);
	panel_throttle(card, m, METER_THROTTLE_CPU);
	panel_temp(card, m, METER_CPU_TEMP);
	panel_cores(card, m, 0);
}

static void panel_gpu_memory(struct card *card, const struct model *m)
{
	double used = model_meter(m, METER_GPU_MEM_USED);
	double limit = model_meter(m, METER_GPU_MEM_LIMIT);
	char a[READING_MAX], b[READING_MAX];

	if (isnan(used))
		return;
	reading_show(a, READING_BYTES, used);
	if (isnan(limit))
		card_foot(card, STYLE_DIM, "mem %s", a);
	else
		card_foot(card, STYLE_DIM, "mem %s of %s", a,
			reading_show(b, READING_BYTES, limit));
}

void panel_gpu(struct card *card, const struct model *m)
{
	double renderer = model_meter(m, METER_GPU_RENDERER);
	double tiler = model_meter(m, METER_GPU_TILER);

	card_init(card, "GPU");
	panel_util(card, m, METER_GPU_UTIL);
	panel_throttle(card, m, METER_THROTTLE_GPU);
	panel_freq(card, m, METER_GPU_FREQ);
	panel_temp(card, m, METER_GPU_TEMP);
	panel_gpu_memory(card, m);
	if (!isnan(renderer))
		card_foot(card, STYLE_DIM, "renderer %.0f%%", renderer);
	if (!isnan(tiler))
		card_foot(card, STYLE_DIM, "tiler %.0f%%", tiler);
}

void panel_ane(struct card *card, const struct model *m)
{
	double watts = model_meter(m, METER_ANE_WATTS);
	double reference = m->reference.ane_watts;
	struct spread spread = model_spread(m, m->catalog.meters[METER_ANE_WATTS]);
	char text[READING_MAX];

	card_init(card, "ANE");
	card->minor = true;
	card->up = m->catalog.meters[METER_ANE_WATTS];
	card->high = panel_scale(m, METER_ANE_WATTS, reference, 1);
	if (model_has(m, METER_ANE_UTIL))
		card_head(card, style_heat(model_meter(m, METER_ANE_UTIL) / 100), "%4s",
			reading_show(text, READING_PERCENT, model_meter(m, METER_ANE_UTIL)));
	card_head(card, style_heat(watts / card->high), "%7s",
		reading_show(text, READING_WATTS, watts));
	card_spread(card, &spread, READING_WATTS);
	if (!isnan(reference))
		card_foot(card, STYLE_DIM, "of %.0f W", card->high);
}
