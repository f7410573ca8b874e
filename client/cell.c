/* SPDX-License-Identifier: MIT */
#include "client/cell.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "client/escape.h"
#include "proto/json.h"

#define SHOWN_DECIMALS_MAX 2

enum cell_scale { SCALE_NONE, SCALE_BYTES, SCALE_BYTES_S };

struct cell_style {
	const char *suffix; /* how names spell the unit */
	enum cell_scale scale;
	unsigned width; /* of a usual value without its decimals */
};

static const struct cell_style cell_styles[UNIT_COUNT] = {
	[UNIT_ONE] = { "", SCALE_NONE, 3 },
	[UNIT_PERCENT] = { "pct", SCALE_NONE, 3 },
	[UNIT_WATT] = { "watts", SCALE_NONE, 3 },
	[UNIT_JOULE] = { "joules", SCALE_NONE, 7 },
	[UNIT_CELSIUS] = { "c", SCALE_NONE, 3 },
	[UNIT_MHZ] = { "mhz", SCALE_NONE, 4 },
	[UNIT_RPM] = { "rpm", SCALE_NONE, 4 },
	[UNIT_BYTE] = { "bytes", SCALE_BYTES, 8 },
	[UNIT_BYTE_S] = { "bytes_per_s", SCALE_BYTES_S, 10 },
	[UNIT_GBYTE_S] = { "gbps", SCALE_NONE, 3 },
	[UNIT_GIBYTE] = { "gb", SCALE_NONE, 4 },
	[UNIT_TICK] = { "ticks", SCALE_NONE, 8 },
	[UNIT_US] = { "us", SCALE_NONE, 8 },
};

static const struct cell_style *cell_style(const struct column *column)
{
	return &cell_styles[column->unit];
}

void cell_write(struct buf *out, const struct column *column, const struct cell *cell,
	const char *otherwise)
{
	char number[JSON_NUMBER_MAX];

	switch (cell->kind) {
	case CELL_NUMBER:
		buf_add(out, number, json_format_fixed(number, cell->number, column->decimals));
		break;
	case CELL_TEXT:
		buf_puts(out, cell->text);
		break;
	case CELL_BOOL:
		buf_puts(out, cell->flag ? "true" : "false");
		break;
	case CELL_NONE:
		buf_puts(out, otherwise);
		break;
	}
}

void cell_show_bytes(struct buf *out, double bytes)
{
	static const char *const names[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB" };
	unsigned i = 0;
	char text[48];

	while (fabs(bytes) >= 1023.5 && i + 1 < sizeof(names) / sizeof(*names)) {
		bytes /= 1024;
		i++;
	}
	snprintf(text, sizeof(text), "%.*f %s", i > 0 && fabs(bytes) < 99.95, bytes, names[i]);
	buf_puts(out, text);
}

static int cell_decimals(const struct column *column)
{
	return column->decimals < SHOWN_DECIMALS_MAX ? column->decimals : SHOWN_DECIMALS_MAX;
}

static void cell_show_number(struct buf *out, const struct column *column, double x)
{
	enum cell_scale scale = cell_style(column)->scale;
	char text[CELL_MAX];

	if (scale != SCALE_NONE) {
		cell_show_bytes(out, x);
		buf_puts(out, scale == SCALE_BYTES_S ? "/s" : "");
		return;
	}
	snprintf(text, sizeof(text), "%.*f", cell_decimals(column), x);
	/* No "-0.00". */
	buf_puts(out, text + (text[0] == '-' && strspn(text, "-0.") == strlen(text)));
}

void cell_show(struct buf *out, const struct column *column, const struct cell *cell)
{
	switch (cell->kind) {
	case CELL_NUMBER:
		cell_show_number(out, column, cell->number);
		break;
	case CELL_TEXT:
		escape_text(out, cell->text, strnlen(cell->text, CELL_MAX));
		break;
	case CELL_BOOL:
		buf_puts(out, cell->flag ? "yes" : "no");
		break;
	case CELL_NONE:
		buf_puts(out, "-");
		break;
	}
}

unsigned cell_width(const struct column *column)
{
	const struct cell_style *style = cell_style(column);
	int decimals = cell_decimals(column);

	if (column->words > 0)
		return column->words;
	if (style->scale != SCALE_NONE || decimals == 0)
		return style->width;
	return style->width + 1 + (unsigned)decimals;
}

const char *cell_unit(const struct column *column)
{
	return cell_style(column)->scale == SCALE_NONE ? column->unit_text : "";
}

size_t cell_label_length(const struct column *column)
{
	size_t n = strlen(column->name), m = strlen(cell_style(column)->suffix);

	if (m == 0 || n < m + 2 ||
		strcmp(column->name + n - m, cell_style(column)->suffix) != 0)
		return n;
	if (column->name[n - m - 1] != '_' && column->name[n - m - 1] != '.')
		return n;
	return n - m - 1;
}
