/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "client/watch/panels.h"

#define SWAP_SHOWN_BYTES 1e8 /* a swap that is smaller is none to speak of */
#define BANDWIDTH_FLOOR_GBPS 10

static void panel_memory_row(
	struct card *card, const struct model *m, const char *label, enum meter meter)
{
	double value = model_meter(m, meter);
	struct card_row *row;

	if (isnan(value))
		return;
	row = card_add(card, label);
	reading_show(row->value, READING_BYTES, value);
	row->ratio = value / card->high;
}

static void panel_pressure(struct card *card, const struct model *m)
{
	const char *word = model_word(m, METER_MEM_PRESSURE);

	if (!word)
		return;
	if (strcmp(word, "normal") == 0)
		card_head(card, STYLE_GOOD, "normal");
	else
		card_head(card, strcmp(word, "warn") == 0 ? STYLE_WARN : STYLE_BAD, "%s", word);
}

static void panel_swap(struct card *card, const struct model *m)
{
	double total = model_meter(m, METER_SWAP_TOTAL), used = model_meter(m, METER_SWAP_USED);
	double in = model_meter(m, METER_SWAP_IN), out = model_meter(m, METER_SWAP_OUT);
	char a[READING_MAX], b[READING_MAX];

	if (!(total >= SWAP_SHOWN_BYTES))
		return;
	card_foot(card, used > 0 ? STYLE_WARN : STYLE_DIM, "swap %s of %s",
		reading_show(a, READING_BYTES, used), reading_show(b, READING_BYTES, total));
	if (in > 0 || out > 0)
		card_foot(card, STYLE_WARN, "in %s out %s", reading_show(a, READING_RATE, in),
			reading_show(b, READING_RATE, out));
}

void panel_memory(struct card *card, const struct model *m)
{
	double used = model_meter(m, METER_RAM_USED), total = model_meter(m, METER_RAM_TOTAL);
	struct spread spread = model_spread(m, m->catalog.meters[METER_RAM_USED]);
	char a[READING_MAX];

	card_init(card, "Memory");
	card->up = m->catalog.meters[METER_RAM_USED];
	card->high = total > 0 ? total : panel_scale(m, METER_RAM_USED, NAN, 1);
	card_head(card, style_heat(used / card->high), "%8s",
		reading_show(a, READING_BYTES, used));
	if (total > 0)
		card_head(card, STYLE_DIM, "of %s", reading_show(a, READING_BYTES, total));
	panel_pressure(card, m);
	panel_swap(card, m);
	card_spread(card, &spread, READING_BYTES);
	panel_memory_row(card, m, "wired", METER_RAM_WIRED);
	panel_memory_row(card, m, "compressed", METER_RAM_COMPRESSED);
	panel_memory_row(card, m, "cached", METER_RAM_CACHED);
}

void panel_bandwidth(struct card *card, const struct model *m)
{
	double value = model_meter(m, METER_BANDWIDTH), most = m->reference.bandwidth_gbps;
	double read = model_meter(m, METER_BANDWIDTH_READ);
	double write = model_meter(m, METER_BANDWIDTH_WRITE);
	struct spread spread = model_spread(m, m->catalog.meters[METER_BANDWIDTH]);
	const char *quality = model_word(m, METER_BANDWIDTH_QUALITY);
	char text[READING_MAX];

	card_init(card, "Mem BW");
	card->up = m->catalog.meters[METER_BANDWIDTH];
	card->high =
		isnan(most) ? panel_scale(m, METER_BANDWIDTH, NAN, BANDWIDTH_FLOOR_GBPS) : most;
	card_head(card, style_heat(value / card->high), "%9s",
		reading_show(text, READING_GBPS, value));
	if (!isnan(most))
		card_head(card, STYLE_DIM, "of %.0f", card->high);
	card_spread(card, &spread, READING_GBPS);
	if (!isnan(read))
		card_foot(card, STYLE_DIM, "read %s", reading_show(text, READING_GBPS, read));
	if (!isnan(write))
		card_foot(card, STYLE_DIM, "write %s", reading_show(text, READING_GBPS, write));
	if (quality && strcmp(quality, "counter") != 0)
		card_foot(card, STYLE_DIM, "%s", quality);
}
